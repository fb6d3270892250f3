"""The log's rows. An entry is added, for a while edited by its author, afterwards only corrected by another one."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from regulars.web.core.actor import Actor
from regulars.web.core.conflict import Versioned
from regulars.web.core.visible import Visible
from regulars.web.customers.selectors import of_visible
from regulars.web.customers.taxonomy import Channel
from regulars.web.journal.taxonomy import ICONS, SECTION_OF, Kind, Section, State, Topic


class EntryQuerySet(Visible):
    """An entry belongs to its customer, not to who wrote it: a successor reads what came before."""

    def visible_to(self, actor: Actor) -> Self:
        """Return the entries of customers that `actor` reaches; none without the right to read the log."""
        if not actor.may("journal.read"):
            return self.none()
        return self.filter(of_visible(actor))

    def open(self) -> Self:
        """Return promises and complaints that wait to be settled."""
        return self.filter(state=State.OPEN)


class Entry(Versioned):
    """One thing that happened with one customer."""

    customer = models.ForeignKey("customers.Customer", models.PROTECT, related_name="entries")
    contact = models.ForeignKey(
        "customers.Contact", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("with")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    topic = models.CharField(_("about"), max_length=12, choices=Topic, blank=True)
    channel = models.CharField(_("channel"), max_length=8, choices=Channel, blank=True)
    occurred_at = models.DateTimeField(_("when"))
    minutes = models.PositiveSmallIntegerField(_("minutes"), null=True, blank=True)
    summary = models.CharField(_("in short"), max_length=200)
    event = models.TextField(_("what happened"), blank=True, max_length=10_000)
    resolution = models.TextField(_("what was agreed or done"), blank=True, max_length=10_000)
    amount = models.DecimalField(_("amount"), max_digits=18, decimal_places=4, null=True, blank=True)
    representative = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("representative")
    )
    author = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    state = models.CharField(_("state"), max_length=7, choices=State, blank=True)
    due_on = models.DateField(_("due on"), null=True, blank=True)
    settled_at = models.DateTimeField(null=True, editable=False)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, editable=False, related_name="+"
    )
    pinned = models.BooleanField(default=False)
    about = models.ForeignKey("self", models.PROTECT, null=True, editable=False, related_name="followers")
    origin = models.CharField(max_length=80, blank=True, editable=False)  # what made it, such as tasks.task:12
    recorded_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField(auto_now=True)
    edited_at = models.DateTimeField(null=True, editable=False)

    objects = EntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry")
        verbose_name_plural = _("entries")
        ordering = ["-occurred_at", "-id"]
        indexes = [
            models.Index(fields=["customer", "-occurred_at", "-id"], name="journal_newest_of_customer"),
            models.Index(fields=["-occurred_at", "-id"], name="journal_newest"),
            models.Index(fields=["changed_at", "id"], name="journal_by_change"),
            models.Index(fields=["representative", "due_on"], name="journal_open", condition=Q(state=State.OPEN)),
            models.Index(fields=["customer"], name="journal_pinned", condition=Q(pinned=True) | Q(state=State.OPEN)),
        ]
        constraints = [
            models.UniqueConstraint(fields=["origin"], name="journal_origin_once", condition=~Q(origin="")),
            models.CheckConstraint(
                condition=Q(state="") | Q(kind__in=(Kind.PROMISE, Kind.COMPLAINT)), name="journal_state_of_what"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"

    @property
    def section(self) -> Section:
        """The ledger it stands in."""
        return SECTION_OF[self.kind]

    @property
    def icon(self) -> str:
        """The sign of its kind."""
        return ICONS[self.kind]

    @property
    def is_open(self) -> bool:
        """Whether it waits to be settled."""
        return self.state == State.OPEN
