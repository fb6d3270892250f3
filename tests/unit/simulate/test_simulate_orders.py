"""What lies in the files: orders that add up, and a truth that agrees with them."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import duckdb
import pyarrow.parquet as pq
import pytest

from regulars.errors import OutputError
from regulars.simulate import Company, Simulated, demo_company, simulate, write_orders
from regulars.simulate import block as block_room

SHOP = Company(n_customers=1_500, seed=5, return_share=0.06, season=0.3, discount=0.2)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Simulated:
    return simulate(SHOP, tmp_path_factory.mktemp("shop"))


def ask(query: str, **tables: Path) -> list[tuple]:
    with duckdb.connect() as connection:
        for name, path in tables.items():
            connection.execute(f"create view {name} as from '{path}'")
        return connection.execute(query).fetchall()


def test_the_same_settings_give_the_same_bytes(shop: Simulated, tmp_path: Path) -> None:
    again = simulate(SHOP, tmp_path)
    assert again.orders.read_bytes() == shop.orders.read_bytes()
    assert again.truth.read_bytes() == shop.truth.read_bytes()
    assert again.settings.read_bytes() == shop.settings.read_bytes()


def test_another_seed_gives_another_company(shop: Simulated, tmp_path: Path) -> None:
    other = simulate(replace(SHOP, seed=6), tmp_path)
    assert other.orders.read_bytes() != shop.orders.read_bytes()


def test_amounts_are_exact_and_no_row_repeats_another(shop: Simulated) -> None:
    wrong, repeats = ask(
        """select count(*) filter (amount <> quantity * unit_price),
                  count(*) - (select count(*) from (select distinct * from o)) from o""",
        o=shop.orders,
    )[0]
    assert (wrong, repeats) == (0, 0)


def test_every_return_names_an_order_of_the_customer_and_takes_less_than_was_sold(shop: Simulated) -> None:
    n, unlinked, early, whole = ask(
        """with back as (select original_order_no as sale, customer_no, min(order_time) as at, -sum(quantity) as units
                         from o where quantity < 0 group by all),
                sold as (select order_no as sale, customer_no, min(order_time) as at, sum(quantity) as units
                         from o where quantity > 0 group by all)
           select count(*), count(*) filter (s.sale is null), count(*) filter (b.at <= s.at),
                  count(*) filter (b.units >= s.units)
           from back b left join sold s using (sale, customer_no)""",
        o=shop.orders,
    )[0]
    assert n > 100
    assert (unlinked, early, whole) == (0, 0, 0)


def test_credit_notes_have_numbers_of_their_own(shop: Simulated) -> None:
    assert ask("select distinct left(order_no, 2), quantity < 0 from o order by 1", o=shop.orders) == [
        ("CN", True),
        ("SO", False),
    ]


def test_the_truth_agrees_with_the_orders(shop: Simulated) -> None:
    differing = ask(
        """with seen as (select customer_no, count(distinct order_time::date) filter (quantity > 0) as days,
                                min(order_time::date) as first, sum(amount) as revenue,
                                sum(amount - quantity * unit_cost) as profit from o group by 1)
           select count(*) from seen full join t on customer_id = customer_no
           where days is distinct from n_purchases or first is distinct from first_purchase
              or abs(seen.revenue - t.revenue) > 0.001 or abs(seen.profit - t.profit) > 0.001
              or seen.revenue is null or t.revenue is null""",
        o=shop.orders,
        t=shop.truth,
    )[0][0]
    assert differing == 0


def test_nothing_of_the_future_is_in_the_orders(shop: Simulated) -> None:
    assert ask("select max(order_time::date) from o", o=shop.orders)[0][0] <= SHOP.end
    assert ask("select sum(future_purchases), sum(future_profit) from t", t=shop.truth)[0] > (500, 10_000)


def test_who_is_gone_buys_no_more(shop: Simulated) -> None:
    bought, expected, n = ask(
        """select sum(future_purchases), sum(expected_future_purchases), count(*) from t where not alive_at_end
           and dropout_date <= date '2025-12-28'""",
        t=shop.truth,
    )[0]
    assert n > 100
    assert (bought, expected) == (0, 0)


def test_margins_differ_by_category_and_categories_by_code(shop: Simulated) -> None:
    rows = ask(
        "select category, count(distinct left(product_code, 2)), 1 - sum(quantity * unit_cost) / sum(amount) "
        "from o group by 1",
        o=shop.orders,
    )
    assert len(rows) == 10
    assert all(codes == 1 for _, codes, _ in rows)
    assert max(m for *_, m in rows) - min(m for *_, m in rows) > 0.15


def test_chinese_headers_carry_the_same_figures(shop: Simulated, tmp_path: Path) -> None:
    zh = pq.read_table(write_orders(SHOP, tmp_path / "orders.parquet", headers="zh").orders)
    en = pq.read_table(shop.orders)
    assert zh.column_names[:4] == ["订单号", "客户编号", "下单时间", "商品编号"]
    for mine, other in (("订单号", "order_no"), ("金额", "amount"), ("单位成本", "unit_cost")):
        assert zh[mine].equals(en[other])


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_csv_carries_the_same_rows_in_every_encoding(
    tmp_path: Path, encoding: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Several blocks, so that a byte-order mark in the middle would show.
    monkeypatch.setattr(block_room, "BLOCK", 40)
    company = Company(n_customers=100, seed=2)
    written = write_orders(company, tmp_path / "o.csv", headers="zh", encoding=encoding)
    lines = (tmp_path / "o.csv").read_bytes().decode(encoding).splitlines()
    assert len(lines) == written.n_rows + 1
    assert lines[0].startswith('"订单号"')
    assert sum(line == lines[0] for line in lines) == 1
    assert "\ufeff" not in "".join(lines)


def test_order_numbers_stay_unique_over_blocks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(block_room, "BLOCK", 40)
    written = simulate(Company(n_customers=100, seed=2, return_share=0.0), tmp_path)
    orders, owners, customers = ask(
        "select count(distinct order_no), count(distinct (order_no, customer_no)), count(distinct customer_no) from o",
        o=written.orders,
    )[0]
    assert orders == owners == written.n_orders
    assert customers == 100
    ids = pq.read_table(written.truth)["customer_id"].to_pylist()
    assert ids == sorted(ids)


def test_settings_and_counts_stand_beside_the_truth(shop: Simulated) -> None:
    said = json.loads(shop.settings.read_text(encoding="utf-8"))
    assert said["settings"]["seed"] == 5
    assert said["end"] == SHOP.end.isoformat()
    assert said["rows"]["sales"]["rows"] + said["rows"]["returns"]["rows"] == said["n_rows"] == shop.n_rows


@pytest.mark.parametrize("settings", [{"n_customers": 1}, {"weeks": 1}, {"future_weeks": 0}, {"n_products": 10}])
def test_tiny_companies_are_companies(tmp_path: Path, settings: dict[str, int]) -> None:
    written = simulate(Company(**({"n_customers": 30, "seed": 3} | settings)), tmp_path)
    assert written.n_rows >= 1


def test_progress_counts_customers(tmp_path: Path) -> None:
    seen = []
    write_orders(demo_company(200), tmp_path / "o.csv", progress=lambda done, of: seen.append((done, of)))
    assert seen == [(200, 200)]


def test_an_interrupted_run_leaves_nothing(tmp_path: Path) -> None:
    def stop(done: int, of: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        simulate(Company(n_customers=10), tmp_path, progress=stop)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OutputError, match="cannot be written"):
        simulate(Company(n_customers=10), tmp_path / "file" / "out")
