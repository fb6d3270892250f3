"""What a valuation is asked for."""

from __future__ import annotations

from dataclasses import dataclass

from regulars.measure.margin import Margin


@dataclass(frozen=True, slots=True)
class Settings:
    """The choices that a valuation rests on; all of them stand in the model card.

    Parameters
    ----------
    horizon_days
        How far ahead future value looks, in days.
    discount_rate
        Effective annual rate.
    margin
        Share of revenue that is left after product cost, where lines carry no cost; None: unknown, never assumed.
    threshold
        Quantile of the matrix' two lines.
    level
        Probability that the intervals hold.
    seed
        Of everything random: broken ties, drawn parameters.
    by
        Column of the order lines by whose groups, such as stores, the lifetime model may have parameters of their own:
        one more candidate. None: no groups.
    """

    horizon_days: int = 364
    discount_rate: float = 0.1
    margin: Margin | None = None
    threshold: float = 0.8
    level: float = 0.9
    seed: int = 20260630
    by: str | None = None

    @property
    def horizon_weeks(self) -> float:
        """The horizon in weeks, the unit the models are fitted in."""
        return self.horizon_days / 7
