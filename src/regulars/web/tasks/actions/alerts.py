"""A valuation's alerts become tasks by rule: once for each valuation, never two of a kind for one customer."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.db.models.functions import Coalesce
from django.utils import timezone

from regulars.web.core.actor import Actor
from regulars.web.facts.selectors import value_rows
from regulars.web.tasks.actions.control import expose, hold_out
from regulars.web.tasks.actions.owners import owners
from regulars.web.tasks.alerts import ALERTS, Alert
from regulars.web.tasks.business_days import due_after
from regulars.web.tasks.kinds import KINDS
from regulars.web.tasks.models import AlertRun, Arm, Exposure, Holdout, Rule, State, Task
from regulars.web.tasks.reasons import Reason
from regulars.web.tasks.rights import widened
from regulars.web.tasks.suggestions import stake_of

if TYPE_CHECKING:
    from regulars.web.valuations.models import CustomerFigure, Valuation


def raise_alerts(*, valuation: Valuation, by: Actor) -> list[AlertRun]:
    """Let every rule that is switched on look at a published valuation, each in a transaction of its own.

    Idempotency key: rule and valuation. A rule that has seen the valuation does nothing more.
    """
    return [look(rule=rule, valuation=valuation, by=by) for rule in Rule.objects.filter(enabled=True).order_by("id")]


@transaction.atomic
def look(*, rule: Rule, valuation: Valuation, by: Actor) -> AlertRun:
    """Let one rule look at one valuation, for all customers of the workspace.

    Of the customers that the alert picks, most at stake first, new ones are split at random: some are left alone as
    control for good, the others get a task. An open task of the same kind gets the new reason and amount; owner and day
    stay as people have set them. Where a purchase settles the matter, open tasks of who has bought since are dropped.
    """
    run, first = AlertRun.objects.get_or_create(rule=rule, valuation=valuation)
    if not first:
        return run
    alert = ALERTS[rule.alert]
    picked = _pick(rule, alert, valuation)
    alone = _left_alone(rule, picked, valuation, by)
    treated = [figure for figure in picked if figure.customer_id not in alone]
    open_tasks = {task.customer_id: task for task in _open(rule, [figure.customer_id for figure in treated])}
    due = _Facts(alert, valuation, _full_rows(valuation, treated, by))
    run.found, run.left_alone = len(picked), len(picked) - len(treated)
    run.updated = _update(due, [f for f in treated if f.customer_id in open_tasks], open_tasks)
    run.made = _make(rule, due, [f for f in treated if f.customer_id not in open_tasks])
    run.settled = _settle(rule, valuation) if alert.settled_by_purchase else 0
    run.save()
    return run


@dataclass(frozen=True, slots=True)
class _Facts:
    """What the reasons are made from."""

    alert: Alert
    valuation: Valuation
    rows: Mapping[int, Mapping[str, Any]]

    def reason(self, figure: CustomerFigure) -> Reason:
        return self.alert.reason(figure, self.rows.get(figure.customer_id, {}), day_of(self.valuation))


def _pick(rule: Rule, alert: Alert, valuation: Valuation) -> list[CustomerFigure]:
    """Return whom the alert picks, most at stake first; not who was spoken to about it a short while ago.

    Nor who is in a campaign that runs, nor in the universal hold-out: what these prove is theirs alone.
    """
    quiet = timezone.now() - timedelta(days=rule.quiet_days)
    spoken_to = Task.objects.filter(kind=rule.alert, ended_at__gte=quiet).values("customer_id")
    apart = Exposure.objects.apart().filter(customer=OuterRef("customer_id"))
    found = (
        valuation.rows.filter(alert.holds(day_of(valuation)))
        .filter(customer__archived_at=None, customer__erased_at=None, customer__merged_into=None)
        .exclude(customer__in=spoken_to)
        .exclude(Exists(apart))
        .annotate(at_stake=_stake(valuation))
    )
    for stronger in Rule.objects.filter(alert__in=alert.yields_to, enabled=True):
        found = found.exclude(ALERTS[stronger.alert].holds(day_of(valuation)))
    if rule.least is not None:
        found = found.filter(at_stake__gte=rule.least)
    ordered = found.order_by(F("at_stake").desc(nulls_last=True), "customer_id")
    return list(ordered.select_related("customer__owner")[: rule.at_most])


def _stake(valuation: Valuation) -> Coalesce | F:
    """Return in SQL what `stake_of` returns."""
    return Coalesce("value_at_risk", "current_value") if valuation.risk_tells else F("current_value")


def _left_alone(rule: Rule, picked: Sequence[CustomerFigure], valuation: Valuation, by: Actor) -> frozenset[int]:
    """Return who is control: who was so before stays it, the others are drawn now."""
    if not rule.share:
        return frozenset()
    holdout = rule.holdout if rule.holdout and rule.holdout.is_running else None
    known = dict(Exposure.objects.filter(holdout=holdout).values_list("customer_id", "arm")) if holdout else {}
    fresh = {f.customer_id: f.matrix or "" for f in picked if f.customer_id not in known}
    if fresh:
        holdout = _draw(rule, holdout, fresh, valuation, by)
        known = dict(Exposure.objects.filter(holdout=holdout).values_list("customer_id", "arm"))
    return frozenset(f.customer_id for f in picked if known.get(f.customer_id) == Arm.CONTROL)


def _draw(rule: Rule, holdout: Holdout | None, fresh: Mapping[int, str], valuation: Valuation, by: Actor) -> Holdout:
    if holdout is not None:
        expose(holdout, fresh, draw=str(valuation.pk))
        return holdout
    subject = {"rule": rule.pk, "alert": rule.alert}
    started = hold_out(customers=fresh, list_kind="rule", subject=subject, action=rule.alert, share=rule.share, by=by)
    Rule.objects.filter(pk=rule.pk).update(holdout=started)
    return started


def day_of(valuation: Valuation) -> date:
    """Return the day that a published valuation speaks of."""
    if valuation.as_of is None:
        raise ValueError(f"valuation {valuation.pk} has not been published")
    return valuation.as_of


def _open(rule: Rule, customers: Collection[int]) -> list[Task]:
    return list(Task.objects.open().filter(kind=rule.alert, customer__in=customers))


def _full_rows(valuation: Valuation, treated: Sequence[CustomerFigure], by: Actor) -> dict[int, dict[str, Any]]:
    """Return customer → the full row of the valuation's file; the job reads for the whole workspace."""
    reader = widened(by, "customers.read", "valuations.read", scope="all", fields=frozenset())
    found = value_rows(reader, [figure.customer_id for figure in treated], valuation=valuation.pk)
    return {row["customer_id"]: row for row in found}


def _update(due: _Facts, figures: Sequence[CustomerFigure], tasks: Mapping[int, Task]) -> int:
    for figure in figures:
        task = tasks[figure.customer_id]
        task.at_stake, task.stake = stake_of(figure, due.valuation)
        task.reason, task.valuation = due.reason(figure).as_json(), due.valuation
    changed = [tasks[figure.customer_id] for figure in figures]
    Task.objects.bulk_update(changed, ["at_stake", "stake", "reason", "valuation"])
    return len(changed)


def _make(rule: Rule, facts: _Facts, figures: Sequence[CustomerFigure]) -> int:
    owner_of = owners(rule.owner_rule, rule.owner, [figure.customer_id for figure in figures])
    day, kind = due_after(rule.due_days), KINDS[rule.alert]
    rule.refresh_from_db(fields=["holdout"])

    def task(figure: CustomerFigure) -> Task:
        at_stake, stake = stake_of(figure, facts.valuation)
        return Task(
            customer=figure.customer, kind=kind.key, once=kind.once, reason=facts.reason(figure).as_json(),
            at_stake=at_stake, stake=stake, currency=facts.valuation.currency,
            owner_id=owner_of(figure.customer), team_id=figure.customer.team_id, due_on=day,
            rule=rule, valuation=facts.valuation, holdout=rule.holdout if rule.share else None,
        )  # fmt: skip

    # Two at a time: the database refuses the second of a kind, and nothing is doubled.
    Task.objects.bulk_create([task(figure) for figure in figures], ignore_conflicts=True)
    return len(figures)


def _settle(rule: Rule, valuation: Valuation) -> int:
    """Drop open tasks of customers who have bought since: there is nothing left to ask."""
    bought = Task.objects.open().filter(
        kind=rule.alert,
        rule=rule,
        customer__figures__valuation=valuation,
        customer__figures__last_purchase__gt=F("valuation__as_of"),
    )
    ids = list(bought.values_list("pk", flat=True))
    return Task.objects.filter(pk__in=ids).update(
        state=State.CANCELLED, snoozed_until=None, ended_at=timezone.now(), version=F("version") + 1,
        reason=Reason("bought_again").as_json(),
    )  # fmt: skip
