"""`regulars value`: from an orders file to results that open, in both languages, as the options say."""

import json
import math
from decimal import Decimal

import pyarrow.parquet as pq
import pytest
import python_calamine

from regulars.valuation.columns import TYPES

FILES = ["customer_value.parquet", "customers.xlsx", "mapping.toml", "model_card.json", "rejected.csv", "report.html"]


def column(ran, name):
    return dict(zip(ran.customers["customer_id"].to_pylist(), ran.customers[name].to_pylist(), strict=True))


def total(ran, name):
    return sum(v for v in ran.customers[name].to_pylist() if v is not None)


def no_nan(found):
    if isinstance(found, dict):
        return all(no_nan(v) for v in found.values())
    if isinstance(found, list):
        return all(no_nan(v) for v in found)
    return not isinstance(found, float) or math.isfinite(found)


def test_every_file_is_there_and_nothing_else(valued):
    assert (valued.code, valued.err) == (0, "")
    assert sorted(file.name for file in valued.folder.iterdir()) == FILES
    assert [p.name for p in valued.folder.parent.iterdir()] == ["out"]


def test_the_summary_names_the_files_and_the_main_figures(valued):
    for word in ("Current value", "Future value", "Still buying", "Contact these first", "rejected.csv"):
        assert word in valued.out
    assert max(len(line) for line in valued.out.splitlines()) <= 120


def test_the_parquet_has_the_columns_of_the_contract(valued):
    table = valued.customers
    assert table.column_names == ["customer_id", *TYPES]
    assert table["customer_id"].to_pylist() == sorted(table["customer_id"].to_pylist())
    assert table["future_value"].null_count == 0


def test_card_and_mapping_and_workbook_open(valued):
    assert no_nan(valued.card)
    assert valued.card["model"]["name"] in ("MBG/NBD", "Pareto/NBD", "BG/NBD")
    assert all(gate["passed"] for gate in valued.card["gates"])
    assert (valued.folder / "mapping.toml").read_text(encoding="utf-8").startswith("[columns]\n")
    sheets = python_calamine.CalamineWorkbook.from_path(valued.folder / "customers.xlsx")
    assert len(sheets.get_sheet_by_index(0).to_python()) == valued.customers.num_rows + 1


CODES = {"high_now_high_later", "low_now_low_later", "top", "rest", "class_IV", "class_I", "enhance", "release",
         "heaviest", "none", "new_or_back", "not_enough_data"}  # fmt: skip


@pytest.mark.parametrize(
    ("lang", "heads", "words"),
    [
        ("zh", ("为何归入此类", "为何此牌", "为何此级", "怎么待", "资源等级", "为何这样待"),
         ("界线", "近 12 个月净利", " 月", "，", "", "：")),
        ("en", ("Why this class", "Why this tier", "Why this visit class", "Treatment", "Resource grade",
                "Why this treatment"),
         ("the line is", "12 months", "", "", "", ";")),
    ],
    ids=["zh", "en"],
)  # fmt: skip
def test_the_workbook_gives_reasons_in_sentences(value, company, lang, heads, words):
    ran = value(company.orders, "--xlsx", lang=lang)
    head, *rows = (
        python_calamine.CalamineWorkbook.from_path(ran.folder / "customers.xlsx").get_sheet_by_index(0).to_python()
    )
    assert {cell for row in rows for cell in row if isinstance(cell, str)}.isdisjoint(CODES)
    for name, word in zip(heads, words, strict=True):
        cells = [row[head.index(name)] for row in rows]
        assert all(cells)
        assert all(word in cell for cell in cells if "数据" not in cell), name
        assert all(any("一" <= c <= "鿿" for c in cell) == (lang == "zh") for cell in cells)


def test_the_workbook_of_thin_data_says_that_they_do_not_suffice(value, shop):
    ran = value(shop, "--xlsx")
    head, *rows = (
        python_calamine.CalamineWorkbook.from_path(ran.folder / "customers.xlsx").get_sheet_by_index(0).to_python()
    )
    assert {row[head.index("Why this class")] for row in rows} == {"Not enough data (5 orders), so no class"}
    assert {row[head.index("Why this treatment")] for row in rows} == {"Not enough data, so no strategy yet"}
    assert {row[head.index("Treatment")] for row in rows} == {""}


def test_the_card_says_what_its_models_ignore_and_where_numbers_are_weak(valued):
    for text in (valued.card["model"]["ignores"], *valued.card["weak"]):
        assert text["zh"]
        assert text["en"]
    assert any("product cost only" in text["en"] or "values are revenue" in text["en"] for text in valued.card["weak"])


def test_the_report_is_whole_and_needs_no_network(valued):
    page = (valued.folder / "report.html").read_text(encoding="utf-8")
    assert page.rstrip().endswith("</html>")
    assert 'src="http' not in page


def test_every_row_read_is_either_used_or_accounted_for(valued):
    data = valued.card["data"]
    assert data["rows_read"] == data["lines_used"] + sum(e["rows"] for e in data["left_out"])
    rejected = (valued.folder / "rejected.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len(rejected) - 1 == sum(e["rows"] for e in data["left_out"])


def test_the_mapping_that_was_written_gives_the_same_bytes(value, company, valued):
    again = value(company.orders, "--map", valued.folder / "mapping.toml", "--threads", "1")
    assert again.code == 0
    bytes_of = [(ran.folder / "customer_value.parquet").read_bytes() for ran in (valued, again)]
    assert bytes_of[0] == bytes_of[1]


def test_options_reach_the_numbers(value, company, valued):
    other = value(
        company.orders, "--as-of", "2026-06-30", "--horizon", "26w", "--discount-rate", "50%", "--threshold", "0.5"
    )
    assert other.card["run"] | {"margin": None} == valued.card["run"] | {
        "as_of": "2026-06-30", "horizon_days": 182, "discount_rate": 0.5, "margin": None
    }  # fmt: skip
    assert other.card["rules"]["matrix"]["quantile"] == 0.5
    assert total(other, "future_value") < total(valued, "future_value")
    assert max(other.customers["last_purchase"].to_pylist()).isoformat() <= "2026-06-30"
    assert any(e["reason"] == "after_as_of" for e in other.card["data"]["left_out"])


def test_json_is_json_and_nothing_else(value, company):
    ran = value(company.orders, "--json", "--lang", "zh", lang="en")
    found = json.loads(ran.out, parse_constant=lambda text: pytest.fail(f"{text} in JSON"))
    assert found["totals"]["future_value"]["low"] <= found["totals"]["future_value"]["value"]
    assert [file.rsplit("/", 1)[-1] for file in found["files"]] == [f for f in FILES if f != "customers.xlsx"]


def test_chinese_headers_encoding_and_output(value, tmp_path):
    rows = ["客户编号,订单号,下单时间,数量,单价,金额"]
    rows += [f"甲{c},D{c}{k},2025-{1 + (c + k) % 12:02d}-{5 + k:02d},1,10,10" for c in range(8) for k in range(4)]
    (tmp_path / "订单.csv").write_bytes("\n".join(rows).encode("gb18030"))
    ran = value(tmp_path / "订单.csv", lang="zh")
    assert (ran.code, ran.err) == (0, "")
    assert "当前价值" in ran.out
    assert "数据不足" in ran.out
    assert ran.customers["customer_id"].to_pylist()[0] == "甲0"
    assert '<html lang="zh' in (ran.folder / "report.html").read_text(encoding="utf-8")


def test_without_costs_values_are_revenue_and_said_so(value, shop):
    ran = value(shop)
    assert ran.card["run"]["basis"] == "revenue"
    assert ran.customers["net_profit"].null_count == ran.customers.num_rows
    assert "revenue" in ran.out.lower()


def test_a_margin_rate_gives_profit(value, shop):
    ran = value(shop, "--margin", "40%")
    assert total(ran, "net_profit") == total(ran, "revenue") * Decimal("0.4")


def test_margins_by_category(value, shop, tmp_path):
    rates = tmp_path / "margins.csv"
    rates.write_text("category,margin\ntea,0.5\n*,10%\n", encoding="utf-8")
    ran = value(shop, "--margin", rates)
    sold = {"tea": 0, "coffee": 0}
    for line in shop.read_text().splitlines()[1:]:
        _, _, day, category, _, amount = line.split(",")
        if day > ran.card["run"]["as_of"].replace("2025", "2024"):
            sold[category] += int(amount)
    assert float(total(ran, "net_profit")) == pytest.approx(0.5 * sold["tea"] + 0.1 * sold["coffee"])


def test_a_map_names_columns_that_nobody_could_guess(value, shop, tmp_path):
    text = shop.read_text().replace("customer_id,order_id,order_date,category,quantity,amount", "a,b,c,d,e,f")
    odd, map_file = tmp_path / "odd.csv", tmp_path / "map.toml"
    odd.write_text(text)
    map_file.write_text('[columns]\ncustomer_id = "a"\norder_id = "b"\nordered_at = "c"\nquantity = "e"\n'
                        'net_amount = "f"\n[options]\nas_of = 2025-12-31\n')  # fmt: skip
    ran, plain = value(odd, "--map", map_file), value(shop, "--as-of", "2025-12-31")
    assert column(ran, "revenue") == column(plain, "revenue")


def test_results_replace_those_of_an_earlier_run_and_leave_the_rest(run, shop, tmp_path):
    folder = tmp_path / "deep" / "er" / "out"
    assert run("value", shop, "--out", folder, "--lang", "en").code == 0
    (folder / "notes.txt").write_text("mine")
    first = pq.read_table(folder / "customer_value.parquet")
    assert run("value", shop, "--out", folder, "--lang", "en", "--margin", "0.5").code == 0
    assert pq.read_table(folder / "customer_value.parquet") != first
    assert sorted(f.name for f in folder.iterdir()) == sorted([*(f for f in FILES if "xlsx" not in f), "notes.txt"])


def test_without_out_the_folder_is_named_after_the_file(run, shop, monkeypatch):
    monkeypatch.chdir(shop.parent)
    assert run("value", "shop.csv", "--lang", "en").code == 0
    assert (shop.parent / "shop-value" / "report.html").is_file()


def test_a_run_without_excel_takes_the_old_workbook_away(run, shop, tmp_path):
    out = tmp_path / "out"
    assert run("value", shop, "--out", out, "--xlsx").code == 0
    (out / "mine.txt").write_text("stays")
    assert run("value", shop, "--out", out).code == 0
    assert not (out / "customers.xlsx").exists()
    assert sorted(file.name for file in out.iterdir()) == sorted(set(FILES) - {"customers.xlsx"} | {"mine.txt"})


def test_an_earlier_runs_parameters_score_the_same_orders_alike(run, valued, company, tmp_path):
    again = run("value", company.orders, "--like", valued.folder, "--out", tmp_path, "--lang", "en", folder=tmp_path)
    assert (again.code, again.err) == (0, "")
    assert again.customers == valued.customers
    assert f"Scored with the parameters of {valued.card['run']['as_of']}, nothing fitted. Refit due: no." in again.out
    assert again.card["given"]["text"]["zh"].startswith("按 ")
    with_more = run("value", company.orders, "--like", valued.folder, "--horizon", "26w", "--lang", "en")
    assert (with_more.code, with_more.out) == (2, "")
    assert "--horizon: cannot go with --like" in with_more.err
    assert "no model_card.json" in run("value", company.orders, "--like", tmp_path / "none", "--lang", "en").err
    assert "goes with --like" in run("value", company.orders, "--refit-when-due", "--lang", "en").err
