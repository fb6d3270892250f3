"""Peers on the same orders, where they are installed: `pip install lifetimes` (it needs pandas)."""

from __future__ import annotations

import time
import warnings
from datetime import date
from pathlib import Path

from benchmarks.measure import row


def bench(orders: Path, as_of: date) -> None:
    """Time lifetimes from Parquet to a discounted CLV, or say that it is not installed."""
    try:
        import lifetimes
        import pandas as pd
        from lifetimes.utils import summary_data_from_transaction_data
    except ImportError as missing:
        row("lifetimes", "not installed", str(missing))
        return
    warnings.simplefilter("ignore")
    started = time.perf_counter()
    lines = pd.read_parquet(orders, columns=["customer_no", "order_time", "amount"]).dropna()
    lines["amount"] = lines["amount"].astype(float)
    base = summary_data_from_transaction_data(
        lines, "customer_no", "order_time", "amount", observation_period_end=as_of, freq="D", freq_multiplier=7
    )
    summarised = time.perf_counter()
    model = lifetimes.BetaGeoFitter().fit(base["frequency"], base["recency"], base["T"])
    fitted = time.perf_counter()
    repeat = base[(base["frequency"] > 0) & (base["monetary_value"] > 0)]
    spend = lifetimes.GammaGammaFitter().fit(repeat["frequency"], repeat["monetary_value"])
    spend.customer_lifetime_value(
        model, base["frequency"], base["recency"], base["T"], base["monetary_value"], time=12, freq="W"
    )
    done = time.perf_counter()
    row("lifetimes: summary", f"{summarised - started:.1f} s", "")
    row("lifetimes: BG/NBD fit", f"{fitted - summarised:.1f} s", "")
    row("lifetimes: Parquet → CLV", f"{done - started:.1f} s", "")
