"""A file whose columns were not found: everything missing at once, what there is, and a map that works when pasted."""

import tomllib

import polars as pl
import pytest

from regulars import ingest
from regulars.errors import InputError

SHOP = """Kunde;Belegdatum;Netto;Brutto;Ort
Maria;01.02.2024;10,5;12,6;Bonn
Jan;03.02.2024;5,5;6,6;Bonn
Maria;21.02.2024;10,5;12,6;Köln
"""


def refusal(path, **options):
    with pytest.raises(InputError) as refused:
        ingest.read_orders(path, options=ingest.ReadOptions(**options))
    return refused.value


def block(message):
    return tomllib.loads(message[message.index("[columns]") :])["columns"]


@pytest.fixture
def shop(tmp_path):
    path = tmp_path / "laden.csv"
    path.write_text(SHOP, encoding="utf-8")
    return path


def test_all_that_is_missing_is_named_at_once_with_the_columns_there_are(shop):
    error = refusal(shop)
    head = error.message("en").splitlines()[0]
    assert "the customer and the amount (or quantity and unit price)" in head
    assert "laden.csv" in head
    assert "Kunde, Belegdatum, Netto, Brutto, Ort" in head
    assert "没有认出客户、金额（或数量和单价）" in error.message("zh")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_map_it_prints_works_as_it_stands(shop, tmp_path, lang):
    message = refusal(shop).message(lang)
    assert block(message) == {"customer_id": "Kunde", "net_amount": "Netto"}
    (tmp_path / "map.toml").write_text(message[message.index("[columns]") :], encoding="utf-8")
    orders = ingest.read_orders(shop, options=ingest.ReadOptions(map_file=tmp_path / "map.toml"))
    assert orders.n_lines == 3
    assert "--map map.toml" in message


def test_other_columns_that_could_be_meant_stand_beside_the_guess(shop):
    assert '"Netto"  # or "Brutto"' in refusal(shop).message("en")
    assert '"Netto"  # 或 "Brutto"' in refusal(shop).message("zh")


GUESSES = {
    "购买人": ("customer_id", {"城市": ["北京", "上海", "北京", "上海"], "购买人": ["张三", "李四", "张三", "王五"]}),
    "wer": ("customer_id", {"nr": ["1", "2", "3", "4"], "wer": ["a", "b", "a", "c"]}),
    "实际到账": ("net_amount", {"积分": ["1", "2", "3", "4"], "实际到账": ["1.5", "2", "3", "4"]}),
    "am": ("ordered_at", {"am": ["2024-03-01"] * 4, "bis": ["offen"] * 4}),
}
GIVEN = {"customer_id": ["a", "b", "a", "b"], "ordered_at": ["2024-03-01"] * 4, "net_amount": ["1", "2", "3", "4"]}


@pytest.mark.parametrize(("guess", "case"), GUESSES.items(), ids=list(GUESSES))
def test_the_likeliest_column_is_guessed_by_content_and_name(tmp_path, guess, case):
    canonical, columns = case
    known = {c: cells for c, cells in GIVEN.items() if c != canonical}
    others = {"ordered_at": {"am": ["2024-03-01"] * 4, "later": ["2024-03-02"] * 4}}.get(canonical, {})
    frame = {**known, **columns, **others}
    if canonical == "net_amount":
        frame |= {"rate": ["0.5"] * 4}  # two columns with fractions: none of them can be taken for sure
    pl.DataFrame(frame).write_csv(tmp_path / "o.csv")
    found = block(refusal(tmp_path / "o.csv").message("en"))
    assert found == {canonical: guess}


def test_where_nothing_tells_people_come_first_and_sums_at_the_end(tmp_path):
    pl.DataFrame({"one": [1, 2, 1], "two": [3, 4, 5]}).write_csv(tmp_path / "o.csv")
    assert block(refusal(tmp_path / "o.csv").message("en")) == {
        "customer_id": "one", "ordered_at": "?", "net_amount": "two"
    }  # fmt: skip


def test_where_nothing_fits_the_gap_is_left_to_fill_in(tmp_path):
    pl.DataFrame({"a": ["x", "y"], "b": ["p", "q"]}).write_csv(tmp_path / "o.csv")
    message = refusal(tmp_path / "o.csv").message("en")
    assert block(message)["ordered_at"] == "?"
    (tmp_path / "map.toml").write_text(message[message.index("[columns]") :])
    assert "no column '?'" in refusal(tmp_path / "o.csv", map_file=tmp_path / "map.toml").message("en")


def test_names_of_columns_cannot_break_the_map(tmp_path):
    odd = 'Käufer "neu" # = \\'
    pl.DataFrame({odd: ["a", "b", "a"], "date": ["2024-03-01"] * 3, "amount": [1, 2, 3]}).write_csv(tmp_path / "o.csv")
    assert block(refusal(tmp_path / "o.csv").message("en")) == {"customer_id": odd}


def test_a_very_wide_file_is_not_listed_to_the_end(tmp_path):
    pl.DataFrame({f"c{i}": ["x"] for i in range(200)}).write_csv(tmp_path / "o.csv")
    head = refusal(tmp_path / "o.csv").message("en").splitlines()[0]
    assert head.endswith("c29 …")
