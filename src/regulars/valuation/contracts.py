"""One dated run over contracts: who renews, who may leave next, and what those who run are still worth."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass

import numpy as np

from regulars.errors import InputError, NotEnoughData
from regulars.ingest.contract_columns import said_length
from regulars.ingest.contracts import ContractRows
from regulars.measure.contracts import Outlook, Period, Relationships, Worth, worth
from regulars.measure.contracts.relationships import LEFT
from regulars.measure.lifetime.contract import ContractModel
from regulars.measure.lifetime.hazard import Features, RenewalHazard
from regulars.measure.lifetime.quadrature import Floats
from regulars.measure.lifetime.survival import Curve, kaplan_meier
from regulars.prove.renewals import Renewals, Told, choose_renewal_model, features_tell
from regulars.words import T

Step = Callable[[T], None]
STEPS = {
    "model": T(zh="拟合、检验续约模型", en="fitting and testing models of renewals"),
    "features": T(zh="检验特征", en="testing features"),
    "value": T(zh="算将来的续约和价值", en="renewals and value to come"),
}
DRAWS, SOME = 100, 2_000
Z90 = 1.6448536269514722


@dataclass(frozen=True, slots=True)
class ContractSettings:
    """Horizon, effective annual discount rate, margin rate (None: values are revenue), level of intervals, seed."""

    horizon: Period = Period(months=12)  # noqa: RUF009 - frozen
    discount_rate: float = 0.1
    margin: float | None = None
    level: float = 0.9
    seed: int = 1


@dataclass(frozen=True, slots=True)
class Total:
    """What all running contracts are expected to bring, with its 90 % interval: chance and parameters together."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class ContractValuation:
    """What one run found.

    Parameters
    ----------
    running
        Positions of the customers whose contracts run, among `relationships.customer`.
    outlook, worth
        Of these; None where the data carry no model, and `not_enough` says why.
    told
        What the features asked for add; None where none were or too few customers left to test them.
    featured
        The model with features, where they are used.
    """

    rows: ContractRows
    relationships: Relationships
    settings: ContractSettings
    curve: Curve
    running: np.ndarray
    renewals: Renewals | None
    told: Told | None
    featured: RenewalHazard | None
    outlook: Outlook | None
    worth: Worth | None
    totals: dict[str, Total]
    not_enough: T | None

    @property
    def basis(self) -> str | None:
        """What values are counted in: "gross_profit", "revenue", or None where there are no amounts."""
        if "amount" not in self.rows.columns:
            return None
        return "revenue" if self.settings.margin is None else "gross_profit"


def value_contracts(
    rows: ContractRows,
    relationships: Relationships,
    settings: ContractSettings | None = None,
    *,
    step: Step = lambda _: None,
) -> ContractValuation:
    """Value every customer whose contract runs.

    Parameters
    ----------
    rows, relationships
        What was read, and what `from_dates` or `from_tenure` made of it.
    step
        Called with each step's name as it begins.

    Raises
    ------
    InputError
        Where the amounts' unit of time is not the period's, and for a feature that is the same for everybody.

    Notes
    -----
    Features are used where, on customers held out, they add more than one standard error to the log probability; then
    each customer's chances come from the logistic hazard, else from sBG or BdW.
    """
    settings = settings or ContractSettings()
    refuse_other_unit(rows, relationships.period)
    histories = relationships.histories()
    entered, periods, ended = histories
    curve = kaplan_meier(periods, ended, np.ones(len(periods), dtype=np.int64), entered)
    running = np.flatnonzero(relationships.state != LEFT)
    try:
        step(STEPS["model"])
        renewals = choose_renewal_model(*histories)
        told, featured = None, None
        if rows.features:
            step(STEPS["features"])
            with suppress(NotEnoughData):  # then they are not used, and `told` is None
                told, featured = _with_features(rows, relationships)
    except NotEnoughData as error:
        return ContractValuation(
            rows, relationships, settings, curve, running, None, None, None, None, None, {}, error.why
        )
    step(STEPS["value"])
    to_come = _ToCome.of(rows, relationships, settings, running)
    source = renewals.model if featured is None else featured
    outlook = to_come.outlook(source)
    found = to_come.worth(outlook)
    return ContractValuation(
        rows, relationships, settings, curve, running, renewals, told, featured, outlook, found,
        to_come.totals(source, found), None,
    )  # fmt: skip


def refuse_other_unit(rows: ContractRows, period: Period) -> None:
    """Refuse amounts or tenures whose column names another unit of time than the period.

    Raises
    ------
    InputError
        Naming the column and both units.
    """
    for canonical in ("amount", "tenure"):
        unit = said_length(rows.mapping[canonical]) if canonical in rows.mapping else None
        if unit is not None and Period.read(unit) != period:
            raise InputError(
                T(
                    zh="单位不一致：“{c}”按 {unit} 计，一期是 {period}",
                    en="units are mixed: '{c}' counts by {unit}, a period is {period}",
                ).format(c=rows.mapping[canonical], unit=Period.read(unit).name, period=period.name),
                where=rows.source,
                remedy=T(
                    zh="换成同一单位，或给列改名、改 --period。",
                    en="Use one unit: convert it, rename it, or say --period.",
                ),
            )


def _with_features(rows: ContractRows, r: Relationships) -> tuple[Told, RenewalHazard | None]:
    features = {name: column[r.row] for name, column in rows.features.items()}
    told = features_tell(r.entered, r.periods, r.ended, r.of, features)
    return told, RenewalHazard().fit(r.entered, r.periods, r.ended, features) if told.useful else None


@dataclass(frozen=True)
class _ToCome:
    """The renewals that can come up of running contracts, when, and for how much."""

    settings: ContractSettings
    discount: float
    renewed: Floats
    wait: Floats
    within: np.ndarray
    amount: Floats
    features: Features

    @classmethod
    def of(cls, rows: ContractRows, r: Relationships, settings: ContractSettings, running: np.ndarray) -> _ToCome:
        at = r.latest[running]
        row = r.row[at]
        given = rows.columns["amount"][row] if "amount" in rows.columns else np.full(len(row), None)
        amount = np.array([np.nan if a is None else float(a) for a in given])
        return cls(
            settings,
            float(np.expm1(np.log1p(settings.discount_rate) * r.period.years)),
            r.renewed[running].astype(np.float64),
            *_when(r, settings, running),
            amount * (1.0 if settings.margin is None else settings.margin),
            {name: column[row] for name, column in rows.features.items()},
        )

    def some(self, at: np.ndarray) -> _ToCome:
        """Return some of them."""
        features = {name: column[at] for name, column in self.features.items()}
        return _ToCome(self.settings, self.discount, self.renewed[at], self.wait[at], self.within[at], self.amount[at],
                       features)  # fmt: skip

    def outlook(self, source: ContractModel | RenewalHazard, *, endless: bool = True) -> Outlook:
        """Return the chances of each group, by a model of renewals or one with features; DERL where `endless`."""
        most, d = max(int(self.within.max(initial=0)), 1), self.discount
        n, group = np.unique(self.renewed, return_inverse=True)
        if isinstance(source, RenewalHazard):
            share, group = source.ahead(self.renewed, self.features, most), np.arange(len(self.renewed))
        else:
            share = source.survival_after(n[:, None], np.arange(1.0, most + 1.0)[None, :])
        if not endless or d <= 0:  # without a discount renewals without end have no sum
            return Outlook(share, np.full(len(share), np.nan), group)
        if isinstance(source, RenewalHazard):
            derl = source.expected_renewals(self.renewed, self.features, discount=d, due_now=True)
        else:
            derl = source.expected_renewals(n, discount=d, due_now=True)
        return Outlook(share, derl, group)

    def worth(self, outlook: Outlook) -> Worth:
        """Return renewals and money to come."""
        return worth(
            outlook, amount=self.amount, wait=self.wait, within=self.within, discount=self.discount,
            level=self.settings.level,
        )  # fmt: skip

    def totals(self, source: ContractModel | RenewalHazard, found: Worth) -> dict[str, Total]:
        """Return totals; the parameters' part comes from draws, on every so many customers."""
        at = np.arange(0, len(self.renewed), max(len(self.renewed) // SOME, 1))
        part, rng = self.some(at), np.random.default_rng(self.settings.seed)
        drawn = [part.worth(part.outlook(source.drawn(rng), endless=False)) for _ in range(DRAWS if len(at) else 0)]
        each = {"renewals": (found.renewals, found.spread), "value": (found.value, found.variance)}
        return {
            name: _total(mean, variance, at, [float(np.nansum(getattr(one, name))) for one in drawn])
            for name, (mean, variance) in each.items()
        }


def _total(each: Floats, variance: Floats, at: np.ndarray, drawn: list[float]) -> Total:
    value, some = float(np.nansum(each)), float(np.nansum(each[at]))
    parameter = float(np.std(drawn, ddof=1)) * value / some if drawn and some > 0 else 0.0
    half = Z90 * float(np.sqrt(np.nansum(variance) + parameter**2))
    return Total(value, max(value - half, 0.0), value + half)


def _when(r: Relationships, settings: ContractSettings, running: np.ndarray) -> tuple[Floats, np.ndarray]:
    """Return how many periods ahead the next renewal lies, and how many can come up within the horizon."""
    if r.due is None:
        n = int(settings.horizon.years / r.period.years + 1e-9)
        return np.ones(len(running)), np.full(len(running), n, dtype=np.int64)
    due, now = r.due[running], np.datetime64(str(r.as_of), "D")
    length = (due - r.period.after(due, -1)).astype(np.float64)
    wait = np.clip((due - now).astype(np.float64) / length, 0.0, None)
    end = settings.horizon.after(now, 1)
    return wait, np.where(due <= end, r.period.passed(due, end) + 1, 0)
