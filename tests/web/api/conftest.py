"""The cast, a customer of each side, and programs that call with a token."""

from __future__ import annotations

import json
import runpy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
CAST = runpy.run_path(str(ROOT / "web_cast.py"))
WORK = runpy.run_path(str(ROOT / "web" / "tasks" / "conftest.py"))
FIXTURES = {
    name: value for name, value in {**WORK, **CAST}.items() if type(value).__name__ == "FixtureFunctionDefinition"
}
globals().update(FIXTURES)


@pytest.fixture
def token_of(person: Any, people: dict[str, Any]) -> Callable[..., str]:
    """Make a token: `token_of("manager", "customers:read")`; without scopes, all that the role holds."""
    from regulars.web.accounts.access import actor_of
    from regulars.web.accounts.models import RolePermission
    from regulars.web.api import actions
    from regulars.web.api.scopes import SCOPES

    def make(who: Any, *scopes: str) -> str:
        user = people[who] if isinstance(who, str) else who
        role = user.memberships.first().role
        RolePermission.objects.get_or_create(role=role, permission="api.tokens")
        actor = actor_of(user)
        held = scopes or tuple(scope for scope, (right, _) in SCOPES.items() if actor.may(right))
        return actions.make_token(name="Till", scopes=held, days=30, by=actor)[1]

    return make


@pytest.fixture
def call(client: Any) -> Callable[..., Any]:
    """Call the interface: `call("get", "/tasks", token, who="all")`, `call("post", "/customers", token, body={…})`."""

    def send(method: str, path: str, token: str = "", body: Any = None, key: str = "", **query: Any) -> Any:
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        headers |= {"Idempotency-Key": key} if key else {}
        if body is None:
            return getattr(client, method)(f"/api/v1{path}", query, headers=headers)
        return getattr(client, method)(
            f"/api/v1{path}", json.dumps(body), content_type="application/json", headers=headers
        )

    return send
