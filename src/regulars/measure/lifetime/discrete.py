"""What the models of discrete time share: parameters, the fit, sums over periods to come."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import Any, ClassVar, Self

import numpy as np

from regulars.errors import InputError, NotEnoughData
from regulars.measure.lifetime.model import joined
from regulars.measure.lifetime.optimum import Coordinates, Objective, Optimum, maximise
from regulars.measure.lifetime.quadrature import Floats
from regulars.words import T as Words

LONGEST = 1_000_000
"""Periods to come that are added up at most; at a discount of 0.003 % or more what lies beyond is below 1e-12."""
NOT_FITTED = Words(zh="模型还没有参数", en="the model has no parameters yet")


class DiscreteModel(ABC):
    """A model of what happens at the end of each period, fitted on grouped histories by maximum likelihood.

    Attributes
    ----------
    log_likelihood_, n_customers_, boundary_, optimum_
        As in `LifetimeModel`; None for a model built from known parameters.
    """

    names: ClassVar[tuple[str, ...]]

    log_likelihood_: float | None
    n_customers_: int | None
    boundary_: Words | None
    optimum_: Optimum | None

    @classmethod
    def from_params(cls, **parameters: float) -> Self:
        """Return a model with known parameters.

        Raises
        ------
        InputError
            When a parameter is missing, unknown, or not a positive finite number.
        """
        if set(parameters) != set(cls.names) or not all(0 < v < float("inf") for v in parameters.values()):
            raise InputError(
                Words(zh="{m} 的参数是 {n}，都要是正数", en="{m} takes {n}, all positive").format(
                    m=cls.__name__, n=", ".join(cls.names)
                )
            )
        model = cls()
        model._set(parameters)
        model.log_likelihood_ = model.n_customers_ = model.boundary_ = model.optimum_ = None
        return model

    def get_params(self) -> dict[str, float]:
        """Return the parameters, empty before the fit."""
        return {n: getattr(self, f"{n}_") for n in self.names} if hasattr(self, f"{self.names[0]}_") else {}

    def __repr__(self) -> str:
        return f"{type(self).__name__}({', '.join(f'{k}={v:.6g}' for k, v in self.get_params().items())})"

    def _set(self, parameters: dict[str, float]) -> None:
        for name in self.names:
            setattr(self, f"{name}_", float(parameters[name]))

    @property
    def _log(self) -> Floats:
        if not hasattr(self, f"{self.names[0]}_"):
            raise InputError(
                NOT_FITTED, remedy=Words(zh="先 fit 或用 from_params。", en="Call fit or from_params first.")
            )
        return np.log([getattr(self, f"{n}_") for n in self.names])

    def drawn(self, rng: np.random.Generator) -> Self:
        """Return the same model with parameters drawn from their normal approximation; itself where not fitted."""
        best = self.optimum_
        if best is None:
            return self
        space = self._coordinates()
        values, vectors = np.linalg.eigh(best.covariance)
        step = (vectors * np.sqrt(np.maximum(values, 0.0)) * rng.standard_normal(len(values))).sum(axis=1)
        at = np.clip(best.coordinates + step, space.lower, space.upper)
        return self.from_params(**dict(zip(self.names, np.exp(space.to_log(at)), strict=True)))

    @abstractmethod
    def _coordinates(self) -> Coordinates: ...

    def _maximise(self, objective: Objective, size: float) -> Self:
        if size <= 0:
            raise NotEnoughData(Words(zh="没有一位客户", en="there is not one customer"))
        space = self._coordinates()
        best = maximise(objective, size, objective, size, space)
        self._set(dict(zip(self.names, np.exp(best.log_parameters), strict=True)))
        self.log_likelihood_, self.n_customers_ = best.log_likelihood, round(size)
        self.boundary_, self.optimum_ = joined(best.boundary), best
        return self


def whole(name: str, values: Any, *, least: int = 0) -> Floats:
    """Return whole numbers as floats.

    Raises
    ------
    InputError
        Naming the column, where a value is missing, no whole number, or below `least`.
    """
    found = np.asarray(values, dtype=np.float64)
    if not np.isfinite(found).all() or np.any(found != np.floor(found)) or np.any(found < least):
        raise InputError(
            Words(zh=f"{name} 须是不小于 {least} 的整数", en=f"{name} must be whole numbers, {least} or more")
        )
    return found


def sum_ahead(share: Callable[[Floats], Floats], *, periods: int | None, discount: float, due_now: bool) -> Floats:
    """Return Σ share(k)·vᵏ over the periods to come, k from 1 up.

    Parameters
    ----------
    share
        (m,) periods ahead → (customers, m) chances of being a customer, or of buying, then.
    periods
        How many; None: until nothing is left, which takes a discount above 0.
    discount
        Rate per period d; v = 1 / (1 + d).
    due_now
        The first of them is due at once and is not discounted.

    Raises
    ------
    InputError
        For a negative discount, for negative periods, or without an end and without a discount.
    """
    if discount < 0 or (periods is not None and periods < 0):
        raise InputError(Words(zh="期数与折现率不能为负", en="periods and discount must not be negative"))
    if periods is None and discount == 0:
        raise InputError(
            Words(zh="不限期数时折现率须大于 0", en="without a number of periods the discount must be above 0"),
            remedy=Words(zh="给出期数，或给出每期的折现率。", en="Give periods, or a discount a period."),
        )
    decay = np.log1p(discount)
    last = periods if periods is not None else min(LONGEST, int(np.ceil(30.0 / decay)))
    total: Floats | float = 0.0
    for start in range(1, last + 1, 4096):
        k = np.arange(start, min(start + 4096, last + 1), dtype=np.float64)
        weight = np.exp(-decay * (k - 1.0 if due_now else k))
        total = total + (share(k) * weight).sum(axis=1)
    return np.asarray(total + np.zeros(share(np.ones(1)).shape[0]))
