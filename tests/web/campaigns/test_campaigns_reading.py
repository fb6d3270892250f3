"""Reading: what a page shows is the library's own reading, and nothing is read before its day."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pyarrow as pa
import pytest
from django.utils import timezone

from regulars.prove.experiments import analyse
from regulars.web.campaigns import actions
from regulars.web.campaigns.models import Campaign, Proof, UniversalHoldout
from regulars.web.campaigns.selectors import story
from regulars.web.campaigns.shown import Shown
from regulars.web.customers.models import Customer
from regulars.web.tasks.models import Exposure, Holdout

pytestmark = pytest.mark.django_db


def test_the_result_is_the_librarys_own_reading_of_net_profit_a_head(past, launched, live):
    campaign = launched(window_days=10)
    arms, gross = live(campaign, 10)
    actions.read_due()
    proof = Proof.objects.get(holdout=campaign.holdout)
    assert proof.verdict == "proved"
    before = dict.fromkeys(arms)
    from regulars import engine
    from regulars.web.facts.access import lake

    with engine.session():
        for row in engine.to_arrow(lake().table("transaction_lines")).to_pylist():
            n = row["customer_id"]
            if n in arms and row["business_date"] < campaign.first_day:
                before[n] = (before[n] or 0) + row["net_amount"] - row["cost_amount"]
    strata = dict(Exposure.objects.values_list("customer", "stratum"))
    table = pa.table(
        {
            "arm": list(arms.values()),
            "stratum": [strata[n] for n in arms],
            "net": [float(gross[n]) - (5 if arm == "treated" else 0) for n, arm in arms.items()],
            "before": [float(before[n]) for n in arms],
        }
    )
    own = analyse(table, arm="arm", control="control", outcomes=["net"], covariates=["before"], strata="stratum")
    effect = own.effect("treated")
    assert (proof.estimate, proof.low, proof.high) == pytest.approx((effect.net, effect.low, effect.high), abs=1e-6)
    assert proof.low < 30 * 0.4 - 5 < proof.high
    assert proof.spent == pytest.approx(300 * 2 + 300 * 3)
    assert proof.result["course"][-1]["net"] == pytest.approx(proof.estimate)
    assert proof.brought == pytest.approx(300 * proof.estimate)


def test_before_its_end_a_campaign_shows_counts_and_no_verdict(launched, live):
    campaign = launched()
    live(campaign, 20)
    actions.read_due()
    proof = Proof.objects.get(holdout=campaign.holdout)
    assert (proof.verdict, proof.estimate, proof.brought) == ("waiting", None, None)
    assert not {"reading", "bought", "course"} & set(proof.result)
    assert proof.result["health"] == {
        "counts": {"treated": 300, "control": 100}, "p_value": 1.0, "suspicious": False,
    }  # fmt: skip


def test_a_small_group_says_nothing_whatever_it_brought(launched, live):
    campaign = launched(share=Decimal("0.05"), window_days=8)
    live(campaign, 8)
    actions.read_due()
    proof = Proof.objects.get(holdout=campaign.holdout)
    assert (proof.verdict, proof.n_control, proof.estimate) == ("not_enough", 20, None)
    assert "20 customers; below 30" in Shown(proof, "CNY").why


def test_a_declared_look_is_read_on_its_day_at_a_wider_interval(launched, live):
    campaign = launched(looks=[5], window_days=10)
    live(campaign, 6)
    actions.read_due()
    proof = Proof.objects.get(holdout=campaign.holdout)
    assert (proof.result["look"], proof.result["looks"], proof.result["window"]) == (1, 2, 5)
    assert proof.result["reading"]["level"] > 0.95


def test_the_universal_hold_out_is_read_by_quarters_with_what_the_campaigns_of_the_time_cost(
    past, launched, sell, actors, work, live
):
    setting = actions.set_universal(share=Decimal("0.1"), version=0, by=actors["administrator"])
    began = timezone.now() - timedelta(days=100)
    for rows in (UniversalHoldout.objects.all(), Holdout.objects.filter(pk=setting.holdout.pk)):
        rows.update(seed="the same in every run")
    Holdout.objects.filter(pk=setting.holdout.pk).update(started_at=began)
    Customer.objects.update(created_at=began - timedelta(days=300))
    Customer.objects.create(pk=7, name="New", name_key="new")
    actions.write_universal()
    held = set(Exposure.objects.filter(holdout=setting.holdout).values_list("customer", flat=True)) - {7}
    campaign = launched()
    first = past.today - timedelta(days=60)
    Campaign.objects.filter(pk=campaign.pk).update(first_day=first, last_day=first + timedelta(days=27))
    sell((n, past.today - timedelta(days=50), 20.0 if n in held else 420.0) for n in past.ids)
    sell([(past.ids[0], past.today, 1.0)])
    actions.read_due()
    proof = Proof.objects.get(holdout=setting.holdout)
    assert (proof.n_control, proof.n_treated) == (len(held), len(past.ids) - len(held)), "who came later is not in it"
    assert (proof.result["look"], proof.result["looks"], proof.result["window"]) == (1, 4, 91)
    told = Proof.objects.get(holdout=campaign.holdout)
    cost = told.spent
    assert proof.spent == pytest.approx(cost, abs=0.01)
    assert proof.verdict == "proved"
    assert proof.low < 400 * 0.4 - cost / proof.n_treated < proof.high
    found = story(actors["manager"])
    assert [line.proof for line in found.together] == [proof]
    assert proof not in [line.proof for line in (*found.counted, *found.rest)], "it is in no sum"
