"""Addresses of the import wizard."""

from __future__ import annotations

from django.urls import path

from regulars.web.importing import views

urlpatterns = [
    path("", views.imports, name="imports"),
    path("<int:import_id>/", views.one_import, name="import"),
    path("<int:import_id>/begin/", views.begin, name="import_begin"),
    path("<int:import_id>/columns/", views.back, name="import_back"),
    path("<int:import_id>/drop/", views.drop, name="import_drop"),
    path("<int:import_id>/left-out.csv", views.rows_left_out, name="import_left_out"),
]
