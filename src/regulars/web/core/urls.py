"""Addresses of the shared pages."""

from __future__ import annotations

from django.urls import path

from regulars.web.core.views import health, home, jobs, preferences, search

urlpatterns = [
    path("", home.home, name="home"),
    path("menu/", home.menu, name="menu"),
    path("components/", home.components, name="components"),
    path("search/", search.search, name="search"),
    path("preferences/", preferences.switch, name="preferences"),
    path("jobs/", jobs.job_list, name="jobs"),
    path("jobs/<int:job_id>/", jobs.job, name="job"),
    path("jobs/<int:job_id>/cancel/", jobs.cancel, name="job_cancel"),
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
]
