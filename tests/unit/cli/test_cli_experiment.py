"""`regulars experiment`: a plan from orders, an assignment file, a reading that begins with its verdict."""

from __future__ import annotations

import csv
import json
from collections import Counter

import numpy as np
import pytest
import xlsxwriter

from regulars.simulate.campaigns import Campaign, run_campaign

READ = ("--arm", "arm", "--control", "none", "--outcome", "profit")


@pytest.fixture(scope="session")
def campaign(tmp_path_factory):
    """A campaign that pays, as the CSV that somebody keeps: money with signs, no history for newcomers."""
    lived = run_campaign(Campaign(customers=1500, persuadable=1.0, lift=2.0, pulled=0.0))
    file = tmp_path_factory.mktemp("campaign") / "campaign.csv"
    rows = zip(lived.contacted, lived.profit, lived.before, lived.stratum, strict=True)
    text = [
        f'{i},{"mail" if mailed else "none"},"¥{profit:,.2f}",{"" if np.isnan(before) else round(before, 2)},{stratum}'
        for i, (mailed, profit, before, stratum) in enumerate(rows)
    ]
    file.write_text("\n".join(["customer,arm,profit,before,class", *text]) + "\n", encoding="utf-8")
    return file


@pytest.mark.parametrize(("lang", "verdict"), [("en", "mail: Proved. "), ("zh", "mail：有效。")])
def test_the_verdict_comes_first_and_in_words(run, campaign, lang, verdict):
    done = run("experiment", "analyse", campaign, *READ, "--covariate", "before", "--cost", "mail=2", "--lang", lang)
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith(verdict)


def test_json_holds_the_whole_reading(run, campaign):
    done = run("experiment", "analyse", campaign, *READ, "--stratum", "class", "--segment", "class", "--json")
    found = json.loads(done.out)
    assert found["verdicts"]["mail"]["kind"] == "proved"
    assert found["effects"][0]["low"] > 0
    assert {each["declared"] for each in found["segments"]} == {False}


def test_excel_is_read_like_csv(run, campaign, tmp_path):
    file = tmp_path / "campaign.xlsx"
    with xlsxwriter.Workbook(file) as book, campaign.open(encoding="utf-8") as source:
        sheet = book.add_worksheet()
        for at, row in enumerate(csv.reader(source)):
            sheet.write_row(at, 0, row)
    same = [run("experiment", "analyse", each, *READ, "--lang", "en").out for each in (campaign, file)]
    assert same[0] == same[1]


def test_too_few_to_say_anything_is_no_error(run, tmp_path):
    file = tmp_path / "few.csv"
    file.write_text("arm,profit\nmail,1\nmail,2\nnone,1\n", encoding="utf-8")
    done = run("experiment", "analyse", file, *READ, "--lang", "en")
    assert done.code == 0
    assert done.out.startswith("mail: Not enough data.")
    assert "within" not in done.out


@pytest.mark.parametrize(
    ("rows", "options", "said"),
    [
        ("1,mail,5,1\n2,none,oops,2", (), "line 3: 'oops' in 'profit' is not a number"),
        ("1,mail,5,1\n2,none,,2", (), "without a value in 'profit': 1"),
        ("1,mail,5,1\n2,other,4,2", (), "no control group 'none'"),
        ("1,mail,5,1\n1,none,4,2", ("--customer", "id"), "customer 1 stands in two arms"),
        ("1,mail,5,1\n2,none,4,1", ("--covariate", "before"), "the same for everybody"),
        ("1,mail,5,\n2,none,4,", ("--covariate", "before"), "no period before"),
        ("1,mail,5,1\n2,none,4,2", ("--cost", "mail"), "not a name and a number"),
        ("1,mail,5,1\n2,none,4,2", ("--looks", "3"), "which one is this"),
    ],
)  # fmt: skip
def test_what_is_no_experiment_ends_in_one_line_and_2(run, tmp_path, rows, options, said):
    file = tmp_path / "bad.csv"
    file.write_text(f"id,arm,profit,before\n{rows}\n", encoding="utf-8")
    done = run("experiment", "analyse", file, *READ, *options, "--lang", "en")
    assert done.code == 2
    assert said in done.err
    assert done.err.count("\n") <= 2


def test_a_plan_needs_no_file(run):
    done = run("experiment", "plan", "--sd", "10", "--difference", "5", "--json")
    assert json.loads(done.out)["customers"] == 126
    assert run("experiment", "plan", "--lang", "en").code == 2


def test_too_few_customers_to_plan_from_is_said_in_words(run, shop):
    done = run("experiment", "plan", shop, "--lang", "en")
    assert done.code == 2
    assert "too few customers" in done.err
    assert run("experiment", "plan", shop, "--sd", "20", "--difference", "2", "--lang", "en").code == 0


def test_a_plan_from_orders_takes_their_spread_and_assigns(run, company, tmp_path):
    target = tmp_path / "arms.csv"
    done = run(
        "experiment", "plan", company.orders, "--control-share", "0.25", "--assign", target, "--seed", "s", "--json"
    )  # fmt: skip
    assert (done.code, done.err) == (0, "")
    found = json.loads(done.out)
    assert found["sd"] > 0
    assert found["customers"] == pytest.approx(found["available"], abs=2)
    assert [each["weeks"] for each in found["windows"]] == [4, 8, 13, 26]
    with target.open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    counts = Counter(row["arm"] for row in rows)
    assert counts == found["assigned"]
    assert counts["control"] == pytest.approx(len(rows) / 4, abs=1)
    strata = Counter(row["stratum"] for row in rows)
    assert strata.keys() <= {"new", "none", "low", "high"}
    assert strata["low"] == pytest.approx(strata["high"], abs=2)
    assert {(row["arm"], row["propensity"]) for row in rows} == {("control", "0.25"), ("treated", "0.75")}
