"""Models of regular buyers compete where the gaps of customers are measured less random."""

import datetime as dt

import numpy as np
import pyarrow as pa

from regulars.prove.backtest import hold_out
from regulars.prove.candidates import competing
from regulars.prove.history import simulated_history
from regulars.simulate import Company

START = dt.date(2024, 1, 1)


def occasions(k, n=3000):
    company = Company(n_customers=n, seed=k, weeks=104, regular=k, r=2.0, alpha=16.0 / k, s=0.4, beta=40.0)
    history = simulated_history(company).by_day()
    days = np.round(history.week * 7).astype("timedelta64[D]") + np.datetime64(START)
    return pa.table({"customer_id": history.customer, "occasion_date": pa.array(days.astype("datetime64[D]"))})


def test_models_of_regular_buyers_compete_where_gaps_suggest_it_and_win_there():
    def chosen(k):
        table, until = occasions(k, n=1500), START + dt.timedelta(weeks=103)
        return hold_out(table, first=START, as_of=until, n_customers=1500)

    held = chosen(4)
    assert held.choice.model in ("MBG/CNBD-k", "BG/CNBD-k")
    assert held.choice.k in (3, 4, 5)
    rows = {row["key"]: row for row in held.card.table}
    assert rows[held.choice.model]["rmse"] < rows["MBG/NBD"]["rmse"]
    assert {s.model for s in chosen(1).choice.scores} == set(competing(1))
