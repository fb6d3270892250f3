"""The pymc-marketing library from orders to lifetime value: MAP with its default priors, and with flat ones."""

from typing import Any

import pandas as pd
from pymc_extras.prior import Prior
from pymc_marketing import clv
from run import MONTHLY, MONTHS, T_X, WEEKS, YEAR, Run, T, X

run = Run("pymc-marketing")
orders = pd.DataFrame({"customer": run.customer, "day": run.day, "amount": run.amount})
base: Any = run.stage(
    "summary",
    lambda: clv.rfm_summary(
        orders, "customer", "day", "amount", observation_period_end=run.as_of, time_unit="D", time_scaler=7
    ).sort_values("customer_id", ignore_index=True),
)
asked = pd.DataFrame({"customer_id": range(len(X)), "frequency": X, "recency": T_X, "T": T})


def fit(kind: Any, data: pd.DataFrame, flat: tuple[str, ...]) -> Any:
    model = kind(model_config={name: Prior("HalfFlat") for name in flat} or None)
    model.fit(data=data, method="map", progressbar=False)
    return model


def parameters(model: Any, names: str) -> dict[str, float]:
    return {name: model.fit_result[name].to_numpy().ravel()[0] for name in names.split()}


for name, kind, names in (
    ("BG/NBD", clv.BetaGeoModel, "r alpha a b"),
    ("MBG/NBD", clv.ModifiedBetaGeoModel, "r alpha a b"),
    ("Pareto/NBD", clv.ParetoNBDModel, "r alpha s beta"),
):
    if name not in run.models:
        continue
    model: Any = run.stage(f"{name} fit", lambda: fit(kind, base, ()))
    if model is None:
        continue
    run.fitted(name, **parameters(model, names))
    alive = run.stage(f"{name} P(alive)", model.expected_probability_alive)
    year = run.stage(f"{name} E[X({YEAR})]", lambda: model.expected_purchases(future_t=YEAR))
    run.customers(f"{name} alive", alive.to_numpy().ravel())
    run.customers(f"{name} purchases", year.to_numpy().ravel())
    run.answer(f"{name} P(alive)", model.expected_probability_alive(asked))
    run.answer(f"{name} E[X({WEEKS})]", model.expected_purchases(asked, future_t=WEEKS))
    if name == "BG/NBD":
        bg = model
    if "flat" in run.models:
        free = run.stage(f"{name} fit, flat", lambda: fit(kind, base, tuple(names.split())))
        run.fitted(f"{name}, flat", **parameters(free, names))
        run.answer(f"{name} P(alive), flat", free.expected_probability_alive(asked))
        run.answer(f"{name} E[X({WEEKS})], flat", free.expected_purchases(asked, future_t=WEEKS))
repeat = base[(base["frequency"] > 0) & (base["monetary_value"] > 0)]
spend: Any = run.stage("Gamma-Gamma fit", lambda: fit(clv.GammaGammaModel, repeat, ()))
run.fitted("Gamma-Gamma", **parameters(spend, "p q v"))
if "flat" in run.models:
    free = run.stage("Gamma-Gamma fit, flat", lambda: fit(clv.GammaGammaModel, repeat, ("p", "q", "v")))
    run.fitted("Gamma-Gamma, flat", **parameters(free, "p q v"))
run.customers("spend", spend.expected_customer_spend(base).to_numpy().ravel())
value = run.stage(
    "CLV",
    lambda: spend.expected_customer_lifetime_value(bg, base, future_t=MONTHS, discount_rate=MONTHLY, time_unit="W"),
)
run.customers("CLV months of 30.4375 days", value.to_numpy().ravel())
run.close()
