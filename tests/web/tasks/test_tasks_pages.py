"""The pages: two presses from the list to done and back, without script; conflicts, forms, the first screen."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from regulars.web.journal.models import Entry
from regulars.web.tasks.business_days import calendar, today
from regulars.web.tasks.models import Rule, Task

pytestmark = pytest.mark.django_db


def text(answer):
    return answer.content.decode()


def test_done_in_two_presses_and_back_to_the_list(task, client_of):
    one, client = task("at_risk"), client_of("account_manager")
    page = client.get(f"/tasks/{one.pk}/done/?next=/tasks/?who=me")
    assert 'name="outcome" value="will_order"' in text(page)
    answer = client.post(
        f"/tasks/{one.pk}/done/",
        {"version": 0, "outcome": "will_order", "text": "", "way": "call", "next": "/tasks/?who=me"},
    )
    assert (answer.status_code, answer.headers["location"]) == (302, "/tasks/?who=me")
    assert "Done: Will order" in text(client.get("/tasks/"))
    assert Entry.objects.get().kind == "call"


def test_the_line_that_says_done_takes_it_back(task, client_of):
    one, client = task(), client_of("account_manager")
    client.post(f"/tasks/{one.pk}/done/", {"version": 0, "outcome": "content"})
    assert f"/tasks/{one.pk}/reopen/?version=1" in text(client.get("/tasks/"))
    client.post(f"/tasks/{one.pk}/reopen/?version=1")
    assert Task.objects.get().is_open


def test_who_comes_second_is_told_who_was_first_and_keeps_what_they_wrote(task, client_of):
    one = task()
    client_of("manager").post(f"/tasks/{one.pk}/done/", {"version": 0, "outcome": "unhappy"})
    answer = client_of("account_manager").post(
        f"/tasks/{one.pk}/done/", {"version": 0, "outcome": "content", "text": "All fine <3"}
    )
    assert answer.status_code == 409
    assert "manager was faster" in text(answer)
    assert "All fine &lt;3" in text(answer)
    assert Entry.objects.count() == 1


def test_no_way_back_leads_out_of_the_house(task, client_of):
    one, client = task(), client_of("account_manager")
    for evil in ("https://evil.example/", "//evil.example", "javascript:alert(1)", "/\\evil.example"):
        page = client.get(f"/tasks/{one.pk}/", {"next": evil})
        assert page.context["next"] == "/tasks/"
    answer = client.post(f"/tasks/{one.pk}/drop/", {"version": 0, "next": "//evil.example"})
    assert answer.headers["location"] == "/tasks/"


def test_putting_off_and_handing_on_by_form(task, client_of, people):
    one, client = task(), client_of("manager")
    until = today() + timedelta(days=8)
    assert "from tomorrow on" in text(client.post(f"/tasks/{one.pk}/snooze/", {"version": 0, "until": "2001-01-01"}))
    client.post(f"/tasks/{one.pk}/snooze/", {"version": 0, "until": until.isoformat()})
    assert Task.objects.get().snoozed_until == until
    client.post(f"/tasks/{one.pk}/delegate/", {"version": 1, "owner": people["manager"].pk})
    assert Task.objects.get().owner == people["manager"]


def test_ticked_tasks_are_put_off_together_and_taken_back(task, customer, client_of):
    tasks = [task(of=customer(f"C{n}")) for n in range(3)]
    client, picks = client_of("account_manager"), [f"{one.pk}:0" for one in tasks]
    between = client.post("/tasks/change/", {"verb": "snooze", "pick": picks})
    assert "Put off" in text(between)
    assert Task.objects.waiting(today()).count() == 3
    until = (today() + timedelta(days=3)).isoformat()
    answer = client.post(
        "/tasks/change/", {"verb": "snooze", "pick": picks, "until": until, "answered": "1"}, follow=True
    )
    assert "Changed: 3 tasks" in text(answer)
    undo = text(answer).partition('action="/tasks/undo/')[2].partition("/")[0]
    assert "Undone: 3 tasks" in text(client.post(f"/tasks/undo/{undo}/", follow=True))
    assert Task.objects.waiting(today()).count() == 3


@pytest.mark.parametrize("verb", ["finish", "delegate", "drop", "nothing", ""])
def test_every_verb_answers_and_an_unknown_one_changes_nothing(task, client_of, verb):
    one = task()
    answer = client_of("account_manager").post(
        "/tasks/change/", {"verb": verb, "pick": [f"{one.pk}:0", "x:y", "9" * 30 + ":1"]}
    )
    assert answer.status_code in (200, 302)
    assert Task.objects.get().is_open == (verb != "drop")


def test_somebody_elses_change_is_not_taken_back(task, client_of):
    one = task()
    client_of("manager").post("/tasks/change/", {"verb": "drop", "pick": [f"{one.pk}:0"]})
    from regulars.web.tasks.models import Undo

    for role, status in (("account_manager", 404), ("administrator", 403)):
        assert client_of(role).post(f"/tasks/undo/{Undo.objects.get().pk}/").status_code == status
    assert not Task.objects.get().is_open


def test_a_phone_number_is_for_who_may_read_it(task, customer, client_of):
    from regulars.web.customers.models import ContactPoint

    of = customer()
    ContactPoint.objects.create(customer=of, kind="mobile", value="138 0013 8000")
    one = task("call", of=of)
    assert 'href="tel:13800138000"' in text(client_of("service").get(f"/tasks/{one.pk}/"))
    hidden = text(client_of("marketing").get(f"/tasks/{one.pk}/"))
    assert "13800138000" not in hidden.replace(" ", "")
    assert "does not show phone numbers" in hidden


def test_the_first_screen_shows_what_is_due_and_what_the_valuation_calls_out(customer, valuation, client_of):
    Rule.objects.update(share=0)
    from regulars.web.core.actor import NOBODY
    from regulars.web.tasks import actions

    figures = {customer(f"Late {n}"): {"at_risk": True, "value_at_risk": Decimal(n)} for n in range(1, 10)}
    actions.raise_alerts(valuation=valuation(figures), by=NOBODY)
    page = text(client_of("account_manager").get("/"))
    assert page.count('class="tick"') == 7
    assert "All 9" in page
    assert "Value at risk: unusually late: 9 customers" in page
    assert "not what is lost if nobody acts" in page
    assert "amount at stake" not in text(client_of("service").get("/"))


def test_the_customers_page_proposes_and_lists(customer, valuation, client_of):
    of = customer()
    valuation({of: {"matrix": "III"}})
    client = client_of("account_manager")
    assert "Next: Call: is all well?" in text(client.get(f"/customers/{of.pk}/"))
    client.post(f"/tasks/next/{of.pk}/", {"next": f"/customers/{of.pk}/"})
    page = text(client.get(f"/customers/{of.pk}/"))
    assert "Next: Call" not in page
    assert "Done: Call: is all well?" in page


def test_a_rule_is_changed_by_who_may_and_a_person_must_be_named(client_of, people):
    rule = Rule.objects.get(alert="at_risk")
    sent = {
        "version": 0, "enabled": "on", "owner_rule": "person", "owner": "", "due_days": 4, "least": "", "at_most": 20,
        "quiet_days": 10, "share": "12.5",
    }  # fmt: skip
    client = client_of("manager")
    assert "Choose the person." in text(client.post(f"/alerts/{rule.pk}/", sent))
    client.post(f"/alerts/{rule.pk}/", {**sent, "owner": people["service"].pk})
    rule.refresh_from_db()
    assert (rule.owner, rule.due_days, rule.share) == (people["service"], 4, Decimal("0.1250"))
    assert client.post(f"/alerts/{rule.pk}/", {**sent, "owner_rule": "team"}).status_code == 409
    assert client_of("account_manager").get("/alerts/").status_code == 403


def test_business_days_are_written_as_people_write_them(client_of):
    client = client_of("manager")
    sent = {
        "weekdays": ["0", "1", "2", "3", "4", "5"],
        "closed": "2026-10-01 – 2026-10-07\n2027-01-01",
        "opened": "2026-10-10",
    }
    client.post("/business-days/", sent)
    days = calendar()
    assert (len(days.closed), days.opened, 5 in days.weekdays) == (8, frozenset({date(2026, 10, 10)}), True)
    assert "2026-10-01 – 2026-10-07" in text(client.get("/business-days/"))


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"weekdays": ["0"], "closed": "next monday"}, "is no day"),
        ({"weekdays": ["0"], "closed": "2026-02-30"}, "is no day"),
        ({"weekdays": ["0"], "closed": "2026-01-01 – 2036-01-01"}, "is no day"),
        ({"weekdays": [], "closed": ""}, "Choose one working day"),
    ],
)
def test_days_that_are_none_are_named(client_of, sent, said):
    assert said in text(client_of("manager").post("/business-days/", sent))
    assert calendar().weekdays == frozenset(range(5))


@pytest.mark.parametrize("path", ["/tasks/", "/tasks/?state=done", "/control-groups/", "/alerts/", "/tasks/assign/"])
def test_empty_pages_say_what_to_do_next_in_both_languages(client_of, people, path):
    for language, said in (("en", "<h1>"), ("zh-hans", "<h1>")):
        people["administrator"].language = language
        people["administrator"].save()
        assert said in text(client_of("administrator").get(path))


def test_pages_speak_chinese(task, client_of, people):
    people["account_manager"].language = "zh-hans"
    people["account_manager"].save()
    one = task("at_risk", reason={"code": "late", "values": {"days": 40, "usual": 16.0}})
    page = text(client_of("account_manager").get(f"/tasks/{one.pk}/"))
    assert "打电话：该来没来，问清原因，谈好下一单" in page
    assert "晚 24 天，平时 16 天一单" in page
    assert "没联系上 · " in page
