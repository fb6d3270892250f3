"""A person or an organisation: what they are to us, where the relationship stands, who looks after them."""

from __future__ import annotations

import secrets
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from regulars.web.core.actor import Actor
from regulars.web.core.conflict import Versioned
from regulars.web.core.visible import Visible
from regulars.web.customers.fields import sees
from regulars.web.customers.keys import name_key
from regulars.web.customers.taxonomy import (
    Channel,
    Dealing,
    Gender,
    Kind,
    Nature,
    Partner,
    Seniority,
    SourceChannel,
    Stage,
)

LEAST_ID, MOST_ID = 2**32, 2**53
"""Ids tell nothing about number or order, and stay whole in JSON readers that know only doubles."""


def random_id() -> int:
    """Return a fresh surrogate id."""
    return LEAST_ID + secrets.randbelow(MOST_ID - LEAST_ID)


class CustomerQuerySet(Visible):
    """A customer belongs to their owner, to the owner's team, and to who works in the customer's own team."""

    def visible_to(self, actor: Actor) -> Self:
        """Return the customers that `actor` reaches; never those that have been merged into another."""
        if actor.user_id is None:
            return self.none()
        here = self.filter(merged_into=None)
        if actor.scope == "all":
            return here
        helped = self.model.members.rel.related_model._default_manager.filter(user_id=actor.user_id)
        mine = Q(owner_id=actor.user_id) | Q(pk__among=helped.order_by().values("customer_id"))
        if actor.scope == "team":
            mine |= Q(team_id__in=actor.team_ids)
        return here.filter(mine)

    def merged(self) -> Self:
        """Return the records that became another customer's: nobody reaches them."""
        return self.filter(merged_into__isnull=False)

    def named(self, text: str) -> Self:
        """Return those whose name holds `text`, however it is written; nobody for a text without letters."""
        key = name_key(text)
        return self.filter(name_key__contains=key) if key else self.none()

    def active(self) -> Self:
        """Return whom one deals with: neither archived nor erased."""
        return self.filter(archived_at=None, erased_at=None)


class Tag(models.Model):
    """A word that people put on customers."""

    name = models.CharField(_("tag"), max_length=40, unique=True)

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Customer(Versioned):
    """One customer, prospective customer or partner."""

    id = models.BigIntegerField(primary_key=True, default=random_id, editable=False)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.PERSON)
    name = models.CharField(_("name"), max_length=200)
    name_key = models.CharField(max_length=200, editable=False)
    partner = models.CharField(_("partner as"), max_length=12, choices=Partner, blank=True)
    nature = models.CharField(_("nature"), max_length=12, choices=Nature, blank=True)
    seniority = models.CharField(_("customer since"), max_length=12, choices=Seniority, default=Seniority.PROSPECTIVE)
    dealing = models.CharField(_("business"), max_length=8, choices=Dealing, blank=True)
    stage = models.CharField(_("stage"), max_length=9, choices=Stage, default=Stage.ESTABLISH)
    stage_since = models.DateField(_("in this stage since"), null=True, blank=True)
    source_channel = models.CharField(_("source"), max_length=16, choices=SourceChannel, blank=True)
    source_detail = models.CharField(_("source in detail"), max_length=200, blank=True)
    acquired_on = models.DateField(_("known since"), null=True, blank=True)
    region = models.CharField(_("region"), max_length=60, blank=True)
    store = models.CharField(_("store"), max_length=60, blank=True)
    preferred_channel = models.CharField(_("preferred channel"), max_length=8, choices=Channel, blank=True)
    preferred_time = models.CharField(_("best time"), max_length=80, blank=True)
    preferences = models.TextField(_("likes"), blank=True, max_length=2000)
    habits = models.TextField(_("habits"), blank=True, max_length=2000)
    needs = models.TextField(_("needs"), blank=True, max_length=2000)
    birthday = models.DateField(_("birthday"), null=True, blank=True)
    gender = models.CharField(_("gender"), max_length=6, choices=Gender, blank=True)
    id_number = models.CharField(_("identity number"), max_length=40, blank=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("owner")
    )
    owner_since = models.DateField(null=True, blank=True, editable=False)
    team = models.ForeignKey(
        "accounts.Team", models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("team")
    )
    tags = models.ManyToManyField(Tag, blank=True, related_name="customers", verbose_name=_("tags"))
    merged_into = models.ForeignKey(  # indexed where it is set: nearly always it is not, and SQLite would begin there
        "self", models.PROTECT, null=True, editable=False, related_name="merged_from", db_index=False
    )
    archived_at = models.DateTimeField(null=True, editable=False)
    erased_at = models.DateTimeField(null=True, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False
    )
    created_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)

    objects = CustomerQuerySet.as_manager()

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        indexes = [
            models.Index(fields=["name_key", "id"], name="customers_by_name"),
            models.Index(fields=["changed_at"], name="customers_by_change"),
            models.Index(fields=["-created_at", "id"], name="customers_by_newest"),
            models.Index(fields=["stage", "id"], name="customers_by_stage"),
            models.Index(fields=["merged_into"], name="customers_merged", condition=Q(merged_into__isnull=False)),
            models.Index(fields=["archived_at"], name="customers_archived", condition=Q(archived_at__isnull=False)),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(id__gt=0), name="customers_id_is_positive"),
            models.CheckConstraint(condition=~Q(merged_into=models.F("id")), name="customers_not_merged_into_itself"),
        ]

    def __str__(self) -> str:
        return self.name or gettext("Erased customer")

    def save(self, *args: Any, **options: Any) -> None:
        """Keep the key in step with the name."""
        self.name_key = name_key(self.name)
        if options.get("update_fields") is not None and "name" in options["update_fields"]:
            options["update_fields"] = {*options["update_fields"], "name_key"}
        super().save(*args, **options)

    def closed_to(self, actor: Actor) -> list[str]:
        """Return the sensitive fields that `actor` may not read."""
        return [field.name for field in self._meta.fields if not sees(actor, field.name)]

    @property
    def is_organisation(self) -> bool:
        """Whether this is an organisation."""
        return self.kind == Kind.ORGANISATION

    @property
    def is_active(self) -> bool:
        """Whether one deals with them: neither archived nor erased."""
        return self.archived_at is None and self.erased_at is None
