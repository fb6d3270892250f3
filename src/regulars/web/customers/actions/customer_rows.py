"""What a source of data says about its customers, row by row, and what came of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

POINTS = {"phone": "points", "email": "points", "address": "points", "card": "cards"}
"""What a row may bring beside the customer's own fields, and where it belongs."""


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """One customer of a source: their id there, and what is known about them. What is not named stays as it is."""

    external_id: str
    fields: Mapping[str, Any] = field(default_factory=dict)
    phone: str = ""
    email: str = ""
    address: str = ""
    card: str = ""


@dataclass(slots=True)
class Imported:
    """What came of the rows of a source."""

    created: int = 0
    updated: int = 0
    same: int = 0
    erased: int = 0
    refused: dict[str, str] = field(default_factory=dict)
    """External id → why: ``not_yours`` or the name of a field that cannot be read."""
