"""The table of `CustomerFigure` as each database keeps it: partitions on PostgreSQL, one table by key on SQLite.

Either way the indexes are those of one valuation, made when its rows are there: filling indexes row by row takes six
times as long. SQLite's are partial ones, which it uses where a query names the valuation, be it as a parameter.
Everything here is fixed text but for the number of a valuation, which is a whole number.
"""

from __future__ import annotations

from django.db.backends.base.schema import BaseDatabaseSchemaEditor

TABLE = "valuations_customerfigure"

SORTS = ("customer_value", "current_value", "future_value", "value_at_risk", "last_purchase", "next_order_due")
"""The declared sorts: descending, nulls last, then by customer; each has an index in every partition.

Conditions have none: lists ask the valuation's file for who meets them.
"""

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
    """Make the table, without the rows or the indexes of any valuation."""
    on_postgres = editor.connection.vendor == "postgresql"
    columns = ", ".join(f"{name} {types[0 if on_postgres else 1]}" for name, types in COLUMNS.items())
    if on_postgres:
        editor.execute(f"CREATE TABLE {TABLE} ({columns}) PARTITION BY LIST (valuation_id)")
        return
    editor.execute(f"CREATE TABLE {TABLE} ({columns}, PRIMARY KEY (valuation_id, customer_id)) WITHOUT ROWID")


def drop_table(apps: object, editor: BaseDatabaseSchemaEditor) -> None:
    """Drop the table with all partitions."""
    editor.execute(f"DROP TABLE {TABLE}")


def partition_of(valuation_id: int) -> str:
    """Return the name of a run's partition, with which those of its indexes begin: our table's and a whole number."""
    return f"{TABLE}_{int(valuation_id)}"


def index_names(valuation_id: int) -> list[str]:
    """Return the names of the indexes of a run."""
    return [f"{partition_of(valuation_id)}_{name}" for name in SORTS]


def make_indexes(valuation_id: int, *, on_postgres: bool) -> list[str]:
    """Return the statements that index the rows of a run; SQLite puts nulls last by itself, PostgreSQL is told to."""
    nulls = " NULLS LAST" if on_postgres else ""
    if on_postgres:
        target, only = f"{partition_of(valuation_id)} ({{}}, customer_id)", ""
    else:
        target, only = f"{TABLE} (valuation_id, {{}}, customer_id)", f" WHERE valuation_id = {int(valuation_id)}"
    keys = zip(index_names(valuation_id), SORTS, strict=True)
    return [f"CREATE INDEX {name} ON {target.format(f'{key} DESC{nulls}')}{only}" for name, key in keys]
