"""The grammar of the list's address: each condition means the same to the records, the figures and the file."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.http import QueryDict

from regulars.web.customers.models import Customer, Tag
from regulars.web.segments import selectors
from regulars.web.segments.conditions import Conditions
from regulars.web.segments.parameters import PARAMETERS
from regulars.web.segments.selectors import narrowing
from regulars.web.segments.sorts import SORTS
from regulars.web.segments.state import ListState

pytestmark = pytest.mark.django_db


def read(query):
    return Conditions.read(QueryDict(query))


@pytest.mark.parametrize(
    ("query", "address"),
    [
        ("matrix=I&tier=gold", "matrix=I&tier=gold"),
        ("tier=gold&matrix=I&matrix=IV", "matrix=I,IV&tier=gold"),
        ("matrix=none", "matrix=none"),
        ("p_alive_from=0.8&p_alive_to=", "p_alive_from=0.8"),
        ("last_purchase_from=2026-01-31", "last_purchase_from=2026-01-31"),
        ("owner=me&team=3&stage=break", "owner=me&team=3&stage=break"),
        ("cohort=2025-02&rfm=555", "rfm=555&cohort=2025-02"),
        ("tag=tea, cake", "tag=tea,%20cake".replace("%20", "+")),
        ("after=x&page=2&sort=name", ""),
    ],
)  # fmt: skip
def test_an_address_says_the_same_after_it_was_read(query, address):
    assert read(query).address() == address
    assert read(address) == read(query)


@pytest.mark.parametrize(
    "query",
    [
        "matrix=V", "tier=platinum", "stage=unknown", "owner=you", "team=-1", "p_alive_from=1.5", "p_alive_from=nan",
        "future_value_from=1e999", "future_value_from=inf", "last_purchase_from=2026-02-30", "due_within=-1",
        "cohort=2026-13", "cohort=none,2026-01", "at_risk=maybe", "rfm=5;5", "n_purchases_from=many", "tag=none,tea",
        "region=%00", "q=" + "x" * 300,
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_named_and_asks_for_nothing(query):
    found = read(query)
    assert not found
    assert found.unread == (query.split("=")[0],)


def test_a_page_says_what_it_could_not_read(client_of):
    Customer.objects.create(name="Somebody")
    page = client_of("administrator").get("/customers/?matrix=V").content.decode()
    assert "Not understood and left out: matrix" in page


def test_links_of_other_pages_are_conditions_of_this_one():
    address = selectors.address(
        matrix=["IV", "III"], tier=None, at_risk=True, p_alive_from=0.8, future_value_to=Decimal("10.5"),
        last_purchase_from=date(2026, 1, 31), cohort="2025-02", sort="value_at_risk",
    )  # fmt: skip
    assert address.startswith("/customers/?")
    state = ListState.read(QueryDict(address.split("?")[1]))
    assert state.conditions.texts == {
        "matrix": "IV,III", "tier": "none", "at_risk": "1", "p_alive_from": "0.8", "future_value_to": "10.5",
        "last_purchase_from": "2026-01-31", "cohort": "2025-02",
    }  # fmt: skip
    assert (state.sort, state.conditions.unread) == ("value_at_risk", ())
    assert selectors.address() == "/customers/"


def test_the_state_of_a_list_survives_being_saved():
    state = ListState.read(QueryDict("matrix=IV&sort=last_purchase&columns=rfm&columns=name"))
    assert ListState.read(state.as_json()) == state
    assert state.address() == "matrix=IV&sort=last_purchase&columns=name,rfm"


def asked(actor, query):
    """Numbers that meet a query."""
    found = selectors.finding(actor, read(query))
    page = selectors.list_page(found, SORTS["future_value"], size=1_000)
    assert found.count() == selectors.Count(len(page.rows))
    by_name = selectors.list_page(found, SORTS["name"], size=1_000)
    assert {row.customer.pk for row in by_name.rows} == {row.customer.pk for row in page.rows}
    return {row.customer.pk for row in page.rows}


def values_of(shop):
    from regulars.web.valuations.models import CustomerFigure

    return {figure.customer_id: figure for figure in CustomerFigure.objects.all()}


QUERIES = {
    "matrix=IV": lambda f: f.matrix == "IV",
    "matrix=IV,I&tier=gold,silver": lambda f: f.matrix in ("IV", "I") and f.tier in ("gold", "silver"),
    "visit_class=none": lambda f: f.visit_class is None,
    "visit_class=A,none": lambda f: f.visit_class in ("A", None),
    "at_risk=1": lambda f: f.at_risk is True,
    "at_risk=0": lambda f: f.at_risk is False,
    "p_alive_from=0.5&p_alive_to=0.9": lambda f: f.p_alive is not None and 0.5 <= f.p_alive <= 0.9,
    "future_value_from=500": lambda f: f.future_value is not None and f.future_value >= 500,
    "n_purchases_to=2": lambda f: f.n_purchases <= 2,
    "last_purchase_from=2026-06-01": lambda f: f.last_purchase >= date(2026, 6, 1),
}


@pytest.mark.parametrize("query", list(QUERIES))
def test_conditions_of_values(value, shop, actors, size, query):
    """Whether few are fetched by number or many are walked through: the same customers."""
    value()
    meant = {number for number, figure in values_of(shop).items() if QUERIES[query](figure)}
    assert asked(actors["administrator"], query) == meant
    assert query == "tier=platinum" or meant


def test_conditions_that_the_file_alone_can_answer(value, shop, actors, size):
    from regulars.web.facts.selectors import value_rows

    value()
    known = value_rows(actors["administrator"], list(shop.ids.values()))
    cohort = known[0]["first_purchase"].strftime("%Y-%m")
    meant = {row["customer_id"] for row in known if row["first_purchase"].strftime("%Y-%m") == cohort}
    assert asked(actors["administrator"], f"cohort={cohort}") == meant
    meant = {row["customer_id"] for row in known if row["r_score"] == 5 and row["matrix"] == "I"}
    assert asked(actors["administrator"], "r_score=5&matrix=I") == meant


def test_conditions_of_the_record(value, shop, actors, people, teams, size):
    value()
    mine, tagged, ending, fresh = sorted(shop.ids.values())[:4]
    owner = people["administrator"]
    Customer.objects.filter(pk=mine).update(owner=owner, team=teams.own, region="East")
    Customer.objects.filter(pk=ending).update(stage="break")
    Customer.objects.get(pk=tagged).tags.add(Tag.objects.create(name="tea"), Tag.objects.create(name="cake"))
    new = Customer.objects.create(name="Brand new", owner=owner, kind="organisation").pk
    by = actors["administrator"]
    assert asked(by, "owner=me") == {mine, new}
    assert asked(by, f"owner={owner.pk}&team={teams.own.pk}") == {mine}
    assert asked(by, "owner=me&n_purchases_from=1") == {mine}
    assert asked(by, "stage=break") == {ending}
    assert asked(by, "tag=tea,cake") == {tagged}
    assert asked(by, "kind=organisation") == {new}
    assert asked(by, "region=East") == {mine}
    assert fresh in asked(by, "owner=none&tag=none")
    assert not {mine, tagged} & asked(by, "owner=none&tag=none")


def test_relative_days_count_from_today(value, shop, actors):
    from django.utils import timezone

    value()
    today = timezone.localdate()
    figures = values_of(shop).values()
    meant = {f.customer_id for f in figures if f.next_order_due and f.next_order_due <= today + timedelta(days=7)}
    assert asked(actors["administrator"], "due_within=7") == meant
    meant = {f.customer_id for f in figures if f.last_purchase >= today - timedelta(days=60)}
    assert asked(actors["administrator"], "bought_within=60") == meant


def test_a_look_up_narrows_the_list_and_finds_no_strangers(value, shop, actors, people, strangers, give):
    value()
    own, foreign = give(people["account_manager"], 1)[0], give(strangers["account_manager"], 1)[0]
    names = dict(Customer.objects.values_list("pk", "name"))
    assert asked(actors["administrator"], f"q={names[foreign]}") == {foreign}
    assert asked(actors["account_manager"], f"q={names[own]}") == {own}
    assert asked(actors["account_manager"], f"q={names[foreign]}") == set()


def test_long_lists_are_counted_to_a_limit_and_say_so(value, client_of, actors, monkeypatch):
    value()
    monkeypatch.setattr(narrowing, "COUNTED", 100)
    assert selectors.finding(actors["administrator"], Conditions()).count() == selectors.Count(100, more=True)
    assert "more than 100 customers" in client_of("administrator").get("/customers/").content.decode()


def test_every_parameter_has_words_in_both_languages(actors, client_of, people, value):
    from django.utils import translation

    from regulars.web.segments.wording import sentence

    example = {"from": "1", "to": "1", "within": "7", "is": "1", "in": "none"}
    days = {f"{column}_{end}": "2026-01-01" for column in ("last_purchase", "next_order_due") for end in ("from", "to")}
    asked_all = {key: example[one.way] for key, one in PARAMETERS.items()} | days | {"cohort": "2026-01"}
    conditions = Conditions.read(asked_all)
    assert conditions.unread == ()
    with translation.override("en"):
        english = sentence(conditions, actors["administrator"])
    with translation.override("zh-hans"):
        chinese = sentence(conditions, actors["administrator"])
    assert english.count(";") == len(PARAMETERS) - 1
    assert not {word for word in ("Owner", "Tier", "up to", "not known", "days") if word in chinese}


def test_the_document_names_every_parameter_and_order():
    from pathlib import Path

    said = (Path(__file__).parents[3] / "docs" / "customers-list.md").read_text(encoding="utf-8")
    stems = {key.removesuffix("_from").removesuffix("_to") for key in PARAMETERS}
    assert {name for name in stems | set(SORTS) if f"`{name}`" not in said} == set()
