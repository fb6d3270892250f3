"""The card: what every model and every naive rule would have said on the last origin, beside what happened."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from regulars.errors import NotEnoughData
from regulars.measure.lifetime.grouped import Grouped
from regulars.measure.lifetime.grouped_law import AnyLaw
from regulars.prove.baselines import BASELINES, baseline
from regulars.prove.bootstrap import Difference, rmse_differences
from regulars.prove.candidates import YARDSTICK, Fits, Fitted, competing, fit_candidate, plain_name
from regulars.prove.challenger import Challenge, Tried, try_challenger
from regulars.prove.forecast import Forecast
from regulars.prove.grouping import standard_error
from regulars.prove.judged import LEVEL, SEED, by_repeats, deciles, judged, measures
from regulars.prove.members import Members
from regulars.prove.origins import Cells, Origin, read_cells
from regulars.prove.selection import enough
from regulars.prove.tracking import Track, track
from regulars.words import T

DRAWS = 100
GAINED = T(
    zh="最后一个起点没有参与选择：在那里，分组让每位客户的平均对数概率变了 {gain:+.4f}（标准误 {error:.4f}）。",
    en="On the last origin, which had no part in the choice, groups changed the mean log probability a customer by "
    "{gain:+.4f} (standard error {error:.4f}).",
)

LOST = T(
    zh="留出期里，简单的办法“{rule}”比模型预测得准（均方根误差 {best:.2f}，模型 {mine:.2f}）：这里不要太信模型。",
    en="In the hold-out a naive rule, {rule}, came closer than the model (RMSE {best:.2f} against {mine:.2f}): do not "
    "trust the model much here.",
)


@dataclass(frozen=True)
class Card:
    """The last origin: models and naive rules beside each other, and how well the chosen model knows its own error.

    `table` has one row a model, naive rule and challenger, `judged` the calibration of the chosen model, `gap` its
    RMSE less the yardstick's, `grouped` the model by groups as fitted here, where groups were tried, and
    `by_groups` what it gained over the same model for everyone.
    """

    origin: Origin
    cells: Cells
    chosen: Fitted
    forecast: Forecast
    table: list[dict[str, Any]]
    judged: dict[str, Any]
    gap: Difference | None
    track: Track
    challenger: Tried | T | None = None
    grouped: Grouped | None = None
    by_groups: dict[str, Any] | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return the card as the report and ``backtest.json`` carry it."""
        return dict(self._figures)

    @cached_property
    def _figures(self) -> dict[str, Any]:
        expected = self.forecast.expected
        return {
            "origin": self.origin.origin.isoformat(),
            "until": self.origin.until.isoformat(),
            "horizon_days": self.origin.days,
            "n_customers": self.cells.n,
            "models": self.table,
            "chosen": self.chosen.name,
            "boundary": _words(self.chosen.boundary),
            "level": LEVEL,
            **self.judged,
            "deciles": deciles(expected, self.cells),
            "by_repeats": by_repeats(expected, self.cells),
            "lost_to": _words(self.lost_to),
            "against": _words(self.against),
            **({} if self.by_groups is None else {"by_groups": self.by_groups}),
            "challenger": _words(self.challenger.said if isinstance(self.challenger, Tried) else self.challenger),
        }

    @property
    def lost_to(self) -> T | None:
        """Which naive rule came closer than the chosen model (RMSE), in words; None where none did."""
        by_key = {row["key"]: row for row in self.table}
        mine, best = by_key[self.chosen.name], min((by_key[key] for key in BASELINES), key=lambda row: row["rmse"])
        if mine["rmse"] <= best["rmse"]:
            return None
        return LOST.format(rule=BASELINES[best["key"]], best=best["rmse"], mine=mine["rmse"])

    @property
    def against(self) -> T | None:
        """Whether the chosen model came closer than the yardstick, in words; None where it is the yardstick."""
        return None if self.gap is None else self.gap.said(T(zh=f"{self.chosen.name} ", en=self.chosen.name), YARDSTICK)

    def tracking(self) -> dict[str, Any]:
        """Return cumulative repeat purchases by week, actual and by the chosen model, as the report carries them."""
        t = self.track
        model = t.expected(self.chosen.model.expected_purchases_new)
        return {
            "start": t.start.isoformat(),
            "weeks": [float(day) / 7 for day in t.days],
            "actual": [float(v) for v in t.actual],
            "model": [float(v) for v in model],
            "split_week": (t.origin - t.start).days / 7,
        }


@dataclass(frozen=True)
class Seen:
    """What the card is reckoned from: the customers known at the origin and what they did until its end."""

    origin: Origin
    cells: Cells
    sample: Cells
    track: Track


def see(
    occasions: Any,
    origin: Origin,
    *,
    sample: Any = None,
    firsts: Any = None,
    cells: Cells | None = None,
    members: Members | None = None,
) -> Seen:
    """Read what the card needs; nothing after this reads a table.

    `firsts` has `customer_id, first_purchase`, one row a customer, and `cells` are those of the origin, where they are
    at hand; `members` says of which group customers are, where groups are told apart.

    Raises
    ------
    NotEnoughData
        When the origin knows too few customers or repeat buyers.
    """
    if cells is None:
        cells = read_cells(occasions, origin, members)
    if not enough(cells):
        raise NotEnoughData(_too_few(cells, origin))
    fit_cells = cells if sample is None or sample is occasions else read_cells(sample, origin, members)
    return Seen(origin, cells, fit_cells, track(occasions, origin=origin.origin, until=origin.until, firsts=firsts))


def reckon(
    seen: Seen,
    *,
    chosen: str,
    fit: Fits,
    rivals: Sequence[AnyLaw] = (),
    whole: bool = False,
    challenge: Challenge | T | None = None,
    grouped: str | None = None,
) -> Card:
    """Fit on everything up to the origin, forecast to its end, compare.

    The chosen model is fitted on all customers. The others, there for comparison, are fitted on the sample where there
    is one, and the row says so; every row is scored on all customers, and RMSE compared on those of the sample.

    Parameters
    ----------
    rivals
        The models that the earlier origins cannot tell apart, the chosen one first: they widen the total's interval.
    whole
        Fit every model on all customers and judge its whole distribution as that of the chosen one.
    challenge
        What a challenger learns from and is tried on, or why there is none.
    grouped
        The candidate by groups, where groups were tried.
    """
    cells = seen.cells
    fitted = fit_candidate(chosen, cells, k=fit.k)
    forecast = Forecast(fitted.law, cells)
    mine = judged(forecast, fitted.draws(DRAWS, seed=SEED), rivals)
    fits, rows = {chosen: fitted}, {chosen: _row(fitted, forecast, cells.n, mine)}
    for name in (*competing(fit.k), *([] if grouped is None else [grouped])):
        if name == chosen:
            continue
        try:
            other = fit_candidate(name, cells, k=fit.k) if whole else fit(name, seen.sample)
        except NotEnoughData:
            continue
        theirs, fits[name] = Forecast(other.law, cells), other
        known = judged(theirs, other.draws(DRAWS, seed=SEED)) if whole else {}
        rows[name] = _row(other, theirs, cells.n if whole else seen.sample.n, known)
    for key, words in BASELINES.items():
        rows[key] = {
            "name": words.as_dict(), "key": key, "kind": "baseline", **measures(baseline(key, cells), cells)
        }  # fmt: skip
    gap = _compare(rows, fits, cells if whole else seen.sample).get(chosen)
    laws = {name: each.law for name, each in fits.items()}
    tried = try_challenger(challenge, chosen, laws) if isinstance(challenge, Challenge) else challenge
    table = [*rows.values(), *([tried.row] if isinstance(tried, Tried) else [])]
    by_groups = fits[grouped].model if grouped in fits else None
    shown = by_groups if isinstance(by_groups, Grouped) else None
    gained = None if grouped is None else _gained(grouped, laws, cells)
    return Card(seen.origin, cells, fitted, forecast, table, mine, gap, seen.track, tried, shown, gained)


def _gained(grouped: str, laws: Mapping[str, AnyLaw], cells: Cells) -> dict[str, Any] | None:
    """Return the gain in mean log probability a customer by groups over the same model for everyone, in figures."""
    plain = plain_name(grouped)
    if not {grouped, plain} <= laws.keys():
        return None
    own, one = (Forecast(laws[name], cells).log_scores for name in (grouped, plain))
    gain, error = float(cells.count @ (own - one) / cells.n), standard_error(own - one, cells.count)
    return {"gain": gain, "standard_error": error, "text": GAINED.format(gain=gain, error=error).as_dict()}


def _row(fitted: Fitted, forecast: Forecast, fitted_on: int, known: dict[str, Any]) -> dict[str, Any]:
    return {
        "name": fitted.name,
        "key": fitted.name,
        "kind": "model",
        "fitted_on": fitted_on,
        "boundary": _words(fitted.boundary),
        **measures(forecast.expected, forecast.cells),
        **known,
    }


def _compare(rows: dict[str, dict[str, Any]], fits: dict[str, Fitted], cells: Cells) -> dict[str, Difference]:
    """Add to each row its RMSE less the yardstick's, with the interval, as the customers of `cells` have it."""
    expected = {name: Forecast(each.law, cells).expected for name, each in fits.items()}
    expected |= {key: baseline(key, cells) for key in BASELINES}
    found: dict[str, Difference] = {}
    if YARDSTICK in expected:
        found = rmse_differences(expected, cells.actual, cells.count, against=YARDSTICK, seed=SEED, level=LEVEL)
    for key, row in rows.items():
        row["rmse_against"] = found[key].as_dict(YARDSTICK, cells.n) if key in found else None
    return found


def holdout_card(occasions: Any, origin: Origin, *, chosen: str, sample: Any = None) -> Card:
    """Return the card of one origin: `see`, then `reckon`."""
    return reckon(see(occasions, origin, sample=sample), chosen=chosen, fit=Fits())


def _too_few(cells: Cells, origin: Origin) -> T:
    return T(
        zh="{day} 时只有 {n} 位客户、{r} 位复购客户，不够检验预测。",
        en="On {day} there were {n} customers, {r} of them repeat buyers: too few to test a forecast.",
    ).format(day=origin.origin.isoformat(), n=cells.n, r=cells.repeaters)


def _words(words: T | None) -> dict[str, str] | None:
    return None if words is None else words.as_dict()
