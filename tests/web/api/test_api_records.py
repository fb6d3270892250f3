"""Customers, log, values and tasks for programs: the same reach, masks, rules and trail as the pages."""

from __future__ import annotations

from decimal import Decimal

import pytest

from regulars.web.api.models import Reply
from regulars.web.audit.models import Entry as Trail
from regulars.web.customers.models import ContactPoint, Customer
from regulars.web.journal.models import Entry
from regulars.web.tasks.models import Task

pytestmark = pytest.mark.django_db


@pytest.fixture
def theirs(customer, strangers, teams):
    return customer("Theirs", owner=strangers["account_manager"], team=teams.other)


def test_lists_hold_what_the_owner_reaches_and_leave_a_trail(customer, theirs, token_of, call):
    ours = customer("Ours")
    answer = call("get", "/customers", token_of("account_manager"))
    assert [one["id"] for one in answer.json()["items"]] == [ours.pk]
    assert Trail.objects.get(verb="export").details == {"n": 1, "by": "api"}


def test_pages_follow_one_another_by_key(customer, token_of, call):
    numbers = sorted(customer(f"C{n}").pk for n in range(7))
    secret, seen, after = token_of("manager"), [], None
    while True:
        query = {"limit": 3} | ({"after": after} if after else {})
        page = call("get", "/customers", secret, **query).json()
        seen += [one["id"] for one in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert seen == numbers


@pytest.mark.parametrize("query", [{"after": "xxx"}, {"after": "W10"}, {"limit": 0}, {"limit": 999}, {"after": "a b"}])
def test_a_key_or_a_limit_that_is_none_is_refused_in_one_line(token_of, call, query):
    answer = call("get", "/customers", token_of("manager"), **query)
    assert answer.status_code in (400, 422)
    assert set(answer.json()) == {"error", "message", "field"}
    assert "\n" not in answer.json()["message"]


def test_sensitive_fields_need_the_right_and_the_scope(customer, token_of, call):
    one = customer(birthday="1980-04-04")
    ContactPoint.objects.create(customer=one, kind="mobile", value="13800138000")
    plain = call("get", f"/customers/{one.pk}", token_of("account_manager", "customers:read"))
    assert plain.json()["points"] is None
    assert "birthday" not in plain.json()["fields"]
    assert "13800138000" not in plain.content.decode()
    full = call(
        "get", f"/customers/{one.pk}", token_of("account_manager", "customers:read", "contact:read", "personal:read")
    )
    assert full.json()["points"] == [{"kind": "mobile", "value": "13800138000", "note": ""}]
    assert full.json()["fields"]["birthday"] == "1980-04-04"
    assert {"read-contact", "read-personal"} <= set(Trail.objects.values_list("verb", flat=True))


def test_what_may_not_be_read_is_not_found_by_either(customer, token_of, call):
    one = customer("Lakeside")
    ContactPoint.objects.create(customer=one, kind="mobile", value="13800138000")
    blind = token_of("account_manager", "customers:read")
    assert call("get", "/customers/find", blind, q="13800138000").json() == []
    assert call("get", "/customers/find", blind, q="lake").json() == [{"id": one.pk, "name": "Lakeside", "by": "name"}]
    seeing = token_of("account_manager", "customers:read", "contact:read")
    assert call("get", "/customers/find", seeing, q="13800138000").json()[0]["by"] == "phone"


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("get", "/customers/{id}", None),
        ("get", "/customers/{id}/log", None),
        ("get", "/customers/{id}/value", None),
        ("patch", "/customers/{id}", {"version": 0, "name": "Mine now"}),
        ("post", "/customers/{id}/log", {"kind": "note", "text": "Mine now"}),
    ],
)
def test_somebody_elses_customer_is_not_there(theirs, token_of, call, method, path, body):
    answer = call(method, path.format(id=theirs.pk), token_of("manager"), body)
    assert (answer.status_code, answer.json()["error"]) == (404, "not_found")
    theirs.refresh_from_db()
    assert theirs.name == "Theirs"
    assert not Entry.objects.exists()


def test_a_customer_is_added_and_changed(token_of, call, people):
    secret = token_of("account_manager")
    made = call("post", "/customers", secret, {"name": "茶馆", "kind": "organisation", "phone": "021 5555 0001"})
    assert made.status_code == 201
    one = Customer.objects.get(pk=made.json()["id"])
    assert (one.name, one.owner, one.points.get().value) == ("茶馆", people["account_manager"], "021 5555 0001")
    path = f"/customers/{one.pk}"
    changed = call("patch", path, secret, {"version": made.json()["version"], "region": "East"})
    assert (changed.status_code, changed.json()["fields"]["region"]) == (200, "East")
    stale = call("patch", path, secret, {"version": made.json()["version"], "region": "West"})
    assert (stale.status_code, stale.json()["error"], stale.json()["version"]) == (
        409,
        "conflict",
        changed.json()["version"],
    )


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": ""}, "name"), ({}, "name"), ({"name": "x" * 201}, "name"), ({"name": "a\x00b"}, "name"),
        ({"name": "A", "kind": "robot"}, "kind"), ({"name": "A", "birthday": "tomorrow"}, "birthday"),
        ({"name": 7}, "name"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_in_one_line(token_of, call, body, field):
    answer = call("post", "/customers", token_of("account_manager"), body)
    assert (answer.status_code, answer.json()["field"]) == (422, field)
    assert answer.json()["message"].startswith(f"{field}: ")
    assert not Customer.objects.exists()


def test_the_same_key_adds_once(token_of, call):
    secret, body = token_of("manager"), {"name": "Once"}
    first = call("post", "/customers", secret, body, key="customer-0001")
    again = call("post", "/customers", secret, body, key="customer-0001")
    assert first.json() == again.json()
    assert (first.status_code, again.status_code, Customer.objects.count()) == (201, 201, 1)
    other = call("post", "/customers", secret, {"name": "Other"}, key="customer-0001")
    assert (other.status_code, other.json()["error"]) == (409, "key_reused")


def test_a_key_is_one_persons_and_a_refusal_is_not_remembered(token_of, call, people):
    assert call("post", "/customers", token_of("manager"), {"name": "A"}, key="shared-key-1").status_code == 201
    assert call("post", "/customers", token_of("service"), {"name": "A"}, key="shared-key-1").status_code == 201
    assert Customer.objects.count() == 2
    secret = token_of("manager")
    assert call("post", "/customers", secret, {"name": "B", "kind": "robot"}, key="second-key").status_code == 422
    assert Reply.objects.count() == 2
    assert call("post", "/customers", secret, {"name": "B"}, key="second-key").status_code == 201


def test_the_log_is_read_and_written(customer, token_of, call, people):
    one, secret = customer(), token_of("service")
    made = call("post", f"/customers/{one.pk}/log", secret, {"kind": "call", "text": "Asked about June", "minutes": 4})
    assert (made.status_code, made.json()["representative"]) == (201, people["service"].pk)
    wrong = call("post", f"/customers/{one.pk}/log", secret, {"kind": "promise", "text": "Will send"})
    assert (wrong.status_code, wrong.json()["field"]) == (422, "due_on")
    page = call("get", f"/customers/{one.pk}/log", secret).json()
    assert [entry["text"] for entry in page["items"]] == ["Asked about June"]


def test_values_are_exact_and_for_who_may_read_them(customer, theirs, valuation, token_of, call):
    one = customer()
    valuation({one: {"current_value": Decimal("1234.5600"), "future_value": None}, theirs: {}})
    listed = call("get", "/values", token_of("manager")).json()["items"]
    assert [(row["customer"], row["current_value"], row["future_value"], row["as_of"]) for row in listed] == [
        (one.pk, "1234.5600", None, "2026-06-30")
    ]
    assert call("get", f"/customers/{one.pk}/value", token_of("manager")).json()["matrix"] == "IV"
    unknown = customer("New")
    assert call("get", f"/customers/{unknown.pk}/value", token_of("manager")).status_code == 404


def test_the_queue_is_read_and_a_task_is_done_once(task, token_of, call):
    one, secret = task("at_risk", at_stake=Decimal("72000")), token_of("account_manager")
    (shown,) = call("get", "/tasks", secret).json()["items"]
    assert (shown["id"], shown["at_stake"], shown["left_alone"]) == (one.pk, "72000.0000", False)
    done = call("post", f"/tasks/{one.pk}/done", secret, {"version": 0, "outcome": "will_order", "text": "Friday"})
    assert (done.status_code, done.json()["state"]) == (200, "done")
    again = call("post", f"/tasks/{one.pk}/done", secret, {"version": 0, "outcome": "will_order"})
    assert (again.status_code, again.json()["error"], again.json()["version"]) == (409, "conflict", 1)
    over = call("post", f"/tasks/{one.pk}/done", secret, {"version": 1, "outcome": "will_order"})
    assert (over.status_code, "has ended this task" in over.json()["message"]) == (422, True)
    assert Entry.objects.get().event == "Friday"
    assert call("get", "/tasks", secret, state="done").json()["items"][0]["outcome"] == "will_order"


def test_amounts_and_reasons_of_tasks_hide_as_on_the_pages(task, token_of, call):
    one = task("enhance", at_stake=Decimal(900), reason={"code": "strategy", "values": {"matrix": "IV"}})
    shown = call("get", f"/tasks/{one.pk}", token_of("service")).json()
    assert (shown["at_stake"], shown["stake"], shown["why"]) == (None, "", "")
    narrow = call("get", f"/tasks/{one.pk}", token_of("manager", "tasks:read")).json()
    assert narrow["at_stake"] is None
    assert "platinum" in call("get", f"/tasks/{one.pk}", token_of("manager")).json()["why"]


@pytest.mark.parametrize(
    "body", [{"version": 0, "outcome": "won"}, {"version": -1, "outcome": "done"}, {"outcome": "done"}, []]
)
def test_an_outcome_that_is_none_changes_nothing(task, token_of, call, body):
    one = task()
    answer = call("post", f"/tasks/{one.pk}/done", token_of("manager"), body)
    assert answer.status_code == 422
    assert Task.objects.get(pk=one.pk).is_open


@pytest.mark.parametrize("path", ["/nothing", "/customers/x", "/", "/customers/1/2/3"])
def test_an_address_that_leads_nowhere_answers_in_the_same_shape(token_of, call, path):
    answer = call("get", path, token_of("manager"))
    assert (answer.status_code, answer.json()["error"]) == (404, "not_found")


def test_broken_bodies_are_refused(client, token_of):
    headers = {"Authorization": f"Bearer {token_of('manager')}"}
    for sent in (b"{", b"\xff\xfe", b"[1", b'{"name": "\\ud800"}'):
        answer = client.post("/api/v1/customers", sent, content_type="application/json", headers=headers)
        assert answer.status_code in (400, 422), sent
        assert answer.json()["error"] in ("bad_request", "invalid")
