"""The timeline and the log: many sources, to each role what it may see, paging by key; and the way to the lake."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import BadRequest
from django.utils import timezone

from regulars.web.accounts.access import actor_of
from regulars.web.customers import actions as customers
from regulars.web.facts.shapes import Line, Order
from regulars.web.journal import actions, selectors, sources, sync
from regulars.web.journal import timeline as timelines
from regulars.web.journal.models import Entry
from regulars.web.journal.taxonomy import Section
from regulars.web.journal.timeline import Item

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 6, 1, 12, tzinfo=UTC)


def all_pages(actor, customer, **narrowed):
    found, after = [], None
    for _ in range(100):
        page = selectors.timeline(actor, customer, after=after, **narrowed)
        assert len(page.items) <= timelines.PAGE
        found += page.items
        after = page.older
        if after is None:
            return found
    raise AssertionError("the pages do not end")


@pytest.fixture
def many(customer, write):
    """300 entries, many at the same moment."""
    one = customer()
    for i in range(300):
        write(f"Entry {i}", kind=("call", "visit", "market")[i % 3], of=one, at=NOON + timedelta(hours=i // 7))
    return one


def test_the_timeline_pages_through_everything_once_newest_first(many, actors):
    items = all_pages(actors["account_manager"], many)
    entries = [item for item in items if item.entry]
    assert len({item.entry.pk for item in entries}) == len(entries) == 300
    assert [item.at for item in items] == sorted((item.at for item in items), reverse=True)


def test_one_ledger_alone(many, actors):
    items = all_pages(actors["account_manager"], many, section=Section.MARKET)
    assert {item.entry.kind for item in items} == {"market"}
    assert len(items) == 100


@pytest.mark.parametrize("key", ["x", "e30", "W10", "eyJsb2ciOlsxLDJdfQ", "eyJsb2ciOlsiMjAyNi0wMS0wMSIsMV19:a:b"])
def test_a_key_that_is_none_of_ours_is_a_bad_request(write, actors, client_of, key):
    one = write().customer
    with pytest.raises(BadRequest):
        selectors.timeline(actors["account_manager"], one, after=key)
    assert client_of("account_manager").get(f"/customers/{one.pk}/log/?after={key}").status_code == 400


def test_who_reads_what(theirs, write, actors, strangers):
    for one in (theirs.own, theirs.team, theirs.foreign):
        write(f"With {one}", of=one, by=actors["administrator"])
    seen = {role: {entry.summary for entry in selectors.log(actors[role])} for role in actors}
    assert seen["account_manager"] == {"With Own"}
    assert seen["manager"] == {"With Own", "With Team"}
    assert seen["service"] == seen["administrator"] == {"With Own", "With Team", "With Foreign"}
    assert seen["viewer"] == seen["marketing"] == seen["analyst"] == set()
    assert {entry.summary for entry in selectors.log(actor_of(strangers["manager"]))} == {"With Foreign"}


def test_the_timeline_hides_what_the_reader_has_no_right_to(customer, write, actors):
    one = customer()
    write("Secret call", of=one)
    customers.update(customer=one, version=0, by=actors["manager"], region="East")
    titles = {str(item.title) for item in selectors.timeline(actors["viewer"], one).items}
    assert titles == {"Record changed"}
    nothing = replace(actors["viewer"], permissions=frozenset())
    assert selectors.timeline(nothing, one).items == []


def test_changes_made_in_one_sitting_are_one_line(customer, actors):
    one, by = customer(), actors["manager"]
    for i in range(30):
        customers.add_point(customer=one, kind="mobile", value=f"138001380{i:02d}", by=by)
    customers.update(customer=one, version=0, by=by, region="East")
    customers.update(customer=one, version=1, by=actors["administrator"], region="West")
    items = selectors.timeline(by, one).items
    assert [(str(item.title), item.text) for item in items] == [
        ("Record changed", "region: East → West"),
        ("Record changed", "region: East\nnumbers and addresses"),
    ]


def test_another_apps_items_stand_among_the_others(customer, write, actors, monkeypatch):
    one = customer()
    write("Before", of=one, at=NOON)
    write("After", of=one, at=NOON + timedelta(days=2))
    monkeypatch.setattr(timelines, "_sources", dict(timelines._sources))

    def tasks(actor, customer, before, limit):
        item = Item(at=NOON + timedelta(days=1), id="7", section=Section.TASKS, icon="check", title="Task done")
        return [item] if before is None or (item.at, item.id) < before else []

    timelines.register("zoo", {Section.TASKS}, tasks, permission="tasks.read")
    titles = [str(item.title) for item in all_pages(actors["account_manager"], one)]
    assert titles == ["Call: After", "Task done", "Call: Before"]
    assert [i.title for i in all_pages(actors["account_manager"], one, section=Section.TASKS)] == ["Task done"]
    without = replace(actors["account_manager"], permissions=frozenset({"customers.read", "journal.read"}))
    assert "Task done" not in [i.title for i in all_pages(without, one)]


def order(number, day, kind="sale", products=1):
    lines = tuple(
        Line(f"P{i}", f"Tea {i}", None, Decimal("2.000"), Decimal("10"), None, kind, None, is_product=True)
        for i in range(products)
    )
    return Order(
        "shop", number, datetime(2026, 1, day, tzinfo=UTC), date(2026, 1, day), kind, None, "Riverside", "CNY",
        Decimal(51300), None, lines,
    )  # fmt: skip


def test_orders_and_returns_stand_in_the_timeline_by_business_day(customer, actors, monkeypatch):
    days = [order(f"{day:02d}-{i}", day) for day in range(28, 0, -1) for i in (2, 1, 0)]
    days.insert(0, order("R1", 29, kind="return", products=6))

    def read(actor, customer, *, until=None, limit=50):
        return [one for one in days if until is None or one.business_date <= until][:limit]

    monkeypatch.setattr(sources, "orders_of", read)
    one = customer()
    items = all_pages(actors["account_manager"], one)
    assert len({item.id for item in items}) == len(items) == 85
    assert (items[0].title, items[0].section, items[0].has_time) == ("Return R1 · ¥51,300", Section.RETURNS, False)
    assert items[0].text == "Tea 0 × 2, Tea 1 × 2, Tea 2 × 2, Tea 3 × 2 and 2 more"
    assert timezone.localdate(items[1].at) == date(2026, 1, 28)
    assert len(all_pages(actors["account_manager"], one, section=Section.RETURNS)) == 1


def test_searching_the_log(customer, write, actors):
    hotel, other = customer("悦栖酒店"), customer("Lakeside")
    write("Asked for Q3 prices\nand thicker cups", of=hotel, topic="price")
    write("Broken cups", kind="complaint", of=other, resolution="")
    write("A rival quoted less", kind="market", of=hotel, at=NOON)
    found = lambda **narrowed: {e.summary for e in selectors.log(actors["account_manager"], **narrowed)}  # noqa: E731
    assert found(text="cups") == {"Asked for Q3 prices", "Broken cups"}
    assert found(text="cups 悦栖") == {"Asked for Q3 prices"}
    assert found(text="CUPS", section="complaints") == {"Broken cups"}
    assert found(kind="market") == found(section="market") == {"A rival quoted less"}
    assert found(until=NOON + timedelta(days=1)) == {"A rival quoted less"}
    assert found(since=NOON + timedelta(days=1), text="%") == set()
    assert found(user_id=actors["manager"].user_id) == set()


def test_what_waits_is_my_own_business(theirs, write, actors, people):
    write("For my customer", kind="promise", due_on=date(2026, 1, 2), of=theirs.own, by=actors["manager"])
    write("My word to another's", kind="promise", due_on=date(2026, 1, 1), of=theirs.team, by=actors["manager"])
    write("Complaint", kind="complaint", of=theirs.own)
    assert [e.summary for e in selectors.waiting(actors["account_manager"])] == ["For my customer", "Complaint"]
    assert [e.summary for e in selectors.waiting(actors["manager"])] == ["My word to another's", "For my customer"]


def test_recent_customers_are_those_one_wrote_about_then_ones_own(customer, write, actors):
    first, second, third = customer("First"), customer("Second"), customer("Third")
    write(of=second)
    write(of=first)
    write(of=second)
    assert selectors.recent_customers(actors["account_manager"], limit=3) == [second, first, third]
    customers.archive(customer=second, by=actors["manager"])
    assert second not in selectors.recent_customers(actors["account_manager"], limit=3)


def test_what_the_market_says_by_topic_and_month(customer, write, actors):
    one, now = customer(), timezone.now()
    for topic, days in (("price", 0), ("price", 0), ("competitor", 0), ("price", 400)):
        write("Heard", kind="market", of=one, topic=topic, at=now - timedelta(days=days))
    months, rows = selectors.market(actors["account_manager"])
    assert (len(months), months[0]) == (6, timezone.localdate().replace(day=1))
    assert rows == [("Price and terms", [2, 0, 0, 0, 0, 0], 2), ("Competitor", [1, 0, 0, 0, 0, 0], 1)]


def test_months_count_back_over_the_year():
    assert [selectors.month_back(date(2026, 2, 28), n) for n in (0, 1, 2, 14)] == [
        date(2026, 2, 1), date(2026, 1, 1), date(2025, 12, 1), date(2024, 12, 1),
    ]  # fmt: skip


def test_activities_by_the_lakes_contract_without_a_word(customer, write, actors):
    from regulars.lake.contracts import ACTIVITIES

    one = customer()
    call = write("Secret words", of=one, minutes=6, promise="Prices", promise_due=date(2027, 1, 1))
    actions.correct(entry=call, text="No, others", by=actors["manager"])
    [row] = sync.activities()
    assert set(row) <= {column.name for column in ACTIVITIES.columns}
    assert row == {
        "activity_id": str(call.pk), "customer_id": one.pk, "activity": "call", "occurred_at": call.occurred_at,
        "quantity": 1, "minutes": 6, "staff_id": call.representative_id, "channel": "phone",
    }  # fmt: skip


def test_activities_since_are_the_added_and_the_changed(customer, write, actors):
    one = customer()
    old, changed = write(of=one), write(of=one)
    Entry.objects.update(changed_at=NOON)
    actions.edit(entry=Entry.objects.get(pk=changed.pk), version=0, by=actors["account_manager"], minutes=9)
    rows = list(sync.activities(NOON + timedelta(seconds=1)))
    assert [(row["activity_id"], row["minutes"]) for row in rows] == [(str(changed.pk), 9)]
    assert [row["activity_id"] for row in sync.activities()] == [str(old.pk), str(changed.pk)]


def test_the_log_feeds_the_lake():
    from regulars.web.facts.sync import providers

    [provider] = [one for one in providers() if one.table == "activities"]
    assert provider.source == "journal"
    assert list(provider.rows()) == []
