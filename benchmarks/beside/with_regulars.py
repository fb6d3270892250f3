"""Regulars from the same orders to the same answers."""

from datetime import date
from typing import Any

import pyarrow as pa
from run import T_X, WEEKLY, WEEKS, YEAR, Run, T, X, months

from regulars import engine
from regulars.measure import customer_summary
from regulars.measure.lifetime import BetaGeoNBD, GammaGamma, ModifiedBetaGeoNBD, ParetoNBD

run = Run("regulars")
orders = pa.table({"customer": run.customer, "day": run.day.astype("datetime64[D]"), "amount": run.amount})
base: Any = run.stage(
    "summary",
    lambda: engine.to_arrow(
        customer_summary(orders, as_of=date.fromisoformat(run.as_of), customer="customer", time="day", amount="amount")
    ),
)
bg: Any = None
for name, kind in (("BG/NBD", BetaGeoNBD), ("MBG/NBD", ModifiedBetaGeoNBD), ("Pareto/NBD", ParetoNBD)):
    if name not in run.models:
        continue
    model: Any = run.stage(f"{name} fit", lambda: kind().fit(base))
    run.fitted(name, **{key: value for key, value in model.get_params().items() if key != "unit"})
    run.customers(f"{name} alive", run.stage(f"{name} P(alive)", lambda: model.probability_alive(base)))
    year = run.stage(f"{name} E[X({YEAR})]", lambda: model.expected_purchases(base, YEAR))
    run.customers(f"{name} purchases", year)
    run.answer(f"{name} P(alive)", model.probability_alive_at(X, T_X, T))
    run.answer(f"{name} E[X({WEEKS})]", model.expected_purchases_at(X, T_X, T, WEEKS))
    bg = bg or model
spend = run.stage("Gamma-Gamma fit", lambda: GammaGamma().fit(base))
run.fitted("Gamma-Gamma", **spend.get_params())
each = spend.expected_spend(base)
run.customers("spend", each)


def value(month: float) -> Any:
    return spend.expected_spend(base) * months(lambda t: bg.expected_purchases(base, t), month)


run.customers("CLV months of 4.345 weeks", run.stage("CLV", lambda: value(4.345)))
run.customers("CLV months of 30.4375 days", value(30.4375 / 7))
weeks = [bg.expected_purchases(base, t) for t in range(YEAR + 1)]
discounted = sum((weeks[t] - weeks[t - 1]) / (1 + WEEKLY) ** t for t in range(1, YEAR + 1))
run.customers("CLV 52 weeks", each * discounted)
run.close()
