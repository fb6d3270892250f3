"""What a name leaves open and the numbers tell: whose cost a cost is, and whose amount an amount."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import pyarrow as pa

from regulars.ingest import numerals
from regulars.ingest.columns import NUMBERS, Found
from regulars.ingest.headers import BARE_COSTS, compact
from regulars.ingest.numerals import NumberStyle
from regulars.words import Ask, T

ROWS = 5_000
"""Rows of the sample that are looked at."""

Whose = Literal["unit", "line", "same", "open"]
FEWEST_LINES = 8
FEWEST_ORDERS = 3
MOST, NEARLY_ALL = 0.8, 0.9
CENT = 0.015
CLEAR = 0.3
"""How near to 0 or to 1 the exponent of the quantity must be."""


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the sample in numbers; what is not there or does not read is None."""

    order: Any
    product: Any
    quantity: float | None
    price: float | None
    amount: float | None
    cost: float | None


def weigh(found: Sequence[Found], sample: pa.Table, *, hint_comma: bool = False) -> list[Found]:
    """Return the columns with what the sample tells of a bare cost and of amounts that repeat in an order.

    Parameters
    ----------
    found
        The columns found by name and content.
    sample
        The first rows of the source.
    hint_comma
        Whether decimal commas are to be expected; see `numerals.sniff`.
    """
    at = {f.canonical: i for i, f in enumerate(found)}
    weighed = list(found)
    bare = "cost_amount" in at and "unit_cost" not in at and _is_bare(found[at["cost_amount"]])
    orders = {"order_id", "net_amount"} <= set(at)
    if not bare and not orders:
        return weighed
    lines = _lines({f.canonical: f.column for f in found}, sample.slice(0, ROWS), hint_comma)
    if bare:
        weighed[at["cost_amount"]] = _named(found[at["cost_amount"]], cost_of(lines))
    if orders:
        weighed[at["net_amount"]] = _doubted(found[at["net_amount"]], lines)
    return weighed


def _is_bare(found: Found) -> bool:
    return found.how == "name" and compact(found.column) in BARE_COSTS


def _lines(columns: Mapping[str, str], sample: pa.Table, hint_comma: bool) -> list[Line]:
    cells = {
        name: sample[columns[name]].to_pylist() if name in columns else [None] * sample.num_rows
        for name in ("order_id", "product_id", "product_name", *NUMBERS)
    }
    texts = [cell for name in NUMBERS for cell in cells[name] if isinstance(cell, str)]
    style = numerals.sniff(texts, hint_comma=hint_comma)
    numbers = {name: [_number(cell, style) for cell in cells[name]] for name in NUMBERS}
    products = cells["product_id" if "product_id" in columns else "product_name"]
    in_numbers = (numbers[name] for name in ("quantity", "unit_price", "net_amount", "cost_amount"))
    return [Line(*row) for row in zip(cells["order_id"], products, *in_numbers, strict=True)]


def _number(cell: Any, style: NumberStyle) -> float | None:
    if cell is None:
        return None
    number = numerals.value(cell, style) if isinstance(cell, str) else float(cell)
    return number if number is not None and math.isfinite(number) else None


def cost_of(lines: Sequence[Line]) -> Whose:
    """Return whose cost a column holds, from how it grows with the quantity beside the unit price.

    The cost of one piece over its price does not depend on how many were bought; the cost of a line over the price of
    one piece is proportional to it. Comparing lines of one product leaves margins out of it.

    Returns
    -------
    str
        "unit" or "line"; "same" where every quantity is one; "open" where too few lines tell.
    """
    seen: dict[Any, list[tuple[float, float]]] = defaultdict(list)
    for line in lines:
        q, cost = line.quantity, line.cost
        price = line.price or (line.amount / q if q and line.amount else None)
        if q and cost and price and q > 0 and cost > 0 and price > 0:
            seen[line.product].append((math.log(q), math.log(cost / price)))
    points = [point for group in seen.values() for point in group]
    if all(x == 0 for x, _ in points):
        return "same" if points else "open"
    if len(points) < FEWEST_LINES:
        return "open"
    slope = _slope(list(seen.values()))
    slope = _slope([points]) if slope is None else slope
    if slope is None or min(abs(slope), abs(slope - 1)) > CLEAR:
        return "open"
    return "unit" if slope < 0.5 else "line"


def _slope(groups: Sequence[Sequence[tuple[float, float]]]) -> float | None:
    """Return the slope within groups by least squares; None where x hardly varies within any."""
    xx = xy = 0.0
    for group in groups:
        x0, y0 = (sum(values) / len(group) for values in zip(*group, strict=True))
        xx += sum((x - x0) ** 2 for x, _ in group)
        xy += sum((x - x0) * (y - y0) for x, y in group)
    return xy / xx if xx >= 1 else None


def _named(found: Found, whose: Whose) -> Found:
    column = found.column
    if whose == "unit":
        said = T(
            zh=f'列 {column} 是一件的成本：它随单价走，不随数量走。不对的话，在 --map 里写 cost_amount = "{column}"。',
            en=f"Column {column} is the cost of one piece: it goes with the price, not with the quantity. "
            f"If not, map cost_amount to it.",
        )
        return replace(found, canonical="unit_cost", how="content", note=said)
    if whose == "line":
        said = T(
            zh=f'列 {column} 是整行的成本：它随数量走。不对的话，在 --map 里写 unit_cost = "{column}"。',
            en=f"Column {column} is the cost of the whole line: it goes with the quantity. "
            f"If not, map unit_cost to it.",
        )
        return replace(found, how="content", note=said)
    if whose == "same":
        return found
    asked = T(
        zh=f"看不出列 {column} 是整行的成本还是一件的成本，按整行算。"
        f'若是一件的，在 --map 里写 unit_cost = "{column}"。',
        en=f"Column {column} may be the cost of a line or of one piece: taken for the line's. "
        f"If it is one piece's, map unit_cost to it.",
    )
    return replace(found, note=Ask.of(asked))


def _doubted(found: Found, lines: Sequence[Line]) -> Found:
    """Return the amount with a question where it repeats the order's total on each line."""
    orders: dict[Any, list[Line]] = defaultdict(list)
    for line in lines:
        if line.order is not None and line.amount:
            orders[line.order].append(line)
    several = {key: group for key, group in orders.items() if len(group) > 1}
    same = {key: group for key, group in several.items() if len({line.amount for line in group}) == 1}
    fitting = [key for key, group in same.items() if _adds_up(group)]
    if len(fitting) < max(FEWEST_ORDERS, MOST * len(several)) and not _looks_repeated(same, len(several)):
        return found
    example = next(iter(fitting or same))
    return replace(found, note=Ask.of(_repeats(found.column, len(same), len(several), example, lines)))


def _looks_repeated(same: Mapping[Any, Sequence[Line]], n_several: int) -> bool:
    """Tell whether nearly all orders of several different lines have one amount, and another one than other orders."""
    unlike = [group for group in same.values() if len({(x.product, x.quantity, x.price) for x in group}) > 1]
    amounts = {group[0].amount for group in unlike}
    return len(unlike) >= max(3 * FEWEST_ORDERS, NEARLY_ALL * n_several) and 2 * len(amounts) >= len(unlike)


def _adds_up(group: Sequence[Line]) -> bool:
    """Tell whether quantity × price of an order's lines adds up to the amount that stands on each of them."""
    products = [line.quantity * line.price for line in group if line.quantity is not None and line.price is not None]
    amount = group[0].amount or 0.0
    return len(products) == len(group) and abs(sum(products) - amount) <= max(CENT, 0.001 * abs(amount))


def _repeats(column: str, same: int, several: int, example: Any, lines: Sequence[Line]) -> T:
    priced = any(line.quantity is not None and line.price is not None for line in lines)
    if priced:
        remedy = T(
            zh='在 --map 文件的 [columns] 下写 net_amount = ""，就按数量 × 单价算。',
            en='To reckon quantity × unit price instead, write net_amount = "" under [columns] of a --map file.',
        )
    else:
        remedy = T(
            zh="在 --map 文件里把 net_amount 换成每行自己的金额，或写上 quantity 和 unit_price。",
            en="Map net_amount to each line's own amount, or quantity and unit_price (--map).",
        )
    said = T(
        zh="列 {column} 像是整单的总额，在订单的每一行上重复（{several} 张多行订单里有 {same} 张，如 {example}）："
        "每行都加了一遍，收入偏大。{remedy}",
        en="Column {column} looks like the order's total repeated on each of its lines ({same} of {several} orders "
        "with several lines, such as {example}): added up once a line, revenue is too high. {remedy}",
    )
    return said.format(column=column, same=same, several=several, example=example, remedy=remedy)
