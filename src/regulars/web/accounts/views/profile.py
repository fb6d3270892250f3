"""The person's own page: language, light or dark, row height, password, second factor."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from regulars.web.accounts import selectors
from regulars.web.accounts.models import Membership, User
from regulars.web.core.access import SIGNED_IN, page
from regulars.web.core.request import Request


@page(permission=SIGNED_IN, kind="read")
def profile(request: Request) -> HttpResponse:
    """Show who they are here and what they have chosen."""
    assert isinstance(request.user, User)
    memberships = list(Membership.objects.filter(user=request.user).select_related("team", "role"))
    context = {
        "roles": " · ".join(sorted({str(membership.role) for membership in memberships})) or _("no role yet"),
        "team_names": " · ".join(membership.team.name for membership in memberships) or _("no team yet"),
        "choices": _choices(request.user),
        "keys": selectors.second_factors(request.user),
    }
    return render(request, "accounts/profile.html", context)


def _choices(user: User) -> list[dict[str, Any]]:
    return [
        {"name": "language", "label": _("Language"), "options": settings.LANGUAGES, "now": get_language()},
        {"name": "theme", "label": _("Light or dark"), "options": User.THEMES, "now": user.theme},
        {"name": "density", "label": _("Row height"), "options": User.DENSITIES, "now": user.density},
    ]
