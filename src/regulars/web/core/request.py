"""A request as views get it: Django's own, with what the middleware has put there."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest, QueryDict
from django_htmx.middleware import HtmxDetails

from regulars.web.core.actor import Actor
from regulars.web.core.models import Workspace


class Request(HttpRequest):
    """For annotations only: `request.actor` acts, `request.htmx` says whether a part of a page is wanted."""

    actor: Actor
    htmx: HtmxDetails
    workspace: Workspace
    typed: QueryDict | None
    """What the person had typed into this page's form before their session ended."""


def actor_in(request: HttpRequest) -> Actor:
    """Return who acts, where Django's own signature hides it."""
    return cast(Request, request).actor
