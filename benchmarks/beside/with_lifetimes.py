"""The lifetimes library from orders to lifetime value."""

from typing import Any

import lifetimes
import pandas as pd
from lifetimes.utils import summary_data_from_transaction_data
from run import MONTHLY, MONTHS, T_X, WEEKS, YEAR, Run, T, X

run = Run("lifetimes")
orders = pd.DataFrame({"customer": run.customer, "day": run.day, "amount": run.amount})
base: Any = run.stage(
    "summary",
    lambda: summary_data_from_transaction_data(
        orders, "customer", "day", "amount", observation_period_end=run.as_of, freq="D", freq_multiplier=7
    ).sort_index(),
)
history = (base["frequency"], base["recency"], base["T"])
for name, kind in (
    ("BG/NBD", lifetimes.BetaGeoFitter),
    ("MBG/NBD", lifetimes.ModifiedBetaGeoFitter),
    ("Pareto/NBD", lifetimes.ParetoNBDFitter),
):
    if name not in run.models:
        continue
    model: Any = run.stage(f"{name} fit", lambda: kind().fit(*history))
    if model is None:
        continue
    run.fitted(name, **model.params_)
    alive = run.stage(f"{name} P(alive)", lambda: model.conditional_probability_alive(*history))
    ahead = model.conditional_expected_number_of_purchases_up_to_time
    year = run.stage(f"{name} E[X({YEAR})]", lambda: ahead(YEAR, *history))
    run.customers(f"{name} alive", alive)
    run.customers(f"{name} purchases", year)
    run.answer(f"{name} P(alive)", model.conditional_probability_alive(X, T_X, T))
    run.answer(f"{name} E[X({WEEKS})]", ahead(WEEKS, X, T_X, T))
    if name == "BG/NBD":
        bg = model
repeat = base[(base["frequency"] > 0) & (base["monetary_value"] > 0)]
spend: Any = run.stage(
    "Gamma-Gamma fit", lambda: lifetimes.GammaGammaFitter().fit(repeat["frequency"], repeat["monetary_value"])
)
run.fitted("Gamma-Gamma", **spend.params_)
run.customers("spend", spend.conditional_expected_average_profit(base["frequency"], base["monetary_value"]))
value = run.stage(
    "CLV",
    lambda: spend.customer_lifetime_value(
        bg, *history, base["monetary_value"], time=MONTHS, discount_rate=MONTHLY, freq="W"
    ),
)
run.customers("CLV months of 4.345 weeks", value)
run.close()
