"""The groups of a valuation: which customers belong together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from regulars.engine import Frame, lookup
from regulars.errors import InputError
from regulars.ingest import Orders
from regulars.ingest.finish import LINE_COLUMNS
from regulars.ingest.lines import GROUP as LINES_GROUP
from regulars.measure.lifetime.grouped_law import Membership
from regulars.prove.members import CODE, Members, members_of
from regulars.valuation.columns import GROUP
from regulars.valuation.given import Given
from regulars.valuation.settings import Settings
from regulars.words import T

COLUMNS = ("store", "channel", "category", "source")
"""What order lines can be grouped by wherever they come from."""


def customer_groups(orders: Orders, settings: Settings, given: Given | None = None) -> Members | None:
    """Return the groups that customers are of; None where none were asked for.

    Parameters
    ----------
    given
        Earlier parameters: their groups are told apart, however small they have become.

    Raises
    ------
    InputError
        When the lines do not carry the column.
    """
    if settings.by is None:
        return None
    present = orders.lines.collect_schema().names()
    column = LINES_GROUP if LINES_GROUP in present else settings.by
    if column not in present or column not in (LINES_GROUP, *COLUMNS):
        have = ", ".join(name for name in COLUMNS if name in LINE_COLUMNS)
        raise InputError(
            T(zh="订单里没有 {by} 这一列", en="the orders carry no {by}").format(by=settings.by),
            where=orders.source,
            remedy=T(
                zh="读文件时用 ReadOptions(group=…) 指出，或用 {have} 之一。",
                en="Name it when reading, ReadOptions(group=…), or use one of {have}.",
            ).format(have=have),
        )
    return members_of(orders.lines, column, by=settings.by, besides=(given.groups or ()) if given else ())


def with_groups(customers: Frame, members: Members | None) -> Frame:
    """Add the groups' `CODE` and the column `group` to customers; nothing where there are no groups."""
    if members is None:
        return customers
    names = pa.table(
        {CODE: pa.array(range(len(members.names)), pa.int64()), GROUP: pa.array(members.names, pa.string())}
    )
    coded = members.join(customers)
    return coded.join(lookup(coded, names), on=CODE, how="left")


def membership(by: str, names: Sequence[str], group: Sequence[str | None]) -> Membership:
    """Return the membership of rows with these groups."""
    place = {name: code for code, name in enumerate(names)}
    return Membership(by, tuple(names), np.array([place.get(each or "", -1) for each in group], dtype=np.int64))
