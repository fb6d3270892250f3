"""The cast of the web tests: two teams, a person of each role in one of them, strangers in the other.

`tests/web` and `tests/permissions` take these fixtures into their conftest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

ROLES = ("administrator", "manager", "account_manager", "marketing", "service", "analyst", "viewer")


@pytest.fixture(autouse=True)
def workspace_home(settings: Any, tmp_path: Path) -> Path:
    """A workspace folder of its own for every test, and no memory of earlier attempts to sign in."""
    from django.core.cache import cache

    cache.clear()
    settings.REGULARS_HOME = tmp_path
    settings.MEDIA_ROOT = tmp_path / "uploads"
    return tmp_path


@pytest.fixture(autouse=True, scope="session")
def trail_can_be_cleared() -> Iterator[None]:
    """Between tests that commit, the database is emptied: for that moment the trail's guard steps aside."""
    from django.db import connection

    operations, flush = type(connection.ops), type(connection.ops).sql_flush
    if flush.__name__ == "without_guard":  # two folders have this cast, one process may run both
        yield
        return
    if connection.vendor == "sqlite":
        guards = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'audit_entry'"
    else:
        guards = ""

    def without_guard(self: Any, style: Any, tables: Any, **options: Any) -> list[str]:
        cleared = flush(self, style, tables, **options)
        if not guards:
            switch = "ALTER TABLE audit_entry {} TRIGGER USER"
            return [switch.format("DISABLE"), *cleared, switch.format("ENABLE")]
        with self.connection.cursor() as cursor:
            found = cursor.execute(guards).fetchall()
        return [*(f"DROP TRIGGER {name}" for name, _ in found), *cleared, *(sql for _, sql in found)]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(operations, "sql_flush", without_guard)
        yield


@pytest.fixture
def teams(db: None) -> SimpleNamespace:
    """Two branches of one region: `own` is the cast's, `other` a stranger's."""
    from regulars.web.accounts.models import Team

    office = Team.objects.create(name="Head office", kind="head_office")
    region = Team.objects.create(name="East", kind="region", parent=office)
    return SimpleNamespace(
        office=office,
        region=region,
        own=Team.objects.create(name="Riverside", kind="branch", parent=region),
        other=Team.objects.create(name="Hillside", kind="branch", parent=region),
    )


@pytest.fixture
def person(teams: SimpleNamespace) -> Callable[..., Any]:
    """Make a person: `person("manager", team=teams.own, name="Lin")`."""
    from regulars.web.accounts.models import Membership, Role, User

    def make(role: str, *, team: Any = None, username: str = "", **fields: Any) -> Any:
        name = username or f"{role}-{User.objects.count()}"
        fields = {"name": name, "language": "en", **fields}
        made = User.objects.create_user(username=name, password="a long pass phrase", **fields)
        Membership.objects.create(user=made, team=team or teams.own, role=Role.objects.get(key=role))
        return made

    return make


@pytest.fixture
def people(person: Callable[..., Any]) -> dict[str, Any]:
    """One person of each role in the own team."""
    return {role: person(role, username=role) for role in ROLES}


@pytest.fixture
def strangers(person: Callable[..., Any], teams: SimpleNamespace) -> dict[str, Any]:
    """One person of each role in the other team."""
    return {role: person(role, username=f"other-{role}", team=teams.other) for role in ROLES}


@pytest.fixture
def actors(people: dict[str, Any]) -> dict[str, Any]:
    """The actor of each role in the own team."""
    from regulars.web.accounts.access import actor_of

    return {role: actor_of(user) for role, user in people.items()}


@pytest.fixture
def client_of(people: dict[str, Any]) -> Callable[[str], Any]:
    """A signed-in client: `client_of("manager")`; a person's own user works, too."""
    from django.test import Client

    def make(who: Any) -> Any:
        client = Client()
        client.force_login(people[who] if isinstance(who, str) else who)
        return client

    return make
