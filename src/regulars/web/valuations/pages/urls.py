"""Addresses of the pages of value."""

from __future__ import annotations

from django.urls import path

from regulars.web.valuations.pages import model, movements, orders, retention, views

urlpatterns = [
    path("", views.overview, name="value"),
    path("movements/", movements.movements, name="value_movements"),
    path("movements/who/", movements.moved, name="value_moved"),
    path("retention/", retention.seen, name="value_retention"),
    path("runs/<int:valuation_id>/model/", model.model_card, name="value_model"),
    path("customers/<int:customer_id>/orders/", orders.customer_orders, name="customer_orders"),
    *(path(f"{key}/", views.picture, {"key": key}, name=f"value_{key}") for key in views.PICTURES),
]
