"""A valuation's alerts become tasks: by rule, once, without those who are left alone."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from regulars.web.core.actor import NOBODY
from regulars.web.tasks import actions, jobs, selectors
from regulars.web.tasks.kinds import AT_RISK, FIRST_ORDER, LAPSE, VISIT_DROP
from regulars.web.tasks.models import AlertRun, Exposure, Rule, State, Task

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def everybody_treated(db):
    """Nobody is left alone unless a test says so."""
    Rule.objects.update(share=0)


def rule(alert, **fields):
    Rule.objects.filter(alert=alert).update(**fields)
    return Rule.objects.get(alert=alert)


def kinds():
    return sorted(Task.objects.values_list("customer__name", "kind"))


def raise_alerts(valuation):
    return {run.rule.alert: run for run in actions.raise_alerts(valuation=valuation, by=NOBODY)}


@pytest.fixture
def four(customer):
    """A customer for each alert, and one who is fine."""
    return {
        customer("Fell"): {"visit_change": "down", "visit_class": "B"},
        customer("Late"): {"at_risk": True},
        customer("New"): {"n_purchases": 1, "last_purchase": date(2026, 6, 20)},
        customer("Stopped"): {"visit_change": "down", "visit_class": "D"},
        customer("Fine"): {"visit_change": "same", "visit_class": "A"},
    }


def test_each_alert_finds_its_customers_and_nobody_twice(four, valuation, people):
    raise_alerts(valuation(four))
    assert kinds() == [("Fell", VISIT_DROP), ("Late", AT_RISK), ("New", FIRST_ORDER), ("Stopped", LAPSE)]
    late = Task.objects.get(kind=AT_RISK)
    assert (late.owner, late.team.name, late.at_stake, late.stake) == (
        people["account_manager"], "Riverside", Decimal(1000), "value_at_risk",
    )  # fmt: skip
    assert late.rule.alert == AT_RISK
    assert Task.objects.get(kind=VISIT_DROP).why == "Visit class down to B in June"
    assert Task.objects.get(kind=LAPSE).why == "Nothing bought in June; last order on 20 May"


def test_a_first_order_long_ago_is_none(customer, valuation):
    raise_alerts(valuation({customer(): {"n_purchases": 1, "last_purchase": date(2026, 6, 16)}}))
    assert kinds() == []


def test_the_same_valuation_twice_makes_no_second_task_even_after_some_are_done(four, valuation, actors):
    published = valuation(four)
    rule(AT_RISK, at_most=1)
    first = raise_alerts(published)
    done = Task.objects.get(kind=AT_RISK)
    actions.finish(task=done, version=0, outcome="content", by=actors["manager"])
    again = raise_alerts(published)
    assert Task.objects.count() == 4
    assert {key: run.pk for key, run in again.items()} == {key: run.pk for key, run in first.items()}
    assert AlertRun.objects.count() == 4


def test_the_next_valuation_updates_what_is_open_and_keeps_what_people_have_set(customer, valuation, actors, people):
    of = customer()
    raise_alerts(valuation({of: {"at_risk": True}}))
    task = Task.objects.get()
    until = timezone.localdate() + timedelta(days=20)
    actions.delegate(task=task, version=0, to=people["service"], by=actors["manager"])
    actions.snooze(task=task, version=1, until=until, by=actors["manager"])
    newer = valuation({of: {"at_risk": True, "value_at_risk": Decimal(2500)}}, as_of=date(2026, 7, 31))
    run = raise_alerts(newer)[AT_RISK]
    task = Task.objects.get()
    assert (run.made, run.updated) == (0, 1)
    assert (task.at_stake, task.valuation) == (Decimal(2500), newer)
    assert (task.owner, task.state, task.due_on) == (people["service"], State.SNOOZED, until)
    assert "72 days" in task.why


def test_a_proposal_that_somebody_took_is_updated_not_doubled(customer, valuation, actors):
    of = customer()
    made = actions.make(customer=of, kind=AT_RISK, by=actors["account_manager"])
    raise_alerts(valuation({of: {"at_risk": True}}))
    assert list(Task.objects.values_list("pk", "at_stake")) == [(made.pk, Decimal(1000))]


def test_who_was_spoken_to_is_left_in_peace_for_a_while(customer, valuation, actors):
    of = customer()
    raise_alerts(valuation({of: {"at_risk": True}}))
    actions.finish(task=Task.objects.get(), version=0, outcome="thinking", by=actors["manager"])
    raise_alerts(valuation({of: {"at_risk": True}}, as_of=date(2026, 7, 31)))
    assert Task.objects.open().count() == 0
    Task.objects.update(ended_at=timezone.now() - timedelta(days=31))
    raise_alerts(valuation({of: {"at_risk": True}}, as_of=date(2026, 8, 31)))
    assert Task.objects.open().count() == 1


def test_who_has_bought_again_need_not_be_asked_why_not(customer, valuation):
    of, still = customer("Back"), customer("Still away")
    raise_alerts(valuation({of: {"at_risk": True}, still: {"at_risk": True}}))
    newer = {of: {"last_purchase": date(2026, 7, 9)}, still: {"at_risk": True}}
    run = raise_alerts(valuation(newer, as_of=date(2026, 7, 31)))[AT_RISK]
    assert run.settled == 1
    settled = Task.objects.get(customer=of)
    assert (settled.state, settled.why) == (State.CANCELLED, "They have bought again by themselves")
    assert Task.objects.get(customer=still).is_open


def test_a_fall_is_still_asked_about_after_the_next_purchase(customer, valuation):
    of = customer()
    raise_alerts(valuation({of: {"visit_change": "down", "visit_class": "B"}}))
    raise_alerts(valuation({of: {"last_purchase": date(2026, 7, 9)}}, as_of=date(2026, 7, 31)))
    assert Task.objects.get().is_open


def test_the_rule_says_how_many_how_much_and_until_when(customer, valuation):
    amounts = {customer(f"C{n}"): {"at_risk": True, "value_at_risk": Decimal(n * 100)} for n in range(1, 7)}
    rule(AT_RISK, at_most=3, least=Decimal(450), due_days=0)
    run = raise_alerts(valuation(amounts))[AT_RISK]
    assert run.found == 2
    assert kinds() == [("C5", AT_RISK), ("C6", AT_RISK)]


def test_most_at_stake_goes_first_where_there_are_too_many(customer, valuation):
    amounts = {customer(f"C{n}"): {"at_risk": True, "value_at_risk": Decimal(n * 100)} for n in range(1, 7)}
    rule(AT_RISK, at_most=2)
    raise_alerts(valuation(amounts))
    assert kinds() == [("C5", AT_RISK), ("C6", AT_RISK)]


def test_a_named_person_gets_what_they_reach_and_the_owner_the_rest(customer, valuation, people, strangers, teams):
    theirs = customer("Theirs", owner=strangers["account_manager"], team=teams.other)
    rule(AT_RISK, owner_rule="person", owner=people["manager"])
    raise_alerts(valuation({customer("Ours"): {"at_risk": True}, theirs: {"at_risk": True}}))
    assert dict(Task.objects.values_list("customer__name", "owner__username")) == {
        "Ours": "manager", "Theirs": "other-account_manager",
    }  # fmt: skip


def test_a_teams_task_is_nobodys_yet(customer, valuation, teams):
    rule(AT_RISK, owner_rule="team")
    raise_alerts(valuation({customer(): {"at_risk": True}}))
    assert (Task.objects.get().owner, Task.objects.get().team) == (None, teams.own)


def test_a_rule_that_is_off_sees_nothing(four, valuation):
    Rule.objects.update(enabled=False)
    assert raise_alerts(valuation(four)) == {}
    assert not Task.objects.exists()


@pytest.mark.parametrize("gone", ["archived_at", "erased_at"])
def test_nobody_is_called_who_is_archived_or_erased(customer, valuation, gone):
    raise_alerts(valuation({customer(**{gone: timezone.now()}): {"at_risk": True}}))
    assert not Task.objects.exists()


def test_who_is_left_alone_gets_no_task_and_stays_left_alone(customer, valuation, actors):
    rule(AT_RISK, share=Decimal("0.5"))
    figures = {customer(f"C{n:02}"): {"at_risk": True, "matrix": "IV" if n % 2 else "I"} for n in range(20)}
    run = raise_alerts(valuation(figures))[AT_RISK]
    assert (run.found, run.made, run.left_alone) == (20, 10, 10)
    alone = set(Exposure.objects.filter(arm="control").values_list("customer", flat=True))
    assert not Task.objects.filter(customer__in=alone).exists()
    assert {e.stratum: e.propensity for e in Exposure.objects.all()} == {"IV": 0.5, "I": 0.5}
    run = raise_alerts(valuation(figures, as_of=date(2026, 7, 31)))[AT_RISK]
    assert (run.left_alone, run.updated, run.made) == (10, 10, 0)
    assert set(Exposure.objects.filter(arm="control").values_list("customer", flat=True)) == alone
    shown = selectors.left_alone(actors["manager"], [c.pk for c in figures])
    assert set(shown) == alone


def test_newcomers_are_drawn_when_they_come(customer, valuation):
    rule(AT_RISK, share=Decimal("0.5"))
    first = {customer(f"C{n:02}"): {"at_risk": True} for n in range(10)}
    raise_alerts(valuation(first))
    known = dict(Exposure.objects.values_list("customer", "arm"))
    more = first | {customer(f"D{n:02}"): {"at_risk": True} for n in range(10)}
    raise_alerts(valuation(more, as_of=date(2026, 7, 31)))
    now = dict(Exposure.objects.values_list("customer", "arm"))
    assert len(now) == 20
    assert known.items() <= now.items()
    assert Exposure.objects.values("holdout").distinct().count() == 1


def test_another_share_is_another_experiment(customer, valuation, actors):
    found = rule(AT_RISK, share=Decimal("0.5"))
    figures = {customer(f"C{n}"): {"at_risk": True} for n in range(4)}
    raise_alerts(valuation(figures))
    first = Rule.objects.get(pk=found.pk).holdout
    actions.change_rule(
        rule=Rule.objects.get(pk=found.pk), version=found.version, by=actors["administrator"], share=Decimal("0.25")
    )
    first.refresh_from_db()
    assert not first.is_running
    assert not Exposure.objects.left_alone().exists()
    raise_alerts(valuation(figures, as_of=date(2026, 7, 31)))
    assert Rule.objects.get(pk=found.pk).holdout != first


def test_the_chore_looks_at_the_newest_valuation_by_itself(four, valuation):
    jobs.look_at_newest()
    assert not Task.objects.exists()
    valuation(four)
    jobs.look_at_newest()
    jobs.look_at_newest()
    assert Task.objects.count() == 4


def test_the_job_says_what_it_made(four, valuation, people, actors):
    from regulars.web.core import jobs as core_jobs

    valuation(four)
    started = core_jobs.start(kind="tasks.alerts", by=actors["administrator"])
    core_jobs.run_job.func(started.pk)
    started.refresh_from_db()
    assert (started.state, started.result) == ("done", {"made": 4, "left_alone": 0})
    assert Task.objects.filter(made_by=None).count() == 4


def test_the_full_row_gives_the_reason_where_the_file_is_there(four, valuation, monkeypatch):
    rows = [
        {"customer_id": c.pk, "days_since_last_purchase": 41, "usual_gap_days": 16.2, "visit_class_before": "A"}
        for c in four
    ]
    monkeypatch.setattr("regulars.web.tasks.actions.alerts.value_rows", lambda actor, ids, valuation: rows)
    raise_alerts(valuation(four))
    assert Task.objects.get(kind=AT_RISK).why == "25 days late, usually one order in 16 days"
    assert Task.objects.get(kind=VISIT_DROP).why == "Visit class A→B in June"


def test_reasons_are_read_in_the_readers_language(four, valuation):
    from django.utils import translation

    raise_alerts(valuation(four))
    with translation.override("zh-hans"):
        assert Task.objects.get(kind=VISIT_DROP).why == "6 月到店级别降到 B"


def test_one_silence_is_one_task(customer, valuation):
    """Who is unusually late and did not come this month is called once; with that rule off, the other one calls."""
    both = {customer("Both"): {"at_risk": True, "visit_class": "D", "visit_change": "down"}}
    raise_alerts(valuation(both))
    assert kinds() == [("Both", AT_RISK)]
    Task.objects.all().delete()
    rule(AT_RISK, enabled=False)
    raise_alerts(valuation(both))
    assert kinds() == [("Both", LAPSE)]


def test_where_one_person_works_alone_everything_is_theirs(customer, valuation, people, teams):
    type(people["administrator"]).objects.exclude(pk=people["administrator"].pk).update(is_active=False)
    raise_alerts(valuation({customer("Nobody's", owner=None): {"at_risk": True}}))
    assert Task.objects.get().owner == people["administrator"]


def test_where_value_at_risk_tells_nothing_what_they_bring_now_is_at_stake(customer, valuation):
    small, large = ({"at_risk": True, "value_at_risk": Decimal(1), "current_value": Decimal(n)} for n in (500, 900))
    valued = valuation({customer("Small"): small, customer("Large"): large})
    valued.figures = {"totals": {"future_value": {"value": 1e6}, "value_at_risk": {"value": 2.0}}}
    raise_alerts(valued)
    made = list(Task.objects.order_by("-at_stake").values_list("customer__name", "at_stake", "stake"))
    assert made == [("Large", Decimal(900), "current_value"), ("Small", Decimal(500), "current_value")]
