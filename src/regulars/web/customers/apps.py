"""Customers."""

from __future__ import annotations

from django.apps import AppConfig


class CustomersConfig(AppConfig):
    """People and organisations that we deal with."""

    name = "regulars.web.customers"
    label = "customers"
