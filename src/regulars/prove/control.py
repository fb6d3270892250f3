"""Part of a list is left alone at random, so that what was done to the rest can be proved later."""

from __future__ import annotations

import math
from decimal import Decimal

import narwhals as nw
import pyarrow as pa

from regulars import engine
from regulars.engine import Frame
from regulars.errors import InputError
from regulars.words import T

DEFAULT_SHARE = Decimal("0.10")
LARGEST_SHARE = Decimal("0.50")
PARTS = 10_000
"""Shares are counted in parts of ten thousand: whole numbers come out the same on every engine."""
TREATED, CONTROL = "treated", "control"


def split(
    customers: Frame,
    *,
    seed: str,
    share: Decimal | float = DEFAULT_SHARE,
    stratum: str | None = None,
    key: str = "customer_id",
) -> Frame:
    """Add who is treated and who is left alone as control, at random within each stratum.

    Every customer has the same chance `share` of being control, over all seeds. Of each stratum, and of the list as a
    whole, the share of its customers is control, to the next whole customer above or below.

    Parameters
    ----------
    customers
        One row a customer.
    seed
        Any text; the same list with the same seed is split the same way on every engine, whatever the order of rows.
    share
        Part that is left alone, above 0 and at most a half, to four decimals.
    stratum
        Column of short codes (ASCII) whose groups are split alike; null is a group of its own.

    Returns
    -------
    Frame
        The rows with `arm` ("treated", "control"), `propensity` (the chance of the arm that the customer is in) and
        `stratum`.

    Raises
    ------
    InputError
        For a share out of range.

    Notes
    -----
    Systematic sampling from a random start: customers are ordered by stratum and, within it, by a hash of seed and
    key; with ``i`` the place in that order and ``u`` a start drawn from the seed, a customer is control where
    ``floor((i · share + u))`` steps up. Two customers of one list are not independent draws: inference goes by stratum.

    References
    ----------
    Särndal, Swensson, Wretman (1992), Model Assisted Survey Sampling, §3.4.

    Examples
    --------
    >>> import pyarrow as pa
    >>> table = engine.frame(pa.table({"customer_id": range(40), "class": ["IV", "I"] * 20}))
    >>> halves = engine.to_arrow(split(table, seed="spring", share=0.1, stratum="class"))
    >>> halves["arm"].to_pylist().count("control")
    4
    """
    parts = parts_of(share)
    group = nw.lit("") if stratum is None else nw.col(stratum).cast(nw.String).fill_null("")
    hashed = engine.stable_hash(customers.with_columns(group.alias("stratum")), key, salt=seed, name="_order")
    placed = engine.row_number(hashed, order_by=["stratum", "_order", key], name="_place")
    place, start = nw.col("_place"), _start(customers, seed)
    control = (place * parts + start) // PARTS > ((place - 1) * parts + start) // PARTS
    chance = parts / PARTS
    return placed.with_columns(
        nw.when(control).then(nw.lit(CONTROL)).otherwise(nw.lit(TREATED)).alias("arm"),
        nw.when(control).then(nw.lit(chance)).otherwise(nw.lit(1 - chance)).alias("propensity"),
    ).drop("_order", "_place")


def parts_of(share: Decimal | float) -> int:
    """Return a share in parts of ten thousand.

    Raises
    ------
    InputError
        When it is not above 0, above a half, or finer than four decimals can say.
    """
    parts = round(Decimal(str(share)) * PARTS) if math.isfinite(share) else 0
    if not 1 <= parts <= LARGEST_SHARE * PARTS:
        raise InputError(
            T(zh=f"对照组的比例不能是 {share}", en=f"the share of the control group cannot be {share}"),
            remedy=T(zh="在 0.01% 和 50% 之间选一个，如 10%。", en="Choose between 0.01% and 50%, such as 10%."),
        )
    return parts


def _start(like: Frame, seed: str) -> int:
    one = engine.lookup(like, pa.table({"_seed": ["start"]}))
    drawn = engine.to_arrow(engine.stable_hash(one, "_seed", salt=seed, name="_at"))
    return int(drawn["_at"][0].as_py()) % PARTS
