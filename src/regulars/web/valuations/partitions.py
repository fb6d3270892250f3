"""The table of `CustomerFigure` as each database keeps it: partitions on PostgreSQL, one table by key on SQLite.

Everything here is fixed text but for the number of a valuation, which is a whole number.
"""

from __future__ import annotations

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

TABLE = "valuations_customerfigure"

SORTS = ("customer_value", "current_value", "future_value", "value_at_risk", "last_purchase", "next_order_due")
"""The declared sorts: descending, nulls last, then by customer; each has an index in every partition."""

CLASSES = ("matrix", "tier", "visit_class")
"""The classes with an index of their own, best customers first."""

COLUMNS: dict[str, tuple[str, str]] = {
    "valuation_id": ("bigint NOT NULL", "bigint NOT NULL"),
    "customer_id": ("bigint NOT NULL", "bigint NOT NULL"),
    "current_value": ("numeric(18, 4)", "decimal"),
    "future_value": ("numeric(18, 4)", "decimal"),
    "future_low": ("numeric(18, 4)", "decimal"),
    "future_high": ("numeric(18, 4)", "decimal"),
    "customer_value": ("numeric(18, 4)", "decimal"),
    "value_at_risk": ("numeric(18, 4)", "decimal"),
    "p_alive": ("double precision", "real"),
    "at_risk": ("boolean", "bool"),
    "matrix": ("varchar(3)", "varchar(3)"),
    "tier": ("varchar(8)", "varchar(8)"),
    "visit_class": ("varchar(1)", "varchar(1)"),
    "visit_change": ("varchar(12)", "varchar(12)"),
    "rfm": ("varchar(3)", "varchar(3)"),
    "n_purchases": ("integer", "integer"),
    "last_purchase": ("date", "date"),
    "next_order_due": ("date", "date"),
}
"""Column → its type on PostgreSQL, on SQLite."""


def make_table(apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    """Make the table: on SQLite with its indexes, on PostgreSQL without a single partition."""
    on_postgres = editor.connection.vendor == "postgresql"
    columns = ", ".join(f"{name} {types[0 if on_postgres else 1]}" for name, types in COLUMNS.items())
    if on_postgres:
        editor.execute(f"CREATE TABLE {TABLE} ({columns}) PARTITION BY LIST (valuation_id)")
        return
    editor.execute(f"CREATE TABLE {TABLE} ({columns}, PRIMARY KEY (valuation_id, customer_id)) WITHOUT ROWID")
    for name, keys in index_keys().items():
        editor.execute(f"CREATE INDEX figure_{name} ON {TABLE} (valuation_id, {keys}, customer_id)")


def drop_table(apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    """Drop the table with all partitions."""
    editor.execute(f"DROP TABLE {TABLE}")


def index_keys(*, nulls: str = "") -> dict[str, str]:
    """Return name → keys of each index; SQLite puts nulls last by itself, PostgreSQL wants ``NULLS LAST`` said."""
    by_value = f"customer_value DESC{nulls}"
    return {name: f"{name} DESC{nulls}" for name in SORTS} | {name: f"{name}, {by_value}" for name in CLASSES}
