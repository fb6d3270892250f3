"""From a source's own columns to typed order lines, one expression a column, in a single pass."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

import narwhals as nw

from regulars import engine
from regulars.ingest import moments, numerals, products, rules
from regulars.ingest.columns import NUMBERS
from regulars.ingest.numerals import LIMIT, STORED

GROUP = "group"
"""The column by which customers are grouped, where one was asked for."""
TEXTS = ("category", "channel", "store", "currency", "returns_order_id", GROUP)
_NOBODY = "(?i)^(null|none|nan|n/a|#n/a|-|nil|unknown|anonymous|未知|匿名|无)$"
SUM_COLUMNS = ("first", "ordered_at", "order_id", "customer_id", "product_id", "product_name")
TEST_COLUMNS = {"order_id": False, "customer_id": False, "product_id": False, "product_name": True}


@dataclass(frozen=True, slots=True)
class Plan:
    """How to read a source: its columns by canonical name and the styles of its texts."""

    columns: Mapping[str, str]
    moment: moments.MomentStyle = field(default_factory=moments.MomentStyle)
    number: numerals.NumberStyle = field(default_factory=numerals.NumberStyle)
    whole: frozenset[str] = frozenset()
    """Columns whose texts are whole numbers with ``.0`` behind them."""
    zone: str | None = None
    mac: bool = False
    rates: Mapping[str, Decimal | float] | None = None
    currency: str | None = None


def raw(source: engine.Frame, plan: Plan) -> engine.Frame:
    """Return `_id` and the mapped columns under ``raw_`` and their canonical names; rows without any cell are gone.

    The source's first column comes along as ``raw_first`` where it is another text: sums are often labelled there.
    """
    own = source.collect_schema()
    first = next((c for c in own.names() if c != "_id"), "")
    read_as = {column for c, column in plan.columns.items() if c != GROUP}
    label = {"first": first} if first not in read_as and own.get(first) == nw.String else {}
    mapped = {**plan.columns, **label}
    table = source.select("_id", *[nw.col(column).alias(f"raw_{c}") for c, column in mapped.items()])
    schema = table.collect_schema()
    cells = [n for n in schema.names() if n not in ("_id", "raw_first")]
    if all(schema[n] == nw.String for n in cells):
        blank = nw.all_horizontal(
            *[(nw.col(n).is_null() | (nw.col(n).str.strip_chars() == "")) for n in cells], ignore_nulls=False
        )
        table = table.filter(~blank)
    return table


def _summary(table: engine.Frame, have: set[str]) -> nw.Expr | None:
    """Return whether a row adds up others, as far as texts can say so."""
    schema = table.collect_schema()
    texts = [f"raw_{n}" for n in SUM_COLUMNS if n in have and schema[f"raw_{n}"] == nw.String]
    keys = [n for n in ("order_id", "customer_id") if f"raw_{n}" in texts]
    return rules.says_sum(texts, keys) if texts else None


def _trimmed(name: str) -> nw.Expr:
    """Return a text without spaces and line breaks at its ends, null where nothing is left.

    Only texts with such an end are stripped: "!" is the first character after the blanks, and looking at the ends costs
    a fifth of stripping every cell.
    """
    cell = nw.col(name)
    blank = cell < "!"
    for end in (" ", "\t", "\n", "\r"):
        blank = blank | cell.str.ends_with(end)
    text = cell.str.strip_chars()
    return nw.when(blank).then(nw.when(text != "").then(text)).otherwise(cell)


def _key(name: str, dtype: Any, *, whole: bool) -> nw.Expr:
    """Return an identifier in the source's own type; text is trimmed, whole floats become integers."""
    if dtype == nw.String:
        text = _trimmed(name)
        if whole:
            text = nw.when(text.str.contains("^[0-9]+[.]0$")).then(text.str.replace_all("[.]0$", "")).otherwise(text)
        return text
    if dtype.is_float():
        return nw.when(nw.col(name).is_finite()).then(nw.col(name)).cast(nw.Int64)
    if dtype.is_integer():
        return nw.col(name)
    return nw.col(name).cast(nw.String)


def _customer(name: str, dtype: Any, *, whole: bool) -> nw.Expr:
    key = _key(name, dtype, whole=whole)
    if dtype != nw.String:
        return key
    return nw.when(~key.str.contains(_NOBODY)).then(key)


def _given(name: str, dtype: Any) -> nw.Expr:
    """Return whether a cell holds anything."""
    if dtype == nw.String:
        return ~nw.col(name).is_null() & (nw.col(name).str.strip_chars() != "")
    return ~nw.col(name).is_null()


def _within(name: str) -> nw.Expr:
    value = nw.col(name)
    return nw.when((value < LIMIT) & (value > -LIMIT)).then(value).cast(STORED)


def _product(table: engine.Frame, quantity: str, price: str, *, whole: bool, name: str) -> engine.Frame:
    """Add quantity × price; whole quantities need no rounding, which is most of the work."""
    if whole:
        product = nw.col(quantity).cast(nw.Decimal(18, 0)) * nw.col(price).cast(STORED)
        table = table.with_columns(product.alias(name))
    else:
        table = engine.money_mul(table, quantity, price, name=name)
    return table.with_columns(_within(name).alias(name))


def _amounts(table: engine.Frame, have: set[str]) -> engine.Frame:
    """Add `quantity` and `net_amount`: quantity × price where no amount is given, a sign where no quantity is."""
    if {"quantity", "unit_price"} <= have:
        whole = table.collect_schema()["raw_quantity"].is_integer()
        table = _product(table, "n_quantity", "n_unit_price", whole=whole, name="_product")
        known = [nw.col("n_net_amount")] if "net_amount" in have else []
        amount = nw.coalesce(*known, nw.col("_product"))
    else:
        amount = nw.col("n_net_amount" if "net_amount" in have else "n_unit_price")
    table = table.with_columns(amount.cast(STORED).alias("net_amount"))
    one = nw.when(nw.col("net_amount") < 0).then(nw.lit(-1)).otherwise(nw.lit(1)).cast(STORED)
    if "quantity" in have:
        counted = nw.col("n_quantity")
        quantity = nw.coalesce(counted, one) if "net_amount" in have else counted
    else:
        quantity = nw.when(~nw.col("net_amount").is_null()).then(one)
    return table.with_columns(quantity.cast(STORED).alias("quantity"))


def _negative(name: str) -> nw.Expr:
    return (nw.lit(0).cast(STORED) - nw.col(name)).cast(STORED)


def _signed(table: engine.Frame, have: set[str]) -> engine.Frame:
    """Make the signs agree: what comes back has a negative quantity, amount and cost."""
    if "net_amount" in have:
        contrary = (nw.col("quantity") < 0) & (nw.col("net_amount") > 0)
        table = table.with_columns(
            nw.when(contrary).then(_negative("net_amount")).otherwise(nw.col("net_amount")).alias("net_amount")
        )
    contrary = (nw.col("quantity") > 0) & (nw.col("net_amount") < 0)
    return table.with_columns(
        nw.when(contrary).then(_negative("quantity")).otherwise(nw.col("quantity")).alias("quantity")
    )


def _costs(table: engine.Frame, have: set[str]) -> engine.Frame:
    """Add `cost_amount`: the line's cost, or the unit's times the quantity, with the quantity's sign."""
    if "cost_amount" in have:
        cost = nw.col("n_cost_amount")
        turned = (nw.col("quantity") < 0) & (cost > 0)
        signed = nw.when(turned).then(_negative("n_cost_amount")).otherwise(cost)
        return table.with_columns(signed.cast(STORED).alias("cost_amount"))
    if "unit_cost" in have:
        whole = "quantity" not in have or table.collect_schema()["raw_quantity"].is_integer()
        return _product(table, "quantity", "n_unit_cost", whole=whole, name="cost_amount")
    return table


def _converted(table: engine.Frame, plan: Plan, have: set[str]) -> engine.Frame:
    """Turn amounts and costs into the reporting currency."""
    if not plan.rates or "currency" not in have:
        return table
    code = nw.col("currency").str.to_uppercase()
    rate = nw.lit(1.0)
    for foreign, worth in plan.rates.items():
        rate = nw.when(code == foreign.upper()).then(nw.lit(float(worth))).otherwise(rate)
    own = code == (plan.currency or "").upper()
    for name in ("net_amount", "cost_amount"):
        if name in table.collect_schema().names():
            foreign_amount = (nw.col(name).cast(nw.Float64) * rate).round(4)
            bounded = nw.when((foreign_amount < LIMIT) & (foreign_amount > -LIMIT)).then(foreign_amount)
            table = table.with_columns(nw.when(own).then(nw.col(name)).otherwise(bounded.cast(STORED)).alias(name))
    return table


def read(table: engine.Frame, plan: Plan) -> engine.Frame:
    """Add to `raw` columns everything typed, among it ``bad_*`` for numbers that do not read."""
    schema = table.collect_schema()
    have = {n.removeprefix("raw_") for n in schema.names() if n.startswith("raw_")}
    for name in NUMBERS:
        if name in have:
            table = numerals.add_number(table, f"raw_{name}", f"n_{name}", plan.number)
            given = _given(f"raw_{name}", schema[f"raw_{name}"])
            table = table.with_columns((given & nw.col(f"n_{name}").is_null()).alias(f"bad_{name}"))
    table = moments.add_moment(table, "raw_ordered_at", "at", plan.moment, zone=plan.zone, mac=plan.mac)
    keys = []
    for name in ("order_id", "product_id"):
        if name in have:
            keys.append(_key(f"raw_{name}", schema[f"raw_{name}"], whole=name in plan.whole).alias(name))
    customer = _customer("raw_customer_id", schema["raw_customer_id"], whole="customer_id" in plan.whole)
    keys.append(customer.alias("customer_id"))
    if "product_id" not in have and "product_name" in have:
        keys.append(_trimmed("raw_product_name").alias("product_id"))
    for name in TEXTS:
        if name in have:
            text = schema[f"raw_{name}"] == nw.String
            keys.append((_trimmed(f"raw_{name}") if text else nw.col(f"raw_{name}").cast(nw.String)).alias(name))
    table = table.with_columns(*keys)
    if "line_no" in have:
        table = engine.try_cast(table, "raw_line_no", "int", name="line_no")
    table = _costs(_signed(_amounts(table, have), have), have)
    return _converted(table, plan, have)


def _test(table: engine.Frame, have: set[str]) -> nw.Expr | None:
    """Return whether a row says that it is a test."""
    schema = table.collect_schema()
    texts = {name: free for name, free in TEST_COLUMNS.items() if name in have and schema[f"raw_{name}"] == nw.String}
    said = [rules.says_test(nw.col(f"raw_{name}"), free_text=free) for name, free in texts.items()]
    return nw.any_horizontal(*said, ignore_nulls=True) if said else None


def _bad_number(have: set[str]) -> nw.Expr:
    bad = [nw.col(f"bad_{name}") for name in NUMBERS if name in have]
    return nw.any_horizontal(*bad, nw.col("net_amount").is_null() | nw.col("quantity").is_null(), ignore_nulls=True)


def flagged(table: engine.Frame) -> engine.Frame:
    """Add `flags`, the bits of the rules that a row breaks by itself, and `service` where there are descriptions."""
    names = table.collect_schema().names()
    have = {n.removeprefix("raw_") for n in names if n.startswith("raw_")}
    bits = rules.flags(names, bad_number=_bad_number(have), test=_test(table, have), summary=_summary(table, have))
    table = table.with_columns(bits.alias("flags"))
    described = "raw_product_name" if "product_name" in have else "raw_product_id"
    if described in names and table.collect_schema()[described] == nw.String:
        table = table.with_columns(products.service_level(described).alias("service"))
    return table


KEPT = (
    "_id", "order_id", "line_no", "customer_id", "at", "product_id", "category", "quantity", "net_amount",
    "cost_amount", "currency", "channel", "store", "returns_order_id", "service", "flags", GROUP,
)  # fmt: skip


def typed(source: engine.Frame, plan: Plan, *, without: Collection[str] = ()) -> engine.Frame:
    """Return the typed lines of a source with their flags, narrow, not yet computed; `without` names texts to skip."""
    table = flagged(read(raw(source, plan), plan))
    names = table.collect_schema().names()
    return table.select([c for c in KEPT if c in names and c not in without])


def unreadable(source: engine.Frame, plan: Plan) -> engine.Frame:
    """Return `_id, column, value` of the first cell that does not read in every unreadable row."""
    table = flagged(read(raw(source, plan), plan))
    table = table.filter(rules.breaks("flags", "unreadable_date") | rules.breaks("flags", "unreadable_number"))
    column, value = nw.lit(None, dtype=nw.String), nw.lit(None, dtype=nw.String)
    amount = next((c for c in ("net_amount", "unit_price") if c in plan.columns), None)
    if amount is not None:
        column, value = nw.lit(plan.columns[amount]), nw.col(f"raw_{amount}").cast(nw.String)
    for name in reversed(NUMBERS):
        if name in plan.columns:
            bad = nw.col(f"bad_{name}")
            column = nw.when(bad).then(nw.lit(plan.columns[name])).otherwise(column)
            value = nw.when(bad).then(nw.col(f"raw_{name}").cast(nw.String)).otherwise(value)
    no_date = nw.col("at").is_null()
    column = nw.when(no_date).then(nw.lit(plan.columns["ordered_at"])).otherwise(column)
    value = nw.when(no_date).then(nw.col("raw_ordered_at").cast(nw.String)).otherwise(value)
    return table.select("_id", column.alias("column"), value.alias("value"))
