"""How often customers will buy, whether they still do, and what they spend: the lifetime models.

`BetaGeoNBD`, `ModifiedBetaGeoNBD` and `ParetoNBD` read x (repeat purchases), t_x (time of the last one) and T (age),
`GammaGamma` the mean spend of repeat occasions; `NBD` is the baseline without dropout. Beneath the estimators lie
pure functions of NumPy arrays: `bg`, `pareto`, `spend`.
"""

from regulars.measure.lifetime.gamma_gamma import GammaGamma
from regulars.measure.lifetime.model import GivenAlive, LifetimeModel
from regulars.measure.lifetime.nbd import NBD
from regulars.measure.lifetime.purchases import BetaGeoNBD, ModifiedBetaGeoNBD, ParetoNBD
from regulars.measure.lifetime.spend import Spend
from regulars.measure.lifetime.totals import Total

__all__ = [
    "NBD",
    "BetaGeoNBD",
    "GammaGamma",
    "GivenAlive",
    "LifetimeModel",
    "ModifiedBetaGeoNBD",
    "ParetoNBD",
    "Spend",
    "Total",
]
