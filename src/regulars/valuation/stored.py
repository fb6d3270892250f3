"""The models of a valuation, read back from its card: what scores and pages reckon with, without a refit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

from regulars.errors import InputError, RegularsError
from regulars.measure.lifetime import GammaGamma, LifetimeModel, NormalNormal
from regulars.measure.lifetime.grouped import Grouped
from regulars.measure.lifetime.intervals import WithIntervals
from regulars.measure.margin import Margins
from regulars.periods import discount_per_unit, unit_days
from regulars.prove.candidates import CANDIDATES, AnyModel, plain_name
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
    model: AnyModel
    worth: Worth
    horizon: float
    delta: float

    @property
    def common(self) -> LifetimeModel:
        """The model, where it is one for everyone: see `stored`."""
        assert isinstance(self.model, LifetimeModel)
        return self.model

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
    if plain_name(said["name"] or "") not in CANDIDATES:
        raise InputError(
            T(zh="那次估值没有可以沿用的模型", en="that valuation has no model to go on with"), remedy=REFIT
        )
    model = _model(said)
    spend = SPEND_MODELS[said["spend"]["name"]].from_kept(said["spend"])
    rate = said["margin_rate"]
    return Stored(
        said["name"],
        model,
        worth_of(spend, None if rate is None else Margins(rate, said["margin_purchase"])),
        run["horizon_days"] / unit_days(model.unit),
        discount_per_unit(run["discount_rate"], model.unit),
    )


def _model(said: Mapping[str, Any]) -> AnyModel:
    kind = CANDIDATES[plain_name(said["name"])]
    if "groups" in said:
        return Grouped.from_kept(cast(type[WithIntervals], kind), said)
    return kind.from_kept(dict(said))


def stored(card: Mapping[str, Any]) -> Stored | None:
    """Return the models of a card; None where it has none for everyone, or one that this version does not know."""
    try:
        found = read(card)
        return found if isinstance(found.model, LifetimeModel) else None
    except (*UNREADABLE, RegularsError):
        return None
