"""Writes of runs over contracts: start, publish, give up."""

from __future__ import annotations

import shutil
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from regulars.errors import InputError, RegularsError
from regulars.web import audit
from regulars.web.contracts import running
from regulars.web.contracts.asked import Asked, in_our_words
from regulars.web.contracts.models import OPEN, ContractRun, State
from regulars.web.contracts.running import Report
from regulars.web.core import jobs
from regulars.web.core.actor import Actor
from regulars.web.core.models import Workspace
from regulars.web.facts import access
from regulars.words import T

RUN = "valuations.run"
SUBJECT = "contracts.run"
KEPT = 3
"""Published runs whose files stay: the one shown and those before it."""


def asked(**choices: Any) -> Asked:
    """Return what a run is asked for, from the names that its choices have."""
    return Asked(**choices)


def under_way() -> bool:
    """Tell whether a run waits or runs."""
    return ContractRun.objects.filter(state__in=OPEN).exists()


@transaction.atomic
def start(*, by: Actor, asked: Asked | None = None) -> ContractRun:
    """Queue a run.

    Raises
    ------
    ValidationError
        When one waits or runs already.
    """
    by.require(RUN)
    Workspace.objects.select_for_update().filter(pk=1).first()  # two presses of the button start one run
    if under_way():
        raise ValidationError(_("The contracts are being looked at already."))
    run = ContractRun.objects.create(parameters=(asked or Asked()).as_dict(), started_by_id=by.user_id)
    run.job = jobs.start(kind="contracts.run", by=by, parameters={"run": run.pk})
    run.save(update_fields=["job"])
    audit.record(actor=by, verb="value", subject_type=SUBJECT, subject_id=run.pk)
    return run


def carry_out(*, run: ContractRun, report: Report) -> dict[str, int]:
    """Do a run; doing it again after a kill brings the same end.

    Raises
    ------
    InputError
        When there is nothing to look at or contracts cannot be; what was shown before stays.
    """
    ContractRun.objects.filter(pk=run.pk).update(state=State.RUNNING)
    try:
        found = running.run(
            run.pk, Asked.of(run.parameters), currency=Workspace.current().currency, recorded_at=timezone.now(),
            report=report,
        )  # fmt: skip
    except RegularsError as error:
        said = in_our_words(error) if isinstance(error, InputError) else InputError(T(zh=str(error), en=str(error)))
        clear(run=run)
        words = {lang: said.message(lang) for lang in ("zh", "en")}
        ContractRun.objects.filter(pk=run.pk).update(state=State.FAILED, failure=words)
        raise said from error
    except BaseException:
        clear(run=run)
        raise
    ContractRun.objects.filter(pk=run.pk).update(
        state=State.PUBLISHED, as_of=found.as_of, currency=found.currency, card=found.card, failure={},
        published_at=timezone.now(),
    )  # fmt: skip
    for old in ContractRun.objects.filter(state=State.PUBLISHED)[KEPT:]:
        clear(run=old)
        old.delete()
    return {"customers": found.card["customers"]}


def stop(*, run: ContractRun) -> None:
    """Note that a run was cancelled; nothing of it stays."""
    clear(run=run)
    ContractRun.objects.filter(pk=run.pk, state__in=OPEN).update(state=State.CANCELLED)


def clear(*, run: ContractRun) -> None:
    """Take away the files of a run."""
    shutil.rmtree(access.contracts_folder(run.pk), ignore_errors=True)
