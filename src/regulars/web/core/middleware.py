"""Once a request: who acts, in which language and zone; what is logged; the page that answers a conflict."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from contextlib import ExitStack
from typing import cast

from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone, translation
from django.utils.functional import SimpleLazyObject

from regulars.web.core.actor import NOBODY, Actor, actor_of
from regulars.web.core.conflict import Conflict
from regulars.web.core.kept import typed_before
from regulars.web.core.models import Workspace
from regulars.web.core.request import Request

logger = logging.getLogger("regulars.requests")

Next = Callable[[Request], HttpResponse]
PULSE = ("/healthz", "/readyz")  # answered even where the database does not


class LogMiddleware:
    """Writes one line a request: the pattern of its address, not the address; the person's number, not the name."""

    def __init__(self, following: Next) -> None:
        self.following = following

    def __call__(self, request: Request) -> HttpResponse:
        """Answer, then write the line; the pulse is not worth one."""
        began = time.monotonic()
        answer = self.following(request)
        if request.path not in PULSE and not request.path.startswith(settings.STATIC_URL):
            match = request.resolver_match
            fields = {
                "method": request.method,
                "route": match.route if match else "",
                "status": answer.status_code,
                "ms": round((time.monotonic() - began) * 1000),
                "user_id": getattr(getattr(request, "user", None), "pk", None),
            }
            logger.info("request", extra=fields)
        return answer


class PersonMiddleware:
    """Puts `request.actor`, speaks the person's language, and hands back what they typed before their session ended."""

    def __init__(self, following: Next) -> None:
        self.following = following

    def __call__(self, request: Request) -> HttpResponse:
        """Answer in the language that the person chose, with the workspace's clock."""
        request.actor = cast(Actor, SimpleLazyObject(lambda: _actor(request)))
        request.typed = None
        if request.path in PULSE:
            return self.following(request)
        request.workspace = Workspace.current()
        request.typed = typed_before(request) if request.method == "GET" else None
        with ExitStack() as during:
            during.enter_context(timezone.override(request.workspace.zone))
            if language := _language(request):
                during.enter_context(translation.override(language))
                request.LANGUAGE_CODE = language
            return self.following(request)


def _actor(request: Request) -> Actor:
    return actor_of(request.user) if request.user.is_authenticated else NOBODY


def _language(request: Request) -> str:
    """Return the person's language, else the workspace's; empty where the visitor's browser decides."""
    if not request.user.is_authenticated:
        return ""
    return request.user.language or request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME) or request.workspace.language


class ConflictMiddleware:
    """Turns a `Conflict` that a write ran into, in any app, into the page that keeps what was typed (409)."""

    def __init__(self, following: Next) -> None:
        self.following = following

    def __call__(self, request: Request) -> HttpResponse:
        """Pass the request on."""
        return self.following(request)

    def process_exception(self, request: Request, error: Exception) -> HttpResponse | None:
        """Answer a conflict; everything else is not ours."""
        from regulars.web.core.views.errors import conflict

        return conflict(request, error) if isinstance(error, Conflict) else None
