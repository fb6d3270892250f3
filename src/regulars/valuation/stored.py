"""The models of a valuation, read back from its card: what pages reckon with, without a refit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from regulars.errors import RegularsError
from regulars.measure.lifetime import GammaGamma, LifetimeModel, Spend
from regulars.periods import discount_per_unit, unit_days
from regulars.prove.candidates import CANDIDATES


@dataclass(frozen=True)
class Stored:
    """What a card keeps of its forecast.

    `horizon` and `delta` (the discount rate) are in the model's unit; `margin_rate` is None where values are revenue.
    """

    name: str
    model: LifetimeModel
    spend: Spend
    horizon: float
    delta: float
    margin_rate: float | None

    @property
    def days(self) -> float:
        """Days in the model's unit."""
        return unit_days(self.model.unit)


def stored(card: Mapping[str, Any]) -> Stored | None:
    """Return the models of a card; None where it has none, or one that this version does not know."""
    said, run = card.get("model") or {}, card.get("run") or {}
    kind, spend = CANDIDATES.get(said.get("name") or ""), (said.get("spend") or {}).get("parameters")
    if kind is None or not spend:
        return None
    try:
        model = kind.from_params(unit=said["unit"], **said["parameters"])
        spending = GammaGamma.from_params(**spend)
        delta = discount_per_unit(run["discount_rate"], model.unit)
    except (KeyError, TypeError, RegularsError):
        return None
    horizon = run["horizon_days"] / unit_days(model.unit)
    parameters = Spend(spending.p_, spending.q_, spending.v_)
    return Stored(said["name"], model, parameters, horizon, delta, said.get("margin_rate"))
