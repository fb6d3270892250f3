"""Writes to the lake, and a run's file for publishing; whether they may be asked for is for the caller to decide."""

from regulars.web.facts.merged import under_kept
from regulars.web.facts.orders_in import Compared, OrdersFile, compare, customers_in, write, write_products
from regulars.web.facts.sync import Provider, provide, providers, sync
from regulars.web.facts.values import open_file, run_of

__all__ = [
    "Compared",
    "OrdersFile",
    "Provider",
    "compare",
    "customers_in",
    "open_file",
    "provide",
    "providers",
    "run_of",
    "sync",
    "under_kept",
    "write",
    "write_products",
]
