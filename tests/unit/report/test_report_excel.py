"""The Excel file: text stays text, dates are dates, best customers first."""

from __future__ import annotations

import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from python_calamine import CalamineWorkbook

from regulars.errors import OutputError
from regulars.report import excel, write_xlsx
from regulars.report.columns import CUSTOMER_VALUE, title
from regulars.valuation.columns import TYPES


def customers(hostile: tuple[str, str]) -> list[dict[str, Any]]:
    names: list[Any] = [hostile[1], hostile[0], "http://x.example", "@SUM(1)", "007", "悦栖酒店", "-2+3", "x" * 40_000]
    return [
        {
            "customer_id": name, "as_of": date(2026, 6, 30), "last_purchase": date(2026, 6, i + 1), "n_purchases": i,
            "net_profit": Decimal("10.5") * (i - 3), "p_alive": None if i == 2 else 0.5,
            "customer_value": Decimal(i), "at_risk": i % 2 == 0,
            "matrix": "IV", "tier": "gold", "visit_change": "down", "matrix_reason": {"zh": "因为", "en": "because"},
        }
        for i, name in enumerate(names)
    ]  # fmt: skip


def read(path: Path, sheet: int = 0) -> list[list[Any]]:
    return CalamineWorkbook.from_path(str(path)).get_sheet_by_index(sheet).to_python()


def test_hostile_names_are_text_without_formula_or_link(
    tmp_path: Path, figures: dict[str, Any], hostile: tuple[str, str]
) -> None:
    path = tmp_path / "v.xlsx"
    write_xlsx(customers(hostile), figures, path, "en")
    with zipfile.ZipFile(path) as book:
        sheets = [book.read(n).decode() for n in book.namelist() if n.startswith("xl/worksheets/sheet")]
        assert not [n for n in book.namelist() if "hyperlink" in n.lower() or "external" in n.lower()]
    assert len(sheets) == 5
    assert not any("<f>" in s or "<hyperlink" in s for s in sheets)
    names = [row[0] for row in read(path)[1:]]
    assert hostile[1] in names
    assert "007" in names
    assert max(len(str(n)) for n in names) == 32_767


def test_the_best_come_first_with_their_kinds(
    tmp_path: Path, figures: dict[str, Any], hostile: tuple[str, str]
) -> None:
    path = tmp_path / "v.xlsx"
    write_xlsx(pa.Table.from_pylist(customers(hostile)), figures, path, "zh")
    head, best, *_ = read(path)
    assert head[0] == "客户编号"
    row = dict(zip(head, best, strict=True))
    assert row["客户价值（当前 + 未来）"] == 7
    assert row["最近购买"] == date(2026, 6, 8)
    assert row["价值矩阵"] == "Ⅳ 白金"
    assert row["级别升降"] == "降"
    assert row["为何归入此类"] == "因为"
    assert row["晚得反常"] == "否"


def test_a_table_and_its_rows_give_the_same_file(
    tmp_path: Path, figures: dict[str, Any], hostile: tuple[str, str]
) -> None:
    rows = customers(hostile)
    write_xlsx(iter(rows), figures, tmp_path / "rows.xlsx", "en")
    write_xlsx(pa.Table.from_pylist(rows), figures, tmp_path / "table.xlsx", "en")
    assert read(tmp_path / "rows.xlsx") == read(tmp_path / "table.xlsx")
    again = tmp_path / "again.xlsx"
    write_xlsx(iter(rows), figures, again, "en")
    assert again.read_bytes() == (tmp_path / "rows.xlsx").read_bytes()


def test_unknown_values_stay_empty(tmp_path: Path, figures: dict[str, Any], hostile: tuple[str, str]) -> None:
    path = tmp_path / "v.xlsx"
    write_xlsx(customers(hostile), figures, path, "en")
    head, *rows = read(path)
    alive = head.index("P(alive)")
    assert [r[alive] for r in rows if r[0] == "http://x.example"] == [""]


def test_only_the_most_valuable_are_written_and_it_says_so(
    tmp_path: Path, figures: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(excel, "MAX_CUSTOMERS", 3)
    table = pa.table({"customer_id": pa.array(range(10)), "customer_value": pa.array([None, *range(9)], pa.float64())})
    write_xlsx(table, figures, tmp_path / "v.xlsx", "en")
    assert [r[0] for r in read(tmp_path / "v.xlsx")[1:]] == ["9", "8", "7"]
    about = [r[0] for r in read(tmp_path / "v.xlsx", 4)]
    assert "The 3 customers of most value, of 8,420; all are in customer_value.parquet." in about


def test_value_falls_back_to_what_is_known(tmp_path: Path, figures: dict[str, Any]) -> None:
    table = pa.table(
        {"customer_id": ["a", "b"], "customer_value": pa.nulls(2, pa.float64()), "lifetime_revenue": [1.0, 2.0]}
    )
    write_xlsx(table, figures, tmp_path / "v.xlsx", "en")
    assert [r[0] for r in read(tmp_path / "v.xlsx")[1:]] == ["b", "a"]


def test_sheets_are_named_in_the_language(tmp_path: Path, figures: dict[str, Any], thin: dict[str, Any]) -> None:
    write_xlsx([], figures, tmp_path / "zh.xlsx", "zh")
    write_xlsx([], thin, tmp_path / "en.xlsx", "en")
    assert CalamineWorkbook.from_path(str(tmp_path / "zh.xlsx")).sheet_names == [
        "客户",
        "类别",
        "先联系",
        "没算进来",
        "说明",
    ]
    assert CalamineWorkbook.from_path(str(tmp_path / "en.xlsx")).sheet_names == [
        "Customers",
        "Classes",
        "Contact first",
        "Left out",
        "About",
    ]


def test_no_folder_no_file(tmp_path: Path, figures: dict[str, Any]) -> None:
    with pytest.raises(OutputError):
        write_xlsx([], figures, tmp_path / "no" / "v.xlsx", "en")
    assert list(tmp_path.iterdir()) == []


def test_every_column_has_a_title_in_both_languages() -> None:
    assert {"customer_id", *TYPES} == set(CUSTOMER_VALUE)
    assert all(c.title.zh and c.title.en for c in CUSTOMER_VALUE.values())
    assert title("p_alive").zh == "活跃概率"
    assert title("of our own").en == "of our own"
    assert len({c.title.en for c in CUSTOMER_VALUE.values()}) == len(CUSTOMER_VALUE)
    assert len({c.title.zh for c in CUSTOMER_VALUE.values()}) == len(CUSTOMER_VALUE)
