"""The list of all customers: who stands in it, in which order, page by page, and to whom."""

from __future__ import annotations

import re

import pytest

from regulars.web.customers.models import Customer, Tag
from regulars.web.segments import selectors
from regulars.web.segments.conditions import Conditions
from regulars.web.segments.sorts import SORTS, sort_of

pytestmark = pytest.mark.django_db


def rows(page):
    """Numbers of the customers on a page, top to bottom."""
    return [int(n) for n in re.findall(r'class="plain b" href="/customers/(\d+)/"', page.content.decode())]


def text(answer):
    return answer.content.decode()


def pages_of(found, sort, size):
    """Every page from the first to the last."""
    pages = [selectors.list_page(found, sort, size=size)]
    while pages[-1].after is not None:
        pages.append(selectors.list_page(found, sort, size=size, after=pages[-1].after))
    return pages


def back_from(last, found, sort, size):
    """Every page before the last one, walked backwards, in reading order."""
    pages = []
    while (key := (pages[0] if pages else last).before) is not None:
        pages.insert(0, selectors.list_page(found, sort, size=size, before=key))
    return pages


def numbers(pages):
    return [row.customer.pk for page in pages for row in page.rows]


def test_everybody_stands_in_it_with_their_values(client_of, value, shop):
    value()
    late = Customer.objects.create(name="No order yet")
    first = client_of("administrator").get("/customers/")
    assert len(rows(first)) == 50
    assert f"{len(shop.ids) + 1} customers" in text(first)
    for said in ("Value to come", "Interval, 90%", "P(alive)", "Next order due", "Next"):
        assert said in text(first)
    found = selectors.finding(client_actor("administrator"), Conditions())
    assert numbers(pages_of(found, SORTS["future_value"], 50))[-1] == late.pk


def client_actor(role):
    from regulars.web.accounts.access import actor_of
    from regulars.web.accounts.models import User

    return actor_of(User.objects.get(username=role))


@pytest.mark.parametrize("key", list(SORTS))
@pytest.mark.parametrize("size", [7, 40])
def test_pages_meet_each_customer_once_in_both_directions(value, shop, actors, key, size):
    """Those without values follow after those who have them; a page may hold the end of the ones and some others."""
    value()
    for i in range(9):
        Customer.objects.create(name=f"No order yet {i % 4}")
    found = selectors.finding(actors["administrator"], Conditions())
    sort = SORTS[key]
    pages = pages_of(found, sort, size)
    there = numbers(pages)
    assert len(there) == len(set(there)) == len(shop.ids) + 9
    assert {len(page) for page in pages[:-1]} == {size}
    assert numbers(back_from(pages[-1], found, sort, size)) == numbers(pages[:-1])


def test_one_can_turn_the_page_and_come_back(client_of, value):
    value()
    for i in range(60):
        Customer.objects.create(name=f"No order yet {i}")
    client = client_of("administrator")
    pages, url = [], "/customers/?sort=value_at_risk"
    while url:
        page = client.get(url)
        pages.append(rows(page))
        onward = re.search(r'rel="next" href="([^"]+)"', text(page))
        url = f"/customers/{onward[1].replace('&amp;', '&')}" if onward else ""
    back = [pages[-1]]
    while before := re.search(r'rel="prev" href="([^"]+)"', text(page)):
        page = client.get(f"/customers/{before[1].replace('&amp;', '&')}")
        back.insert(0, rows(page))
    assert sum(map(len, pages)) == 220
    assert [n for part in back for n in part] == [n for part in pages for n in part]


def test_values_stand_in_their_order_most_first(value, actors):
    value()
    for key in ("future_value", "customer_value", "current_value", "value_at_risk", "last_purchase", "next_order_due"):
        page = selectors.list_page(selectors.finding(actors["administrator"], Conditions()), SORTS[key])
        known = [getattr(row.figure, key) for row in page.rows if row.figure and getattr(row.figure, key) is not None]
        assert known == sorted(known, reverse=True), key


def test_a_key_of_another_list_is_refused(client_of, value):
    value()
    assert client_of("administrator").get("/customers/?after=nonsense").status_code == 400
    assert client_of("administrator").get("/customers/?before=~nonsense").status_code == 400


def test_without_a_valuation_customers_are_listed_by_name(client_of, actors):
    for name in ("Zhou", "Bao", "Anna"):
        Customer.objects.create(name=name)
    page = text(client_of("administrator").get("/customers/?sort=future_value"))
    assert page.index("Anna") < page.index("Bao") < page.index("Zhou")
    assert "Values stand here after the first valuation." in page
    assert "Value to come" not in re.sub(r"<details.*?</details>", "", page, flags=re.S)
    assert sort_of("future_value", actors["administrator"], valued=False) is SORTS["name"]


def test_the_newest_stand_first(client_of):
    for name in ("First", "Second", "Third"):
        Customer.objects.create(name=name)
    page = text(client_of("administrator").get("/customers/?sort=newest"))
    assert page.index("Third") < page.index("Second") < page.index("First")


def test_an_empty_workspace_leads_to_the_import(client_of):
    assert 'href="/import/"' in text(client_of("administrator").get("/customers/"))
    assert "Customers that you add or that are handed to you stand here." in text(
        client_of("service").get("/customers/")
    )
    assert "/import/" not in text(client_of("viewer").get("/customers/"))


@pytest.mark.parametrize("role", ["account_manager", "manager", "administrator"])
def test_everybody_sees_whom_they_reach(client_of, value, give, people, person, strangers, role):
    value()
    own = give(people[role], 3)
    teammate = give(person("account_manager", username="teammate"), 2)
    foreign = give(strangers["account_manager"], 2)
    reached = {"account_manager": {*own}, "manager": {*own, *teammate}}.get(role)
    found = selectors.finding(client_actor(role), Conditions())
    there = set(numbers(pages_of(found, SORTS["future_value"], 50)))
    assert there == reached if reached else there > {*own, *teammate, *foreign}
    asked = f"{people[role].pk},{strangers['account_manager'].pk}"
    listed = rows(client_of(role).get(f"/customers/?owner={asked}"))
    assert set(listed) == ({*own, *foreign} if role == "administrator" else {*own})


def test_who_reads_no_values_gets_none_and_cannot_ask_for_any(client_of, value, shop):
    """The service reads customers, not values: nothing in the page, the order or the filters tells them."""
    value()
    plain = client_of("service").get("/customers/")
    asked = client_of("service").get(
        "/customers/?matrix=IV&p_alive_from=0.9&sort=future_value&columns=name,future_value"
    )
    assert rows(asked) == rows(plain)
    assert "Conditions about values are left out" in text(asked)
    for page in (plain, asked):
        assert "¥" not in text(page)
        assert "Platinum" not in text(page)
        assert "Value to come" not in text(page)


def test_archived_and_erased_customers_are_apart(client_of, actors):
    from django.utils import timezone

    Customer.objects.create(name="Living")
    Customer.objects.create(name="Put away", archived_at=timezone.now())
    Customer.objects.create(name="", archived_at=timezone.now(), erased_at=timezone.now())
    client = client_of("administrator")
    assert "Put away" not in text(client.get("/customers/"))
    archive = client.get("/customers/?archived=1")
    assert len(rows(archive)) == 1
    assert "Put away" in text(archive)


def test_columns_are_chosen_by_the_address(client_of, value, shop):
    value()
    number = next(iter(shop.ids.values()))
    tagged = Customer.objects.get(pk=number)
    tagged.tags.add(Tag.objects.create(name="tea lover"))
    page = text(client_of("administrator").get(f"/customers/?columns=rfm&columns=tags&columns=tier&q={tagged.name}"))
    head = re.search(r"<thead>.*</thead>", page, re.S)[0]
    assert [one in head for one in ("Customer", "RFM", "Tags", "Tier", "Value to come")] == [True] * 4 + [False]
    assert '<span class="chip">tea lover</span>' in page


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_the_page_speaks_both_languages(client_of, people, value, language):
    value()
    people["administrator"].language = language
    people["administrator"].save()
    page = text(client_of("administrator").get("/customers/?due_within=7&at_risk=1&p_alive_from=0.5"))
    assert ("客户" in page) == (language == "zh-hans")
    assert ("More filters" in page) == (language == "en")


@pytest.mark.parametrize("key", list(SORTS))
def test_pages_are_the_same_whoever_knows_the_order(value, actors, size, key):
    """The database's index for all; the valuation's file, or a sort of the few, where figures are asked for."""
    value()
    many = selectors.finding(actors["administrator"], Conditions())
    few = selectors.finding(actors["administrator"], Conditions({"n_purchases_from": "1"}))
    assert many.few is None
    assert (few.few is None) is (size == "many")
    pages = pages_of(few, SORTS[key], 30)
    assert numbers(pages) == numbers(pages_of(many, SORTS[key], 30))
    assert [(page.after, page.before) for page in pages] == [
        (page.after, page.before) for page in pages_of(many, SORTS[key], 30)
    ]
    assert numbers(back_from(pages[-1], few, SORTS[key], 30)) == numbers(pages[:-1])
