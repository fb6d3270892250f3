"""The addresses of the application: each app's own under its prefix, and Django's admin apart."""

from __future__ import annotations

from importlib.util import find_spec

from django.urls import URLPattern, URLResolver, include, path

from regulars.web.config.apps import APPS
from regulars.web.core.admin import administration

urlpatterns: list[URLPattern | URLResolver] = [
    path(prefix, include(f"regulars.web.{name}.urls"))
    for name, prefix in APPS.items()
    if prefix is not None and find_spec(f"regulars.web.{name}.urls")
]
urlpatterns += [path("administration/", administration.urls)]

handler403 = "regulars.web.core.views.errors.forbidden"
handler404 = "regulars.web.core.views.errors.missing"
handler500 = "regulars.web.core.views.errors.broken"
