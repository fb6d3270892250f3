"""Lists as files: whole, masked, harmless in a spreadsheet, and for nobody but who ordered them."""

from __future__ import annotations

import csv
import io

import pytest
from python_calamine import CalamineWorkbook

from regulars.web.audit.models import Entry
from regulars.web.core.models import Job
from regulars.web.customers.models import Customer
from regulars.web.segments import actions, writing
from regulars.web.segments.conditions import Conditions
from regulars.web.segments.models import Export

pytestmark = pytest.mark.django_db

HOSTILE = ["=1+1", "+cmd|'/c calc'!A0", "-2+3", "@SUM(A1)", "\t=1", "\r=2", " ＝HYPERLINK(1)"]


def content(answer):
    return b"".join(answer.streaming_content)


def as_rows(answer, kind):
    raw = content(answer)
    if kind == "xlsx":
        return CalamineWorkbook.from_filelike(io.BytesIO(raw)).get_sheet_by_index(0).to_python()
    return list(csv.reader(io.StringIO(raw.decode("utf-8-sig"), newline="")))


def fetched(client, work, kind, **sent):
    answer = client.post("/exports/new/", {"format": kind, **sent})
    work()
    job = Job.objects.get(pk=int(answer.headers["location"].split("/")[-2]))
    assert job.state == "done", job.message
    assert job.result["url"] in client.get(f"/jobs/{job.pk}/").content.decode()
    return as_rows(client.get(job.result["url"]), kind)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_file_holds_the_whole_list_in_its_order_and_columns(client_of, value, shop, work, actors, kind):
    value()
    rows = fetched(client_of("administrator"), work, kind, asked="sort=future_value&columns=name,matrix,future_value")
    assert rows[0] == ["Number", "Customer", "Value class", "Value to come"]
    assert len(rows) == len(shop.ids) + 1
    amounts = [float(row[3]) for row in rows[1:] if row[3] != ""]
    assert amounts == sorted(amounts, reverse=True)
    assert {row[0] for row in rows[1:]} == {str(number) for number in shop.ids.values()}
    assert {row[2] for row in rows[1:]} <= {"Ⅳ Platinum", "Ⅲ Gold", "Ⅱ Iron", "Ⅰ Lead", ""}


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_no_cell_is_a_formula(client_of, work, kind):
    for name in HOSTILE:
        Customer.objects.create(name=name, region=name[:60])
    rows = fetched(client_of("administrator"), work, kind, asked="columns=name,region")
    cells = [cell for row in rows[1:] for cell in row[1:]]
    assert len(cells) == 2 * len(HOSTILE)
    assert all(str(cell).startswith("'") for cell in cells), cells


def test_an_interval_becomes_its_two_ends(client_of, value, work):
    value()
    rows = fetched(client_of("administrator"), work, "csv", asked="columns=name,interval&matrix=IV")
    assert rows[0][-2:] == ["Value to come, low", "Value to come, high"]
    assert all(float(row[-2]) <= float(row[-1]) for row in rows[1:])


def test_a_file_holds_what_its_reader_may_see(client_of, people, value, give, work):
    """A role without values gets neither their columns nor an order by them; a team's scope its own customers."""
    from regulars.web.accounts.models import Role, RolePermission

    value()
    mine = give(people["manager"], 3)
    RolePermission.objects.create(role=Role.objects.get(key="service"), permission="customers.export")
    asked = "columns=name,future_value,owner&sort=future_value&matrix=IV"
    assert fetched(client_of("service"), work, "csv", asked=asked)[0] == ["Number", "Customer", "Owner"]
    rows = fetched(client_of("manager"), work, "csv", asked="columns=name")
    assert {int(row[0]) for row in rows[1:]} == set(mine)


def test_a_segment_leaves_as_a_file(client_of, actors, work):
    for i in range(3):
        Customer.objects.create(name=f"East {i}", region="East")
    segment = actions.make_segment(
        name="East", conditions=Conditions({"region": "East"}), frozen=True, by=actors["administrator"]
    )
    Customer.objects.update(region="West")
    client = client_of("administrator")
    rows = fetched(client, work, "csv", asked="columns=name", segment=segment.pk)
    assert len(rows) == 4
    assert Export.objects.get().called == "East"


def test_a_file_is_for_who_ordered_it_alone(client_of, people, work):
    Customer.objects.create(name="Somebody")
    fetched(client_of("analyst"), work, "csv", asked="")
    export = Export.objects.get()
    assert oct(export.file.stat().st_mode)[-3:] == "600"
    for role in ("administrator", "manager", "marketing"):
        assert client_of(role).get(f"/exports/{export.pk}/").status_code == 404, role
    assert client_of("account_manager").post("/exports/new/", {"format": "csv"}).status_code == 403
    done = Entry.objects.filter(subject_type="segments.export", user=people["analyst"])
    assert sorted(done.values_list("verb", flat=True)) == ["download", "export"]


def test_a_file_is_cut_at_a_limit_and_the_job_says_so(client_of, work, monkeypatch):
    monkeypatch.setattr(writing, "MOST_ROWS", 5)
    monkeypatch.setattr(writing.rows, "__kwdefaults__", {"most": 5})
    for i in range(9):
        Customer.objects.create(name=f"Somebody {i}")
    assert len(fetched(client_of("administrator"), work, "csv", asked="")) == 6
    assert "this is the most that one file holds" in Job.objects.get().message["en"]
    assert "一份文件最多这么多" in Job.objects.get().message["zh"]


def test_old_files_are_removed_and_a_gone_file_is_not_found(client_of, work):
    from datetime import timedelta

    from django.utils import timezone

    Customer.objects.create(name="Somebody")
    client = client_of("administrator")
    fetched(client, work, "csv", asked="")
    export = Export.objects.get()
    export.file.unlink()
    assert client.get(f"/exports/{export.pk}/").status_code == 404
    Export.objects.update(ordered_at=timezone.now() - timedelta(days=8))
    assert actions.remove_old() == 1
    assert not Export.objects.exists()


def test_an_unknown_kind_of_file_is_refused(client_of):
    Customer.objects.create(name="Somebody")
    answer = client_of("administrator").post("/exports/new/", {"format": "exe"}, follow=True)
    assert "Choose Excel or CSV." in answer.content.decode()
    assert not Export.objects.exists()
