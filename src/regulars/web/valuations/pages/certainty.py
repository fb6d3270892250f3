"""How well the forecast knew its own doubt: where outcomes fell, what intervals held, the total beside its interval."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from regulars.report import charts
from regulars.report.formats import integer, known, number, percent, words
from regulars.web.core.words import current_lang
from regulars.web.valuations.pages.headline import LEVEL
from regulars.web.valuations.pages.pictures.part import Part

Figures = Mapping[str, Any]

CLOSE = 0.05
"""A PIT no further than this from even is called right."""
LEAN = 0.03
"""A mean of the PIT that lies further than this from a half says that more, or less, happened than was forecast."""
ENDS = 0.04
"""Both ends of the PIT together, so much above or below the fifth that they should hold, make it a U or a hump."""


def pit(figures: Figures) -> Part | None:
    """Return where outcomes fell in their own forecasts."""
    bins = charts.pit(figures)
    if bins is None:
        return None
    total = sum(bins) or 1.0
    shares = [share / total for share in bins]
    return Part(
        "pit",
        _("Is the stated certainty right?"),
        _reading(shares, (figures.get("holdout") or {}).get("pit_distance")),
        _(
            "Every customer has a whole range of forecasts, from few purchases to many. Each bar is a tenth of that "
            "range; where the stated certainty is right, as many outcomes fall into each, and the bars are level. This "
            "is the PIT histogram of Czado, Gneiting and Held (2009)."
        ),
        "value-pit",
        bins,
        [_("Quantile"), _("Share of customers")],
        [[f"{number(i / 10, 1)} – {number((i + 1) / 10, 1)}", percent(share)] for i, share in enumerate(shares)],
        "h-s",
    )


def _reading(shares: Sequence[float], distance: float | None) -> str:
    """Say what the form of the PIT histogram means."""
    middle = sum(share * (i + 0.5) for i, share in enumerate(shares)) / len(shares)
    ends = shares[0] + shares[-1] - 2 / len(shares)
    if known(distance) and distance is not None and distance <= CLOSE:
        return _("Nearly level: the stated certainty is right.")
    if middle > 0.5 + LEAN:
        return _("Higher at the right: more was bought than forecast.")
    if middle < 0.5 - LEAN:
        return _("Higher at the left: less was bought than forecast.")
    if ends > ENDS:
        return _("High at both ends: the forecast is surer than it should be, its intervals are too narrow.")
    if ends < -ENDS:
        return _("Low at both ends: the forecast is less sure than it could be, its intervals are wider than need be.")
    return _("Neither level nor of a clear form: the stated certainty is roughly right.")


def coverage(figures: Figures) -> list[str]:
    """Return what customers' intervals promised and held, and how wide they are; empty without a hold-out."""
    data = figures.get("holdout") or {}
    if not known(data.get("coverage90")):
        return []
    held = _("{level} was meant, {share} held: so many customers bought as often as their interval said.")
    wide = _("Intervals are {width} purchases wide on average; a wide one is honest, a narrow one useful.")
    return [
        held.format(level=LEVEL, share=percent(data["coverage90"])),
        wide.format(width=number(data.get("mean_width"), 1)),
    ]


@dataclass(frozen=True, slots=True)
class Total:
    """One forecast of all purchases together, with its interval."""

    name: str
    used: bool
    expected: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Totals:
    """Forecasts of all purchases together beside what happened, on one scale."""

    rows: Sequence[Total]
    actual: float
    say: str

    @property
    def ticks(self) -> list[float]:
        """What is marked on the scale: what happened."""
        return [self.actual]

    @property
    def least(self) -> float:
        """Where the scale begins."""
        return 0.95 * min(self.actual, *(row.low for row in self.rows))

    @property
    def most(self) -> float:
        """Where the scale ends."""
        return 1.05 * max(self.actual, *(row.high for row in self.rows))


def totals(figures: Figures) -> Totals | None:
    """Return the totals that the card has with intervals; the one used first."""
    data = figures.get("holdout") or {}
    chosen, models = data.get("chosen"), data.get("models") or []
    rows = []
    for row in models:
        used = row["name"] == chosen
        interval = row.get("total_interval") or (data.get("total_interval") if used else None)
        if interval and known(row.get("total_expected")):
            rows.append(Total(words(row["name"])[current_lang()], used, row["total_expected"], *interval))
    mine = next((row for row in rows if row.used), None)
    if mine is None:
        return None
    actual = float(next(row for row in models if row["name"] == chosen)["total_actual"])
    inside = _("{a} purchases in all, {e} expected: inside the interval of {low} to {high}.")
    outside = _(
        "{a} purchases in all, {e} expected: outside the interval of {low} to {high}. Habits changed, or something "
        "happened that the model does not know; totals of the future are less certain than they look."
    )
    said = (inside if mine.low <= actual <= mine.high else outside).format(
        a=integer(actual), e=integer(mine.expected), low=integer(mine.low), high=integer(mine.high)
    )
    return Totals(sorted(rows, key=lambda row: not row.used), actual, said)
