"""Addresses of the pages of value."""

from __future__ import annotations

from django.urls import path

from regulars.web.valuations.pages import orders

urlpatterns = [
    path("customers/<int:customer_id>/orders/", orders.customer_orders, name="customer_orders"),
]
