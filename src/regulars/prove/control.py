"""Part of a list is left alone at random, so that what was done to the rest can be proved later."""

from __future__ import annotations

import math
from collections.abc import Mapping
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
    household: str | None = None,
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
    household
        Column of households whose members stay together; see `assign`.

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
    parts = Decimal(parts_of(share)) / PARTS
    shares = {CONTROL: parts, TREATED: 1 - parts}
    return assign(customers, seed=seed, shares=shares, stratum=stratum, household=household, key=key)


def assign(
    customers: Frame,
    *,
    seed: str,
    shares: Mapping[str, Decimal | float],
    stratum: str | None = None,
    household: str | None = None,
    key: str = "customer_id",
) -> Frame:
    """Add the arm of each customer, at random within each stratum: `split` over any number of arms.

    Parameters
    ----------
    customers, seed, stratum, key
        As for `split`.
    shares
        Share of each arm, to four decimals; they add up to 1. Of each stratum every arm gets its share to within a
        customer for each arm before it.
    household
        Column of households whose members go to one arm together; null is a customer on their own. A household has
        the first (by name) of its members' strata.

    Returns
    -------
    Frame
        The rows with `arm`, `propensity` and `stratum`.

    Raises
    ------
    InputError
        For shares that do not add up to 1, or fewer than two arms.

    Examples
    --------
    >>> import pyarrow as pa
    >>> table = engine.frame(pa.table({"customer_id": range(50)}))
    >>> shares = {"none": 0.2, "mail": 0.4, "call": 0.4}
    >>> arms = engine.to_arrow(assign(table, seed="spring", shares=shares))["arm"].to_pylist()
    >>> arms.count("none"), arms.count("mail"), arms.count("call")
    (10, 20, 20)
    """
    parts = _parts(shares)
    group = nw.lit("") if stratum is None else nw.col(stratum).cast(nw.String).fill_null("")
    grouped = customers.with_columns(group.alias("stratum"))
    if household is None:
        return _arms(grouped, parts, seed, key)
    own = nw.concat_str(nw.lit("customer "), nw.col(key).cast(nw.String))
    shared = nw.concat_str(nw.lit("household "), nw.col(household).cast(nw.String))
    members = grouped.with_columns(nw.coalesce(shared, own).alias("_unit"))
    units = members.group_by("_unit").agg(nw.col("stratum").min().alias("stratum"))
    new = [name for name in ("arm", "propensity", "stratum") if name in members.collect_schema().names()]
    found = _arms(units, parts, seed, "_unit")
    return members.drop(*new).join(found, on="_unit", how="left").drop("_unit")


def _arms(units: Frame, parts: Mapping[str, int], seed: str, key: str) -> Frame:
    """Assign units one arm after the other, each by a systematic sample of those still without one."""
    hashed = engine.stable_hash(units, key, salt=seed, name="_order")
    placed = engine.row_number(hashed, order_by=["stratum", "_order", key], name="_place")
    start, left = _start(units, seed), PARTS
    place, arm = nw.col("_place"), nw.lit(None, dtype=nw.String)
    chance = nw.lit(None, dtype=nw.Float64)
    *early, last = parts
    for name in early:
        steps = (place * parts[name] + start % left) // left
        chosen = arm.is_null() & (steps > ((place - 1) * parts[name] + start % left) // left)
        chance = nw.when(chosen).then(nw.lit(parts[name] / PARTS)).otherwise(chance)
        arm = nw.when(chosen).then(nw.lit(name)).otherwise(arm)
        placed = placed.with_columns(arm.alias("_arm"), chance.alias("_chance"), (place - steps).alias("_place"))
        place, arm, chance, left = nw.col("_place"), nw.col("_arm"), nw.col("_chance"), left - parts[name]
    return placed.with_columns(
        arm.fill_null(last).alias("arm"), chance.fill_null(parts[last] / PARTS).alias("propensity")
    ).drop("_order", "_place", "_arm", "_chance")


def _parts(shares: Mapping[str, Decimal | float]) -> dict[str, int]:
    parts = {name: round(Decimal(str(share)) * PARTS) if math.isfinite(share) else 0 for name, share in shares.items()}
    if len(parts) < 2 or min(parts.values()) < 1 or sum(parts.values()) != PARTS:
        said = ", ".join(f"{name} {share}" for name, share in shares.items())
        raise InputError(
            T(zh=f"各组的比例不成立：{said or '没有'}", en=f"these are no shares of arms: {said or 'none'}"),
            remedy=T(
                zh="至少两组，比例到万分之一，加起来是 1。",
                en="Two arms or more, to four decimals each, that add up to 1.",
            ),
        )
    return parts


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
