"""`--by`: groups with parameters of their own, from the command line to every result, and what cannot be grouped."""

import json

import numpy as np
import pyarrow as pa
import pyarrow.csv
import pytest

from regulars.prove.history import simulated_history
from regulars.simulate import Company

WORLDS = {
    "北店": (500, {"r": 2.0, "alpha": 4.0, "a": 0.5, "b": 6.0}),
    "南店": (900, {"r": 0.6, "alpha": 20.0, "a": 1.0, "b": 1.5}),
}


@pytest.fixture(scope="module")
def stores(tmp_path_factory):
    """Orders of two stores whose customers differ."""
    parts, start = [], 0
    for seed, (name, (n, world)) in enumerate(WORLDS.items()):
        history = simulated_history(Company(seed=seed, weeks=78, process="mbg_nbd", n_customers=n, **world)).by_day()
        days = np.round(history.week * 7).astype("timedelta64[D]") + np.datetime64("2024-01-01")
        parts.append(pa.table({
            "customer_id": history.customer + start, "order_date": pa.array(days.astype("datetime64[D]")),
            "amount": np.random.default_rng(seed).gamma(4.0, 10.0, days.size).round(2) + 1.0,
            "分公司": [name] * days.size,
        }))  # fmt: skip
        start += n
    file = tmp_path_factory.mktemp("stores") / "orders.csv"
    pyarrow.csv.write_csv(pa.concat_tables(parts), file)
    return file


@pytest.fixture(scope="module")
def grouped(value, stores):
    return value(stores, "--by", "分公司", "--xlsx", lang="zh")


def test_a_run_says_in_words_that_groups_earned_their_place(grouped):
    assert (grouped.code, grouped.err) == (0, "")
    assert "按 分公司 分组站得住" in grouped.out
    assert grouped.card["run"]["by"] == "分公司"
    assert [row["name"] for row in grouped.card["groups"]["rows"]] == ["南店", "北店"]
    page = (grouped.folder / "report.html").read_text(encoding="utf-8")
    for word in ("各组有没有不同", "自己占", "北店", "没有参与选择"):
        assert word in page


def test_the_next_run_scores_by_the_same_groups(value, grouped, stores):
    again = value(stores, "--like", grouped.folder)
    assert again.customers.equals(grouped.customers)


def test_a_what_if_of_the_folder_goes_by_the_groups(run, grouped):
    found = json.loads(run("whatif", grouped.folder, "--lang", "en", "--json").out)
    assert found["customers"] == grouped.customers.num_rows
    assert found["retention"][0]["change"] > 0


def test_the_backtest_has_the_candidate_beside_the_others(run, stores, tmp_path):
    days = ("--split", "2025-07-01", "--until", "2026-03-01")
    ran = run("backtest", stores, *days, "--by", "分公司", "--out", tmp_path / "found.json", "--lang", "en", "--json")
    found = json.loads(ran.out)
    tried = found["groups"]["verdict"]["name"]
    assert tried.endswith(" × 分公司")
    assert tried in [row["key"] for row in found["holdout"]["models"]]
    assert (found["choice"]["name"] == tried) == found["groups"]["verdict"]["taken"]
    assert found["groups"]["held_out"]["standard_error"] > 0
    assert [row["name"] for row in found["groups"]["rows"]] == ["南店", "北店"]
    assert [row["name"] for row in found["segments"]["rows"]] == ["南店", "北店"]


def test_a_column_that_is_not_there_is_refused_with_those_that_are(value, shop):
    said = {"en": ("no column 'shop'", "customer_id, order_id"), "zh": ("没有 'shop' 这一列", "category")}
    for flag, words in said.items():
        ran = value(shop, "--by", "shop", lang=flag)
        assert (ran.code, ran.out) == (2, "")
        assert all(word in ran.err for word in words)
        assert not ran.folder.exists()


def test_groups_of_an_earlier_run_are_not_chosen_anew(value, grouped, stores):
    ran = value(stores, "--like", grouped.folder, "--by", "分公司")
    assert (ran.code, ran.folder.exists()) == (2, False)
    assert ran.err.startswith("regulars: --by: cannot go with --like")


def test_too_few_customers_say_why_there_are_no_groups(value, shop):
    ran = value(shop, "--by", "category")
    assert ran.code == 0
    assert "group" in ran.customers.column_names
    assert ran.card["groups"] is None  # no model at all, and the card says why
    assert ran.card["not_enough"]
