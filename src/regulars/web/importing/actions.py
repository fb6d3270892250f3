"""Writes of imports: upload, say which column is which, begin, drop. Each leaves a trail."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Mapping
from datetime import timedelta
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Any, Protocol

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from regulars.web import audit
from regulars.web.core import jobs
from regulars.web.core.actor import Actor
from regulars.web.core.models import Workspace
from regulars.web.importing.models import BUSY, OPEN, Holds, Import, Remembered, State
from regulars.web.importing.upload import MOST_BYTES

RUN = "importing.run"
SUBJECT = "importing.import"
KINDS = (".csv", ".tsv", ".txt", ".xlsx", ".parquet")
KEPT_FOR = timedelta(days=30)
"""How long the files of an import stay: what was left out can be looked up until then."""


class Uploaded(Protocol):
    """An uploaded file, or one that lies on this machine."""

    name: str | None

    def chunks(self) -> Iterable[bytes]:
        """Return the content, piece by piece."""


def upload(*, holds: str, source: str, file: Uploaded, by: Actor) -> Import:
    """Take a file in and have it looked at.

    The file lies in a folder of its own under a name of ours; what it was called is kept as a label.

    Raises
    ------
    ValidationError
        When it is too large, empty, or none of the kinds that can be read.
    """
    by.require(RUN)
    one = take(holds=holds, source=source, file=file, by=by)
    try:
        with transaction.atomic():
            one.job = jobs.start(kind="importing.look", by=by, parameters={"import": one.pk})
            one.save(update_fields=["job"])
    except BaseException:
        _empty(one)
        raise
    return one


def take(*, holds: str, source: str, file: Uploaded, by: Actor) -> Import:
    """Put a file into the workspace, without anything being done with it yet."""
    by.require(RUN)
    name = plain_name(file.name or "")
    if Path(name).suffix.lower() not in KINDS:
        raise ValidationError(
            {"file": _("Files end in .xlsx, .csv or .parquet. Save it as one of these and upload it again.")}
        )
    source = " ".join(source.split())[:60]
    with transaction.atomic():
        one = Import.objects.create(
            holds=Holds(holds), source=source, file_name=name, started_by_id=by.user_id or 0,
            options={"zone": Workspace.current().zone},
        )  # fmt: skip
        audit.record(actor=by, verb="upload", subject_type=SUBJECT, subject_id=one.pk, details={"holds": one.holds})
    try:
        one.size = _store(one, file)
        one.save(update_fields=["size"])
    except BaseException:
        _empty(one)
        one.delete()
        raise
    return one


def plain_name(name: str) -> str:
    """Return the last part of a file's name, without what could lead elsewhere or be run."""
    last = PurePosixPath(PureWindowsPath(name).name).name
    cleaned = "".join(sign for sign in last if sign.isprintable() and sign not in '<>:"/\\|?*').strip()
    return re.sub(r"^\.+", "", cleaned)[-200:]


def too_large() -> str:
    """Return what is said of a file beyond the cap."""
    return gettext("The file is larger than %(most)s MB. Split it, or save it as Parquet.") % {"most": MOST_BYTES >> 20}


def _store(one: Import, file: Uploaded) -> int:
    one.folder.mkdir(parents=True, mode=0o700)
    size = 0
    with one.file.open("xb") as out:
        for chunk in file.chunks():
            size += len(chunk)
            if size > MOST_BYTES:
                raise ValidationError({"file": too_large()})
            out.write(chunk)
    if not size:
        raise ValidationError({"file": _("The file is empty.")})
    return size


@transaction.atomic
def choose_columns(
    *, one: Import, columns: Mapping[str, str], options: Mapping[str, Any], source: str, by: Actor
) -> None:
    """Say which column is which, remember it for files with the same columns, and have the file checked."""
    by.require(RUN)
    _in_state(one, State.COLUMNS, State.CHECKED)
    one.columns, one.source = dict(columns), " ".join(source.split())[:60] or one.source
    one.options = {**one.options, **options}
    one.state, one.problem, one.account = State.CHECKING, {}, {}
    one.job = jobs.start(kind="importing.check", by=by, parameters={"import": one.pk})
    one.save()
    kept = {name: value for name, value in one.options.items() if name != "zone"}
    Remembered.objects.update_or_create(
        holds=one.holds,
        fingerprint=one.fingerprint,
        defaults={"columns": one.columns, "options": kept, "source": one.source, "saved_by_id": by.user_id},
    )


@transaction.atomic
def begin(*, one: Import, by: Actor) -> None:
    """Write what was checked."""
    by.require(RUN)
    _in_state(one, State.CHECKED)
    one.state = State.WRITING
    one.job = jobs.start(kind="importing.write", by=by, parameters={"import": one.pk})
    one.save(update_fields=["state", "job"])
    note(one=one, by=by)


def note(*, one: Import, by: Actor) -> None:
    """Leave the trail of an import that begins to write."""
    audit.record(
        actor=by, verb="import", subject_type=SUBJECT, subject_id=one.pk,
        details={"holds": one.holds, "rows": one.account.get("rows")},
    )  # fmt: skip


def give_up(*, one: Import) -> None:
    """Close an import that cannot go on, with its files; what it says of its trouble stays."""
    Import.objects.filter(pk=one.pk).update(state=State.FAILED, ended_at=timezone.now())
    _empty(one)


@transaction.atomic
def change_columns(*, one: Import, by: Actor) -> None:
    """Go back to the columns; what was checked is forgotten."""
    by.require(RUN)
    _in_state(one, State.CHECKED, State.COLUMNS)
    one.state, one.account = State.COLUMNS, {}
    one.save(update_fields=["state", "account"])


@transaction.atomic
def drop(*, one: Import, by: Actor) -> None:
    """Throw an import away that was not written; its files go with it."""
    by.require(RUN)
    _in_state(one, State.COLUMNS, State.CHECKED, State.FAILED)
    one.state, one.ended_at = State.DROPPED, timezone.now()
    one.save(update_fields=["state", "ended_at"])
    audit.record(actor=by, verb="drop", subject_type=SUBJECT, subject_id=one.pk)
    transaction.on_commit(lambda: _empty(one))


def stopped(*, one: Import) -> None:
    """Put an import back after its job was cancelled or its worker died for good: to the step before."""
    before = {State.LOOKING: State.FAILED, State.CHECKING: State.COLUMNS, State.WRITING: State.CHECKED}
    if one.state in before:
        one.state = before[State(one.state)]
        one.save(update_fields=["state"])


def tidy() -> None:
    """Remove the files of imports that ended long ago."""
    for one in Import.objects.exclude(state__in=BUSY).filter(started_at__lt=timezone.now() - KEPT_FOR):
        _empty(one)


def forget_files() -> None:
    """Remove the files of every import that is not under way: an erased person's rows may be among them."""
    for one in Import.objects.exclude(state__in=BUSY):
        _empty(one)


def lost_files() -> None:
    """Close open imports whose files are not there: a backup does not hold them."""
    for one in Import.objects.filter(state__in=OPEN):
        if not one.file.exists():
            Import.objects.filter(pk=one.pk).update(state=State.DROPPED, ended_at=timezone.now())


def _in_state(one: Import, *states: State) -> None:
    """Lock the import and go on only in one of these states: two presses of a button do one thing.

    Raises
    ------
    ValidationError
    """
    locked = Import.objects.select_for_update().get(pk=one.pk)
    if locked.state not in states:
        raise ValidationError(_("This import has gone on meanwhile. Look at where it stands now."))


def _empty(one: Import) -> None:
    shutil.rmtree(one.folder, ignore_errors=True)
