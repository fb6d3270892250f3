"""Addresses of the pages of value."""

from __future__ import annotations

from django.urls import path

from regulars.web.valuations.pages import model, movements, orders, retention, views, what_if, why

urlpatterns = [
    path("", views.overview, name="value"),
    path("movements/", movements.movements, name="value_movements"),
    path("movements/who/", movements.moved, name="value_moved"),
    path("retention/", retention.seen, name="value_retention"),
    path("what-if/", what_if.asked, name="value_what_if"),
    path("what-if/table.csv", what_if.asked_table, name="value_what_if_table"),
    path("runs/<int:valuation_id>/model/", model.model_card, name="value_model"),
    path("customers/<int:customer_id>/orders/", orders.customer_orders, name="customer_orders"),
    path("customers/<int:customer_id>/why/", why.why, name="customer_why"),
    *(path(f"{key}/", views.picture, {"key": key}, name=f"value_{key}") for key in views.PICTURES),
]
