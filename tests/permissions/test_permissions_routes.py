"""Every address of the router × every role × own, team's and stranger's records. Nothing here is picked by hand.

What a number in an address stands for is said by `subjects_<app>.py` beside this file: `SUBJECTS` maps its name to a
function of the cast, which makes the same record three times (`own`, `team`, `foreign`) and returns the numbers, or
returns one value where the right alone decides. A number that nobody knows fails.
"""

from __future__ import annotations

import re
import runpy
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.db import transaction
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern

from regulars.web.accounts.access import actor_of
from regulars.web.core.access import ANYONE, SIGNED_IN, declared
from regulars.web.core.permissions import all_permissions

pytestmark = pytest.mark.django_db

FILES = [runpy.run_path(str(path)) for path in sorted(Path(__file__).parent.glob("subjects_*.py"))]
SUBJECTS = {name: make for file in FILES for name, make in file["SUBJECTS"].items()}
PERSONAL = {name for file in FILES for name in file.get("PERSONAL", ())}
WHOSE = ("own", "team", "foreign")
ROLES = ("administrator", "manager", "account_manager", "marketing", "service", "analyst", "viewer")
REACH = {"own": {"own"}, "team": {"own", "team"}, "all": {"own", "team", "foreign"}}
APART = ("administration/", "api/v1/")
"""Routers with a door of their own, each tested below."""


@dataclass(frozen=True)
class Route:
    path: str
    name: str
    view: object

    @property
    def numbers(self) -> list[str]:
        return re.findall(r"<(?:\w+:)?(\w+)>", self.path)


def routes(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[Route]:
    for entry in (resolver or get_resolver()).url_patterns:
        path = f"{prefix}{entry.pattern}"
        if path in APART:
            continue
        if isinstance(entry, URLResolver):
            yield from routes(entry, path)
        else:
            assert isinstance(entry, URLPattern)
            yield Route(path, entry.name or path, entry.callback)


ALL = list(routes())
DECLARED = [route for route in ALL if declared(route.view)]


def test_the_router_is_walked_whole():
    assert {"home", "people", "audit", "account_login", "job_cancel"} <= {route.name for route in ALL}


def test_every_route_says_who_may_open_it():
    assert [route.path for route in ALL if declared(route.view) is None] == []


def test_every_route_asks_for_a_right_that_some_app_declares():
    known = {ANYONE, SIGNED_IN, *all_permissions()}
    assert [route.path for route in DECLARED if declared(route.view).permission not in known] == []


def test_every_number_in_a_route_is_known_to_the_matrix():
    assert {n for route in ALL for n in route.numbers if n not in SUBJECTS} == set()


def test_what_is_open_to_strangers_is_the_door_and_the_pulse():
    named = {route.name for route in DECLARED if declared(route.view).permission == ANYONE}
    assert named == {
        "account_login", "account_logout", "account_inactive", "account_signup", "mfa_authenticate", "welcome",
        "openid_connect_login", "openid_connect_callback", "socialaccount_login_cancelled", "mail_unsubscribe",
        "socialaccount_login_error", "socialaccount_signup", "preferences", "healthz", "readyz",
    }  # fmt: skip


@pytest.fixture
def cast(people, strangers, person, teams):
    """Owners of records as one role sees them: itself, a colleague of the same team, a stranger."""
    from regulars.web.accounts.models import Role

    def seen_by(role):
        colleague = person("account_manager", username=f"colleague-{role}")
        owners = {"own": people[role], "team": colleague, "foreign": strangers["account_manager"]}
        return SimpleNamespace(owners=owners, teams=teams, role=Role.objects.get(key="viewer"))

    return seen_by


def guarded(made: dict[str, object]) -> bool:
    return any(isinstance(numbers, dict) for numbers in made.values())


def reached(scope: str, made: dict[str, object], whose: str) -> bool:
    """Whether a scope reaches every record that the address names."""
    return all(
        whose in REACH["own" if name in PERSONAL and scope == "team" else scope]
        for name, numbers in made.items()
        if isinstance(numbers, dict)
    )


def chosen(made: dict[str, object], whose: str) -> dict[str, object]:
    return {name: numbers[whose] if isinstance(numbers, dict) else numbers for name, numbers in made.items()}


def filled(route: Route, numbers: dict[str, str]) -> str:
    return "/" + re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(numbers[found[1]]), route.path)


BEHIND_THE_DOOR = [route for route in DECLARED if declared(route.view).permission != ANYONE]


def test_a_stranger_is_led_to_the_door():
    wrong = []
    for route in BEHIND_THE_DOOR:
        path = filled(route, dict.fromkeys(route.numbers, "1"))
        for answer in (Client().get(path), Client().post(path)):
            led = answer.status_code == 302 and answer.headers["location"].startswith("/sign-in/")
            wrong += [] if led or answer.status_code == 405 else [(path, answer.status_code)]
    assert wrong == []


@pytest.fixture(params=ROLES)
def matrix(request, people, cast, client_of):
    """One role's part of the matrix: what it asks for, and what comes back."""
    role = request.param
    return SimpleNamespace(actor=actor_of(people[role]), cast=cast(role), client=client_of(role), made={})


def numbers_of(route: Route, matrix: SimpleNamespace) -> dict[str, object]:
    """Records that the address names; each kind is made once a role."""
    for number in set(route.numbers) - set(matrix.made):
        matrix.made[number] = SUBJECTS[number](matrix.cast)
    return {number: matrix.made[number] for number in route.numbers}


def answered(matrix: SimpleNamespace, method: str, path: str) -> int:
    """The status; whatever the request changed is undone, so that the next one finds the same world."""
    with transaction.atomic():
        status = getattr(matrix.client, method)(path).status_code
        transaction.set_rollback(True)
    return status


def may(matrix: SimpleNamespace, route: Route) -> bool:
    permission = declared(route.view).permission
    return permission == SIGNED_IN or matrix.actor.may(permission)


def test_each_role_opens_what_it_may_and_reaches(matrix):
    wrong = []
    for route in BEHIND_THE_DOOR:
        made = numbers_of(route, matrix)
        for whose in WHOSE if guarded(made) else WHOSE[:1]:
            path = filled(route, chosen(made, whose))
            if not may(matrix, route):
                expected = {403}
            elif not reached(matrix.actor.scope, made, whose):
                expected = {404}
            else:
                expected = {200, 302} if guarded(made) else {200, 302, 404}
            status = answered(matrix, "get", path)
            wrong += [] if status in expected else [(path, whose, status, expected)]
    assert wrong == []


def test_nothing_is_changed_where_a_role_may_not(matrix):
    """A POST: 405 where a page only reads, 403 without the right, 404 for what is out of reach."""
    wrong = []
    for route in BEHIND_THE_DOOR:
        made = numbers_of(route, matrix)
        path = filled(route, chosen(made, "foreign"))
        status = answered(matrix, "post", path)
        if declared(route.view).kind == "read":
            right = status == 405
        elif not may(matrix, route):
            right = status == 403
        elif not reached(matrix.actor.scope, made, "foreign"):
            right = status == 404
        else:
            right = status < 500
        wrong += [] if right else [(path, status)]
    assert wrong == []


@pytest.mark.parametrize("role", ROLES)
def test_the_administration_is_for_administrators(role, client_of):
    client = client_of(role)
    for path in ("/administration/", "/administration/core/job/", "/administration/login/"):
        status = client.get(path).status_code
        assert status in (200, 302) if role == "administrator" else status in (302, 403), path
    if role != "administrator":
        assert client.get("/administration/", follow=True).status_code == 403


def test_the_administration_only_looks(client_of, people):
    from regulars.web.core.models import Job

    job = Job.objects.create(kind="x", started_by=people["viewer"])
    client = client_of("administrator")
    assert client.get("/administration/core/job/add/").status_code == 403
    assert client.get(f"/administration/core/job/{job.pk}/change/").status_code == 200
    assert client.post(f"/administration/core/job/{job.pk}/change/", {"kind": "y"}).status_code == 403
    assert client.post(f"/administration/core/job/{job.pk}/delete/", {"post": "yes"}).status_code == 403
    assert Client().get("/administration/").headers["location"].startswith("/administration/login/")
    assert Client().get("/administration/login/").headers["location"].startswith("/sign-in/")


def test_routes_are_written_as_paths_that_the_matrix_can_fill():
    assert [
        str(entry.pattern) for entry in get_resolver().url_patterns if not isinstance(entry.pattern, RoutePattern)
    ] == []
