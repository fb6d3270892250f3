"""`regulars contracts`: from a file of periods or of tenures to who renews and what is to come; refusals."""

from __future__ import annotations

import json

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import xlsxwriter

from regulars.measure.contracts import Period

YEAR = Period(months=12)
ZH = ("客户编号", "合同编号", "开始日期", "到期日", "合同金额", "套餐")


@pytest.fixture(scope="module")
def periods():
    """Yearly contracts of 400 customers; gold ones leave half as often."""
    rng = np.random.default_rng(2)
    rows = []
    for i in range(400):
        gold = bool(rng.random() < 0.5)
        coin = rng.beta(0.8, 2.5) * (0.3 if gold else 1.0)
        start = np.datetime64("2018-01-01") + np.timedelta64(int(rng.integers(0, 2000)), "D")
        for k in range(1, 40):
            since = YEAR.after(start, k - 1)[()]
            end = YEAR.after(start, k)[()] - np.timedelta64(1, "D")
            rows.append((f"K{i}", f"H{i}-{k}", since, end, 1000, "gold" if gold else "basic"))
            if end > np.datetime64("2026-03-31") or rng.random() < coin:
                break
    return rows


@pytest.fixture(scope="module")
def chinese(periods, tmp_path_factory):
    file = tmp_path_factory.mktemp("contracts") / "合同.csv"
    text = [
        f'{c},{h},{str(s).replace("-", "/")},{str(e).replace("-", "/")},"¥{a:,.2f}",{p}' for c, h, s, e, a, p in periods
    ]
    file.write_bytes("\n".join([",".join(ZH), *text]).encode("gb18030"))
    return file


def table(done):
    return pq.read_table(done.folder / "contract_value.parquet")


@pytest.fixture(scope="module")
def contracts(run, tmp_path_factory):
    def go(*arguments, lang="en"):
        folder = tmp_path_factory.mktemp("out") / "out"
        done = run("contracts", *arguments, "--out", folder, "--lang", lang)
        return type(done)(done.code, done.out, done.err, folder)

    return go


def test_chinese_contracts_from_gb18030_to_every_customers_value(contracts, chinese):
    done = contracts(chinese, "--margin", "40%", "--horizon", "3y", lang="zh")
    assert (done.code, done.err) == (0, "")
    assert "合同.csv 里的合同：400 位客户" in done.out
    assert "一期 1 年" in done.out
    assert "3 年内的毛利" in done.out
    found = table(done).to_pylist()
    assert [row["customer_id"] for row in found] == sorted(row["customer_id"] for row in found)
    running = [row for row in found if row["state"] == "running"]
    for row in running:
        assert row["renewals_low"] <= row["renewals_high"] <= 3
        assert 0 < row["p_leaves_next"] < 1
        assert row["future_value_low"] <= row["future_value_high"]
        assert row["future_value"] <= row["residual_value"]
        assert row["next_due"] >= row["as_of"]
        assert float(row["future_value"]) < 400 * row["expected_renewals"]
    assert {float(row["future_value"]) for row in found if row["state"] == "left"} == {0.0}
    card = json.loads((done.folder / "contract_card.json").read_text(encoding="utf-8"))
    assert sum(float(row["future_value"]) for row in found) == pytest.approx(card["totals"]["value"]["value"], rel=1e-3)


def test_features_show_who_stays_and_change_what_is_expected(contracts, chinese):
    card = json.loads(contracts(chinese, "--feature", "套餐", "--json").out)
    gold, basic = sorted(card["retention"]["套餐"], key=lambda row: -row["retention"])
    assert (gold["value"], basic["value"]) == ("gold", "basic")
    assert gold["low"] > basic["high"]
    assert card["features"]["used"]
    assert gold["leaving_next"] < basic["leaving_next"]
    assert card["features"]["gain"] > card["features"]["standard_error"]


def test_excel_and_parquet_say_the_same(contracts, chinese, periods, tmp_path):
    book, columns = tmp_path / "c.xlsx", list(zip(*periods, strict=True))
    with xlsxwriter.Workbook(book) as made:
        made.add_worksheet("封面").write_row(0, 0, ["说明", "2026"])
        sheet = made.add_worksheet("明细")
        for at, row in enumerate([ZH, *periods]):
            sheet.write_row(at, 0, [str(cell) if isinstance(cell, np.datetime64) else cell for cell in row])
    names = ["customer_id", "contract_id", "started_on", "ended_on", "amount", "plan"]
    arrow = {name: pa.array([c.astype(object) if isinstance(c, np.datetime64) else c for c in column])
             for name, column in zip(names, columns, strict=True)}  # fmt: skip
    pq.write_table(pa.table(arrow), tmp_path / "c.parquet")
    same = [table(contracts(file)) for file in (chinese, book, tmp_path / "c.parquet")]
    assert same[0].equals(same[1])
    assert same[0].equals(same[2])


@pytest.fixture(scope="module")
def tenures(tmp_path_factory):
    rng = np.random.default_rng(5)
    n = 500
    leaves, seen = rng.geometric(rng.beta(0.8, 4.0, n)), rng.integers(0, 25, n)
    file = tmp_path_factory.mktemp("tenure") / "telco.csv"
    pairs = enumerate(zip(leaves, seen, strict=True))
    text = [f"C{i},{min(a, b)},{'Yes' if a <= b else 'No'},{20 + i % 7}" for i, (a, b) in pairs]
    file.write_text("\n".join(["customerID,tenure,Churn,MonthlyCharges", *text]), encoding="utf-8")
    return file


def test_one_row_a_customer_with_tenure_and_churn(contracts, tenures):
    done = contracts(tenures, "--period", "month")
    assert done.code == 0
    assert "A period is a month" in done.out
    assert "add --last-period-only" in done.out.replace("\n", " ")
    found = table(done).to_pylist()
    assert {row["state"] for row in found} == {"running", "left"}
    assert all(row["next_due"] is None for row in found)


def test_who_left_earlier_is_missing_from_a_file_of_the_last_period(contracts, tenures):
    cards = [
        json.loads(contracts(tenures, "--period", "month", "--json", *more).out)
        for more in ((), ("--last-period-only",))
    ]
    assert cards[0]["renewals_seen"] > cards[1]["renewals_seen"]
    assert cards[0]["totals"]["renewals"]["value"] > cards[1]["totals"]["renewals"]["value"]


HEAD = "customer_id,contract_id,started_on,ended_on,amount,currency"
GOOD = "A,1,2024-01-01,2024-12-31,10,EUR"


@pytest.mark.parametrize(
    ("lines", "options", "said"),
    [
        ([HEAD, GOOD, "A,2,2024-06-01,2025-05-31,10,EUR"], (), "c.csv, line 3: contracts of A overlap: 1 2024-01-01"),
        ([HEAD, GOOD, "B,2,2024-06-01,2024-08-31,10,EUR"], (), "c.csv, line 2: periods of unequal length"),
        ([HEAD, GOOD, "B,2,2024-06-01,2024-05-31,10,EUR"], (), "c.csv, line 3: ends on 2024-05-31, before it starts"),
        ([HEAD, GOOD, "B,2,2024-06-01,2025-05-31,-3,EUR"], (), "c.csv, line 3: 'amount' is negative"),
        ([HEAD, GOOD, "B,2,2024-06-01,2025-05-31,ten,EUR"], (), "line 3: 'amount' holds 'ten', which is no number"),
        ([HEAD, GOOD, "B,2,soon,2025-05-31,3,EUR"], (), "line 3: 'started_on' holds 'soon', which is no date"),
        ([HEAD, GOOD, ",2,2024-06-01,2025-05-31,3,EUR"], (), "line 3: 'customer_id' is empty"),
        ([HEAD, GOOD, "B,2,2024-06-01,2025-05-31,3,USD"], (), "amounts in several currencies: EUR, USD"),
        ([HEAD, GOOD], ("--feature", "colour"), "--feature: the data has no column 'colour'"),
        ([HEAD, GOOD], ("--horizon=-3m",), "--horizon: cannot read '-3m'"),
        ([HEAD, GOOD], ("--horizon", "30y"), "--horizon: 30y is too long"),
        ([HEAD, GOOD], ("--as-of", "2020-01-01"), "no contract began by 2020-01-01"),
        ([HEAD, GOOD], ("--last-period-only",), "--last-period-only: this file has dates"),
        (["customer,tenure,churn", "A,3,yes"], (), "'tenure' does not say how long a period is"),
        (
            ["customer,tenure,churn", "A,2 years,yes"],
            ("--period", "month"),
            "'tenure' holds '2 years', which is no number",
        ),
        (
            ["customer,tenure,churn,annual_fee", "A,3,yes,9"],
            ("--period", "month"),
            "units are mixed: 'annual_fee' counts",
        ),
        (["customer,tenure_months,churn", "A,3,yes"], ("--period", "year"), "units are mixed: 'tenure_months' counts"),
        (
            ["customer,tenure,churn", "A,3,perhaps"],
            ("--period", "month"),
            "holds 'perhaps', which is neither yes nor no",
        ),
        (["customer,colour", "A,red"], (), "no column found for the start"),
    ],
)
def test_what_cannot_be_ends_in_one_line_and_2_and_writes_nothing(contracts, tmp_path, lines, options, said):
    file = tmp_path / "c.csv"
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    done = contracts(file, *options)
    assert (done.code, done.out) == (2, "")
    assert said in done.err
    assert "Traceback" not in done.err
    assert not done.folder.exists()


def test_who_gives_contracts_for_orders_is_told_which_command_reads_them(run, chinese, tenures):
    for file in (chinese, tenures):
        done = run("value", file, "--out", file.parent / "never", "--lang", "en")
        assert done.code == 2
        assert "Read the file with regulars contracts." in done.err


def test_too_few_contracts_are_counted_and_not_forecast(contracts, tmp_path):
    file = tmp_path / "few.csv"
    file.write_text("\n".join([HEAD, GOOD, "A,2,2025-01-01,2025-12-31,10,EUR"]) + "\n", encoding="utf-8")
    done = contracts(file)
    assert done.code == 0
    assert "not enough data" in done.out
    assert table(done).to_pylist()[0]["future_value"] is None


def test_a_map_names_what_no_header_tells(contracts, tmp_path):
    file, said = tmp_path / "c.csv", tmp_path / "map.toml"
    file.write_text("wer,von,bis\nA,2024-01-01,2024-12-31\n", encoding="utf-8")
    said.write_text('[columns]\ncustomer_id = "wer"\nstarted_on = "von"\nended_on = "bis"\n', encoding="utf-8")
    assert contracts(file).code == 2
    assert contracts(file, "--map", said).code == 0
