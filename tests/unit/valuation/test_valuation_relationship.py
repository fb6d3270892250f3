"""`regulars value` says in its card which kind of relationship the orders show, and warns where another model fits."""

from __future__ import annotations

import numpy as np
import pyarrow as pa


def monthly_orders():
    """Customers who can buy on the first of a month only, until they stop."""
    rng = np.random.default_rng(3)
    who, when = [], []
    for i in range(300):
        buys, stops, born = rng.beta(1.5, 1.0), rng.beta(1.0, 12.0), int(rng.integers(0, 12))
        for k in range(born, 30):
            if k > born and rng.random() < stops:
                break
            if k == born or rng.random() < buys:
                who.append(f"C{i}")
                when.append(np.datetime64("2023-01", "M") + np.timedelta64(k, "M"))
    days = np.array(when).astype("datetime64[D]")
    return pa.table({"customer_id": who, "order_date": days, "amount": np.full(len(who), 20.0)})


def test_orders_at_fixed_times_are_said_to_be_so(value):
    card = value(monthly_orders()).card
    assert card["relationship"]["kind"] == "discrete"
    assert (card["relationship"]["unit"], card["relationship"]["shared"]) == ("month", True)
    assert any("BG/BB" in line["en"] for line in card["weak"])


def test_orders_on_any_day_are_not_warned_about(plain):
    card = plain.card
    assert card["relationship"]["kind"] == "continuous"
    assert not any("BG/BB" in line["en"] for line in card["weak"])
