"""The clvkit library from orders to lifetime value."""

from typing import Any

import pandas as pd
from clvkit import BGNBD, CLV, MBGNBD, CustomerBase, GammaGamma
from run import WEEKLY, YEAR, Run

run = Run("clvkit")
orders = pd.DataFrame({"customer_id": run.customer, "date": run.day, "amount": run.amount})
base: Any = run.stage(
    "summary",
    lambda: CustomerBase.from_transactions(orders, time_unit="W", collapse="D", observation_period_end=run.as_of),
)


def column(prediction: Any) -> Any:
    return prediction.to_pandas().sort_index().iloc[:, 0]


for name, kind in (("BG/NBD", BGNBD), ("MBG/NBD", MBGNBD)):
    model: Any = run.stage(f"{name} fit", lambda: kind().fit(base))
    if model is None:
        continue
    run.fitted(name, **model.params_)
    run.customers(f"{name} alive", run.stage(f"{name} P(alive)", lambda: column(model.probability_alive())))
    run.customers(f"{name} purchases", run.stage(f"{name} E[X({YEAR})]", lambda: column(model.predict(YEAR))))
    if name == "BG/NBD":
        bg = model
spend: Any = run.stage("Gamma-Gamma fit", lambda: GammaGamma().fit(base))
run.fitted("Gamma-Gamma", **spend.params_)
run.customers("spend", column(spend.predict()))
whole = CLV(bg, spend, check_independence=False)
whole.time_unit_, whole._cb = base.time_unit, base  # fitted above: the fit is not timed twice
value: Any = run.stage("CLV", lambda: whole.predict(horizon=YEAR, discount_rate=WEEKLY))
run.customers("CLV 52 weeks", value.to_pandas().sort_index()["clv"])
run.close()
