"""The whole state of a list: conditions, order, columns. It is an address, and what a view keeps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Self
from urllib.parse import urlencode

from django.http import QueryDict

from regulars.web.segments.columns import COLUMNS
from regulars.web.segments.conditions import Conditions
from regulars.web.segments.sorts import SORTS


@dataclass(frozen=True, slots=True)
class ListState:
    """What a list shows and how. Empty columns and an empty order mean the usual ones."""

    conditions: Conditions = field(default_factory=Conditions)
    sort: str = ""
    columns: tuple[str, ...] = ()

    @classmethod
    def read(cls, given: QueryDict | Mapping[str, Any]) -> Self:
        """Read it from an address or from what was saved; what is not known is passed over."""
        chosen = given.getlist("columns") if isinstance(given, QueryDict) else [str(given.get("columns", ""))]
        keys = {key for part in chosen for key in part.split(",")}
        sort = str(given.get("sort", ""))
        columns = tuple(key for key in COLUMNS if key in keys)
        return cls(Conditions.read(given), sort if sort in SORTS else "", columns)

    def address(self) -> str:
        """Return it as the query of an address."""
        parts = [self.conditions.address(), self.looks()]
        return "&".join(part for part in parts if part)

    def looks(self) -> str:
        """Return order and columns alone as a query."""
        said = {"sort": self.sort, "columns": ",".join(self.columns)}
        return urlencode({key: text for key, text in said.items() if text}, safe=",")

    def asking(self, conditions: Conditions) -> Self:
        """Return the same look with other conditions."""
        return replace(self, conditions=conditions)

    def with_sort(self, key: str) -> Self:
        """Return the same in another order."""
        return replace(self, sort=key)

    def as_json(self) -> dict[str, str]:
        """Return what is saved of it."""
        return {
            **self.conditions.texts,
            **{key: text for key, text in (("sort", self.sort), ("columns", ",".join(self.columns))) if text},
        }
