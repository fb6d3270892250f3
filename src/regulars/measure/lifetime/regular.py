"""The estimators of repeat purchases of regular buyers."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, ClassVar, Self

import numpy as np
import numpy.typing as npt

from regulars.errors import InputError
from regulars.measure.lifetime import bg, erlang
from regulars.measure.lifetime.model import SUBSET, LifetimeModel
from regulars.measure.lifetime.optimum import Coordinates, Objective
from regulars.measure.lifetime.purchases import BetaGeoNBD, ModifiedBetaGeoNBD
from regulars.measure.lifetime.triples import Triples, collect
from regulars.words import T as Words

MOST = 12
"""The largest k that is tried; gaps that vary by less than 29 % count as clockwork."""
WHOLE = Words(zh="{m} 的 k 要是 1 到 {most} 的整数，不能是 {k}", en="{m} takes a whole k from 1 to {most}, not {k}")


class ModifiedBetaGeoCNBD(ModifiedBetaGeoNBD):
    """MBG/CNBD-k: repeat purchases of regular buyers, who may leave after any purchase, the first one included.

    As the MBG/NBD, but with Erlang-k gaps: between two purchases lie k stages, passed at the rate λ ~ Gamma(r, α), so
    that gaps have the mean k / λ and vary by 1/√k of it instead of all of it. A silence then says more, and sooner.
    k is one for all customers; k = 1 is the MBG/NBD. Not for contracts, nor for seasonal buying.

    Parameters
    ----------
    k
        The regularity, 1 … 12; None to choose it by maximum likelihood: from the gaps where the summary has
        `log_gaps`, else from x and t_x alone, which tell less.

    Attributes
    ----------
    k_
        The regularity in use.
    log_likelihood_
        That of all times of purchase (or of x and t_x alone) but for a factor that is the same for every k and 1 for
        k = 1: comparable between k and with the MBG/NBD's. Where k was given and the summary has no `log_gaps`, that
        of x and t_x.
    tried_
        The log-likelihood of each k that was tried; empty where k was given.

    Notes
    -----
    Nothing is approximated but by quadrature: expectations to nine figures within horizons of ten times a customer's
    age, discounted ones and DERT to 2e-5. BTYDplus takes the BG/NBD's expectation at k times α, scaled to the base's
    total, and so ignores how far the present gap has come.

    References
    ----------
    Platzer & Reutterer (2016), Ticking away the moments: timing regularity helps to better predict customer activity.
    Reutterer, Platzer & Schröder (2021), Leveraging purchase regularity for predicting customer behavior the easy way.

    Examples
    --------
    >>> model = ModifiedBetaGeoCNBD.from_params(k=3, r=0.525, alpha=6.183, a=0.891, b=1.614)
    >>> [round(float(model.probability_alive_at(4, 30, T)[0]), 3) for T in (32, 40, 60)]
    [0.858, 0.695, 0.073]
    """

    memoryless: ClassVar[bool] = False

    k_: int
    tried_: dict[int, float]

    def __init__(self, *, unit: str = "week", k: float | None = None) -> None:
        super().__init__(unit=unit)
        if k is not None and (k != int(k) or not 1 <= k <= MOST):
            raise InputError(WHOLE.format(m=type(self).__name__, most=MOST, k=k))
        self.k = None if k is None else int(k)
        self.tried_ = {}
        if self.k is not None:
            self.k_ = self.k

    @classmethod
    def from_params(cls, *, unit: str = "week", **parameters: float) -> Self:
        """Return a model with known parameters, e.g. ``from_params(k=2, r=0.5, alpha=6.2, a=0.9, b=1.6)``."""
        k = parameters.pop("k", 1)
        model = super().from_params(unit=unit, **parameters)
        model.k, model.k_ = (cls(unit=unit, k=k).k_,) * 2
        return model

    def get_params(self) -> dict[str, Any]:
        """Return the settings and, once known, the parameters."""
        base = super().get_params()
        return {"unit": base.pop("unit"), "k": self.k_ if hasattr(self, "k_") else self.k, **base}

    def kept(self) -> dict[str, Any]:
        """Return the fit as JSON, k among its parameters, from which `from_kept` makes the same model again."""
        kept = super().kept()
        return {**kept, "parameters": {"k": self.k_, **kept["parameters"]}}

    def _law(self, parameters: list[float]) -> bg.BG:
        r, alpha, a, b = parameters
        return erlang.ErlangBG(r, alpha, a, b, self.first, self.k_)

    def _objective(self, data: Triples) -> Objective:
        return erlang.Likelihood(data, self.first, self.k_)

    def _coordinates(self, mean_rate: float) -> Coordinates:
        rates = bg.coordinates(mean_rate)  # of purchases, so that neighbouring k have neighbouring optima
        stages = np.array([0.0, -np.log(self.k_), 0.0, 0.0])
        return replace(rates, to_log=lambda phi: rates.to_log(phi) + stages)

    def fit(self, summary: Any) -> Self:
        """Fit by maximum likelihood on any frame with x, t_x, T and, to choose k by the gaps, `log_gaps`."""
        gaps = collect(summary, (), ("log_gaps",)).get("log_gaps")
        self._log_gaps = None if gaps is None else float(np.sum(np.sort(np.nan_to_num(gaps.astype(np.float64)))))
        return super().fit(summary)

    def fit_grouped(
        self,
        x: npt.ArrayLike,
        t_x: npt.ArrayLike,
        T: npt.ArrayLike,
        count: npt.ArrayLike,
        *,
        near: LifetimeModel | None = None,
        rough: bool = False,
        log_gaps: float | None = None,
    ) -> Self:
        """Fit on distinct (x, t_x, T); `log_gaps` is Σ ln gap over all customers' gaps, in the model's unit."""
        self._log_gaps = log_gaps
        return super().fit_grouped(x, t_x, T, count, near=near, rough=rough)

    def _fit(self, data: Triples, near: LifetimeModel | None = None, *, rough: bool = False) -> Self:
        if self.k is None:
            near = self._best(data, near)
            self.k_ = near.k_
        super()._fit(data, near, rough=rough)
        # the density of k stages a purchase is one of time^−k: the fit, in times over the largest T, undid one of them
        unscaled = (1 - self.k_) * float(np.sum(data.count * data.x)) * float(np.log(data.T.max()))
        factor = erlang.gap_factor(self.k_, data.x, data.t_x, data.count, self._log_gaps)
        self.log_likelihood_ = (self.log_likelihood_ or 0.0) + unscaled + factor
        return self

    def _best(self, data: Triples, near: LifetimeModel | None) -> Self:
        """Fit k = 1, 2, … roughly until the likelihood has fallen twice, and return the best."""
        self.tried_, models = {}, []
        stride = max(1, len(data.x) // SUBSET)
        for k in range(1, MOST + 1):
            model = type(self)(unit=self.unit, k=k)
            model._log_gaps = self._log_gaps
            if near is None and stride > 1:
                model._fit(data.every(stride), rough=True)
                model._fit(data, model, rough=True)
            else:
                model._fit(data, near, rough=True)
            models.append(model)
            self.tried_[k] = float(model.log_likelihood_ or 0.0)
            last = [self.tried_[i] for i in range(max(1, k - 2), k + 1)]
            if len(last) == 3 and last[0] > last[1] > last[2]:
                break
        return models[int(np.argmax(list(self.tried_.values())))]


class BetaGeoCNBD(ModifiedBetaGeoCNBD):
    """BG/CNBD-k: repeat purchases of regular buyers, who may leave after any repeat purchase.

    As `ModifiedBetaGeoCNBD`, save that nobody leaves after the first purchase: every one-time buyer counts as alive
    for ever (`one_time_note`). k = 1 is the BG/NBD.

    References
    ----------
    Platzer (2008), Stochastic models of noncontractual consumer relationships.
    Reutterer, Platzer & Schröder (2021), Leveraging purchase regularity for predicting customer behavior the easy way.

    Examples
    --------
    >>> model = BetaGeoCNBD.from_params(k=1, r=0.243, alpha=4.414, a=0.793, b=2.426)
    >>> round(float(model.expected_purchases_at(2, 30.43, 38.86, 39)[0]), 3)
    1.226
    """

    first: ClassVar[int] = 0
    one_time_note: ClassVar[Words] = BetaGeoNBD.one_time_note
