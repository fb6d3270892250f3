"""Writes to the lake, and a run's file for publishing; whether they may be asked for is for the caller to decide."""

from regulars.web.facts.contract_rows import CODES, contract_rows
from regulars.web.facts.contracts_in import ContractsFile, compare_contracts, contract_customers, write_contracts
from regulars.web.facts.experiments import Outcomes, Terms, last_order_day, orders_version, outcomes
from regulars.web.facts.merged import under_kept
from regulars.web.facts.orders_in import Compared, OrdersFile, compare, customers_in, write, write_products
from regulars.web.facts.sync import Provider, provide, providers, sync
from regulars.web.facts.values import matrix_of_all, open_file, run_of

__all__ = [
    "CODES",
    "Compared",
    "ContractsFile",
    "OrdersFile",
    "Outcomes",
    "Provider",
    "Terms",
    "compare",
    "compare_contracts",
    "contract_customers",
    "contract_rows",
    "customers_in",
    "last_order_day",
    "matrix_of_all",
    "open_file",
    "orders_version",
    "outcomes",
    "provide",
    "providers",
    "run_of",
    "sync",
    "under_kept",
    "write",
    "write_contracts",
    "write_products",
]
