"""Every operation of the interface × every role × every scope × own, team's and stranger's records, from the router."""

from __future__ import annotations

import json
import re
import runpy
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.db import transaction
from django.test import Client

from regulars.web.accounts.access import actor_of
from regulars.web.api.entrance import AccessToken
from regulars.web.api.scopes import SCOPES
from regulars.web.api.service import api

pytestmark = pytest.mark.django_db

FILES = [runpy.run_path(str(path)) for path in sorted(Path(__file__).parent.glob("subjects_*.py"))]
SUBJECTS = {name: make for file in FILES for name, make in file["SUBJECTS"].items()}
ALONE = {"batch_id"}
"""Records that are their maker's, whatever a role reaches."""
ROLES = ("administrator", "manager", "account_manager", "marketing", "service", "analyst", "viewer")
REACH = {"own": {"own"}, "team": {"own", "team"}, "all": {"own", "team", "foreign"}}
BODIES = {
    "addCustomer": {"name": "New"}, "changeCustomer": {"version": 0, "region": "East"},
    "addToLog": {"kind": "note", "text": "Said"}, "finishTask": {"version": 0, "outcome": "done"},
    "sendOrders": {"lines": []}, "startValuation": {}, "startContracts": {},
}  # fmt: skip
"""What a writing operation is sent; one without a body here fails."""


def operations():
    for prefix, router in api._routers:
        for path, view in router.path_operations.items():
            for operation in view.operations:
                yield f"{prefix}{path}", operation


ALL = list(operations())
NAMED = [(path, operation) for path, operation in ALL if operation.include_in_schema]


def test_every_operation_has_our_door():
    assert [path for path, operation in ALL if not isinstance(operation.auth_callbacks[0], AccessToken)] == []


def test_every_operation_but_the_one_about_oneself_asks_for_a_scope():
    open_to_any = {path for path, operation in NAMED if not operation.auth_callbacks[0].scope}
    assert open_to_any == {"/me"}
    assert {operation.auth_callbacks[0].scope for _, operation in NAMED} - {""} <= set(SCOPES)


def test_every_writing_operation_is_sent_something_here():
    writing = {operation.operation_id for _, operation in NAMED if set(operation.methods) - {"GET"}}
    assert writing == set(BODIES)


@pytest.mark.parametrize("role", ROLES)
def test_each_role_gets_what_it_may_and_reaches(role, people, strangers, person, teams):
    world = _world(role, people, strangers, person, teams)
    wrong = []
    for path, operation in NAMED:
        numbers = {name: SUBJECTS[name](world.cast) for name in re.findall(r"{(?:\w+:)?(\w+)}", path)}
        for whose in ("own", "team", "foreign") if _guarded(numbers) else ("own",):
            expected = _expected(world, operation, _guarded(numbers), whose)
            status = _sent(world, operation, path, _chosen(numbers, whose), world.full)
            wrong += [] if status in expected else [(operation.operation_id, whose, status, expected)]
    assert wrong == []


@pytest.mark.parametrize("role", ROLES)
def test_a_token_for_something_else_opens_nothing(role, people, strangers, person, teams):
    world = _world(role, people, strangers, person, teams)
    for path, operation in NAMED:
        scope = operation.auth_callbacks[0].scope
        made = {name: SUBJECTS[name](world.cast) for name in re.findall(r"{(?:\w+:)?(\w+)}", path)}
        numbers = _chosen(made, "own")
        if scope:
            assert _sent(world, operation, path, numbers, world.token(*(s for s in SCOPES if s != scope))) == 403, path
        assert _sent(world, operation, path, numbers, "rgl_made_up") == 401, path


def _guarded(numbers):
    """Those that are somebody's; the others the right alone decides about."""
    return {name: of for name, of in numbers.items() if isinstance(of, dict)}


def _chosen(numbers, whose):
    return {name: of[whose] if isinstance(of, dict) else of for name, of in numbers.items()}


def _world(role, people, strangers, person, teams):
    from regulars.web.accounts.models import Role, RolePermission

    RolePermission.objects.get_or_create(role=Role.objects.get(key=role), permission="api.tokens")
    colleague = person("account_manager", username=f"colleague-{role}")
    owners = {"own": people[role], "team": colleague, "foreign": strangers["account_manager"]}
    cast = SimpleNamespace(owners=owners, teams=teams, role=Role.objects.get(key="viewer"))

    def token(*scopes):
        from datetime import timedelta

        from django.utils import timezone

        from regulars.web.api.actions.tokens import digest
        from regulars.web.api.models import Token

        secret = f"rgl_{role}_{Token.objects.count()}"
        Token.objects.create(
            user=people[role], name="t", digest=digest(secret), scopes=list(scopes),
            expires_at=timezone.now() + timedelta(days=1),
        )  # fmt: skip
        return secret

    return SimpleNamespace(actor=actor_of(people[role]), cast=cast, token=token, full=token(*SCOPES))


def _expected(world, operation, numbers, whose):
    scope = operation.auth_callbacks[0].scope
    if scope and not world.actor.may(SCOPES[scope][0]):
        return {403}
    reach = {"own"} if ALONE & set(numbers) else REACH[world.actor.scope]
    if numbers and whose not in reach:
        return {404}
    if operation.operation_id in (
        "readValue",
        "sendOrders",
        "readModelCard",
        "readTournament",
        "readWhatIf",
        "readContracts",
        "listContracts",
    ):
        return {404, 422}  # no valuation here; no line in the batch: what matters is that the door was passed
    return {200, 201, 202} | ({422} if operation.operation_id == "findCustomers" else set())


def _sent(world, operation, path, numbers, token):
    url = "/api/v1" + re.sub(r"{(?:\w+:)?(\w+)}", lambda found: str(numbers[found[1]]), path)
    headers = {"Authorization": f"Bearer {token}", "Idempotency-Key": "matrix-0001"}
    method, body = operation.methods[0].lower(), BODIES.get(operation.operation_id)
    with transaction.atomic():
        if body is None:
            answer = getattr(Client(), method)(url, headers=headers)
        else:
            answer = getattr(Client(), method)(url, json.dumps(body), content_type="application/json", headers=headers)
        transaction.set_rollback(True)
    return answer.status_code
