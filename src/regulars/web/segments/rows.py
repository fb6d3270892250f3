"""What a list, a table's cell and a file's line know of one customer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from regulars.web.customers.models import Customer
    from regulars.web.valuations.models import CustomerFigure


@dataclass(frozen=True, slots=True)
class Row:
    """One customer of a list, with their figures where the valuation knows them."""

    customer: Customer
    figure: CustomerFigure | None
    tags: tuple[str, ...] = ()
