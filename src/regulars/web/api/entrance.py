"""The door: a token, its owner's rights of now narrowed to its scopes, not too often."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.core.cache import cache
from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone
from ninja.security import HttpBearer

from regulars.web.api.actions.tokens import digest
from regulars.web.api.models import Token
from regulars.web.api.refusals import Refused
from regulars.web.api.scopes import SCOPES, narrowed
from regulars.web.core.actor import Actor, actor_of

PER_MINUTE = 300
WRONG_PER_MINUTE = 30
NOTED_EVERY = timedelta(minutes=1)


class AccessToken(HttpBearer):
    """Opens one operation: `scope` is what the token must have been made for; empty: any token will do."""

    def __init__(self, scope: str = "") -> None:
        super().__init__()
        self.scope = scope

    def __call__(self, request: HttpRequest) -> Actor:
        """Return who acts.

        Raises
        ------
        Refused
            401 without a token that is open, 403 without the scope or the right, 429 after too many calls.
        """
        actor: Actor | None = super().__call__(request)
        if actor is None:
            _count(f"wrong:{request.META.get('REMOTE_ADDR', '')}", WRONG_PER_MINUTE)
            raise Refused(
                401,
                "no_token",
                "Send a token that is open: Authorization: Bearer rgl_…",
                headers={"WWW-Authenticate": "Bearer"},
            )
        return actor

    def authenticate(self, request: HttpRequest, token: str) -> Actor | None:
        """Return the token's owner with what the token leaves of their rights; None where it opens nothing."""
        now = timezone.now()
        found = Token.objects.select_related("user").filter(digest=digest(token), revoked_at=None, expires_at__gt=now)
        held = found.first()
        if held is None:
            return None
        owner = actor_of(held.user)
        if owner.user_id is None or not owner.may("api.tokens"):
            return None
        _count(f"token:{held.pk}", PER_MINUTE)
        unnoted = Q(last_used_at=None) | Q(last_used_at__lt=now - NOTED_EVERY)
        Token.objects.filter(unnoted, pk=held.pk).update(last_used_at=now)
        actor = narrowed(owner, held.scopes)
        if self.scope:
            _asks(self.scope, held, actor)
        request.actor, request.token = actor, held  # type: ignore[attr-defined]
        return actor


def _asks(scope: str, token: Token, actor: Actor) -> None:
    if scope not in token.scopes:
        raise Refused(403, "scope_missing", f"This token was not made for {scope}.")
    if not actor.may(SCOPES[scope][0]):
        raise Refused(403, "not_allowed", f"The role of the token's owner does not include {scope} any more.")


def _count(who: str, most: int) -> None:
    """Count one call of this minute."""
    key = f"api:{who}:{int(timezone.now().timestamp()) // 60}"
    if cache.add(key, 1, timeout=120):
        return
    try:
        calls: Any = cache.incr(key)
    except ValueError:  # it has just expired
        return
    if calls > most:
        raise Refused(429, "too_often", f"More than {most} calls a minute: wait.", headers={"Retry-After": "60"})
