"""Addresses of the customer list, of views and segments, and of what leaves as a file."""

from __future__ import annotations

from django.urls import path

from regulars.web.segments.views import files, keeping, listing, segments

urlpatterns = [
    path("customers/", listing.customers, name="customer_list"),
    path("views/new/", keeping.save, name="view_new"),
    path("views/<int:view_id>/", keeping.change, name="view_change"),
    path("views/<int:view_id>/delete/", keeping.delete, name="view_delete"),
    path("segments/", segments.segments, name="segments"),
    path("segments/new/", segments.new, name="segment_new"),
    path("segments/<int:segment_id>/", segments.segment, name="segment"),
    path("segments/<int:segment_id>/size/", segments.size, name="segment_size"),
    path("segments/<int:segment_id>/change/", segments.change, name="segment_change"),
    path("segments/<int:segment_id>/freeze/", segments.freeze, name="segment_freeze"),
    path("segments/<int:segment_id>/delete/", segments.delete, name="segment_delete"),
    path("exports/new/", files.order, name="export_new"),
    path("exports/<int:export_id>/", files.fetch, name="export"),
]
