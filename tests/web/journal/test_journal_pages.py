"""The log in the browser: without script, in two clicks, from anywhere."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from regulars.web.customers import actions as customers
from regulars.web.journal.models import Entry
from regulars.web.tasks.business_days import today

pytestmark = pytest.mark.django_db


def text(answer):
    return answer.content.decode()


def test_kind_and_text_are_enough(client_of, customer):
    one, client = customer(), client_of("account_manager")
    assert f'action="/customers/{one.pk}/log/new/"' in text(client.get(f"/customers/{one.pk}/"))
    answer = client.post(f"/customers/{one.pk}/log/new/", {"kind": "call", "text": "Asked for cups"})
    assert answer.headers["location"] == f"/customers/{one.pk}/#log"
    page = text(client.get(f"/customers/{one.pk}/"))
    assert ("Call: Asked for cups" in page, "1 entry" in page) == (True, True)


def test_everything_that_the_form_asks(client_of, actors):
    hotel = customers.create(by=actors["account_manager"], kind="organisation", name="Hotel")
    contact = customers.add_contact(customer=hotel, name="Xu Man", by=actors["account_manager"])
    client_of("account_manager").post(
        f"/customers/{hotel.pk}/log/new/",
        {"kind": "visit", "text": "Saw samples", "resolution": "Will order", "promise": "Send cups",
         "promise_due": "2027-01-02", "at": "2026-03-01T10:30", "minutes": "45", "contact": contact.pk,
         "topic": "product", "amount": "120.50"},
    )  # fmt: skip
    visit, promise = Entry.objects.order_by("pk")
    assert (visit.minutes, visit.contact, visit.topic, visit.resolution) == (45, contact, "product", "Will order")
    assert timezone.localtime(visit.occurred_at).strftime("%Y-%m-%d %H:%M") in ("2026-03-01 10:30", "2026-03-01 02:30")
    assert (promise.due_on, promise.about) == (date(2027, 1, 2), visit)


def test_the_form_takes_the_time_of_the_workspace(client_of, customer):
    from regulars.web.core.models import Workspace

    Workspace.objects.update_or_create(pk=1, defaults={"zone": "Asia/Shanghai"})
    one, client = customer(), client_of("account_manager")
    client.post(f"/customers/{one.pk}/log/new/", {"kind": "call", "text": "x", "at": "2026-03-01T10:30"})
    assert Entry.objects.get().occurred_at.isoformat() == "2026-03-01T02:30:00+00:00"
    assert "10:30" in text(client.get(f"/customers/{one.pk}/"))


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"kind": "promise", "text": "Prices"}, "Say until when"),
        ({"kind": "call", "text": ""}, "This field is required"),
        ({"kind": "call", "text": "x", "promise": "y"}, "Say until when"),
        ({"kind": "call", "text": "x", "at": "2999-01-01T00:00"}, "lies in the future"),
        ({"kind": "gossip", "text": "typed words"}, "Select a valid choice"),
    ],
)
def test_a_mistake_is_told_and_the_text_stays(client_of, customer, typed, said):
    answer = client_of("account_manager").post(f"/customers/{customer().pk}/log/new/", typed)
    page = text(answer)
    assert (answer.status_code, said in page, typed["text"] in page) == (200, True, True)
    assert not Entry.objects.exists()


def test_a_person_has_no_contacts_to_choose(client_of, customer):
    assert 'name="contact"' not in text(client_of("account_manager").get(f"/customers/{customer().pk}/log/new/"))


def test_from_the_plus_whom_is_it_about(client_of, customer, write):
    client = client_of("account_manager")
    assert 'href="/log/new/"' in text(client.get("/"))
    assert 'href="/log/new/"' not in text(client_of("viewer").get("/"))
    lakeside, _ = customer("Lakeside"), write(of=customer("Hill"))
    page = text(client.get("/log/new/"))
    assert page.index("Hill") < page.index("Lakeside")
    found = text(client.get("/log/new/?q=lake"))
    assert (f"/customers/{lakeside.pk}/log/new/" in found, "Hill" in found.split("<main")[1]) == (True, False)
    nobody = text(client.get("/log/new/?q=Zzz"))
    assert ("Nothing found" in nobody, "/customers/new/?name=Zzz" in nobody) == (True, True)


def test_promises_are_ticked_off_complaints_ask_how(client_of, customer, write):
    one, client = customer(), client_of("account_manager")
    promise = write("Written price", kind="promise", due_on=today() - timedelta(days=1), of=one)
    complaint = write("Broken cups", kind="complaint", of=one)
    page = text(client.get(f"/customers/{one.pk}/"))
    assert ("Open and pinned" in page, "1\xa0day late" in page) == (True, True)
    client.post(f"/log/{promise.pk}/settle/")
    answer = client.post(f"/log/{complaint.pk}/settle/")
    assert (answer.status_code, "Say how the complaint was resolved" in text(answer)) == (422, True)
    client.post(f"/log/{complaint.pk}/settle/", {"resolution": "Refunded"})
    assert set(Entry.objects.values_list("state", flat=True)) == {"done"}
    assert "Open and pinned" not in text(client.get(f"/customers/{one.pk}/"))
    client.post(f"/log/{promise.pk}/settle/", {"reopen": "1"})
    client.post(f"/log/{promise.pk}/settle/", {"drop": "1"})
    promise.refresh_from_db()
    assert promise.state == "dropped"


def test_the_first_page_lists_what_was_promised(client_of, write):
    assert "Promised and complained" not in text(client_of("account_manager").get("/"))
    write("Written price", kind="promise", due_on=today())
    page = text(client_of("account_manager").get("/"))
    assert ("Promised and complained" in page, "Written price" in page) == (True, True)
    assert "Written price" not in text(client_of("service").get("/"))


def test_an_entry_its_corrections_and_editing(client_of, write):
    client, entry = client_of("account_manager"), write("Asked for cups\nin blue")
    page = text(client.get(f"/log/{entry.pk}/"))
    assert ("in blue" in page, f"/log/{entry.pk}/edit/" in page) == (True, True)
    at = timezone.localtime(entry.occurred_at).strftime("%Y-%m-%dT%H:%M")
    client.post(f"/log/{entry.pk}/edit/", {"version": 0, "event": "Asked for mugs", "occurred_at": at})
    client_of("manager").post(f"/log/{entry.pk}/correct/", {"text": "Mugs in red"})
    page = text(client_of("manager").get(f"/log/{entry.pk}/"))
    assert ("Asked for mugs" in page, "Mugs in red" in page) == (True, True)
    assert f"/log/{entry.pk}/edit/" not in page
    assert client_of("manager").get(f"/log/{entry.pk}/edit/").status_code == 302
    client.post(f"/log/{entry.pk}/correct/", {"text": "  "})
    assert Entry.objects.filter(kind="correction").count() == 1


def test_two_windows_conflict_and_keep_the_text(client_of, write):
    client, entry = client_of("account_manager"), write()
    at = timezone.localtime(entry.occurred_at).strftime("%Y-%m-%dT%H:%M")
    client.post(f"/log/{entry.pk}/edit/", {"version": 0, "event": "First", "occurred_at": at})
    answer = client.post(f"/log/{entry.pk}/edit/", {"version": 0, "event": "Second", "occurred_at": at})
    assert (answer.status_code, "First" in text(answer), "Second" in text(answer)) == (409, True, True)


def test_pinning_goes_and_comes(client_of, write):
    client, entry = client_of("account_manager"), write("Allergic to nuts")
    client.post(f"/log/{entry.pk}/pin/")
    assert "Open and pinned" in text(client.get(f"/customers/{entry.customer_id}/"))
    client.post(f"/log/{entry.pk}/pin/")
    assert "Open and pinned" not in text(client.get(f"/customers/{entry.customer_id}/"))


def test_older_items_by_link_and_by_part(client_of, customer, write):
    one, client = customer(), client_of("account_manager")
    for i in range(45):
        write(f"Entry {i}", of=one, at=timezone.now() - timedelta(days=i))
    page = text(client.get(f"/customers/{one.pk}/"))
    assert ("Entry 19" in page, "Entry 20" in page) == (True, False)
    older = page.split('class="older"')[1].split('href="')[1].split('"')[0].replace("&amp;", "&")
    whole = text(client.get(older))
    assert ("Entry 20" in whole, "<main" in whole) == (True, True)
    part = text(client.get(older, headers={"HX-Request": "true"}))
    assert ("Entry 20" in part, "<main" in part, part.lstrip().startswith("<li")) == (True, False, True)
    ledger = text(client.get(f"/customers/{one.pk}/log/?section=complaints", headers={"HX-Request": "true"}))
    assert ("Nothing of this kind yet" in ledger, 'id="timeline"' in ledger) == (True, True)
    assert client.get(f"/customers/{one.pk}/log/?section=weather").status_code == 200


def test_the_log_of_all_customers(client_of, customer, write):
    write("A rival quoted less", kind="market", of=customer("Lakeside"), topic="competitor")
    write("Asked for cups", of=customer("Hill"))
    client = client_of("account_manager")
    assert "Asked for cups" in text(client.get("/log/"))
    page = text(client.get("/log/?section=market"))
    assert ("A rival quoted less" in page, "Asked for cups" in page, "What was heard" in page) == (True, False, True)
    for nothing in ("/log/?q=zzz", "/log/?since=2999-01-01", "/log/?until=2001-01-01"):
        assert "Nothing fits" in text(client.get(nothing)), nothing
    for odd in ("/log/?since=2026-99-99", "/log/?section=weather", "/log/?until=x&mine=1"):
        assert client.get(odd).status_code == 200, odd
    assert client.get("/log/?after=x").status_code == 400
    assert client_of("viewer").get("/log/").status_code == 403


def test_what_people_typed_stays_text(client_of, write):
    entry = write("<b>bold</b>\n<script>alert(1)</script>", resolution="<img src=x onerror=alert(1)>")
    for path in (f"/customers/{entry.customer_id}/", f"/log/{entry.pk}/", "/log/"):
        page = text(client_of("account_manager").get(path))
        assert ("<script>alert" in page, "<img src=x" in page, "<b>bold" in page) == (False, False, False)
