"""Too little data for a model is no error: current value and classes come, the future says why it does not."""

import json

import pytest

THIN = {
    "one customer": ["A,2025-01-05,10", "A,2025-02-05,20"],
    "one purchase": ["A,2025-01-05,10"],
    "one purchase each": [f"C{i},2025-{1 + i % 12:02d}-10,{10 + i}" for i in range(60)],
    "five customers, three purchases": [f"C{c},2025-{2 * k + c:02d}-07,{5 + c}" for c in range(5) for k in (1, 2, 3)],
    "all on one day": [f"C{i},2025-03-01,{i + 1}" for i in range(40)],
    "everybody the same": [f"C{i},2025-{m:02d}-15,10" for i in range(40) for m in (1, 4, 7)],
}  # fmt: skip
FUTURE = (
    "p_alive",
    "expected_purchases",
    "future_value",
    "residual_value",
    "customer_value",
    "value_at_risk",
    "matrix",
)
NOW = ("revenue", "lifetime_revenue", "rfm", "tier", "tier_reason", "n_purchases")


@pytest.mark.parametrize(("name", "rows"), THIN.items(), ids=list(THIN))
def test_the_run_ends_well(value, tmp_path, name, rows):
    lang = "zh" if len(name) % 2 else "en"  # one language each: they differ in words only
    file = tmp_path / "thin.csv"
    file.write_text("\n".join(["customer_id,order_date,amount", *rows]) + "\n")
    ran = value(file, lang=lang)
    assert (ran.code, ran.err) == (0, "")
    table = ran.customers
    assert table.num_rows == len({row.split(",")[0] for row in rows})
    if ran.card["not_enough"] is None:
        return
    assert [c for c in FUTURE if table[c].null_count < table.num_rows] == []
    assert [c for c in NOW if table[c].null_count] == []
    words = {"en": "not enough data", "zh": "数据不足"}[lang]
    assert words in ran.out.lower()
    assert words in (ran.folder / "report.html").read_text(encoding="utf-8").lower()


@pytest.mark.parametrize("name", ["one customer", "one purchase each", "five customers, three purchases"])
def test_json_says_why(value, tmp_path, name):
    file = tmp_path / "thin.csv"
    file.write_text("\n".join(["customer_id,order_date,amount", *THIN[name]]) + "\n")
    found = json.loads(value(file, "--json").out)
    assert found["totals"]["future_value"] is None
    assert found["totals"]["current_value"] > 0
    assert set(found["not_enough"]) == {"zh", "en"}
