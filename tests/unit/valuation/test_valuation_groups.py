"""Valuations by groups: taken where hold-outs say so, scored again bit for bit, and without effect elsewhere."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from regulars import engine
from regulars.errors import InputError
from regulars.ingest import ReadOptions, read_orders
from regulars.measure.lifetime.grouped_law import Membership
from regulars.prove.history import simulated_history
from regulars.prove.members import CODE
from regulars.report import write_html
from regulars.simulate import Company
from regulars.valuation import Given, Settings, Valuation, figures, model_card, value_orders
from regulars.valuation.by_profit import _places
from regulars.valuation.figures.groups import groups_figures
from regulars.valuation.rescore import score_customers
from regulars.valuation.scoring import KEYS, Histories
from regulars.valuation.whatif import whatif_figures

OFTEN = {"r": 2.0, "alpha": 4.0, "a": 0.5, "b": 6.0}
RARELY = {"r": 0.6, "alpha": 20.0, "a": 1.0, "b": 1.5}


def orders(*groups: tuple[str | None, int, dict[str, float]]) -> pa.Table:
    parts, start = [], 0
    for seed, (name, n, world) in enumerate(groups):
        company = Company(seed=seed, weeks=78, process="mbg_nbd", n_customers=n, **world)  # type: ignore[arg-type]
        history = simulated_history(company).by_day()
        days = np.round(history.week * 7).astype("timedelta64[D]") + np.datetime64("2024-01-01")
        amount = np.random.default_rng(seed).gamma(4.0, 10.0, days.size).round(2) + 1.0
        parts.append(pa.table({
            "customer_id": history.customer + start, "order_date": pa.array(days.astype("datetime64[D]")),
            "amount": amount, "Branch": pa.array([name] * days.size, pa.string()),
        }))  # fmt: skip
        start += n
    return pa.concat_tables(parts)


class Run:
    """One run, by its customers, card and figures; the card as a file gives it back."""

    def __init__(self, lines: pa.Table, folder: Path, *, by: str | None = None, **how: Any) -> None:
        folder.mkdir(exist_ok=True)
        pq.write_table(lines, folder / "orders.parquet")
        file = folder / "customer_value.parquet"
        with engine.session(threads=2) as connection:
            read = read_orders(folder / "orders.parquet", options=ReadOptions(group=by), connection=connection)
            settings = None if "given" in how else replace(Settings(), by=by)
            found: Valuation = value_orders(read, settings, path=file, **how)
            self.card: dict[str, Any] = json.loads(json.dumps(model_card(found), allow_nan=False))
            self.figures, self.groups = figures(found), groups_figures(found)
        self.bytes, self.table = file.read_bytes(), pq.read_table(file)


@pytest.fixture(scope="module")
def lines() -> pa.Table:
    return orders(("busy", 600, OFTEN), ("calm", 1200, RARELY), ("tiny", 40, OFTEN), (None, 20, OFTEN))


@pytest.fixture(scope="module")
def run(lines: pa.Table, tmp_path_factory: pytest.TempPathFactory) -> Run:
    return Run(lines, tmp_path_factory.mktemp("groups"), by="branch")


def test_the_card_says_with_numbers_that_groups_earned_their_place(run: Run) -> None:
    found = run.card["groups"]
    assert (found["in_use"], found["verdict"]["taken"]) == (True, True)
    assert run.card["model"]["name"] == run.card["choice"]["name"] == run.card["holdout"]["chosen"]
    assert run.card["model"]["name"].endswith(" × branch")
    assert [row["name"] for row in found["rows"]] == ["calm", "busy", None]
    assert sum(row["customers"] for row in found["rows"]) == run.table.num_rows
    busy, calm = found["rows"][1], found["rows"][0]
    assert busy["mean_value"] > 3 * calm["mean_value"] > 0
    assert busy["new_purchases"] > 2 * calm["new_purchases"]
    assert busy["weight"]["r/alpha"] > 0.9
    assert "branch" in run.card["model"]["ignores"]["en"]
    assert all(gate["passed"] for gate in run.card["gates"])


def test_each_customer_carries_their_group(run: Run) -> None:
    assert run.table.column_names[-1] == "group"
    assert set(run.table["group"].to_pylist()) == {"busy", "calm", None}
    assert run.table["future_value"].null_count == 0


def test_the_total_is_the_sum_over_customers_within_its_interval(run: Run) -> None:
    total = run.figures["totals"]["future_value"]
    summed = float(sum(run.table["future_value"].to_pylist()))
    assert total["value"] == pytest.approx(summed, rel=1e-4)
    assert total["low"] < summed < total["high"]


def test_scored_again_it_is_the_same_bit_for_bit(run: Run, lines: pa.Table, tmp_path: Path) -> None:
    again = Run(lines, tmp_path, by="branch", given=Given.of(run.card))
    assert again.bytes == run.bytes
    assert again.figures["totals"] == run.figures["totals"]
    assert again.groups == run.groups


def test_a_new_group_is_scored_with_the_rest(run: Run, lines: pa.Table, tmp_path: Path) -> None:
    """Who came after the fit by a branch that it never saw is like those of small ones."""
    moved = lines.set_column(3, "Branch", pa.array([
        "new" if branch == "tiny" else branch for branch in lines["Branch"].to_pylist()
    ]))  # fmt: skip
    again = Run(moved, tmp_path, by="branch", given=Given.of(run.card))
    assert again.table["future_value"].equals(run.table["future_value"])


def test_what_if_goes_by_the_groups(run: Run) -> None:
    found = whatif_figures(engine.frame(run.table), run.card, lower=[0.2])
    at_horizon = next(point for point in found["horizons"] if point["weeks"] == 52)
    assert at_horizon["value"] == pytest.approx(run.figures["totals"]["future_value"]["value"], rel=1e-4)
    assert found["retention"][0]["change"] > 0


def test_the_report_shows_each_group(run: Run, tmp_path: Path) -> None:
    write_html(run.figures, tmp_path / "report.html", "en")
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    for word in ("Do groups differ?", "earned their place", ">busy<", "own share", "MBG/NBD"):
        assert word in page


def test_changed_customers_alone_are_refused_in_one_line(run: Run, lines: pa.Table) -> None:
    with engine.session(threads=2):
        read = read_orders(lines, options=ReadOptions(group="branch"))
        given = Given.of(run.card)
        with pytest.raises(InputError, match="differ by branch"):
            score_customers(read.lines, read.lines.select("customer_id").unique(), given, as_of=read.as_of)


def test_groups_that_are_alike_change_no_number(tmp_path: Path) -> None:
    same = orders(("a", 400, OFTEN), ("b", 400, OFTEN))
    plain, grouped = Run(same, tmp_path / "plain"), Run(same, tmp_path / "grouped", by="branch")
    assert grouped.card["groups"]["verdict"]["taken"] is False
    assert grouped.card["groups"]["in_use"] is False
    assert [row["customers"] for row in grouped.card["groups"]["rows"]]
    assert grouped.table.drop(["group"]).equals(plain.table)
    assert grouped.card["model"] == plain.card["model"]
    assert grouped.figures["totals"] == plain.figures["totals"]
    assert plain.card["groups"] is None
    assert "group" not in plain.table.column_names


def test_profit_as_it_is_finds_the_history_of_each_group() -> None:
    """Where losses are forecast as they are, ends of value are kept by history and group."""
    member = Membership("store", ("a", "b"), np.array([-1, 0, 1, 0, 1]))
    x, t_x, age = np.array([0, 0, 0, 1, 1]), np.array([0, 0, 0, 7, 7]), np.array([30, 30, 30, 20, 20])
    known = Histories(x, t_x, age, np.ones(5, dtype=np.int64), member)
    order = np.array([4, 0, 2, 3, 1])
    keys = {"x": x[order], "t_x_days": t_x[order], "T_days": age[order], CODE: member.code[order]}
    assert _places(known, keys).tolist() == order.tolist()
    together = known.together()
    assert together.count.tolist() == [3, 2]
    assert _places(together, {name: keys[name] for name in KEYS}).tolist() == [1, 0, 0, 1, 0]


def test_a_column_that_lines_do_not_have_is_named(lines: pa.Table) -> None:
    with pytest.raises(InputError, match="there is no column 'shop'"):
        read_orders(lines, options=ReadOptions(group="shop"))
    with pytest.raises(InputError, match="the orders carry no shop"):
        value_orders(read_orders(lines), replace(Settings(), by="shop"))


def test_a_column_of_the_lines_needs_no_other_name(lines: pa.Table) -> None:
    """Lines from the lake carry store and channel already; here Branch was read as the store."""
    with engine.session(threads=2):
        found = value_orders(read_orders(lines), replace(Settings(), by="store"))
        assert found.choice is not None
        assert found.choice["name"].endswith(" × store")
