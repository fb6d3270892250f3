"""How often customers will buy, whether they still do, and what they spend: the lifetime models.

`BetaGeoNBD`, `ModifiedBetaGeoNBD` and `ParetoNBD` read x (repeat purchases), t_x (time of the last one) and T (age),
`BetaGeoCNBD` and `ModifiedBetaGeoCNBD` the same of regular buyers, `GammaGamma` the mean spend of repeat occasions,
`NormalNormal` the mean profit of occasions; `NBD` is the baseline without dropout. In discrete time
`BetaGeoBetaBinomial` reads x, t_x and n (opportunities); for contracts, `ShiftedBetaGeometric` and
`BetaDiscreteWeibull` read the periods renewed, `RenewalHazard` features too, and `kaplan_meier` counts without a model.
`kind_of_purchases` tells which of these worlds purchases come from. Beneath the estimators lie pure functions of NumPy
arrays: `bg`, `pareto`, `spend`.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from regulars.measure.lifetime.bgbb import BetaGeoBetaBinomial
    from regulars.measure.lifetime.contract import BetaDiscreteWeibull, ShiftedBetaGeometric
    from regulars.measure.lifetime.gamma_gamma import GammaGamma
    from regulars.measure.lifetime.groups import Group, Pooled, pooled
    from regulars.measure.lifetime.hazard import RenewalHazard
    from regulars.measure.lifetime.kind import Kind, kind_of_purchases
    from regulars.measure.lifetime.law import GivenAlive
    from regulars.measure.lifetime.model import LifetimeModel
    from regulars.measure.lifetime.nbd import NBD
    from regulars.measure.lifetime.normal_normal import NormalNormal
    from regulars.measure.lifetime.purchases import BetaGeoNBD, ModifiedBetaGeoNBD, ParetoNBD
    from regulars.measure.lifetime.regression import Coefficient, LifetimeRegression
    from regulars.measure.lifetime.regular import BetaGeoCNBD, ModifiedBetaGeoCNBD
    from regulars.measure.lifetime.spend import Spend
    from regulars.measure.lifetime.survival import Curve, kaplan_meier
    from regulars.measure.lifetime.totals import Total

__all__ = [
    "NBD",
    "BetaDiscreteWeibull",
    "BetaGeoBetaBinomial",
    "BetaGeoCNBD",
    "BetaGeoNBD",
    "Coefficient",
    "Curve",
    "GammaGamma",
    "GivenAlive",
    "Group",
    "Kind",
    "LifetimeModel",
    "LifetimeRegression",
    "ModifiedBetaGeoCNBD",
    "ModifiedBetaGeoNBD",
    "NormalNormal",
    "ParetoNBD",
    "Pooled",
    "RenewalHazard",
    "ShiftedBetaGeometric",
    "Spend",
    "Total",
    "kaplan_meier",
    "kind_of_purchases",
    "pooled",
]

_IN = {
    "GammaGamma": "gamma_gamma", "GivenAlive": "law", "LifetimeModel": "model", "NBD": "nbd", "Spend": "spend",
    "BetaGeoNBD": "purchases", "ModifiedBetaGeoNBD": "purchases", "ParetoNBD": "purchases", "Total": "totals",
    "NormalNormal": "normal_normal", "BetaGeoCNBD": "regular", "ModifiedBetaGeoCNBD": "regular",
    "BetaGeoBetaBinomial": "bgbb", "BetaDiscreteWeibull": "contract", "ShiftedBetaGeometric": "contract",
    "RenewalHazard": "hazard", "Curve": "survival", "kaplan_meier": "survival",
    "Kind": "kind", "kind_of_purchases": "kind",
    "Group": "groups", "Pooled": "groups", "pooled": "groups",
    "Coefficient": "regression", "LifetimeRegression": "regression",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    """Import a model when it is asked for: who only words what one has found starts without SciPy."""
    if name not in _IN:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_IN[name]}"), name)
