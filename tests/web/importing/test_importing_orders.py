"""Orders by the wizard: looked at, checked, written; the same file twice changes nothing, a bad one nothing at all."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from regulars import engine
from regulars.web.audit.models import Entry
from regulars.web.core import jobs
from regulars.web.core.models import Job, Workspace
from regulars.web.customers.models import Customer, ExternalIdentity
from regulars.web.facts import access
from regulars.web.facts import selectors as facts
from regulars.web.importing.models import Import, State

pytestmark = pytest.mark.django_db

HEAD = "order id,customer id,order date,product code,product name,quantity,unit price,amount\n"


def csv_of(*lines: str, head: str = HEAD) -> bytes:
    return (head + "\n".join(lines) + "\n").encode()


GOOD = csv_of(
    "O1,C1,2026-05-01 10:00,P1,Tea,2,10.00,20.00",
    "O1,C1,2026-05-01 10:00,P2,Cup,1,5.00,5.00",
    "O2,C2,2026-05-03 11:30,P1,Tea,1,10.00,10.00",
    "O3,C1,2026-05-09 09:15,P1,Tea,3,10.00,30.00",
)


def lake_lines() -> list[dict]:
    with access.reading():
        return engine.to_arrow(access.lake().table("transaction_lines")).to_pylist()


@pytest.fixture
def send(client_of):
    """Upload a file as somebody: returns the import, which waits to be looked at."""

    def post(content: bytes, name: str = "orders.csv", *, who="administrator", holds="orders", source="shop"):
        file = SimpleUploadedFile(name, content)
        answer = client_of(who).post("/import/", {"holds": holds, "source": source, "file": file})
        assert answer.status_code == 302, answer.text
        return Import.objects.get(pk=int(answer.headers["location"].split("/")[2]))

    return post


@pytest.fixture
def press(client_of, work):
    """Press a button of an import and let the worker work: `press(one, "begin/")`."""

    def post(one: Import, path: str = "", data: dict | None = None, *, who="administrator") -> Import:
        assert client_of(who).post(f"/import/{one.pk}/{path}", data or {}).status_code == 302
        work()
        one.refresh_from_db()
        return one

    return post


def answers(one: Import, **more: str) -> dict[str, str]:
    """The columns' form as it comes filled in."""
    means = {column: name for name, column in one.columns.items()}
    filled = {f"column_{i}": means.get(column["name"], "") for i, column in enumerate(one.look["columns"])}
    return {**filled, "source": one.source, "max_rejected": "0.05", **more}


@pytest.fixture
def bring(send, press, work):
    """Import a file with all steps."""

    def through(content: bytes, name: str = "orders.csv", **who) -> Import:
        one = send(content, name, **who)
        work()
        one.refresh_from_db()
        press(one, "", answers(one))
        assert one.state == State.CHECKED, one.problem
        return press(one, "begin/")

    return through


def test_from_the_file_to_customers_and_lines(send, press, work, client_of):
    one = send(GOOD)
    assert one.state == State.LOOKING
    work()
    page = client_of("administrator").get(f"/import/{one.pk}/").text
    assert "Which column is which" in page
    assert "O1 · O2 · O3" in page
    one.refresh_from_db()
    press(one, "", answers(one))
    assert (one.state, one.account["new"], one.account["new_customers"]) == (State.CHECKED, 4, 2)
    assert not Customer.objects.exists()
    assert access.lake().version("transaction_lines") is None
    assert "4 order lines of 2 customers" in client_of("administrator").get(f"/import/{one.pk}/").text

    press(one, "begin/")
    assert (one.state, one.result["new"]) == (State.DONE, 4)
    ids = dict(ExternalIdentity.objects.values_list("external_id", "customer_id"))
    assert set(ids) == {"C1", "C2"}
    lines = lake_lines()
    assert {line["customer_id"] for line in lines} == set(ids.values())
    assert sum(line["net_amount"] for line in lines) == 65
    assert min(line["ordered_at"] for line in lines).isoformat() == "2026-05-01T02:00:00+00:00"  # Shanghai
    assert Entry.objects.filter(verb="import", subject_type="importing.import").count() == 1


def test_a_product_has_the_name_of_most_rows(bring, actors):
    sold = "A1,00123,2026-03-01,tea,Green tea,1,10,10\nA2,00123,2026-03-02,tea,Green tea,1,10,10\n"
    bring((HEAD + sold + "A3,00123,2026-03-03,tea,wrongly marked,1,10,10\n").encode())
    number = Customer.objects.get().pk
    assert [p.name for p in facts.products_of(actors["administrator"], number)] == ["Green tea"]


def test_products_have_names(bring, actors):
    bring(GOOD)
    number = ExternalIdentity.objects.get(external_id="C1").customer_id
    products = facts.products_of(actors["administrator"], number)
    assert [(p.name, p.net_amount) for p in products] == [("Tea", 50), ("Cup", 5)]


def test_the_same_file_twice_changes_nothing(bring):
    bring(GOOD)
    version, before = access.lake().version("transaction_lines"), lake_lines()
    again = bring(GOOD)
    assert (again.result["new"], again.result["changed"], again.result["same"]) == (0, 0, 4)
    assert access.lake().version("transaction_lines") == version
    assert lake_lines() == before
    assert Customer.objects.count() == 2


def test_a_changed_row_is_a_revision(bring, send, press, work):
    bring(GOOD)
    changed = GOOD.replace(
        b"O2,C2,2026-05-03 11:30,P1,Tea,1,10.00,10.00", b"O2,C2,2026-05-03 11:30,P1,Tea,1,12.00,12.00"
    )
    one = send(changed)
    work()
    one.refresh_from_db()
    press(one, "", answers(one))
    assert (one.account["new"], one.account["changed"], one.account["same"]) == (0, 1, 3)
    assert one.account["changed_money"] == "12.0000"
    press(one, "begin/")
    (line,) = [line for line in lake_lines() if line["order_id"] == "O2"]
    assert (line["net_amount"], line["revision"]) == (12, 2)


def test_another_source_has_its_own_customers_and_orders(bring):
    bring(GOOD, source="shop")
    bring(GOOD, source="erp")
    assert Customer.objects.count() == 4
    assert len(lake_lines()) == 8


def test_columns_are_remembered_with_what_was_corrected(send, press, work, client_of):
    head = "no,who,when,what it brought\n"
    one = send(csv_of("1,C1,2026-05-01,20", "2,C2,2026-05-02,30", head=head))
    work()
    one.refresh_from_db()
    said = {"column_0": "order_id", "column_1": "customer_id", "column_2": "ordered_at", "column_3": "net_amount"}
    press(one, "", {**answers(one), **said})
    assert one.state == State.CHECKED
    again = send(csv_of("3,C9,2026-06-01,20", head=head), "next.csv")
    work()
    again.refresh_from_db()
    assert again.columns == {
        "order_id": "no", "customer_id": "who", "ordered_at": "when", "net_amount": "what it brought",
    }  # fmt: skip
    assert "read before" in client_of("administrator").get(f"/import/{again.pk}/").text


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"column_2": ""}, "Say which column holds: Order date."),
        ({"column_1": ""}, "Say which column holds: Customer number."),
        ({"column_6": "", "column_7": ""}, "Say which column holds: Amount of the line."),
        ({"column_0": "customer_id"}, "is given to"),
        ({"column_0": "no_such_field"}, "Select a valid choice"),
        ({"rates": "dollars seven"}, "is no rate"),
        ({"source": ""}, "This field is required"),
    ],
)
def test_wrong_answers_stay_in_the_form(change, said, send, work, client_of):
    one = send(GOOD)
    work()
    one.refresh_from_db()
    answer = client_of("administrator").post(f"/import/{one.pk}/", {**answers(one), **change})
    assert answer.status_code == 200
    assert said in answer.text.replace("&quot;", '"')
    one.refresh_from_db()
    assert one.state == State.COLUMNS


BAD_DATES = csv_of(*[f"O{i},C{i},2026-13-{i:02d},P1,Tea,1,10,10" for i in range(1, 20)])
TWO_WAYS = csv_of(*[f"O{i},C{i},0{i}/0{i}/2026,P1,Tea,1,10,10" for i in range(1, 9)])


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (BAD_DATES, "order date"),
        (TWO_WAYS, "do not tell day from month"),
        (csv_of("O1,C1,2026-05-01,P1,Tea,-1,10,-10"), "only returns"),
        (csv_of(f"O1,{'C' * 300},2026-05-01,P1,Tea,1,10,10"), "customer number has 300 characters"),
        (csv_of(f"{'O' * 300},C1,2026-05-01,P1,Tea,1,10,10"), "column order_id"),
        (csv_of(f"O1,C1,2026-05-01,P1,{'Tea' * 9000},1,10,10"), "more than 10,000 characters"),
    ],
)
def test_a_bad_file_says_what_is_wrong_and_changes_nothing(content, said, bring, send, press, work, client_of):
    bring(GOOD)
    before = lake_lines()
    one = send(content, "bad.csv")
    work()
    one.refresh_from_db()
    press(one, "", answers(one))
    assert one.state == State.COLUMNS
    page = client_of("administrator").get(f"/import/{one.pk}/").text
    assert said in page
    assert "bad.csv" in page
    assert "--" not in one.problem["remedy"]["en"]
    assert lake_lines() == before
    assert Customer.objects.count() == 2


def test_day_and_month_are_said_in_the_wizard(send, press, work):
    one = send(TWO_WAYS)
    work()
    one.refresh_from_db()
    press(one, "", answers(one, date_order="dmy"))
    assert one.state == State.CHECKED


def test_money_of_another_currency_wants_a_rate(send, press, work):
    Workspace.objects.create(pk=1, currency="CNY")
    head = HEAD.replace("amount", "amount,currency")
    one = send(csv_of("O1,C1,2026-05-01,P1,Tea,1,10,10,USD", "O2,C1,2026-05-02,P1,Tea,1,10,10,USD", head=head))
    work()
    one.refresh_from_db()
    press(one, "", answers(one))
    assert one.state == State.COLUMNS
    assert "Give the rate" in one.problem["remedy"]["en"]
    press(one, "", answers(one, rates="USD 7.2"))
    assert one.state == State.CHECKED, one.problem
    assert one.account["new_money"] == "144.0000"


def test_rows_left_out_are_counted_with_their_money_and_handed_out(send, press, work, client_of):
    lines = [f"O{i},C{i},2026-05-{i:02d},P1,Tea,1,10,10" for i in range(1, 25)]
    one = send(csv_of(*lines, "O77,,2026-05-01,P1,Tea,1,8,8", "O88,C1,=cmd|' /C calc'!A0,P1,Tea,1,9,9"))
    work()
    one.refresh_from_db()
    press(one, "", answers(one))
    left_out = {row["reason"]: (row["rows"], row["money"]) for row in one.account["left_out"] if row["rows"]}
    assert left_out == {"no_customer": (1, "8.0000"), "unreadable_date": (1, "9.0000")}
    answer = client_of("administrator").get(f"/import/{one.pk}/left-out.csv")
    text = b"".join(answer.streaming_content).decode()
    assert "orders.csv,27,order date,dates that cannot be read,'=cmd|' /C calc'!A0,9.0000" in text
    assert answer.headers["Cache-Control"] == "no-store"
    assert Entry.objects.filter(verb="export", subject_id=str(one.pk)).exists()


def test_customers_of_others_are_left_out(bring, send, press, work, people, strangers, teams):
    bring(GOOD)
    c1 = ExternalIdentity.objects.get(external_id="C1").customer
    Customer.objects.filter(pk=c1.pk).update(owner=strangers["manager"], team=teams.other)
    Customer.objects.exclude(pk=c1.pk).update(owner=people["manager"], team=teams.own)
    one = send(GOOD.replace(b"10.00", b"99.00"), who="manager")
    work()
    one.refresh_from_db()
    press(one, "", answers(one), who="manager")
    assert one.account["left_out"][-1]["reason"] == "foreign"
    press(one, "begin/", who="manager")
    changed = {line["customer_id"] for line in lake_lines() if line["revision"] > 1}
    assert changed == set(Customer.objects.exclude(pk=c1.pk).values_list("pk", flat=True))


def test_new_customers_belong_to_who_brought_them(bring, people, teams):
    bring(GOOD, who="administrator")
    assert set(Customer.objects.values_list("owner", flat=True)) == {None}


def test_an_import_is_seen_by_who_started_it(bring, client_of, strangers, people):
    one = bring(GOOD)
    assert client_of("manager").get(f"/import/{one.pk}/").status_code == 404
    assert client_of("manager").get(f"/import/{one.pk}/left-out.csv").status_code == 404
    assert client_of("analyst").get(f"/import/{one.pk}/").status_code == 200
    assert client_of("viewer").get("/import/").status_code == 403


def test_two_presses_import_once(send, press, work, client_of):
    one = send(GOOD)
    work()
    one.refresh_from_db()
    press(one, "", answers(one))
    client = client_of("administrator")
    client.post(f"/import/{one.pk}/begin/")
    answer = client.post(f"/import/{one.pk}/begin/", follow=True)
    assert "has gone on meanwhile" in answer.text
    assert Job.objects.filter(kind="importing.write").count() == 1


def test_dropping_removes_the_files(send, press, work, django_capture_on_commit_callbacks):
    one = send(GOOD)
    work()
    one.refresh_from_db()
    with django_capture_on_commit_callbacks(execute=True):
        press(one, "drop/")
    assert one.state == State.DROPPED
    assert not one.folder.exists()


def test_cancelling_a_check_goes_back_to_the_columns(send, work, client_of, actors):
    one = send(GOOD)
    work()
    one.refresh_from_db()
    client = client_of("administrator")
    client.post(f"/import/{one.pk}/", answers(one))
    one.refresh_from_db()
    jobs.cancel(job=one.job, by=actors["administrator"])
    assert "Which column is which" in client.get(f"/import/{one.pk}/").text
    one.refresh_from_db()
    assert one.state == State.COLUMNS


def test_erasing_a_person_removes_files_on_their_way_in(bring, actors, django_capture_on_commit_callbacks):
    from regulars.web.customers.actions import erase

    one = bring(GOOD)
    assert b"C1" in one.file.read_bytes()
    with django_capture_on_commit_callbacks(execute=True):
        erase(customer=ExternalIdentity.objects.get(external_id="C1").customer, by=actors["administrator"])
    assert not one.folder.exists()


def test_an_erased_person_does_not_come_back(bring, actors):
    from regulars.web.customers.actions import erase

    bring(GOOD)
    gone = ExternalIdentity.objects.get(external_id="C1").customer
    erase(customer=gone, by=actors["administrator"])
    before = {(line["order_id"], line["line_no"]): line["customer_id"] for line in lake_lines()}
    again = bring(GOOD)
    assert again.result["same"] == 4
    assert {(line["order_id"], line["line_no"]): line["customer_id"] for line in lake_lines()} == before
    assert not ExternalIdentity.objects.filter(external_id="C1").exists()
    assert Customer.objects.get(pk=gone.pk).name == ""


def test_a_return_finds_the_order_of_an_earlier_file_by_its_name(bring):
    """Without the name it would give back the latest sale; the order is of midnight in Shanghai, another day in UTC."""
    from regulars.measure import purchase_occasions
    from regulars.valuation.from_lake import orders_for_valuation

    head = "order id,customer id,order date,product code,quantity,amount,original order\n"
    bring(
        csv_of(
            "O1,C1,2026-05-01,P1,1,10.00,", "O2,C1,2026-05-08,P1,1,10.00,", "O9,C2,2026-05-09,P1,1,10.00,", head=head
        )
    )
    bring(csv_of("R1,C1,2026-05-20,P1,-1,-10.00,O1", "O3,C2,2026-05-21,P1,1,10.00,", head=head), "returns.csv")
    named = {line["order_id"]: line["named_order_id"] for line in lake_lines() if line["kind"] == "return"}
    assert named == {"R1": "O1"}
    with engine.session(threads=1):
        orders = orders_for_valuation(access.lake())
        days = {
            row["occasion_date"].isoformat() for row in engine.to_arrow(purchase_occasions(orders.lines)).to_pylist()
        }
        orders.release()
    assert days == {"2026-05-08", "2026-05-09", "2026-05-21"}
