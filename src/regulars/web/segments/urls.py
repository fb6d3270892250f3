"""Addresses of the customer list, of views and segments, and of what leaves as a file."""

from __future__ import annotations

from django.urls import path

from regulars.web.segments.views import listing

urlpatterns = [
    path("customers/", listing.customers, name="customer_list"),
]
