"""Lists page by key: every row once, in order, onward and back, nulls last, ties by the last key."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import BadRequest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from regulars.web.core.models import Job
from regulars.web.core.paging import keyset_page

pytestmark = pytest.mark.django_db


@pytest.fixture
def make(people):
    def jobs(*values):
        """Jobs whose `began_at` are so many hours ago, None where not begun; `progress` are ties."""
        now = timezone.now()
        for value in values:
            began = None if value is None else now - timedelta(hours=value)
            Job.objects.create(kind="x", started_by=people["viewer"], began_at=began, progress=(value or 0) % 2 / 2)

    return jobs


def onward(order, size):
    after, pages = None, []
    while True:
        page = keyset_page(Job.objects.all(), order, after=after, size=size)
        pages.append(page)
        if page.after is None:
            return pages
        after = page.after


def backward(order, size, before):
    pages = []
    while before is not None:
        page = keyset_page(Job.objects.all(), order, before=before, size=size)
        pages.insert(0, page)
        before = page.before
    return pages


def ids(pages):
    return [job.pk for page in pages for job in page.rows]


ORDERS = [
    ["id"],
    ["-id"],
    ["began_at", "id"],
    ["-began_at", "id"],
    ["-progress", "-began_at", "-id"],
    ["progress", "id"],
]


@pytest.mark.parametrize("order", ORDERS, ids=str)
@pytest.mark.parametrize("size", [1, 2, 3, 50])
def test_every_row_once_onward_and_back(make, order, size):
    make(3, None, 1, 1, None, 7, 2, 3)
    pages = onward(order, size)
    assert sorted(ids(pages)) == sorted(Job.objects.values_list("pk", flat=True))
    assert pages[0].before is None
    last = pages[-1]
    if len(pages) > 1:
        assert ids([*backward(order, size, last.before), last]) == ids(pages)


@pytest.mark.parametrize("order", [["began_at", "id"], ["-began_at", "id"]])
def test_nulls_come_last(make, order):
    make(3, None, 1)
    assert [job.began_at is None for page in onward(order, 2) for job in page.rows] == [False, False, True]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=st.lists(st.one_of(st.none(), st.integers(0, 4)), max_size=9), size=st.integers(1, 4))
def test_any_values_any_size(make, values, size):
    Job.objects.all().delete()
    make(*values)
    for order in ORDERS:
        assert len(set(ids(onward(order, size)))) == len(ids(onward(order, size))) == len(values)


def test_rows_that_come_meanwhile_do_not_shift_the_page(make):
    make(5, 4, 3, 2)
    first = keyset_page(Job.objects.all(), ["-id"], size=2)
    make(1)
    second = keyset_page(Job.objects.all(), ["-id"], after=first.after, size=2)
    assert not {job.pk for job in first.rows} & {job.pk for job in second.rows}
    assert len(second) == 2


def test_an_order_through_a_relation(make):
    make(1, 2, 3)
    assert len(ids(onward(["started_by__name", "id"], 2))) == 3


@pytest.mark.parametrize("cursor", ["nonsense", "bnVsbA", "WzEsMl0", "WyJ4Il0", "é", "eyJhIjoxfQ"])
def test_a_key_that_somebody_made_up_is_refused(make, cursor):
    make(1)
    with pytest.raises(BadRequest):
        keyset_page(Job.objects.all(), ["id"], after=cursor)


def test_a_made_up_key_on_a_page_is_the_visitors_mistake(client_of):
    assert client_of("viewer").get("/jobs/?after=nonsense").status_code == 400


def test_an_empty_list_has_no_way_on():
    page = keyset_page(Job.objects.all(), ["id"])
    assert (page.rows, page.after, page.before) == ([], None, None)
