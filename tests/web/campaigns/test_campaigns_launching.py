"""Launching: frozen and split once, whoever falls out named with a reason, nothing half-done."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal

import numpy as np
import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from regulars.web.audit.models import Entry as Trail
from regulars.web.campaigns import actions
from regulars.web.campaigns.actions import launching
from regulars.web.campaigns.assigning import assign
from regulars.web.campaigns.models import Campaign, Skipped
from regulars.web.core.jobs import Cancelled
from regulars.web.customers.models import Consent, Contact, ContactPoint, Customer
from regulars.web.segments.models import Export, Member, Segment
from regulars.web.tasks.actions import look
from regulars.web.tasks.models import Exposure, Holdout, Rule, Task
from regulars.web.tasks.selectors import holdouts
from regulars.web.valuations.models import CustomerFigure, Valuation

pytestmark = pytest.mark.django_db


def test_a_quarter_of_every_class_is_left_alone_and_the_others_are_called(shop, launched, people):
    campaign = launched()
    assert (campaign.state, campaign.n_treated, campaign.n_control) == ("running", 300, 100)
    by_class = Counter(Exposure.objects.filter(arm="control").values_list("stratum", flat=True))
    assert by_class == dict.fromkeys(("IV", "III", "II", "I"), 25)
    tasks = Task.objects.filter(holdout=campaign.holdout)
    treated = set(Exposure.objects.filter(arm="treated").values_list("customer", flat=True))
    assert set(tasks.values_list("customer", flat=True)) == treated
    assert set(tasks.values_list("owner", "kind", "detail")) == {(people["account_manager"].pk, "call", "New tea")}


def test_who_falls_out_is_named_with_the_first_reason_that_holds(shop, launched, actors, people):
    excluded = Segment.objects.create(name="Not these", owner=people["marketing"], frozen_at=timezone.now())
    Member.objects.bulk_create([Member(segment=excluded, customer_id=n) for n in shop.ids[:10]])
    consents = Consent.objects.order_by("customer")
    consents.filter(customer__in=shop.ids[5:30]).update(state="refused")
    consents.filter(customer__in=shop.ids[30:50]).delete()
    ContactPoint.objects.filter(customer__in=shop.ids[50:60]).delete()
    Customer.objects.filter(pk=shop.ids[60]).update(archived_at=timezone.now())
    out = [{"list": f"segment:{excluded.pk}", "called": "Not these"}]
    campaign = launched(left_out=out)
    assert campaign.skipped == {"excluded": 10, "refused": 20, "silent": 20, "unreachable": 10}
    assert campaign.n_treated + campaign.n_control == 400 - 61
    assert Skipped.objects.get(customer=shop.ids[7]).why == "excluded"
    assert not Exposure.objects.filter(customer__in=shop.ids[:61]).exists()


def test_who_never_said_is_taken_in_where_the_plan_says_so_and_a_later_yes_counts(shop, launched):
    Consent.objects.filter(customer__in=shop.ids[:40]).delete()
    agreed_again = [
        Consent(customer_id=n, purpose="marketing", channel="phone", state=state, at=timezone.now(), evidence="call")
        for n in shop.ids[40:45] for state in ("withdrawn", "granted")
    ]  # fmt: skip
    Consent.objects.bulk_create(agreed_again)
    campaign = launched(only_agreed=False)
    assert campaign.skipped == {}


def test_another_campaign_takes_neither_group_of_the_first(launched, draft, actors):
    launched()
    second = draft(name="Again", quiet_days=7)
    assert second.outlook["fallen"] == {"capped": 400}
    with pytest.raises(ValidationError, match="Nobody is left"):
        actions.submit(campaign=second, version=second.version, by=actors["marketing"])


def test_customers_of_a_running_campaign_get_no_task_from_alerts(shop, launched, actors):
    CustomerFigure.objects.update(at_risk=True, value_at_risk=100)
    launched(share=Decimal("0.5"), window_days=5)
    Task.objects.all().delete()
    rule = Rule.objects.get(alert="at_risk")
    run = look(rule=rule, valuation=Valuation.objects.get(), by=actors["administrator"])
    assert (run.found, Task.objects.count()) == (0, 0)


def test_the_universal_hold_out_is_in_no_campaign_and_stays_the_same(shop, launched, actors, work):
    setting = actions.set_universal(share=Decimal("0.1"), version=0, by=actors["administrator"])
    work()
    held = set(Exposure.objects.filter(holdout=setting.holdout).values_list("customer", flat=True))
    assert 20 < len(held) < 65
    campaign = launched()
    assert campaign.skipped == {"universal": len(held)}
    actions.write_universal()
    assert Exposure.objects.filter(holdout=setting.holdout).count() == len(held)
    assert set(Skipped.objects.values_list("customer", flat=True)) == held


@pytest.mark.parametrize("where", ["filling", "skipping", "beginning"])
def test_a_launch_that_was_killed_leaves_nothing_to_see_and_ends_the_same_when_tried_again(
    shop, approved, actors, monkeypatch, where
):
    Consent.objects.filter(customer__in=shop.ids[:40]).delete()
    campaign = approved()
    broken = {
        "filling": (launching.tasks, "fill"),
        "skipping": (launching, "_skipped"),
        "beginning": (launching, "trail"),
    }

    def dies(*args, **options):
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(*broken[where], dies)
        with pytest.raises(KeyboardInterrupt):
            actions.carry_out(campaign=campaign, by=actors["marketing"])
    assert not holdouts(actors["administrator"]).exists()
    assert not Exposure.objects.left_alone().exists()
    assert not Task.objects.exists()
    for _ in range(2):
        again = Campaign.objects.select_related("owner", "holdout").get(pk=campaign.pk)
        actions.carry_out(campaign=again, by=actors["marketing"])
    assert Holdout.objects.count() == 1
    assert (Exposure.objects.count(), Skipped.objects.count(), Task.objects.count()) == (360, 40, 270)
    alone = set(Exposure.objects.filter(arm="control").values_list("customer", flat=True))
    split = assign(again, np.array(sorted(Exposure.objects.values_list("customer", flat=True))))
    assert alone == {row["customer_id"] for row in split.to_pylist() if row["arm"] == "control"}


def test_a_launch_that_is_stopped_leaves_nothing(shop, approved, actors):
    campaign = approved()

    def stop(share, said):
        if share > 0.5:
            raise Cancelled

    with pytest.raises(Cancelled):
        actions.carry_out(campaign=campaign, by=actors["marketing"], report=stop)
    assert not Holdout.objects.exists()
    assert not Exposure.objects.exists()


def test_records_that_belong_together_are_in_one_group(shop, launched):
    pairs = list(zip(shop.ids[:40:2], shop.ids[1:40:2], strict=True))
    Contact.objects.bulk_create([Contact(customer_id=a, person_id=b, name="Both") for a, b in pairs])
    launched()
    arms = dict(Exposure.objects.values_list("customer", "arm"))
    assert all(arms[a] == arms[b] for a, b in pairs)
    assert Exposure.objects.filter(household__isnull=False).count() == 40


def test_the_treated_leave_as_a_file_in_columns_that_one_may_read(shop, launched, client_of, work, workspace_home):
    campaign = launched(channel="sms")
    treated = set(Exposure.objects.filter(arm="treated").values_list("customer", flat=True))
    for role, phones in (("administrator", True), ("marketing", False)):
        client_of(role).post(f"/campaigns/{campaign.pk}/export/", {"format": "csv"})
        work()
        export = Export.objects.order_by("pk").last()
        head, *lines = export.file.read_text("utf-8-sig").splitlines()
        assert {int(line.split(",")[0]) for line in lines} == treated
        assert ("Mobile" in head) is phones
    assert Trail.objects.filter(verb="export").count() == 2
