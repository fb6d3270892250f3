"""Who is in which arm, by chance alone: lists split over several arms, and a hold-out across all campaigns."""

from __future__ import annotations

from decimal import Decimal

import narwhals as nw

from regulars import engine
from regulars.engine import HASH_SPAN, Frame
from regulars.prove.control import PARTS, assign, parts_of

__all__ = ["assign", "universal"]


def universal(
    customers: Frame,
    *,
    seed: str,
    share: Decimal | float,
    household: str | None = None,
    key: str = "customer_id",
    name: str = "held_out",
) -> Frame:
    """Add whether a customer belongs to the universal hold-out, which no campaign contacts.

    Membership depends on the customer (or the household) and the seed alone, not on the list: the same people are in
    it in every campaign, and who joins later is in or out from the first day.

    Parameters
    ----------
    customers
        One row a customer.
    seed
        Any text, kept for as long as the hold-out lasts.
    share
        Part that is held out, above 0 and at most a half, to four decimals; each list has it on average only.
    household
        Column of the households that stay together; null is a customer on their own.

    Raises
    ------
    InputError
        For a share out of range.

    Examples
    --------
    >>> import pyarrow as pa
    >>> people = engine.frame(pa.table({"customer_id": range(1000)}))
    >>> out = engine.to_arrow(universal(people, seed="2026", share=0.05).filter(nw.col("held_out")))
    >>> 30 < len(out) < 70
    True
    """
    parts = parts_of(share)
    own = nw.col(key).cast(nw.String)
    unit = own if household is None else nw.coalesce(_marked(household), own)
    hashed = engine.stable_hash(customers.with_columns(unit.alias("_unit")), "_unit", salt=seed, name="_at")
    return hashed.with_columns((nw.col("_at") * PARTS < parts * HASH_SPAN).alias(name)).drop("_at", "_unit")


def _marked(household: str) -> nw.Expr:
    """Return the household's name, marked so that it is no customer's."""
    return nw.concat_str(nw.lit("household "), nw.col(household).cast(nw.String))
