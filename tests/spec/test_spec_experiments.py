"""An experiment's sums and its reading: the same on every engine, the same as row by row."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pyarrow as pa
import pytest

from regulars import engine
from regulars.prove.experiments import analyse, assign, past_outcome, universal

N = 240
ARMS = [["mail", "call", "none"][i * 7 % 3] for i in range(N)]
BEFORE = [None if i % 11 == 0 else float(i % 17) for i in range(N)]
PROFIT = [Decimal(i % 13) * (1 + (arm != "none")) / 4 if i % 3 else Decimal(0) for i, arm in enumerate(ARMS)]
TABLE = pa.table(
    {
        "customer_id": list(range(N)),
        "arm": ARMS,
        "class": [["gold", "iron", None][i % 3 if i > 6 else 0] for i in range(N)],
        "household": [None if i % 4 == 0 else f"h{i // 3}" for i in range(N)],
        "profit": pa.array(PROFIT, pa.decimal128(18, 4)),
        "orders": [i % 5 for i in range(N)],
        "before": BEFORE,
    }
)  # fmt: skip


def read(frame, **options):
    return analyse(frame, arm="arm", control="none", outcomes=["profit", "orders"], **options)


def test_without_covariates_it_is_welch(on_engine):
    found = read(on_engine(TABLE), key="customer_id").effect("mail")
    y = {arm: np.array([float(p) for p, a in zip(PROFIT, ARMS, strict=True) if a == arm]) for arm in set(ARMS)}
    assert found.difference == pytest.approx(y["mail"].mean() - y["none"].mean(), rel=1e-9)
    assert found.se == pytest.approx(sum(y[a].var(ddof=1) / y[a].size for a in ("mail", "none")) ** 0.5, rel=1e-9)


EXPECTED = read(engine.frame(TABLE), covariates=["before"], strata="class", household="household", segments=["class"])


def test_every_engine_reads_the_same_to_the_last_bit(on_engine):
    table = on_engine(TABLE.take(list(range(N - 1, -1, -1))))
    found = read(table, covariates=["before"], strata="class", household="household", segments=["class"])
    assert found == EXPECTED
    assert found.covariates == ("before", "before__missing")


SHARES = {"none": Decimal("0.2"), "call": Decimal("0.3"), "mail": Decimal("0.5")}


def test_every_engine_assigns_households_together(on_engine):
    rows = engine.to_arrow(
        assign(on_engine(TABLE), seed="spring", shares=SHARES, stratum="class", household="household")
        .select("customer_id", "household", "arm", "propensity")
    ).to_pylist()  # fmt: skip
    homes = {(row["household"], row["arm"]) for row in rows if row["household"]}
    assert len(homes) == len({home for home, _ in homes})
    assert {row["propensity"] for row in rows if row["arm"] == "call"} == {0.3}
    assert sorted(row["customer_id"] for row in rows if row["arm"] == "none")[:4] == FIRST_LEFT_ALONE


FIRST_LEFT_ALONE = [4, 13, 14, 18]


def test_several_arms_get_their_shares(on_engine):
    rows = engine.to_arrow(assign(on_engine(TABLE), seed="spring", shares=SHARES).select("arm"))["arm"].to_pylist()
    assert Counter(rows) == {"none": 48, "call": 72, "mail": 120}


def test_the_universal_hold_out_depends_on_the_customer_alone(on_engine):
    def out(table):
        marked = engine.to_arrow(universal(on_engine(table), seed="2026", share=0.1).select("customer_id", "held_out"))
        return {row["customer_id"] for row in marked.to_pylist() if row["held_out"]}

    everybody = out(TABLE)
    assert out(TABLE.slice(100)) == {customer for customer in everybody if customer >= 100}
    assert 10 < len(everybody) < 45


def test_the_universal_hold_out_keeps_households_together(on_engine):
    marked = universal(on_engine(TABLE), seed="2026", share=0.3, household="household")
    rows = engine.to_arrow(marked.select("household", "held_out")).to_pylist()
    homes = {(row["household"], row["held_out"]) for row in rows if row["household"]}
    assert len(homes) == len({home for home, _ in homes})
    assert 0 < sum(row["held_out"] for row in rows) < N


AS_OF = date(2026, 6, 30)
LINES = [
    {"customer_id": c, "business_date": AS_OF - timedelta(days=back), "net_amount": Decimal(c % 7 + 3), "cost": c % 3}
    for c in range(60)
    for back in (5, 40, 200)
    if (c + back) % 4 or back == 200
] + [{"customer_id": 99, "business_date": AS_OF, "net_amount": Decimal(500), "cost": 1}]


def test_what_customers_brought_before_is_the_same_on_every_engine(on_engine):
    """Of those known 28 days ago, profit of the last 28 days, nothing bought being 0; and of the 28 before."""
    table = pa.table(
        {
            "customer_id": [row["customer_id"] for row in LINES],
            "business_date": [row["business_date"] for row in LINES],
            "category": ["tea"] * len(LINES),
            "net_amount": pa.array([row["net_amount"] for row in LINES], pa.decimal128(38, 4)),
            "cost_amount": pa.array([Decimal(row["cost"]) for row in LINES], pa.decimal128(38, 4)),
            "is_product": [True] * len(LINES),
        }
    )
    found = past_outcome(on_engine(table), as_of=AS_OF, days=28)
    now, before = (np.array([by_hand(c, *span) for c in range(60)]) for span in ((0, 28), (28, 56)))
    assert (found.customers, found.basis) == (60, "net_profit")
    assert (found.mean, found.sd) == pytest.approx((now.mean(), now.std(ddof=1)))
    assert found.explained == pytest.approx(np.corrcoef(now, before)[0, 1] ** 2)


def by_hand(customer, least, most):
    inside = [row for row in LINES if row["customer_id"] == customer]
    inside = [row for row in inside if least <= (AS_OF - row["business_date"]).days < most]
    return float(sum(row["net_amount"] - row["cost"] for row in inside))
