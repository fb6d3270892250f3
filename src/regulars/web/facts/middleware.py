"""One session of the engine a request."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponse

from regulars.web.core.request import Request
from regulars.web.facts.access import one_session

Next = Callable[[Request], HttpResponse]


class OneSessionMiddleware:
    """Lets everything that a page reads of the lake share a session."""

    def __init__(self, following: Next) -> None:
        self.following = following

    def __call__(self, request: Request) -> HttpResponse:
        """Answer; the session is closed with it."""
        with one_session():
            return self.following(request)
