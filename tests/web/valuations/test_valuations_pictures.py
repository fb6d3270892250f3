"""The pages of value: what each says, of whom, where its marks lead, and what is kept from whom."""

from __future__ import annotations

import json
import re
from html import unescape
from itertools import pairwise

import pytest

from regulars.web.valuations.pages.hiding import hidden, large
from regulars.web.valuations.pages.views import PICTURES

pytestmark = pytest.mark.django_db

PAGES = ["overview", *PICTURES]


@pytest.fixture
def board(person, teams):
    """Somebody who may read values, but opens no records."""
    from regulars.web.accounts.models import Membership, Role, RolePermission

    role = Role.objects.create(key="board", scope="all")
    RolePermission.objects.create(role=role, permission="valuations.read")
    user = person("viewer", username="board")
    Membership.objects.filter(user=user).update(role=role)
    return user


def address(page):
    return "/value/" if page == "overview" else f"/value/{page}/"


def told(client, page):
    answer = client.get(address(page))
    assert answer.status_code == 200
    return unescape(answer.text)


def data(page):
    """What the chart of a page draws."""
    found = re.search(r'<script id="data-[\w-]+" type="application/json">(.*?)</script>', page, re.DOTALL)
    return json.loads(found[1])


@pytest.mark.parametrize("page", PAGES)
def test_every_page_says_its_day_its_basis_and_whose_customers(client_of, value, page):
    valuation = value()
    said = told(client_of("viewer"), page)
    assert f"Valued as of {valuation.as_of.day}" in said
    assert "counted in net profit" in said
    assert f"all customers: {valuation.n_customers}" in said


@pytest.mark.parametrize(
    ("page", "finding"),
    [
        ("matrix", "The two classes on the right"),
        ("pyramid", "Platinum: "),
        ("concentration", "The top 20% bring"),
        ("rfm", "The richest cell is R"),
    ],
)
def test_the_title_is_the_finding_and_the_table_tells_the_same(client_of, value, page, finding):
    value()
    said = told(client_of("viewer"), page)
    assert re.search(rf"<h2>[^<]*{finding}", said)
    assert said.index("data-chart") < said.index("<table")
    assert finding in told(client_of("viewer"), "overview")


@pytest.mark.parametrize("page", PAGES)
def test_before_the_first_valuation_it_says_what_to_do(client_of, page):
    assert "Not valued yet" in told(client_of("viewer"), page)
    assert "Run a valuation" in told(client_of("analyst"), page)


@pytest.mark.parametrize("page", [*PAGES, "movements"])
def test_who_may_not_read_values_is_kept_out(client_of, page):
    assert client_of("service").get(address(page)).status_code == 403


def test_marks_lead_to_their_customers(client_of, value):
    value()
    client = client_of("viewer")
    matrix = told(client, "matrix")
    assert 'href="/customers/?matrix=IV"' in matrix
    assert re.search(r'href="/customers/\?matrix=IV&tier=gold"', matrix)
    cells = data(matrix)
    assert len(cells["open"]["cells"]) == len(cells["cells"])
    assert all("matrix=" in one and "_value_" in one for one in cells["open"]["cells"])
    assert re.search(r"/customers/\?r_score=\d&f_score=\d", told(client, "rfm"))
    assert re.search(r"/customers/\?current_value_from=[\d.]+&sort=current_value", told(client, "concentration"))


def test_an_account_manager_sees_their_own_customers_alone(client_of, people, value, give):
    mine = give(people["account_manager"], 40)
    value()
    client = client_of("account_manager")
    said = told(client, "matrix")
    assert f"my customers: {len(mine)}" in said
    assert sum(cell[2] for cell in data(said)["cells"]) == len(mine)
    assert "an interval is reckoned for all customers together only" in told(client, "overview")


def test_the_figures_follow_when_customers_change_hands(client_of, people, value, give):
    give(people["account_manager"], 20)
    value()
    client = client_of("account_manager")
    assert "my customers: 20" in told(client, "pyramid")
    give(people["account_manager"], 15)
    assert "my customers: 35" in told(client, "pyramid")
    assert "my team's customers: 35" in told(client_of("manager"), "pyramid")


def test_somebody_without_customers_is_told_so(client_of, value):
    value()
    for page in PAGES:
        assert "my customers: 0" in told(client_of("account_manager"), page)


def test_who_opens_no_records_sees_no_names_no_links_and_no_small_cells(client_of, board, value):
    value()
    client = client_of(board)
    for page in ("matrix", "rfm"):
        said = told(client, page)
        assert "/customers/" not in re.sub(r"<nav.*?</nav>", "", said, flags=re.DOTALL)
        assert all(cell[2] >= 10 for cell in data(said)["cells"])
    assert data(told(client, "matrix"))["keys"] == []
    assert client.get("/value/movements/who/").status_code == 403


def test_of_one_small_cell_the_next_smallest_goes_too():
    cells = [{"n": 40}, {"n": 12}, {"n": 3}]
    assert large(cells) == [{"n": 40}]
    assert large([{"n": 40}, {"n": 4}, {"n": 3}]) == [{"n": 40}]
    assert large([{"n": 40}]) == [{"n": 40}]


def test_a_curve_of_few_customers_is_made_coarser():
    points = [[i / 100, min(1.0, i / 50)] for i in range(101)]
    figures = {
        "meta": {"n_customers": 200}, "concentration": {"points": points, "n_negative": 3, "negative_value": -9.0},
        "pyramid": [{"key": "IV", "n": 196}, {"key": "I", "n": 4}], "cohort": None,
    }  # fmt: skip
    shown = hidden(figures)
    points = shown["concentration"]["points"]
    steps = [after[0] - before[0] for before, after in pairwise(points)]
    assert min(steps) * 200 >= 10 - 1e-6
    assert shown["concentration"]["n_negative"] == 0
    assert shown["pyramid"] == []


def test_resources_are_for_who_may_read_costs(client_of, value):
    valuation = value()
    spent = [
        {**row, "resources": 5.0 * row["n"], "share_resources": row["share_n"]} for row in valuation.figures["pyramid"]
    ]
    valuation.figures = {**valuation.figures, "pyramid": spent}
    valuation.save(update_fields=["figures"])
    masked, full = (told(client_of(role), "pyramid") for role in ("viewer", "analyst"))
    assert "whose role may read costs" in masked
    assert data(masked)["columns"][2]["area"] is None
    assert data(full)["columns"][2]["area"] is not None


def test_pages_in_chinese(client_of, people, value):
    value()
    people["viewer"].language = "zh-hans"
    people["viewer"].save()
    client = client_of("viewer")
    assert "右边两格" in told(client, "matrix")
    assert "按净利算" in told(client, "rfm")
    assert "价值总览" in told(client, "overview")


def test_a_valuation_without_future_says_why(client_of, value):
    valuation = value()
    why = {"zh": "数据只有 20 天", "en": "20 of the 56 days that it takes"}
    figures = {**valuation.figures, "matrix": None, "pyramid": [], "not_enough": why}
    totals = dict.fromkeys(("future_value", "still_buying", "value_at_risk"))
    figures["totals"] = {**figures["totals"], **totals}
    valuation.figures = figures
    valuation.save(update_fields=["figures"])
    for page in ("matrix", "pyramid"):
        said = told(client_of("viewer"), page)
        assert "Not enough data" in said
        assert "20 of the 56 days" in said
    overview = told(client_of("viewer"), "overview")
    assert (overview.count("kpi-v none"), overview.count("20 of the 56 days that it takes")) == (3, 4)
