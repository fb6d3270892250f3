"""Writes of valuations: start, publish, schedule, delete. What people see changes in one step or not at all."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, time
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from regulars.errors import InputError, RegularsError
from regulars.web import audit
from regulars.web.core import jobs
from regulars.web.core.actor import Actor
from regulars.web.core.models import Workspace
from regulars.web.facts import access
from regulars.web.valuations import publishing, running
from regulars.web.valuations.models import Schedule, Valuation, ValuationState
from regulars.web.valuations.running import Parameters, Valued
from regulars.words import T

RUN, DELETE = "valuations.run", "valuations.delete"
SUBJECT = "valuations.valuation"
OPEN = (ValuationState.QUEUED, ValuationState.RUNNING)
ROWS_KEPT = 2
"""Published runs whose rows stay in the database: the current one and the one before. Files of all runs stay."""

PUBLISHING = T(zh="发布", en="publishing")
GATES = T(zh="没有通过检查：{gates}", en="a check was not passed: {gates}")
STAYS = T(zh="上一次估值照旧。", en="The previous valuation stays.")

Report = Callable[[float, T | None], None]


@transaction.atomic
def start(*, by: Actor, parameters: Parameters | None = None) -> Valuation:
    """Queue a run.

    Raises
    ------
    ValidationError
        When one waits or runs already.
    """
    by.require(RUN)
    Workspace.objects.select_for_update().filter(pk=1).first()  # two presses of the button start one run
    if under_way():
        raise ValidationError(_("A valuation is under way already."))
    valuation = Valuation.objects.create(
        parameters=(parameters or Parameters()).as_dict(), started_by_id=by.user_id,
        predecessor_id=_published_now(),
    )  # fmt: skip
    valuation.folder = str(valuation.pk)
    valuation.job = jobs.start(kind="valuations.run", by=by, parameters={"valuation": valuation.pk})
    valuation.save(update_fields=["folder", "job"])
    audit.record(actor=by, verb="value", subject_type=SUBJECT, subject_id=valuation.pk)
    return valuation


def asked(**choices: Any) -> Parameters:
    """Return what a run is asked for, from the names that its parameters have."""
    return Parameters(**choices)


def under_way() -> bool:
    """Tell whether a run waits or runs."""
    return Valuation.objects.filter(state__in=OPEN).exists()


def carry_out(*, valuation: Valuation, report: Report) -> dict[str, int]:
    """Do a run from sync to the flipped pointer. Doing it again after a kill brings the same end.

    Raises
    ------
    InputError
        When there is nothing to value, or a check was not passed; the previous valuation stays.
    """
    Valuation.objects.filter(pk=valuation.pk).update(state=ValuationState.RUNNING)
    try:
        valued = running.run(
            valuation.pk,
            Parameters.of(valuation.parameters),
            currency=Workspace.current().currency,
            recorded_at=timezone.now(),
            report=report,
            before=valuation.predecessor.card if valuation.predecessor else None,
        )
        if valued.failed_gates:
            raise _gates_failed(valued)
        report(0.75, PUBLISHING)
        publishing.write_rows(valuation.pk, lambda share: report(0.75 + 0.24 * share, None))
        publish(valuation=valuation, valued=valued)
    except RegularsError as error:
        fail(valuation=valuation, error=error)
        raise
    except BaseException:
        clear(valuation=valuation)
        raise
    _drop_old_rows()
    return {"customers": valued.n_customers}


@transaction.atomic
def publish(*, valuation: Valuation, valued: Valued) -> None:
    """Note what was found and flip the pointer, unless a later run was faster."""
    Valuation.objects.filter(pk=valuation.pk).update(
        state=ValuationState.PUBLISHED,
        as_of=valued.as_of,
        currency=valued.currency,
        basis=valued.basis,
        n_customers=valued.n_customers,
        snapshot={"tables": valued.snapshot, "pin": valued.pin},
        card=valued.card,
        figures=valued.figures,
        published_at=timezone.now(),
        failure={},
    )
    Workspace.objects.get_or_create(pk=1)
    workspace = Workspace.objects.select_for_update().get(pk=1)
    if workspace.current_valuation_id is None or workspace.current_valuation_id < valuation.pk:
        Workspace.objects.filter(pk=1).update(current_valuation_id=valuation.pk)
    valuation.refresh_from_db()


def publish_again() -> None:
    """Fill the rows of the newest published runs from their files: after a restore."""
    numbers = Valuation.objects.filter(state=ValuationState.PUBLISHED).order_by("-pk").values_list("pk", flat=True)
    current = Workspace.current().current_valuation_id
    for number in {*numbers[:ROWS_KEPT], *([current] if current else [])}:
        publishing.write_rows(number, lambda _share: None)


def fail(*, valuation: Valuation, error: RegularsError) -> None:
    """Say why a run failed and take away what it left."""
    clear(valuation=valuation)
    said = error if isinstance(error, InputError) else InputError(T(zh=str(error), en=str(error)))
    words = {lang: said.message(lang) for lang in ("zh", "en")}
    Valuation.objects.filter(pk=valuation.pk).update(state=ValuationState.FAILED, failure=words)


def stop(*, valuation: Valuation) -> None:
    """Note that a run was cancelled; nothing of it stays."""
    clear(valuation=valuation)
    Valuation.objects.filter(pk=valuation.pk, state__in=OPEN).update(state=ValuationState.CANCELLED)


def clear(*, valuation: Valuation) -> None:
    """Take away rows, files and pins of a run."""
    publishing.remove_rows(valuation.pk)
    shutil.rmtree(access.valuation_folder(valuation.pk), ignore_errors=True)
    lake = access.lake()
    for pin in lake.pins():
        if pin.reason == f"valuation {valuation.pk}":
            with suppress(InputError):  # somebody else was faster
                lake.unpin(pin.id)


def delete(*, valuation: Valuation, by: Actor) -> None:
    """Delete an old run with its files; its snapshot may be tidied away then.

    Raises
    ------
    ValidationError
        For the current valuation, and for one that is under way.
    """
    by.require(DELETE)
    with transaction.atomic():
        if Workspace.current().current_valuation_id == valuation.pk:
            raise ValidationError(_("This is the current valuation: the pages show it. Run a new one first."))
        if valuation.state in OPEN:
            raise ValidationError(_("This run is under way. Cancel it first."))
        number, as_of = valuation.pk, valuation.as_of
        valuation.delete()
        audit.record(
            actor=by, verb="delete", subject_type=SUBJECT, subject_id=number, details={"as_of": str(as_of or "")}
        )
        gone = Valuation(pk=number)
        transaction.on_commit(lambda: clear(valuation=gone))


@transaction.atomic
def set_schedule(*, every: str, weekday: int, at: time, by: Actor) -> Schedule:
    """Say when valuations run by themselves; they run in the name of who says so."""
    by.require(RUN)
    schedule, _made = Schedule.objects.update_or_create(
        pk=1,
        defaults={
            "every": every, "weekday": weekday, "at": at, "started_by_id": by.user_id, "last_due": timezone.now(),
        },
    )  # fmt: skip
    audit.record(actor=by, verb="schedule", subject_type="valuations.schedule", subject_id=1, details={"every": every})
    return schedule


@transaction.atomic
def start_due(*, now: datetime) -> Valuation | None:
    """Start the scheduled run when it is due, once; its parameters are those of the last run, its day is the newest."""
    from regulars.web.core.actor import actor_of
    from regulars.web.valuations.due import last_due_before

    schedules = Schedule.objects.select_for_update(of=("self",)).select_related("started_by")
    schedule = schedules.filter(pk=1).exclude(every="").first()
    if schedule is None or schedule.started_by is None:
        return None
    due = last_due_before(now, schedule, Workspace.current().zone)
    if schedule.last_due is not None and due <= schedule.last_due:
        return None
    Schedule.objects.filter(pk=1).update(last_due=due)
    by = actor_of(schedule.started_by)
    if not by.may(RUN) or Valuation.objects.filter(state__in=OPEN).exists():
        return None
    before = Valuation.objects.filter(state=ValuationState.PUBLISHED).first()
    parameters = Parameters.of({**before.parameters, "as_of": None}) if before else Parameters()
    return start(by=by, parameters=parameters)


def _published_now() -> int | None:
    number = Workspace.current().current_valuation_id
    return number if number and Valuation.objects.filter(pk=number).exists() else None


def _gates_failed(valued: Valued) -> InputError:
    gates = T(
        zh="；".join(gate.zh for gate in valued.failed_gates), en="; ".join(gate.en for gate in valued.failed_gates)
    )
    return InputError(GATES.format(gates=gates), remedy=STAYS)


def _drop_old_rows() -> None:
    """Drop the rows of published runs that nobody pages through any more."""
    numbers = Valuation.objects.filter(state=ValuationState.PUBLISHED).order_by("-pk").values_list("pk", flat=True)
    current = Workspace.current().current_valuation_id
    for number in numbers[ROWS_KEPT : ROWS_KEPT + 50]:
        if number != current and publishing.has_rows(number):
            publishing.remove_rows(number)
