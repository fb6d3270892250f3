"""The steps of an import: look, check, write. Each says how far it is; the pages and the terminal share them.

Only the last one changes anything, and only after everything that can be wrong with the file has been looked for.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

from django.utils import timezone

from regulars.errors import InputError
from regulars.web.core.actor import Actor
from regulars.web.core.models import Workspace
from regulars.web.importing import sandbox, writing_contracts, writing_customers, writing_orders
from regulars.web.importing.models import Holds, Import, Remembered, State
from regulars.web.importing.parsing.limits import CUSTOMERS, LOOK, ORDERS, Limits
from regulars.web.importing.parsing.people_columns import GROUPS
from regulars.web.importing.parsing.task import Kind, Task, words
from regulars.web.importing.remedies import in_our_words
from regulars.words import T

DEFAULT_SOURCE = "main"
WRITERS: dict[str, Any] = {
    Holds.ORDERS: writing_orders, Holds.CUSTOMERS: writing_customers, Holds.CONTRACTS: writing_contracts
}  # fmt: skip
LIMITS: dict[str, Limits] = {Holds.ORDERS: ORDERS, Holds.CUSTOMERS: CUSTOMERS, Holds.CONTRACTS: CUSTOMERS}

Report = Callable[[float, T | None], None]
"""Told the share done and the step; may raise to end the work, but only while nothing has been written."""

READING = T(zh="读取文件", en="reading the file")
COMPARING = T(zh="和已有的数据比", en="comparing with what is there")
WRITING = T(zh="写入（到这一步不能再取消）", en="writing (from here on it cannot be cancelled)")


def look(one: Import, report: Report) -> None:
    """Find the columns; what a file with the same columns was told before is taken over.

    Raises
    ------
    InputError
        When the file cannot be read; the import says so and has failed.
    """
    try:
        found = sandbox.run(_look_task(one), one.folder, LOOK, report)
    except InputError as error:
        raise _stopped(one, error, State.FAILED) from error
    one.fingerprint = fingerprint([column["name"] for column in found["columns"]])
    before = Remembered.objects.filter(holds=one.holds, fingerprint=one.fingerprint).first()
    one.columns = {found_["canonical"]: found_["column"] for found_ in found["found"]}
    if before is not None:
        one.columns, one.source = dict(before.columns), one.source or before.source
        one.options = {**one.options, **before.options}
    one.source = one.source or DEFAULT_SOURCE
    one.look = {**found, "remembered": before is not None}
    one.state = State.COLUMNS
    one.save(update_fields=["fingerprint", "columns", "source", "options", "look", "state"])


def check(one: Import, by: Actor, report: Report) -> None:
    """Read the whole file and count what writing it would change; nothing is written.

    Raises
    ------
    InputError
        When the file or what was said of its columns is wrong; the import waits for other columns and says why.
    """
    limits = LIMITS[one.holds]
    try:
        account = sandbox.run(
            _task(one, by), one.folder, limits, lambda share, step: report(0.8 * share, step or READING)
        )
        report(0.8, COMPARING)
        one.account = {**account, **_writer(one).compare(one, account, by)}
    except InputError as error:
        raise _stopped(one, error, State.COLUMNS) from error
    one.state, one.problem = State.CHECKED, {}
    one.save(update_fields=["account", "state", "problem"])


def write(one: Import, by: Actor, report: Report) -> dict[str, Any]:
    """Write what was checked. Doing it again, after a worker died half-way, brings the same end.

    Raises
    ------
    InputError
        When it cannot be written; the import says why.
    """
    report(0.0, WRITING)
    try:
        one.result = _writer(one).write(one, by, report)
    except InputError as error:
        raise _stopped(one, error, State.CHECKED) from error
    one.state, one.ended_at, one.problem = State.DONE, timezone.now(), {}
    one.save(update_fields=["result", "state", "ended_at", "problem"])
    return dict(one.result)


def fingerprint(columns: list[str]) -> str:
    """Return what tells files with the same columns, in whatever order."""
    return hashlib.sha256("\x1f".join(sorted(columns)).encode()).hexdigest()


def _writer(one: Import) -> Any:
    return WRITERS[one.holds]


def _look_task(one: Import) -> Task:
    return Task(file=str(one.file), kind=_kind(one), look=True)


def _task(one: Import, by: Actor) -> Task:
    options: dict[str, Any] = one.options
    allowed = choices(one, by)
    return Task(
        file=str(one.file),
        kind=_kind(one),
        columns={name: one.columns.get(name, "") if name in allowed else "" for name in one.look["choices"]},
        date_order=options.get("date_order") or None,
        timezone=options.get("zone"),
        currency=Workspace.current().currency if options.get("rates") else None,
        rates=options.get("rates", {}),
        max_rejected=options.get("max_rejected", 0.05),
    )


def _kind(one: Import) -> Kind:
    kinds: dict[str, Kind] = {
        Holds.ORDERS: "orders", Holds.CUSTOMERS: "customers", Holds.CONTRACTS: "contracts"
    }  # fmt: skip
    return kinds[one.holds]


def choices(one: Import, by: Actor) -> list[str]:
    """Return what the columns of a file may be taken for by `by`."""
    names: list[str] = one.look["choices"]
    if one.holds != Holds.CUSTOMERS:
        return names
    return [name for name in names if name not in GROUPS or by.sees(GROUPS[name])]


def _stopped(one: Import, error: InputError, state: State) -> InputError:
    """Let the import say what is wrong, and return it as said: the file's own name stands for ours."""
    said = in_our_words(error, ours=one.file.name, theirs=one.file_name)
    one.problem = {"what": words(said.what), "where": words(said.where), "remedy": words(said.remedy)}
    one.state = state
    one.save(update_fields=["problem", "state"])
    return said
