"""Acting on a list: tasks for all of it but the part that is left alone at random."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from regulars.prove.control import DEFAULT_SHARE
from regulars.web import audit
from regulars.web.core.actor import Actor
from regulars.web.core.models import Workspace
from regulars.web.customers.selectors import visible
from regulars.web.tasks.actions.control import hold_out
from regulars.web.tasks.actions.making import no_kind
from regulars.web.tasks.actions.owners import owners
from regulars.web.tasks.business_days import due_after
from regulars.web.tasks.kinds import KINDS
from regulars.web.tasks.models import Arm, Exposure, Holdout, OwnerRule, Task, Undo
from regulars.web.tasks.suggestions import stake_of
from regulars.web.valuations.selectors import current, figures

if TYPE_CHECKING:
    from regulars.web.accounts.models import User
    from regulars.web.customers.models import Customer

MOST_TASKS = 5_000
"""More than people can do; a longer list is split and handed to a channel instead."""
CHUNK = 1_000


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be done with a list.

    Parameters
    ----------
    kind
        The kind of task; empty: no tasks, the list is split only.
    share
        Part left alone as control; 0: nobody, and then nothing can be proved.
    list_kind, subject
        Which list it is: selection or segment, and what it is called.
    """

    kind: str = ""
    detail: str = ""
    owner_rule: str = OwnerRule.OWNER
    owner: User | None = None
    due_on: date | None = None
    share: Decimal = DEFAULT_SHARE
    seed: str = ""
    list_kind: str = "selection"
    subject: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Assigned:
    """What came of it: tasks made, customers left alone, customers who had such a task already, the way back."""

    made: int
    control: int
    had_one: int
    holdout: Holdout | None
    undo: Undo | None


@transaction.atomic
def assign(*, customers: Collection[int], plan: Plan, by: Actor) -> Assigned:
    """Split a list and make tasks for the treated part, all or nothing.

    Only customers that `by` reaches and still deals with are taken. Who has a task of the kind open keeps that one.

    Raises
    ------
    PermissionDenied
        Without the right.
    ValidationError
        For a list of nobody, more than `MOST_TASKS` tasks, an unknown kind, or nothing to do at all.
    """
    by.require("tasks.assign")
    listed = list(visible(by).active().filter(pk__among=customers).order_by("pk").values_list("pk", flat=True))
    _refuse(listed, plan)
    strata = _strata(by, listed)
    holdout = None
    if plan.share:
        holdout = hold_out(
            customers={number: strata.get(number, "") for number in listed},
            list_kind=plan.list_kind, subject=plan.subject, action=plan.kind, detail=plan.detail,
            share=plan.share, seed=plan.seed, by=by,
        )  # fmt: skip
    alone = _control(holdout)
    treated = [number for number in listed if number not in alone]
    made = make_tasks(treated, plan, holdout, by) if plan.kind else []
    undo = _way_back(made, holdout, by)
    audit.record(
        actor=by, verb="assign", subject_type="tasks.task", subject_id="",
        details={"kind": plan.kind, "made": len(made), "control": len(alone), "list": plan.list_kind},
    )  # fmt: skip
    had_one = len(treated) - len(made) if plan.kind else 0
    return Assigned(len(made), len(alone), had_one, holdout, undo)


def _refuse(listed: Collection[int], plan: Plan) -> None:
    if not listed:
        raise ValidationError(_("The list has nobody whom you could make a task for: choose customers that you reach."))
    if not plan.kind and not plan.share:
        raise ValidationError({"kind": _("Choose what to do, or leave a part alone as control.")})
    if plan.kind and plan.kind not in KINDS:
        raise no_kind(plan.kind)
    if plan.kind and len(listed) > MOST_TASKS:
        said = _("%(n)s customers, %(most)s tasks at most: narrow the list down, or split it without tasks.")
        raise ValidationError({"kind": said % {"n": f"{len(listed):,}", "most": f"{MOST_TASKS:,}"}})


def _strata(by: Actor, listed: Collection[int]) -> dict[int, str]:
    """Return customer → value class; who may not read values splits a list all the same."""
    if (valuation := current()) is None:
        return {}
    known = valuation.rows.exclude(matrix=None).values_list("customer_id", "matrix")
    if len(listed) <= MOST_TASKS:
        known = known.filter(customer__in=listed)
    return {number: matrix for number, matrix in known.iterator(CHUNK) if matrix}


def _control(holdout: Holdout | None) -> frozenset[int]:
    if holdout is None:
        return frozenset()
    alone = Exposure.objects.filter(holdout=holdout, arm=Arm.CONTROL)
    return frozenset(alone.values_list("customer_id", flat=True))


def make_tasks(treated: list[int], plan: Plan, holdout: Holdout | None, by: Actor) -> list[Task]:
    """Make a plan's tasks for those of `treated` whom `by` reaches; who has one of the kind open keeps that one."""
    kind = KINDS[plan.kind]
    taken: set[int] = set()
    if kind.once:
        same = Task.objects.open().filter(kind=kind.key, customer__in=treated)
        taken = set(same.values_list("customer_id", flat=True))
    owner_of = owners(plan.owner_rule, plan.owner, treated)
    valuation = current()
    known = figures(by, valuation).filter(customer__in=treated) if valuation else ()
    stakes = {f.customer_id: stake_of(f, valuation) for f in known if valuation}
    due, currency = plan.due_on or due_after(kind.due_days), Workspace.current().currency
    rows = visible(by).filter(pk__in=[n for n in treated if n not in taken]).select_related("owner").order_by("pk")

    def task(customer: Customer) -> Task:
        at_stake, stake = stakes.get(customer.pk, (None, ""))
        return Task(
            customer=customer, kind=kind.key, once=kind.once, detail=plan.detail.strip(),
            at_stake=at_stake, stake=stake, currency=currency,
            owner_id=owner_of(customer), team_id=customer.team_id, due_on=due,
            holdout=holdout, made_by_id=by.user_id,
        )  # fmt: skip

    return Task.objects.bulk_create([task(customer) for customer in rows.iterator(CHUNK)], batch_size=CHUNK)


def _way_back(made: list[Task], holdout: Holdout | None, by: Actor) -> Undo | None:
    if not made:
        return None
    before = [{"id": task.pk, "version": 0, "made": True} for task in made]
    return Undo.objects.create(by_id=by.user_id or 0, at=timezone.now(), verb="assign", before=before, holdout=holdout)
