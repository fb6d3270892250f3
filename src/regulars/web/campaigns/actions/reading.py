"""Keeping readings up to date: each experiment is read when its day has come, and again when late orders came in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise

from regulars.prove.experiments.verdict import FEWEST_UNITS
from regulars.web.campaigns import reading, universal
from regulars.web.campaigns.models import Campaign, Proof
from regulars.web.campaigns.models.proof import Verdict
from regulars.web.core import jobs
from regulars.web.core.actor import Actor
from regulars.web.core.models import Job, JobState
from regulars.web.facts import actions as facts
from regulars.web.tasks.selectors import day_of, experiments, today
from regulars.web.tasks.taxonomy import UNIVERSAL

READ = "campaigns.read"
Report = Callable[[float, Promise | None], None]


@transaction.atomic
def read_again(*, by: Actor) -> Job:
    """Start the job that reads what is due, unless it waits or runs already."""
    by.require(READ)
    there = Job.objects.filter(kind=READ, state__in=(JobState.QUEUED, JobState.RUNNING)).first()
    return there or jobs.start(kind=READ, by=by)


def is_due() -> bool:
    """Return whether anything may have to be read: a new experiment, or new orders since the last reading."""
    version = facts.orders_version()
    return any(_needs(proof, version) for proof in every_proof())


def read_due(*, report: Report = lambda _share, _said: None) -> int:
    """Read every experiment whose orders have changed since it was read last; return how many were."""
    version, until = facts.orders_version(), None
    due = sorted((proof for proof in every_proof() if _needs(proof, version)), key=lambda one: one.is_universal)
    for done, proof in enumerate(due):
        report(done / len(due), None)
        until = until or facts.last_order_day()
        read_one(proof, until=until, version=version)
    return len(due)


def every_proof() -> list[Proof]:
    """Return the terms and readings of all experiments, made now for those that had none."""
    known = {proof.holdout_id for proof in Proof.objects.only("holdout_id")}
    for one in experiments().exclude(pk__in=known):
        terms = {"window_days": universal.WINDOW_DAYS, "looks": [*universal.LOOKS]}
        Proof.objects.get_or_create(holdout=one, defaults=terms if one.list_kind == UNIVERSAL else {})
    return list(Proof.objects.filter(holdout__withdrawn=False).select_related("holdout").order_by("pk"))


def read_one(proof: Proof, *, until: date | None, version: int | None) -> None:
    """Read one experiment as far as it may be read by the orders up to `until`, and keep that."""
    campaign = Campaign.objects.filter(holdout=proof.holdout_id).first()
    span = reading.span_of(proof, campaign, day_of(proof.holdout))
    end = span.last
    if proof.is_universal and proof.holdout.ended_at:  # from then on campaigns addressed them
        end = min(end, proof.holdout.ended_at.date() - timedelta(days=1))
        until = min(until, end) if until else None
    people = reading.assigned_in(proof, campaign, span)
    result: dict[str, Any] = {
        "version": version, "health": reading.health(people, proof.holdout.share),
        "first": span.first.isoformat(), "last": end.isoformat(),
    }  # fmt: skip
    counts = result["health"]["counts"]
    kept: dict[str, Any] = {
        "n_treated": counts["treated"], "n_control": counts["control"],
        "read_to": min(until, span.last) if until else None,
        "read_at": timezone.now(), "verdict": Verdict.WAITING, "estimate": None, "low": None, "high": None,
        "brought": None, "spent": None, "basis": "",
    }  # fmt: skip
    look = reading.look_of(proof, span, until) if until else None
    if look is not None and proof.is_universal:
        last = span.first + timedelta(days=reading.window_of(proof, look) - 1)
        kept["fixed_cost"] = proof.fixed_cost = universal.spent(span.first, last)
    if look is not None and min(counts.values()) >= FEWEST_UNITS:
        found = reading.read(proof, people, span, look)
        result |= found
        kept |= _columns(found)
    elif look is not None:
        kept["verdict"] = Verdict.NOT_ENOUGH
    Proof.objects.filter(pk=proof.pk).update(result=result, **kept)


def _columns(found: dict[str, Any]) -> dict[str, Any]:
    verdict = found["reading"]["verdicts"]["treated"]["kind"]
    effect = found["reading"]["effects"][0]
    spent = sum(item["amount"] for item in found["costs"])
    columns: dict[str, Any] = {"verdict": verdict, "basis": found["basis"], "spent": spent}
    if verdict == Verdict.NOT_ENOUGH:
        return columns
    return columns | {
        "estimate": effect["net"], "low": effect["low"], "high": effect["high"], "brought": effect["total"],
    }  # fmt: skip


def _needs(proof: Proof, version: int | None) -> bool:
    if not proof.result:
        return True
    if version is None or proof.result.get("version") == version:
        return False
    last = date.fromisoformat(proof.result["last"])
    return proof.read_to is None or proof.read_to < last or today() <= last + reading.SETTLED
