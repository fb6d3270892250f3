"""What the lake holds about a person, in the answer to their request; and what erasing leaves of it there."""

from __future__ import annotations

import json
import re

import pytest

from regulars import engine
from regulars.web.customers import actions
from regulars.web.customers.models import Customer, ExternalIdentity
from regulars.web.facts import access, selectors
from regulars.web.facts.holdings import disclose

pytestmark = pytest.mark.django_db


@pytest.fixture
def customer(shop, actors, value):
    """The customer of most value."""
    value()
    found = selectors.table(actors["administrator"], ["customer_id"], order=["-customer_value"], limit=1)
    return Customer.objects.get(pk=found["customer_id"][0].as_py())


def lines_of(number: int) -> list[dict]:
    with access.reading():
        return engine.to_arrow(access.lake().table("transaction_lines", customers=[number])).to_pylist()


def test_the_answer_holds_every_order_with_its_lines(customer, actors):
    told = json.loads(json.dumps(actions.export(customer=customer, by=actors["administrator"])))
    stored = lines_of(customer.pk)
    assert len(stored) > 20
    assert sum(len(order["lines"]) for order in told["facts"]) == len(stored)
    assert {order["order_id"] for order in told["facts"]} == {line["order_id"] for line in stored}
    assert told["valuations"]["customer_value"]


def test_what_it_cost_the_shop_is_not_theirs(customer, actors):
    assert "cost" not in json.dumps(disclose(actors["administrator"], customer.pk))


def test_the_answer_reads_in_chinese(customer, client_of, people):
    people["administrator"].language = "zh-hans"
    people["administrator"].save()
    page = client_of("administrator").post(f"/customers/{customer.pk}/disclose/", {"as": "html"}).content.decode()
    titles = set(re.findall(r"<dt>([^<]*)</dt>", page)) | set(re.findall(r"<h2>([^<]*)</h2>", page))
    assert {"订单号", "明细", "活跃概率", "订单", "价值"} <= titles
    assert not {title for title in titles if re.fullmatch(r"[A-Za-z_ ]{3,}", title)} - {"RFM"}


def test_who_does_not_reach_the_person_tells_nothing(customer, actors, strangers):
    from django.http import Http404

    from regulars.web.accounts.access import actor_of

    with pytest.raises(Http404):
        disclose(actor_of(strangers["manager"]), customer.pk)


def test_erasing_leaves_the_lake_as_it_is_and_nobody_in_it(customer, actors):
    """Sums stay; nothing leads from the rows to a person, and nothing of theirs stands in the files."""
    external = ExternalIdentity.objects.get(customer=customer).external_id
    before = (access.lake().version("transaction_lines"), lines_of(customer.pk))
    actions.erase(customer=customer, by=actors["administrator"])
    assert (access.lake().version("transaction_lines"), lines_of(customer.pk)) == before
    assert not ExternalIdentity.objects.filter(customer=customer).exists()
    stored = {str(value) for line in before[1] for value in line.values()}
    assert external not in stored
