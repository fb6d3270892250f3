"""The trail's address."""

from __future__ import annotations

from django.urls import path

from regulars.web.audit import views

urlpatterns = [path("", views.trail, name="audit")]
