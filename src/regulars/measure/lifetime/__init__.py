"""How often customers will buy, whether they still do, and what they spend: the lifetime models.

`BetaGeoNBD`, `ModifiedBetaGeoNBD` and `ParetoNBD` read x (repeat purchases), t_x (time of the last one) and T (age),
`GammaGamma` the mean spend of repeat occasions; `NBD` is the baseline without dropout. In discrete time
`BetaGeoBetaBinomial` reads x, t_x and n (opportunities); for contracts, `ShiftedBetaGeometric` and
`BetaDiscreteWeibull` read the periods renewed. Beneath the estimators lie
pure functions of NumPy arrays: `bg`, `pareto`, `spend`.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from regulars.measure.lifetime.bgbb import BetaGeoBetaBinomial
    from regulars.measure.lifetime.contract import BetaDiscreteWeibull, ShiftedBetaGeometric
    from regulars.measure.lifetime.gamma_gamma import GammaGamma
    from regulars.measure.lifetime.model import GivenAlive, LifetimeModel
    from regulars.measure.lifetime.nbd import NBD
    from regulars.measure.lifetime.purchases import BetaGeoNBD, ModifiedBetaGeoNBD, ParetoNBD
    from regulars.measure.lifetime.spend import Spend
    from regulars.measure.lifetime.totals import Total

__all__ = [
    "NBD",
    "BetaDiscreteWeibull",
    "BetaGeoBetaBinomial",
    "BetaGeoNBD",
    "GammaGamma",
    "GivenAlive",
    "LifetimeModel",
    "ModifiedBetaGeoNBD",
    "ParetoNBD",
    "ShiftedBetaGeometric",
    "Spend",
    "Total",
]

_IN = {
    "GammaGamma": "gamma_gamma", "GivenAlive": "model", "LifetimeModel": "model", "NBD": "nbd", "Spend": "spend",
    "BetaGeoNBD": "purchases", "ModifiedBetaGeoNBD": "purchases", "ParetoNBD": "purchases", "Total": "totals",
    "BetaGeoBetaBinomial": "bgbb", "BetaDiscreteWeibull": "contract", "ShiftedBetaGeometric": "contract",
}  # fmt: skip


def __getattr__(name: str) -> Any:
    """Import a model when it is asked for: who only words what one has found starts without SciPy."""
    if name not in _IN:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_IN[name]}"), name)
