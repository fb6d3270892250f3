"""Addresses of runs, and of the pages that show what a run found."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path

from regulars.web.valuations import views

urlpatterns: list[URLPattern | URLResolver] = [
    path("runs/", views.runs, name="valuations"),
    path("runs/start/", views.start, name="valuation_start"),
    path("runs/schedule/", views.schedule, name="valuation_schedule"),
    path("runs/<int:valuation_id>/", views.run, name="valuation"),
    path("runs/<int:valuation_id>/delete/", views.delete, name="valuation_delete"),
    path("", include("regulars.web.valuations.pages.urls")),
]
