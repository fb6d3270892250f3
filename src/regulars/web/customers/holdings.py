"""What other apps hold about a customer, and what becomes of it when records are merged, erased or handed out.

An app with rows that point to customers calls `register` in its `shell.py`; a test finds the one that did not.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from regulars.web.core.actor import Actor

Move = Callable[[int, int], object]
Wipe = Callable[[int], object]
Tell = Callable[[Actor, int], Any]


@dataclass(frozen=True, slots=True)
class Holding:
    """One app's answer to the three events of a record's life."""

    key: str
    move: Move
    erase: Wipe
    disclose: Tell


_holdings: dict[str, Holding] = {}


def register(key: str, *, move: Move, erase: Wipe, disclose: Tell) -> None:
    """Say what an app does with its rows; each is called inside the transaction of the event. The same key replaces.

    Parameters
    ----------
    key
        The app's label.
    move
        ``(from_id, to_id)``: two records were one customer; the first one ends.
    erase
        ``(customer_id)``: wipe every word about the person; numbers without identity may stay.
    disclose
        ``(actor, customer_id)``: everything stored about the person, as plain JSON values.
    """
    _holdings[key] = Holding(key, move, erase, disclose)


def nothing(*_: Any) -> None:
    """Do nothing: for rows that hold numbers only and stay with the record that they were reckoned for."""


def all_holdings() -> list[Holding]:
    """Return what the apps have registered, in a fixed order."""
    return [_holdings[key] for key in sorted(_holdings)]
