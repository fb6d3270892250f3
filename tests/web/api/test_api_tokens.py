"""Tokens: hashed, scoped, expiring, revoked, never more than their owner."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from regulars.web.api import actions
from regulars.web.api.entrance import PER_MINUTE
from regulars.web.api.models import Token
from regulars.web.audit.models import Entry as Trail

pytestmark = pytest.mark.django_db


def test_only_its_hash_is_kept(token_of):
    secret = token_of("manager")
    kept = Token.objects.values().get()
    assert secret.startswith("rgl_")
    assert len(secret) > 40
    assert secret not in str(kept)
    assert kept["hint"] == secret[:9]


def test_it_says_who_it_stands_for_and_when_it_was_used(token_of, call):
    answer = call("get", "/me", token_of("manager", "tasks:read", "values:read")).json()
    assert (answer["name"], answer["reach"], answer["scopes"]) == ("manager", "team", ["values:read", "tasks:read"])
    assert Token.objects.get().last_used_at is not None


@pytest.mark.parametrize(
    "header", ["", "Bearer", "Bearer ", "Bearer rgl_wrong", "Basic YTpi", "Bearer \udcff", "rgl_x"]
)
def test_without_an_open_token_nothing_opens(client, db, header):
    headers = {"Authorization": header} if header else {}
    answer = client.get("/api/v1/me", headers=headers)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.json()["error"] == "no_token"


def test_an_expired_or_revoked_one_opens_nothing(token_of, call, actors):
    secret = token_of("manager")
    Token.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    assert call("get", "/me", secret).status_code == 401
    Token.objects.update(expires_at=timezone.now() + timedelta(days=1))
    assert call("get", "/me", secret).status_code == 200
    actions.revoke(token=Token.objects.get(), by=actors["manager"])
    assert call("get", "/me", secret).status_code == 401
    assert list(Trail.objects.filter(subject_type="api.token").values_list("verb", flat=True)) == ["revoke", "create"]


def test_who_left_or_lost_the_right_takes_their_tokens_with_them(token_of, call, people):
    from regulars.web.accounts.models import RolePermission

    secret = token_of("manager")
    RolePermission.objects.filter(permission="api.tokens", role__key="manager").delete()
    assert call("get", "/me", secret).status_code == 401
    again = token_of("manager")
    people["manager"].is_active = False
    people["manager"].save()
    assert call("get", "/me", again).status_code == 401


def test_a_scope_that_the_owner_lost_opens_nothing_any_more(token_of, call):
    from regulars.web.accounts.models import RolePermission

    secret = token_of("manager", "tasks:read")
    RolePermission.objects.filter(permission="tasks.read", role__key="manager").delete()
    answer = call("get", "/tasks", secret)
    assert (answer.status_code, answer.json()["error"]) == (403, "not_allowed")


def test_a_token_does_only_what_it_was_made_for(token_of, call):
    secret = token_of("manager", "tasks:read")
    assert call("get", "/tasks", secret).status_code == 200
    for path in ("/customers", "/values", "/customers/find?q=a", "/customers/1/log"):
        answer = call("get", path, secret)
        assert (answer.status_code, answer.json()["error"]) == (403, "scope_missing"), path


@pytest.mark.parametrize(
    ("scopes", "days", "said"),
    [([], 30, "Choose what it may do"), (["everything"], 30, "does not include"), (["tasks:read"], 0, "between 1 and"),
     (["tasks:read"], 367, "between 1 and")],
)  # fmt: skip
def test_what_cannot_be_made_is_said(actors, scopes, days, said):
    with pytest.raises(ValidationError, match=said):
        actions.make_token(name="x", scopes=scopes, days=days, by=actors["administrator"])


def test_nobody_gives_a_token_more_than_they_hold(token_of, people, actors):
    from regulars.web.accounts.access import actor_of
    from regulars.web.accounts.models import RolePermission

    RolePermission.objects.create(role=people["viewer"].memberships.first().role, permission="api.tokens")
    with pytest.raises(ValidationError, match="does not include: tasks:read"):
        actions.make_token(name="x", scopes=["tasks:read"], days=1, by=actor_of(people["viewer"]))
    with pytest.raises(PermissionDenied):
        actions.make_token(name="x", scopes=["tasks:read"], days=1, by=actors["service"])


def test_too_many_calls_are_told_to_wait(token_of, call, monkeypatch):
    monkeypatch.setattr("regulars.web.api.entrance.PER_MINUTE", 3)
    secret = token_of("manager")
    assert [call("get", "/me", secret).status_code for _ in range(4)][-1] == 429
    answer = call("get", "/me", secret)
    assert (answer.json()["error"], answer.headers["Retry-After"]) == ("too_often", "60")
    assert PER_MINUTE >= 60


def test_guessing_is_slowed_down(client, db, monkeypatch):
    monkeypatch.setattr("regulars.web.api.entrance.WRONG_PER_MINUTE", 2)
    found = [client.get("/api/v1/me", headers={"Authorization": f"Bearer {n}"}).status_code for n in range(4)]
    assert found == [401, 401, 429, 429]


def test_a_session_is_no_token(client_of):
    assert client_of("administrator").get("/api/v1/me").status_code == 401


def test_made_on_the_profile_seen_once_and_revoked(client_of, people):
    client = client_of("administrator")
    assert "No token yet" in client.get("/profile/tokens/").content.decode()
    refused = client.post("/profile/tokens/new/", {"name": "Till", "scopes": ["fly"], "days": "90"})
    assert refused.context["form"].errors
    answer = client.post("/profile/tokens/new/", {"name": "Till", "scopes": ["orders:write"], "days": "90"})
    secret = answer.context["secret"]
    assert answer.headers["Cache-Control"] == "no-store"
    assert secret in answer.content.decode()
    listed = client.get("/profile/tokens/").content.decode()
    assert secret not in listed
    token = Token.objects.get()
    client.post(f"/profile/tokens/{token.pk}/revoke/")
    token.refresh_from_db()
    assert not token.is_open


def test_somebody_elses_token_is_not_there(token_of, client_of, people):
    token_of("manager")
    assert client_of("administrator").post(f"/profile/tokens/{Token.objects.get().pk}/revoke/").status_code == 404
    assert Token.objects.get().is_open
    assert client_of("viewer").get("/profile/tokens/").status_code == 403
