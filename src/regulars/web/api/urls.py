"""Addresses: the interface itself, and the pages of a person's tokens."""

from __future__ import annotations

from django.urls import path

from regulars.web.api import views
from regulars.web.api.service import api

urlpatterns = [
    path("api/v1/", api.urls),
    path("profile/tokens/", views.tokens, name="tokens"),
    path("profile/tokens/new/", views.new, name="token_new"),
    path("profile/tokens/<int:own_token_id>/revoke/", views.revoke, name="token_revoke"),
]
