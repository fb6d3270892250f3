"""Every view says who may open it. What is not declared is closed, and a test finds it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from functools import wraps
from typing import Any, Literal, TypeVar, cast

from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseNotAllowed

from regulars.web.core.kept import keep_typed, sign_in_first
from regulars.web.core.once import one_reading
from regulars.web.core.request import actor_in

View = TypeVar("View", bound=Callable[..., HttpResponseBase])
Kind = Literal["read", "write"]

ANYONE = "anyone"
"""Open without signing in: the door itself, the pulse."""
SIGNED_IN = "signed-in"
"""Open to everyone who has signed in: their own profile, the home page."""

METHODS: dict[Kind, tuple[str, ...]] = {"read": ("GET", "HEAD"), "write": ("GET", "HEAD", "POST")}


@dataclass(frozen=True, slots=True)
class Page:
    """What a view declares about itself."""

    permission: str
    kind: Kind


def page(*, permission: str, kind: Kind) -> Callable[[View], View]:
    """Declare who may open a view and whether it changes anything; a view that only reads takes no POST.

    The wrapped view finds `request.actor`. Who has not signed in is led to the door and back; what they typed is kept.
    """

    def declare(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            with one_reading() if request.method in METHODS["read"] else nullcontext():
                return _refusal(request, permission, kind) or view(request, *args, **kwargs)

        guarded.page = Page(permission, kind)  # type: ignore[attr-defined]
        return cast(View, guarded)

    return declare


def declared(view: Any) -> Page | None:
    """Return what `view` declares, None where it says nothing."""
    return cast("Page | None", getattr(view, "page", None))


def _refusal(request: HttpRequest, permission: str, kind: Kind) -> HttpResponse | None:
    if request.method not in METHODS[kind]:
        return HttpResponseNotAllowed(METHODS[kind])
    if permission == ANYONE:
        return None
    if not request.user.is_authenticated:
        keep_typed(request)
        return sign_in_first(request)
    if permission != SIGNED_IN:
        actor_in(request).require(permission)
    return None
