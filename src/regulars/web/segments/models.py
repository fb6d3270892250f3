"""Views of the list that people keep, and segments: a filter that is asked anew each time, or members written down."""

from __future__ import annotations

from pathlib import Path
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from regulars.web.core.actor import Actor
from regulars.web.core.conflict import Versioned
from regulars.web.core.visible import Visible
from regulars.web.customers.selectors import of_visible
from regulars.web.segments.conditions import Conditions
from regulars.web.segments.state import ListState


class Shared(models.TextChoices):
    """With whom something that was kept is shared. Who sees a list in it still sees their own customers alone."""

    OWN = "own", _("Me alone")
    TEAM = "team", _("My team")
    ALL = "all", _("Everybody")


class SharedQuerySet(Visible):
    """What somebody kept is theirs; what they shared is their team's or everybody's as well."""

    def visible_to(self, actor: Actor) -> Self:
        """Return what `actor` reaches: their own, what is shared with them, and what their scope reaches."""
        if actor.user_id is None:
            return self.none()
        if actor.scope == "all":
            return self
        mine = Q(owner_id=actor.user_id) | Q(shared=Shared.ALL) | Q(shared=Shared.TEAM, team_id__in=actor.team_ids)
        if actor.scope == "team":
            mine |= Q(team_id__in=actor.team_ids)
        return self.filter(mine)

    def offered_to(self, actor: Actor) -> Self:
        """Return what stands at hand for `actor`: their own and what was shared with them, not others' private ones."""
        shared = Q(shared=Shared.ALL) | Q(shared=Shared.TEAM, team_id__in=actor.team_ids)
        return self.visible_to(actor).filter(Q(owner_id=actor.user_id) | shared)


class Kept(Versioned):
    """Something that a person named and keeps."""

    name = models.CharField(_("name"), max_length=60)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("kept by"), editable=False
    )
    team = models.ForeignKey("accounts.Team", models.PROTECT, null=True, related_name="+", editable=False)
    shared = models.CharField(_("shared with"), max_length=4, choices=Shared, default=Shared.OWN)
    asked = models.JSONField(default=dict)  # parameter of the list's address → text
    made_at = models.DateTimeField(auto_now_add=True)

    objects = SharedQuerySet.as_manager()

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name

    @property
    def state(self) -> ListState:
        """What the list shows."""
        return ListState.read(self.asked)


class SavedView(Kept):
    """Conditions, order and columns under a name."""

    class Meta(Kept.Meta):
        abstract = False
        verbose_name = _("view")
        verbose_name_plural = _("views")
        ordering = ["name", "id"]


class FirstView(models.Model):
    """The view that a person's list opens with."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    view = models.ForeignKey(SavedView, models.CASCADE, related_name="+")

    def __str__(self) -> str:
        return f"{self.user_id}: {self.view_id}"


class Segment(Kept):
    """Customers under a name: who meets the conditions now, or who met them on the day it was frozen."""

    frozen_at = models.DateTimeField(_("frozen on"), null=True, editable=False)
    frozen_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", editable=False)
    valuation_id = models.BigIntegerField(null=True, editable=False)  # the one by which it was frozen

    class Meta(Kept.Meta):
        abstract = False
        verbose_name = _("segment")
        verbose_name_plural = _("segments")
        ordering = ["name", "id"]

    @property
    def conditions(self) -> Conditions:
        """What its customers meet, or met."""
        return Conditions.read(self.asked)

    @property
    def is_frozen(self) -> bool:
        """Whether its members were written down."""
        return self.frozen_at is not None


class MemberQuerySet(Visible):
    """Who reaches the customer sees that they are a member."""

    def visible_to(self, actor: Actor) -> Self:
        """Return the members that `actor` reaches."""
        return self.filter(of_visible(actor))


class Member(models.Model):
    """One customer of a frozen segment."""

    segment = models.ForeignKey(Segment, models.CASCADE, related_name="members", db_index=False)
    customer = models.ForeignKey("customers.Customer", models.CASCADE, related_name="+")

    objects = MemberQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["segment", "customer"], name="segments_member_once")]

    def __str__(self) -> str:
        return f"{self.customer_id} in {self.segment_id}"


class ExportQuerySet(Visible):
    """A file is for who ordered it, whatever else anybody reaches."""

    def visible_to(self, actor: Actor) -> Self:
        """Return what `actor` ordered."""
        return self.none() if actor.user_id is None else self.filter(ordered_by_id=actor.user_id)


class Export(models.Model):
    """One file that a list became: who ordered it, what of, in which columns. It is nobody else's to fetch."""

    FORMATS = [("xlsx", "Excel"), ("csv", "CSV")]

    job = models.OneToOneField("core.Job", models.CASCADE, null=True, related_name="+")
    ordered_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    ordered_at = models.DateTimeField(auto_now_add=True)
    format = models.CharField(_("file"), max_length=4, choices=FORMATS)
    called = models.CharField(max_length=80, blank=True)
    asked = models.JSONField(default=dict)
    segment = models.ForeignKey(Segment, models.SET_NULL, null=True, related_name="+")
    list_name = models.CharField(max_length=60, blank=True)  # another app's, by the name that it registered
    points = models.JSONField(default=list)  # kinds of contact points of which each customer's first stands in the file
    rows = models.PositiveIntegerField(null=True)

    objects = ExportQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.format} {self.pk}"

    @property
    def state(self) -> ListState:
        """What the file holds, in which order and columns."""
        return ListState.read(self.asked)

    @property
    def file(self) -> Path:
        """Where the file lies; an erasure removes everything in this folder."""
        folder: Path = settings.REGULARS_HOME / "exports"
        return folder / f"customers-{self.pk}.{self.format}"
