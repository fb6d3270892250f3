"""Whether a fitted model still says what happens: new orders update scores by themselves, a refit waits for its day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from regulars.measure.lifetime.grouped_law import AnyLaw
from regulars.prove import accuracy
from regulars.prove.forecast import Forecast
from regulars.prove.origins import Cells
from regulars.prove.totals import total_interval
from regulars.words import T

OLDEST_DAYS = 91
"""A fit older than a quarter is due whatever it still says: customers who came since have no part in it."""
LEVEL = 0.99
"""Level of the total's interval: wide, since it is held against the facts day after day."""
MATTERS = 0.05
"""A total within 5 % of the forecast, or a PIT no more than 0.05 further from uniform than on the card, is let be."""
BY_CHANCE = 0.001
"""A PIT that lies that far from uniform by chance more often than this tells nothing."""
FEWEST = 30
"""With fewer purchases expected and made since, neither total nor PIT tells anything."""


@dataclass(frozen=True, slots=True)
class Refit:
    """Whether a refit is due, why in words, and what that rests on.

    `expected` with `low` and `high` are the purchases that the fit expected since it was made, `actual` those that
    were made, by the customers it knew; `pit_distance` is how far their PIT lies from uniform, None where there is too
    little to tell.
    """

    due: bool
    reason: T
    days: int
    expected: float
    low: float
    high: float
    actual: float
    pit_distance: float | None

    def as_dict(self) -> dict[str, Any]:
        """Return the verdict as JSON carries it."""
        return {
            "due": self.due,
            "reason": self.reason.as_dict(),
            "days": self.days,
            "expected": self.expected,
            "interval": [self.low, self.high],
            "actual": self.actual,
            "pit_distance": self.pit_distance,
        }


TOO_OLD = T(
    zh="模型是 {days} 天前估计的，超过 {oldest} 天", en="the model was fitted {days} days ago, more than {oldest}"
)
TOTAL_OFF = T(
    zh="{days} 天里已有客户实际购买 {actual:,.0f} 次，模型预计 {expected:,.0f} 次（{low:,.0f} – {high:,.0f}）",
    en="in {days} days the customers it knew bought {actual:,.0f} times; it expected {expected:,.0f} ({low:,.0f} – "
    "{high:,.0f})",
)
PIT_OFF = T(
    zh="各位客户的购买次数不再符合预测的分布（PIT 离均匀分布 {distance:.2f}，检验时为 {before:.2f}）",
    en="customers' purchases no longer follow the forecast distributions (PIT {distance:.2f} from uniform, on the card "
    "{before:.2f})",
)
DUE = T(zh="该重新估计模型了：{why}。", en="A refit is due: {why}.")
HOLDS = T(
    zh="模型仍然成立：{days} 天里预计 {expected:,.0f} 次（{low:,.0f} – {high:,.0f}），实际 {actual:,.0f} 次。",
    en="The model holds: {days} days, {expected:,.0f} purchases expected ({low:,.0f} – {high:,.0f}), {actual:,.0f} "
    "made.",
)
TOO_SOON = T(
    zh="模型是 {days} 天前估的，此后的购买太少，还看不出它是否仍然成立。",
    en="The model was fitted {days} days ago; too little was bought since to tell whether it holds.",
)


def refit_due(
    law: AnyLaw,
    since: Cells,
    *,
    draws: Sequence[AnyLaw] = (),
    card_distance: float = 0.0,
    oldest_days: int = OLDEST_DAYS,
) -> Refit:
    """Hold what a fitted model expected against what happened since, and say whether to fit again.

    Parameters
    ----------
    law
        The model as it was fitted, `model.law`.
    since
        The customers known on the day of the fit, their histories up to it and their purchases after it:
        ``read_cells(occasions, Origin(day_of_the_fit, today))``; those of a hashed sample tell the same.
    draws
        The model at draws of its parameters; none count the parameters as known.
    card_distance
        How far from uniform the PIT was on the card of that fit (`accuracy.histogram_distance` of its `pit`): what was
        off from the start, no refit mends.
    oldest_days
        A fit older than this is due in any case.

    Notes
    -----
    Looked at every week for a quarter it calls for a refit in about three of a hundred bases where nothing changes:
    `make calibrate` measures that, and what it takes to be seen (docs/calibration.md). The PIT is not randomised here:
    the random numbers alone would decide in small bases.
    """
    if since.days == 0 or since.n == 0:
        return Refit(False, TOO_SOON.format(days=since.days), since.days, 0.0, 0.0, 0.0, 0.0, None)
    forecast = Forecast(law, since)
    total, actual = total_interval(forecast, draws, level=LEVEL), float(since.count @ since.actual)
    figures = {"days": since.days, "expected": total.value, "low": total.low, "high": total.high, "actual": actual}
    why, distance = [], None
    if since.days > oldest_days:
        why.append(TOO_OLD.format(days=since.days, oldest=oldest_days))
    tells = max(total.value, actual) >= FEWEST
    if tells:
        missed = not total.low <= actual <= total.high
        if missed and abs(actual - total.value) > MATTERS * total.value:
            why.append(TOTAL_OFF.format(**figures))
        distance = accuracy.histogram_distance(accuracy.pit_histogram(*forecast.pit_bounds, since.count))
        if distance - card_distance > MATTERS and accuracy.by_chance(distance, since.n) < BY_CHANCE:
            why.append(PIT_OFF.format(distance=distance, before=card_distance))
    reason = DUE.format(why=_joined(why)) if why else (HOLDS if tells else TOO_SOON).format(**figures)
    return Refit(bool(why), reason, since.days, total.value, total.low, total.high, actual, distance)


def _joined(why: Sequence[T]) -> T:
    return T(zh="；".join(w.zh for w in why), en="; ".join(w.en for w in why))
