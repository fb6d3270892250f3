"""Tasks on the customer's timeline: when one was made, for whom, and how it stands. What came of it is in the log."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from regulars.web.core.actor import Actor
from regulars.web.journal.taxonomy import Section
from regulars.web.journal.timeline import Item, Position
from regulars.web.tasks import selectors
from regulars.web.tasks.models import Task

if TYPE_CHECKING:
    from regulars.web.customers.models import Customer


def provide(actor: Actor, customer: Customer, before: Position | None, most: int) -> Sequence[Item]:
    """Return the customer's tasks by the moment they were made, newest first."""
    found = selectors.tasks(actor).filter(customer=customer).select_related("owner", "made_by")
    if before is not None:
        at, task_id = before
        found = found.filter(Q(made_at__lt=at) | Q(made_at=at, id__lt=task_id))
    return [_item(task) for task in found.order_by("-made_at", "-id")[:most]]


def _item(task: Task) -> Item:
    return Item(
        at=task.made_at,
        id=task.pk,
        section=Section.TASKS,
        icon=task.declared.icon,
        title=_("Task: %(what)s") % {"what": task.title},
        text=task.detail,
        who=str(task.made_by) if task.made_by else _("Alert"),
        url=reverse("task", args=[task.pk]),
        chips=[("", task.get_state_display())],
    )
