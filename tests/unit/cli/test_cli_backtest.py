"""`regulars backtest`: predict from earlier data, compare with what then happened."""

import datetime as dt
import json

import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest


@pytest.fixture(scope="module")
def compared(run, company, tmp_path_factory):
    file = tmp_path_factory.mktemp("backtest") / "b.json"
    ran = run(
        "backtest", company.orders, "--split", "2026-02-01", "--until", "2026-08-01", "--out", file, "--lang", "en"
    )
    return ran, json.loads(file.read_text(encoding="utf-8"))


def test_the_file_holds_models_and_naive_rules(compared):
    ran, found = compared
    assert (ran.code, ran.err) == (0, "")
    assert (found["split"], found["until"]) == ("2026-02-01", "2026-08-01")
    models = found["holdout"]["models"]
    assert {m["name"] for m in models if isinstance(m["name"], str)} >= {"MBG/NBD", "Pareto/NBD", "BG/NBD"}
    assert any(m.get("kind") == "baseline" for m in models)
    assert len({m["total_actual"] for m in models}) == 1
    assert found["holdout"]["total_interval"][0] < found["holdout"]["total_interval"][1]


def test_the_table_shows_the_model_chosen(compared):
    ran, found = compared
    assert f"{found['holdout']['chosen']} *" in ran.out
    assert "90% intervals covered" in ran.out


def test_what_comes_after_the_end_changes_nothing(run, company, compared, tmp_path):
    table = pq.read_table(company.orders)
    known = pc.less(table["order_time"], dt.datetime(2026, 8, 2))
    pq.write_table(table.filter(known), tmp_path / "orders.parquet")
    file = tmp_path / "b.json"
    run("backtest", tmp_path / "orders.parquet", "--split", "2026-02-01", "--until", "2026-08-01", "--out", file)
    assert json.loads(file.read_text(encoding="utf-8"))["holdout"] == compared[1]["holdout"]


def test_a_day_without_orders_may_be_the_end(run, shop):
    ran = run("backtest", shop, "--split", "2025-06-01", "--until", "2025-11-30", "--lang", "en")
    assert "nothing on" not in ran.err
    assert "too few" in ran.err


def test_by_store_small_stores_keep_the_common_model(run, company, tmp_path):
    file = tmp_path / "b.json"
    days = ("--split", "2026-02-01", "--until", "2026-08-01")
    ran = run("backtest", company.orders, *days, "--by", "store", "--out", file, "--lang", "en", "--json")
    found = json.loads(file.read_text(encoding="utf-8"))
    assert json.loads(ran.out) == found
    rows = found["segments"]["rows"]
    assert 0 < sum(row["customers"] for row in rows) <= found["holdout"]["n_customers"]
    assert all((row["own"] is None) == (row["customers"] < 1000 or row["repeaters"] < 200) for row in rows)
    assert (
        run("backtest", company.orders, *days, "--by", "store", "--out", file, "--lang", "zh").out.count("共同误差")
        == 1
    )


def test_by_a_column_that_nobody_filled_in_says_so(run, shop):
    ran = run("backtest", shop, "--split", "2025-06-01", "--until", "2025-11-30", "--lang", "en", "--by", "channel")
    assert ran.code == 2
