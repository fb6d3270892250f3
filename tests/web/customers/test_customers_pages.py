"""The pages of a customer, as people use them."""

from __future__ import annotations

import pytest

from regulars.web.customers import actions, holdings, sections
from regulars.web.customers.models import Customer

pytestmark = pytest.mark.django_db


def text(answer):
    return answer.content.decode()


@pytest.fixture
def hotel(actors):
    made = actions.create(
        by=actors["account_manager"], kind="organisation", name="悦栖酒店集团（华东）", phone="021-6234 5678",
        tags=["tea"], preferred_channel="wechat", preferred_time="10–17",
    )  # fmt: skip
    actions.add_contact(customer=made, name="许曼", by=actors["account_manager"], phone="13800138000", position="Buyer")
    return made


PAGES = (
    "", "edit/", "stage/", "owner/", "merge/", "disclose/", "erase/", "points/", "contacts/", "cards/", "consent/",
    "team/", "log/", "log/new/",
)  # fmt: skip


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_page_of_a_customer_opens_in_both_languages(client_of, people, hotel, language):
    people["administrator"].language = language
    people["administrator"].save()
    client = client_of("administrator")
    paths = [f"/customers/{hotel.pk}/{name}" for name in PAGES]
    for path in [*paths, "/customers/new/", "/customers/owners/", "/log/", "/log/new/", "/log/?section=market"]:
        answer = client.get(path)
        assert answer.status_code == 200, path
        assert ("客户" in text(answer)) == (language == "zh-hans"), path


def test_the_page_of_an_organisation(client_of, hotel):
    page = text(client_of("account_manager").get(f"/customers/{hotel.pk}/"))
    for said in (
        "悦栖酒店集团（华东）",
        "Prefers WeChat",
        "10–17",
        "Offers: never asked",
        "许曼",
        "Buyer",
        "tel:02162345678",
    ):
        assert said in page, said


def test_what_nobody_may_do_is_not_offered(client_of, hotel):
    page = text(client_of("viewer").get(f"/customers/{hotel.pk}/"))
    for path in ("edit/", "owner/", "merge/", "archive/", "erase/", "disclose/", "consent/"):
        assert f"/customers/{hotel.pk}/{path}" not in page
    offered = text(client_of("administrator").get(f"/customers/{hotel.pk}/"))
    assert f"/customers/{hotel.pk}/erase/" in offered


def test_a_new_customer_in_one_form(client_of, people):
    client = client_of("account_manager")
    answer = client.post(
        "/customers/new/",
        {"kind": "person", "name": "周敏", "phone": "138 0013 8000", "card": "VIP 8800", "source_channel": "walk_in",
         "tags": "tea，cups; VIP"},
    )  # fmt: skip
    made = Customer.objects.get()
    assert answer.headers["location"] == f"/customers/{made.pk}/"
    assert (made.owner, made.source_channel) == (people["account_manager"], "walk_in")
    assert set(made.tags.values_list("name", flat=True)) == {"tea", "cups", "VIP"}


def test_who_they_might_already_be_is_asked_before_adding(client_of, hotel):
    client = client_of("account_manager")
    typed = {"kind": "organisation", "name": "悦栖酒店集团(华东)", "phone": "021 6234 5678"}
    asked = text(client.post("/customers/new/", typed))
    assert ("same phone" in asked, f"/customers/{hotel.pk}/" in asked, "悦栖酒店集团(华东)" in asked) == (
        True,
        True,
        True,
    )
    assert Customer.objects.count() == 1
    client.post("/customers/new/", {**typed, "anyway": "1"})
    assert Customer.objects.count() == 2


def test_a_mistake_stands_at_its_field_and_keeps_what_was_typed(client_of):
    page = text(client_of("manager").post("/customers/new/", {"kind": "person", "name": "周敏", "email": "no address"}))
    assert 'aria-invalid="true"' in page
    assert ('value="周敏"' in page, 'value="no address"' in page) == (True, True)
    assert not Customer.objects.exists()


def test_changing_the_record(client_of, hotel):
    client = client_of("account_manager")
    typed = {"version": hotel.version, "kind": "organisation", "name": "Yueqi", "seniority": "established",
             "needs": "cups\nand boxes", "tags": "tea, VIP", "acquired_on": "2021-09-01"}  # fmt: skip
    assert client.post(f"/customers/{hotel.pk}/edit/", typed).status_code == 302
    hotel.refresh_from_db()
    assert (hotel.name, hotel.needs, str(hotel.acquired_on)) == (
        "Yueqi",
        "cups\nand boxes",
        "2021-09-01",
    )
    assert set(hotel.tags.values_list("name", flat=True)) == {"tea", "VIP"}
    page = text(client.get(f"/customers/{hotel.pk}/"))
    assert "Saved" in page


def test_the_second_of_two_editors_sees_both_and_loses_nothing(client_of, hotel):
    first, second = client_of("account_manager"), client_of("manager")
    typed = {"version": hotel.version, "kind": "organisation", "seniority": "new"}
    first.post(f"/customers/{hotel.pk}/edit/", {**typed, "name": "Yueqi East"})
    answer = second.post(f"/customers/{hotel.pk}/edit/", {**typed, "name": "Yueqi West"})
    assert answer.status_code == 409
    page = text(answer)
    assert ("Yueqi East" in page, "Yueqi West" in page) == (True, True)
    hotel.refresh_from_db()
    assert hotel.name == "Yueqi East"
    answer = second.post(f"/customers/{hotel.pk}/edit/", {**typed, "version": hotel.version, "name": "Yueqi West"})
    hotel.refresh_from_db()
    assert (answer.status_code, hotel.name) == (302, "Yueqi West")


def test_typed_text_survives_an_ended_session(client_of, people, hotel):
    client = client_of("account_manager")
    client.logout()
    path = f"/customers/{hotel.pk}/edit/"
    typed = {
        "_by": people["account_manager"].pk,
        "version": hotel.version,
        "name": "Typed for an hour",
        "kind": "organisation",
    }
    answer = client.post(path, typed, headers={"Referer": f"http://testserver{path}"})
    assert answer.headers["location"].startswith("/sign-in/")
    client.post("/sign-in/", {"login": "account_manager", "password": "a long pass phrase"})
    assert "Typed for an hour" in text(client.get(path))


def test_numbers_contacts_and_cards_come_and_go(client_of, hotel):
    client = client_of("account_manager")
    at = f"/customers/{hotel.pk}"
    client.post(f"{at}/points/", {"kind": "email", "value": "buy@example.com", "note": "office"})
    client.post(f"{at}/contacts/", {"name": "Gu Yuan", "phone": "13900001111", "first": "on"})
    client.post(f"{at}/cards/", {"number": "VIP 77 88"})
    client.post(f"{at}/points/?contact={hotel.contacts.get(name='许曼').pk}", {"kind": "wechat", "value": "xuman"})
    page = text(client.get(f"{at}/"))
    for said in ("buy@example.com", "office", "Gu Yuan", "13900001111", "ask first", "VIP 77 88", "xuman"):
        assert said in page, said
    contact, card = hotel.contacts.get(name="Gu Yuan"), hotel.cards.get()
    client.post(
        f"{at}/contacts/{contact.pk}/", {"version": contact.version, "name": "Gu Yuan", "left_on": "2025-03-01"}
    )
    client.post(f"{at}/cards/{card.pk}/")
    point = hotel.points.get(key="buy@example.com")
    client.post(f"{at}/points/{point.pk}/", {"remove": "1"})
    page = text(client.get(f"{at}/"))
    assert ("left Mar 2025" in page, "VIP 77 88" in page, "buy@example.com" in page) == (True, False, False)
    client.post(f"{at}/contacts/{contact.pk}/", {"remove": "1"})
    assert "Gu Yuan" not in text(client.get(f"{at}/")).split('id="contacts"')[1].split("</section>")[0]


def test_a_wrong_number_is_told_at_its_field(client_of, hotel):
    page = text(client_of("account_manager").post(f"/customers/{hotel.pk}/points/", {"kind": "mobile", "value": "12"}))
    assert "This is no phone number" in page
    assert hotel.points.count() == 2


def test_consent_is_shown_by_purpose_with_its_evidence(client_of, hotel):
    client = client_of("account_manager")
    said = {
        "purpose": "marketing",
        "channel": "email",
        "state": "granted",
        "at": "2026-03-03T10:00",
        "evidence": "Form in the shop",
    }
    client.post(f"/customers/{hotel.pk}/consent/", said)
    client.post(f"/customers/{hotel.pk}/consent/", {**said, "channel": "sms", "state": "refused"})
    page = text(client.get(f"/customers/{hotel.pk}/"))
    assert "Offers by E-mail; no offers by Text message" in page
    assert "Form in the shop" in page
    assert 'aria-invalid="true"' in text(client.post(f"/customers/{hotel.pk}/consent/", {**said, "evidence": ""}))
    assert hotel.consents.count() == 2


def test_handing_on_and_the_accounts_team(client_of, hotel, person, people):
    successor = person("account_manager", username="successor")
    client = client_of("manager")
    client.post(f"/customers/{hotel.pk}/team/", {"user": people["service"].pk, "part": "service"})
    assert "Looks after them" in text(client.get(f"/customers/{hotel.pk}/"))
    client.post(f"/customers/{hotel.pk}/team/{hotel.members.get().pk}/")
    assert not hotel.members.exists()
    client.post(f"/customers/{hotel.pk}/owner/", {"owner": successor.pk, "text": "Ask for Xu"})
    assert "Ask for Xu" in text(client_of(successor).get(f"/customers/{hotel.pk}/"))
    answer = client.post(f"/customers/owners/{successor.pk}/", {"owner": people["account_manager"].pk})
    assert answer.status_code == 302
    assert "1 customer handed over" in text(client.get("/customers/owners/"))


def test_merging_compares_first(client_of, hotel, actors):
    other = actions.create(
        by=actors["account_manager"], kind="organisation", name="悦栖酒店集团(华东)", phone="13800138001"
    )
    client = client_of("manager")
    assert f"?other={other.pk}" in text(client.get(f"/customers/{hotel.pk}/merge/"))
    page = text(client.get(f"/customers/{hotel.pk}/merge/?other={other.pk}"))
    assert ("13800138001" in page, "021-6234 5678" in page) == (True, True)
    hotel.refresh_from_db()
    client.post(f"/customers/{hotel.pk}/merge/", {"other": other.pk, "version": hotel.version})
    assert client.get(f"/customers/{other.pk}/").headers["location"] == f"/customers/{hotel.pk}/"


def test_erasing_asks_for_the_name(client_of, hotel):
    client = client_of("administrator")
    page = text(client.post(f"/customers/{hotel.pk}/erase/", {"name": "yes"}))
    assert "not the name" in page
    hotel.refresh_from_db()
    assert hotel.erased_at is None
    client.post(f"/customers/{hotel.pk}/erase/", {"name": hotel.name})
    hotel.refresh_from_db()
    assert hotel.erased_at is not None


def test_the_archive_can_be_undone(client_of, hotel):
    client = client_of("manager")
    client.post(f"/customers/{hotel.pk}/archive/")
    page = text(client.get(f"/customers/{hotel.pk}/"))
    assert ("In the archive" in page, f'action="/customers/{hotel.pk}/unarchive/"' in page) == (True, True)
    client.post(f"/customers/{hotel.pk}/unarchive/")
    hotel.refresh_from_db()
    assert hotel.archived_at is None


def test_other_apps_fill_the_page_for_who_may_see_it(client_of, hotel, monkeypatch):
    from django.utils.safestring import SafeString

    monkeypatch.setattr(sections, "_sections", dict(sections._sections))
    sections.register(
        "value", 10, "valuations.read", lambda request, customer: SafeString(f"<p>Worth {customer.kind}</p>")
    )
    sections.register("empty", 20, "customers.read", lambda request, customer: None)
    sections.register(
        "chip", 10, "customers.read", lambda *_: SafeString('<span class="chip">Gold</span>'), place="chips"
    )
    assert "Worth organisation" in text(client_of("viewer").get(f"/customers/{hotel.pk}/"))
    page = text(client_of("service").get(f"/customers/{hotel.pk}/"))
    assert ("Worth" in page, "Gold" in page) == (False, True)


def test_numbers_that_are_none_of_ours_are_not_found(client_of):
    for number in ("1", "9" * 25):
        assert client_of("administrator").get(f"/customers/{number}/").status_code == 404


def test_what_people_typed_stays_text(client_of, actors):
    evil = '<script>alert("x")</script>'
    made = actions.create(by=actors["manager"], name=evil, tags=[evil[:30]], needs=evil, source_detail=evil)
    page = text(client_of("manager").get(f"/customers/{made.pk}/"))
    assert ("<script>alert" in page, "&lt;script&gt;alert" in page) == (False, True)


def test_holdings_are_all_told(hotel, monkeypatch, actors):
    told = []
    monkeypatch.setattr(holdings, "_holdings", dict(holdings._holdings))
    holdings.register("zoo", move=lambda *ids: told.append(ids), erase=told.append, disclose=lambda *_: ["fed twice"])
    assert actions.export(customer=hotel, by=actors["manager"])["zoo"] == ["fed twice"]
    other = actions.create(by=actors["manager"], kind="organisation", name="Other")
    hotel.refresh_from_db()
    actions.merge(keep=hotel, other=other, version=hotel.version, by=actors["manager"])
    actions.erase(customer=hotel, by=actors["administrator"])
    assert told == [(other.pk, hotel.pk), hotel.pk]
