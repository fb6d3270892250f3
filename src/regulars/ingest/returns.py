"""Which order a return gives back: by its reference, by its own order, else the latest sale that can carry it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import narwhals as nw

from regulars import engine

LINK = ("_id", "linked_order", "occasion_date")
_TINY = 1e-9


def credit_prefixes(lines: engine.Frame) -> list[str]:
    """Return the letters before credit-note numbers, learned from the lines.

    A prefix is one with at least five lines of which nine in ten are negative, where most order numbers are digits
    alone.
    """
    order = nw.col("order_id")
    negative = (nw.col("quantity") < 0) | (nw.col("net_amount") < 0)
    lettered = lines.filter(negative & order.str.contains("^[A-Za-z]{1,3}-?[0-9]+$"))
    prefix = order.str.replace_all("[0-9]+$", "").alias("prefix")
    seen = engine.to_arrow(lettered.select(prefix).group_by("prefix").agg(nw.len().alias("n")).sort("prefix"))
    candidates = [row["prefix"] for row in seen.to_pylist() if row["n"] >= 5][:20]
    if not candidates:
        return []
    counts = [
        nw.when(order.str.contains("^[0-9]+$")).then(1).otherwise(0).sum().cast(nw.Int64).alias("digits"),
        nw.len().alias("all"),
    ]
    for i, found in enumerate(candidates):
        counts.append(
            nw.when(order.str.contains(f"^{found}[0-9]")).then(1).otherwise(0).sum().cast(nw.Int64).alias(f"n{i}")
        )
    row = engine.to_arrow(lines.select(*counts)).to_pylist()[0]
    if 2 * row["digits"] < row["all"]:
        return []
    negatives = {r["prefix"]: r["n"] for r in seen.to_pylist()}
    return [p for i, p in enumerate(candidates) if negatives[p] >= 0.9 * row[f"n{i}"]]


def _by_number(returned: engine.Frame, sales: engine.Frame, number: str) -> engine.Frame:
    """Link returns to the customer's order whose number stands in column `number`, on that order's first day."""
    asked = returned.filter(~nw.col(number).is_null()).with_columns(nw.col(number).alias("linked_order"))
    key = ["customer_id", "linked_order"]
    named = sales.rename({"order_id": "linked_order"}).join(engine.distinct(asked, *key), on=key, how="semi")
    orders = named.group_by(key).agg(nw.col("day").min().alias("occasion_date"))
    return asked.join(orders, on=key, how="inner").select(list(LINK))


def _tried(returned: engine.Frame, sales: engine.Frame, by: Sequence[str]) -> engine.Frame:
    """Add to each return the latest sale at or before it, and whether that sale can carry all that came back so far."""
    keyed = sales.group_by(*by, "at").agg(
        nw.col("sold").sum(), nw.col("order_id").min().alias("linked_order"), nw.col("at").max().alias("sold_at")
    )
    joined = engine.asof_join(returned, keyed, on="at", by=by, take=["sold", "linked_order", "sold_at"])
    joined = joined.filter(~nw.col("sold_at").is_null())
    fits = joined.filter(nw.col("back") <= nw.col("sold") + _TINY)
    so_far = nw.col("back").cum_sum().over(*by, "sold_at", order_by=["at", "_id"])
    carried = fits.with_columns(so_far.alias("so_far")).filter(nw.col("so_far") <= nw.col("sold") + _TINY)
    return carried.with_columns(nw.col("sold_at").cast(nw.Date).alias("occasion_date"))


def _less(sales: engine.Frame, carried: engine.Frame, by: Sequence[str]) -> engine.Frame:
    """Take what was linked off the sales."""
    used = carried.group_by(*by, "sold_at").agg(nw.col("back").sum().alias("used")).rename({"sold_at": "at"})
    left = sales.join(used, on=[*by, "at"], how="left")
    return left.with_columns((nw.col("sold") - nw.col("used").fill_null(0.0)).alias("sold")).drop("used")


def _rest(returned: engine.Frame, linked: engine.Frame) -> engine.Frame:
    return returned.join(linked.select("_id"), on="_id", how="anti")


def link(lines: engine.Frame, *, is_return: nw.Expr) -> engine.Frame | None:
    """Return `_id, linked_order, occasion_date` of every return that finds its order, persisted; None without returns.

    First by the order it names (`returns_order_id`), or its own order where that also holds sales; then, for the same
    customer and product, the latest sale at or before it whose quantity carries what came back so far: at the same
    unit price, then at any, then once more one sale earlier. Without products the unit price must agree.

    Parameters
    ----------
    lines
        Lines that count: `_id, customer_id, at, quantity, net_amount` and what there is of `order_id, product_id,
        returns_order_id`.
    is_return
        Whether a line is a return.
    """
    names = set(lines.collect_schema().names())
    price = (nw.col("net_amount").cast(nw.Float64) / nw.col("quantity").cast(nw.Float64)).round(4)
    blank = nw.lit(None, dtype=nw.String)
    chosen = lines.select(
        "_id",
        "customer_id",
        nw.col("at").cast(nw.Datetime("us")).alias("at"),
        nw.col("at").cast(nw.Date).alias("day"),
        (nw.col("order_id").cast(nw.String) if "order_id" in names else blank).alias("order_id"),
        *(["product_id"] if "product_id" in names else []),
        (nw.col("returns_order_id") if "returns_order_id" in names else blank).alias("names"),
        nw.col("quantity").cast(nw.Float64).alias("back"),
        nw.when(nw.col("quantity") != 0).then(price).alias("price"),
        is_return.alias("is_return"),
    )
    returned = engine.persist(
        chosen.filter(nw.col("is_return") & (nw.col("back") <= 0)).with_columns(back=0.0 - nw.col("back"))
    )
    if not engine.n_rows(returned):
        engine.release(returned)
        return None
    people = engine.distinct(returned, "customer_id")
    sales = chosen.filter(~nw.col("is_return")).join(people, on="customer_id", how="semi")
    sales = engine.persist(sales.rename({"back": "sold"}))
    held, found = [returned, sales], list[engine.Frame]()
    for number in ("names", "order_id"):
        if {"names": "returns_order_id", "order_id": "order_id"}[number] in names:
            found.append(engine.persist(_by_number(returned, sales, number)))
            returned = engine.persist(_rest(returned, found[-1]))
            held += [found[-1], returned]
    returned = returned.filter(nw.col("back") > 0)
    if engine.n_rows(returned):
        more, used = _by_time(returned, sales, products="product_id" in names)
        found, held = found + more, held + used
    links = engine.persist(nw.concat(found, how="vertical")) if found else None
    for frame in held:
        engine.release(frame)
    return links


def _by_time(
    returned: engine.Frame, sales: engine.Frame, *, products: bool
) -> tuple[list[engine.Frame], list[engine.Frame]]:
    """Link returns to the latest sale that carries them; return the links and every frame to release."""
    keys = ["customer_id", "product_id"] if products else ["customer_id"]
    wanted = engine.distinct(returned, *keys)
    sales = engine.persist(sales.join(wanted, on=keys, how="semi"))
    priced = engine.persist(_tried(returned, sales, [*keys, "price"]))
    found, held = [priced.select(list(LINK))], [sales, priced]
    if not products:
        return found, held
    sales = sales.group_by(*keys, "at").agg(nw.col("sold").sum(), nw.col("order_id").min())
    returned, sales = engine.persist(_rest(returned, priced)), engine.persist(_less(sales, priced, keys))
    latest = engine.persist(_tried(returned, sales, keys))
    held += [returned, sales, latest]
    returned, sales = engine.persist(_rest(returned, latest)), engine.persist(_less(sales, latest, keys))
    earlier = engine.persist(_earlier(returned, sales, keys))
    last = engine.persist(_tried(earlier, sales, keys).select(list(LINK)))
    return [*found, latest.select(list(LINK)), last], [*held, returned, sales, earlier, last]


def _earlier(returned: engine.Frame, sales: engine.Frame, by: Sequence[str]) -> engine.Frame:
    """Move each return to just before the latest sale, which could not carry it."""
    times = sales.group_by(*by, "at").agg(nw.col("at").max().alias("sold_at"))
    joined = engine.asof_join(returned, times, on="at", by=by, take=["sold_at"]).filter(~nw.col("sold_at").is_null())
    before = nw.col("sold_at") - timedelta(microseconds=1)
    return joined.with_columns(before.alias("at")).drop("sold_at")
