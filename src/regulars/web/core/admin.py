"""Django's own administration, for administrators only: a look into the tables, under an address of its own."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse

from regulars.web.core.access import ANYONE, Page
from regulars.web.core.kept import sign_in_first
from regulars.web.core.models import Job, Workspace
from regulars.web.core.request import actor_in


class Administration(admin.AdminSite):
    """An admin site that asks for our own right and signs people in through our own door (second factor included)."""

    site_header = site_title = "Regulars"
    page = Page(ANYONE, "read")

    def has_permission(self, request: HttpRequest) -> bool:
        """Return whether the person is an administrator."""
        return bool(request.user.is_active and actor_in(request).may("accounts.administer"))

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """Lead to our own sign-in; who is signed in already may not enter."""
        if request.user.is_authenticated:
            actor_in(request).require("accounts.administer")
        return sign_in_first(request)


administration = Administration(name="admin")


class ReadOnly(admin.ModelAdmin[Any]):
    """Rows can be looked at; changes go through actions, which check and leave a trail."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        """Nothing is added here."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing is changed here."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Nothing is deleted here."""
        return False

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """Administrators look."""
        return administration.has_permission(request)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Administrators look."""
        return administration.has_permission(request)


administration.register([Job, Workspace], ReadOnly)
