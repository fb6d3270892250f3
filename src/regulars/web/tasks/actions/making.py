"""Making a task: by hand, or out of the proposal that a customer's page shows."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from regulars.web.core.actor import Actor
from regulars.web.core.models import Workspace
from regulars.web.customers.selectors import visible
from regulars.web.tasks.actions.claiming import can_do, trail
from regulars.web.tasks.business_days import due_after
from regulars.web.tasks.kinds import KINDS
from regulars.web.tasks.models import Task
from regulars.web.tasks.reasons import Reason
from regulars.web.tasks.suggestions import Suggestion

if TYPE_CHECKING:
    from regulars.web.accounts.models import User
    from regulars.web.customers.models import Customer


@transaction.atomic
def make(
    *,
    customer: Customer,
    kind: str,
    by: Actor,
    detail: str = "",
    owner: User | None = None,
    for_team: bool = False,
    due_on: date | None = None,
    reason: Reason | None = None,
    at_stake: Decimal | None = None,
    stake: str = "",
) -> Task:
    """Make one task; of a kind that a customer has once, return the open one instead of making a second.

    Parameters
    ----------
    owner
        Whose task it is; default: who makes it. `for_team`: whoever of the customer's team takes it.
    due_on
        Default: the kind's business days from today.

    Raises
    ------
    PermissionDenied
        Without the right, or where `by` does not reach the customer.
    ValidationError
        For an unknown kind, a customer one no longer deals with, an owner who does not reach the customer.
    """
    by.require("tasks.write")
    _dealt_with(customer, by)
    declared = KINDS.get(kind)
    if declared is None:
        raise no_kind(kind)
    if owner is not None and owner.pk != by.user_id and not can_do(owner, customer.pk):
        raise out_of_reach(owner)
    fields: dict[str, Any] = {
        "customer": customer,
        "kind": kind,
        "once": declared.once,
        "detail": detail.strip(),
        "reason": reason.as_json() if reason else {},
        "at_stake": at_stake,
        "stake": stake,
        "currency": Workspace.current().currency,
        "owner_id": None if for_team else owner.pk if owner else by.user_id,
        "team_id": customer.team_id,
        "due_on": due_on or due_after(declared.due_days),
        "made_by_id": by.user_id,
    }
    task, fresh = _only_once(fields) if declared.once else (Task.objects.create(**fields), True)
    if fresh:
        trail("create", task, by)
    return task


def accept(*, customer: Customer, suggestion: Suggestion, by: Actor) -> Task:
    """Make the proposed next action a task of the person who takes it; twice is once."""
    return make(
        customer=customer,
        kind=suggestion.kind.key,
        by=by,
        reason=suggestion.reason,
        at_stake=suggestion.at_stake,
        stake=suggestion.stake,
    )


def _only_once(fields: dict[str, Any]) -> tuple[Task, bool]:
    """Make the task unless the customer has one of the kind open; the database decides between two at a time."""
    same = Task.objects.open().filter(customer=fields["customer"], kind=fields["kind"])
    if (there := same.first()) is not None:
        return there, False
    try:
        with transaction.atomic():
            return Task.objects.create(**fields), True
    except IntegrityError:
        return same.get(), False


def _dealt_with(customer: Customer, by: Actor) -> None:
    if not visible(by).filter(pk=customer.pk).exists():
        raise PermissionDenied("tasks.write")
    if not customer.is_active:
        raise ValidationError(_("This customer is archived: take them out of the archive first."))


def out_of_reach(user: object) -> ValidationError:
    """Return the refusal to give a task to somebody who could not open the customer."""
    said = _("%(who)s does not reach this customer. Choose somebody else, or hand the customer over first.")
    return ValidationError({"owner": said % {"who": user}})


def no_kind(kind: str) -> ValidationError:
    """Return the refusal of a kind that nobody has declared."""
    said = _("There is no kind of task “%(kind)s”. Kinds: %(kinds)s.")
    return ValidationError({"kind": said % {"kind": kind, "kinds": ", ".join(KINDS)}})
