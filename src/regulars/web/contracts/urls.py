"""Addresses of contracts."""

from __future__ import annotations

from django.urls import path

from regulars.web.contracts import views

urlpatterns = [
    path("", views.contracts, name="contracts"),
    path("start/", views.start, name="contracts_start"),
    path("progress/", views.progress, name="contracts_progress"),
    path("who/", views.who, name="contracts_who"),
    path("who.csv", views.who_table, name="contracts_who_table"),
]
