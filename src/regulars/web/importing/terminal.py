"""An import from the terminal: the wizard's own steps, one after the other, in the name of a person."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth import get_user_model

from regulars.errors import InputError
from regulars.ingest.contract_columns import NAMES
from regulars.ingest.mapping import read_map
from regulars.web.accounts.access import actor_of
from regulars.web.core.actor import Actor
from regulars.web.importing import actions, steps
from regulars.web.importing.models import Holds, Import, State
from regulars.words import T

Step = Callable[[T], None]


def bring(
    file: actions.Uploaded,
    *,
    kind: str,
    source: str,
    username: str | None,
    map_file: str | None,
    date_order: str | None,
    dry_run: bool,
    step: Step,
) -> tuple[dict[str, Any], dict[str, Any] | None]:
    """Return what was found in a file, and what writing it did; None where it was only checked.

    Raises
    ------
    InputError
        When the file or the person cannot be used; nothing was changed then.
    """
    by = importer(username)
    said = _mapped(kind, map_file)

    def report(_share: float, words: T | None) -> None:
        if words is not None:
            step(words)

    one = actions.take(holds=kind, source=source, file=file, by=by)
    try:
        steps.look(one, report)
        _say(one, said, date_order)
        steps.check(one, by, report)
        account = dict(one.account)
        if dry_run:
            actions.drop(one=one, by=by)
            return account, None
        one.state = State.WRITING
        one.save(update_fields=["state"])
        actions.note(one=one, by=by)
        return account, steps.write(one, by, report)
    except BaseException as error:
        if one.state not in (State.DONE, State.DROPPED):
            actions.give_up(one=one)
        if isinstance(error, InputError) and isinstance(error.__cause__, InputError):
            # At the terminal the remedy may speak of its options.
            raise InputError(error.what, where=error.where, remedy=error.__cause__.remedy) from error
        raise


def _mapped(kind: str, map_file: str | None) -> dict[str, str]:
    if map_file is None or kind == Holds.CUSTOMERS:
        return {}
    return dict((read_map(map_file, tuple(NAMES)) if kind == Holds.CONTRACTS else read_map(map_file)).columns)


def importer(username: str | None) -> Actor:
    """Return in whose name to import: the person of that sign-in name, else the first administrator.

    Raises
    ------
    InputError
        When there is nobody of that name.
    """
    people = get_user_model().objects.filter(is_active=True)
    if username is not None:
        user = people.filter(username=username).first()
    else:
        user = people.filter(memberships__role__permissions__permission="accounts.administer").order_by("pk").first()
    if user is None:
        raise InputError(
            T(zh=f"没有用户 {username or ''}", en=f"there is nobody called {username or ''}"),
            where="--as",
            remedy=T(
                zh="写登录名；没有用户时先运行 regulars init。", en="Give a sign-in name; run regulars init first."
            ),
        )
    return actor_of(user)


def _say(one: Import, columns: dict[str, str], date_order: str | None) -> None:
    """Add what the command line says to what the file says itself."""
    names = {column["name"] for column in one.look["columns"]}
    unknown = [column for column in columns.values() if column and column not in names]
    if unknown:
        raise InputError(
            T(zh=f"文件里没有列 {unknown[0]!r}", en=f"the file has no column {unknown[0]!r}"),
            where="--map",
            remedy=T(zh=f"有的列是：{'、'.join(sorted(names))}", en=f"The columns are: {', '.join(sorted(names))}"),
        )
    one.columns = {**one.columns, **columns}
    one.options = {**one.options, "date_order": date_order or ""}
    one.state = State.CHECKING
    one.save(update_fields=["columns", "options", "state"])
