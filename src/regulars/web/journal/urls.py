"""Addresses of the log."""

from __future__ import annotations

from django.urls import path

from regulars.web.journal.views import timelines, writing

urlpatterns = [
    path("log/", timelines.journal, name="journal"),
    path("log/new/", writing.pick, name="journal_pick"),
    path("log/<int:entry_id>/", writing.entry, name="journal_entry"),
    path("log/<int:entry_id>/edit/", writing.edit, name="journal_edit"),
    path("log/<int:entry_id>/correct/", writing.correct, name="journal_correct"),
    path("log/<int:entry_id>/settle/", writing.settle, name="journal_settle"),
    path("log/<int:entry_id>/pin/", writing.pin, name="journal_pin"),
    path("customers/<int:customer_id>/log/", timelines.of_customer, name="customer_log"),
    path("customers/<int:customer_id>/log/new/", writing.new, name="journal_new"),
]
