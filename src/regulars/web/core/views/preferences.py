"""Language, light or dark, row height: switched with one press on any page, kept with the person or in a cookie."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme

from regulars.web.core.access import ANYONE, page

CHOICES = {
    "language": [code for code, _ in settings.LANGUAGES],
    "theme": ["system", "light", "dark"],
    "density": ["normal", "compact"],
}
COOKIES = {"language": settings.LANGUAGE_COOKIE_NAME, "theme": "regulars_theme", "density": "regulars_density"}


@page(permission=ANYONE, kind="write")
def switch(request: HttpRequest) -> HttpResponse:
    """Keep the choices that the form brings and go back to where it was pressed."""
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}):
        back = "/"
    response = HttpResponseRedirect(back)
    for name, allowed in CHOICES.items():
        chosen = request.POST.get(name)
        if chosen not in allowed:
            continue
        if request.user.is_authenticated:
            setattr(request.user, name, chosen)
            request.user.save(update_fields=[name])
        response.set_cookie(
            COOKIES[name],
            chosen,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            secure=settings.SESSION_COOKIE_SECURE,
            samesite="Lax",
        )
    return response
