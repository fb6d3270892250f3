"""The models of a valuation, read back from its card: what scores and pages reckon with, without a refit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from regulars.errors import InputError, RegularsError
from regulars.measure.lifetime import GammaGamma, LifetimeModel, NormalNormal
from regulars.measure.margin import Margins
from regulars.periods import discount_per_unit, unit_days
from regulars.prove.candidates import CANDIDATES
from regulars.prove.spending import GAMMA_GAMMA, NORMAL_NORMAL
from regulars.valuation.worth import Worth, worth_of
from regulars.words import T

SPEND_MODELS: dict[str, type[GammaGamma] | type[NormalNormal]] = {
    GAMMA_GAMMA: GammaGamma,
    NORMAL_NORMAL: NormalNormal,
}
UNREADABLE = KeyError, TypeError, ValueError
"""What a card of another version raises where it is read."""
REFIT = T(zh="重新估计一次，不用以前的参数。", en="Fit again instead of taking earlier parameters.")


@dataclass(frozen=True)
class Stored:
    """What a card keeps of its forecast.

    `horizon` and `delta` (the discount rate) are in the model's unit.
    """

    name: str
    model: LifetimeModel
    worth: Worth
    horizon: float
    delta: float

    @property
    def days(self) -> float:
        """Days in the model's unit."""
        return unit_days(self.model.unit)


def read(card: Mapping[str, Any]) -> Stored:
    """Return the models of a card, as they were fitted.

    Raises
    ------
    InputError
        Where it has no model that this version knows, or not these parameters.
    KeyError, TypeError, ValueError
        Where another version wrote it.
    """
    said, run = card["model"], card["run"]
    if said["name"] not in CANDIDATES:
        raise InputError(
            T(zh="那次估值没有可以沿用的模型", en="that valuation has no model to go on with"), remedy=REFIT
        )
    model = CANDIDATES[said["name"]].from_kept(said)
    spend = SPEND_MODELS[said["spend"]["name"]].from_kept(said["spend"])
    rate = said["margin_rate"]
    return Stored(
        said["name"],
        model,
        worth_of(spend, None if rate is None else Margins(rate, said["margin_purchase"])),
        run["horizon_days"] / unit_days(model.unit),
        discount_per_unit(run["discount_rate"], model.unit),
    )


def stored(card: Mapping[str, Any]) -> Stored | None:
    """Return the models of a card; None where it has none, or one that this version does not know."""
    try:
        return read(card)
    except (*UNREADABLE, RegularsError):
        return None
