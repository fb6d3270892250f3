"""Orders from programs: whole, once, into the lake by the steps of an import."""

from __future__ import annotations

import pytest

from regulars.web.api.actions import advance
from regulars.web.api.models import Batch
from regulars.web.core import jobs
from regulars.web.core.models import Job
from regulars.web.customers.models import Customer
from regulars.web.facts import selectors as facts

pytestmark = pytest.mark.django_db


def line(**fields):
    return {
        "customer_id": "00123", "order_id": "A-1", "line_no": 1, "ordered_at": "2026-06-01T10:00:00+08:00",
        "product_id": "tea", "quantity": "2", "net_amount": "12.345", **fields,
    }  # fmt: skip


def batch(*lines, source="till"):
    return {"source": source, "lines": list(lines) or [line()]}


def work():
    """Do what the worker would: chores and jobs, until nothing waits."""
    for _ in range(8):
        advance()
        for job in Job.objects.filter(state="queued").order_by("id"):
            jobs.run_job.func(job.pk)


def test_orders_go_into_the_lake_to_the_penny(token_of, call, actors):
    secret = token_of("manager")
    sent = call(
        "post",
        "/orders",
        secret,
        batch(line(), line(line_no=2, net_amount="0.005", quantity="1")),
        key="night-2026-06-01",
    )
    assert (sent.status_code, sent.json()["state"], sent.json()["lines"]) == (202, "waiting", 2)
    work()
    done = call("get", f"/orders/batches/{sent.json()['id']}", secret).json()
    assert (done["state"], done["result"]["new"], done["result"]["new_customers"]) == ("done", 2, 1)
    one = Customer.objects.get()
    assert one.identities.get().external_id == "00123"
    (order,) = facts.orders_of(actors["administrator"], one)
    assert (order.order_id, str(order.net_amount), str(order.business_date)) == ("A-1", "12.3500", "2026-06-01")


def test_the_same_key_is_stored_once_and_other_lines_under_it_are_refused(token_of, call):
    secret = token_of("manager")
    first = call("post", "/orders", secret, batch(), key="night-0001")
    again = call("post", "/orders", secret, batch(), key="night-0001")
    assert first.json() == again.json()
    assert Batch.objects.count() == 1
    other = call("post", "/orders", secret, batch(line(quantity="3")), key="night-0001")
    assert (other.status_code, other.json()["error"]) == (409, "key_reused")


def test_the_same_orders_under_another_key_change_nothing_in_the_lake(token_of, call):
    secret, results = token_of("manager"), []
    for key in ("night-0001", "night-0002"):
        sent = call("post", "/orders", secret, batch(), key=key).json()
        work()
        results.append(call("get", f"/orders/batches/{sent['id']}", secret).json()["result"])
    assert [(one["new"], one["same"]) for one in results] == [(1, 0), (0, 1)]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"lines": []}, "lines"),
        (batch(line(net_amount="much")), "lines.0.net_amount"),
        (batch(line(net_amount="NaN")), "lines.0.net_amount"),
        (batch(line(net_amount="1.23456")), "lines.0.net_amount"),
        (batch(line(customer_id="")), "lines.0.customer_id"),
        (batch(line(order_id="a\x00")), "lines.0.order_id"),
        (batch(line(), line(line_no=0)), "lines.1.line_no"),
        (batch(line(ordered_at="2026-13-01")), "lines.0.ordered_at"),
        (batch(source="../../etc"), "source"),
        ({"lines": [line()] * 5001}, "lines"),
    ],
)
def test_lines_that_cannot_be_stored_are_named_before_anything_happens(token_of, call, body, field):
    answer = call("post", "/orders", token_of("manager"), body, key="night-0001")
    assert (answer.status_code, answer.json()["field"]) == (422, field)
    assert not Batch.objects.exists()
    assert not Job.objects.exists()


@pytest.mark.parametrize("key", ["", "short", "has space in it", "x" * 101])
def test_without_a_proper_key_nothing_is_taken(token_of, call, key):
    assert call("post", "/orders", token_of("manager"), batch(), key=key).status_code == 422
    assert not Batch.objects.exists()


def test_what_an_import_refuses_is_told_by_the_batch(token_of, call):
    secret = token_of("manager")
    sent = call(
        "post", "/orders", secret, batch(line(currency="USD"), line(line_no=2, currency="EUR")), key="night-0001"
    )
    work()
    told = call("get", f"/orders/batches/{sent.json()['id']}", secret).json()
    assert told["state"] == "failed"
    assert told["message"]
    assert "\n" not in told["message"]
    assert not Customer.objects.exists()


def test_a_batch_is_its_senders(token_of, call):
    sent = call("post", "/orders", token_of("manager"), batch(), key="night-0001").json()
    assert call("get", f"/orders/batches/{sent['id']}", token_of("administrator")).status_code == 404


def test_who_may_not_import_sends_nothing(token_of, call):
    answer = call("post", "/orders", token_of("service"), batch(), key="night-0001")
    assert answer.status_code == 403


def test_stepping_again_changes_nothing(token_of, call):
    call("post", "/orders", token_of("manager"), batch(), key="night-0001")
    work()
    before = Batch.objects.values().get()
    assert advance() == 0
    assert Batch.objects.values().get() == before


def test_more_than_a_request_may_hold_is_refused(token_of, client):
    headers = {"Authorization": f"Bearer {token_of('manager')}", "Idempotency-Key": "night-0001"}
    answer = client.post("/api/v1/orders", b" " * 2_600_000, content_type="application/json", headers=headers)
    assert (answer.status_code, answer.json()["error"]) == (413, "too_large")
