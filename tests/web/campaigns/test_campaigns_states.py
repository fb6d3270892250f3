"""From draft to result: each step by who may, from the state it belongs to, once."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from regulars.web.accounts.access import actor_of
from regulars.web.audit.models import Entry as Trail
from regulars.web.campaigns import actions
from regulars.web.campaigns.models import Campaign
from regulars.web.core.conflict import Conflict
from regulars.web.core.models import Job
from regulars.web.tasks.models import Holdout, Task

pytestmark = pytest.mark.django_db


def test_each_step_leaves_its_state_and_a_row_of_the_trail(launched, actors):
    campaign = launched()
    actions.end(campaign=campaign, version=campaign.version, by=actors["marketing"])
    verbs = Trail.objects.filter(subject_type="campaigns.campaign").order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["create", "submit", "approve", "launch", "end"]
    assert (campaign.state, campaign.holdout.is_running, Task.objects.open().count()) == ("ended", False, 0)


def test_nobody_approves_their_own_plan_where_somebody_else_can(draft, actors, people):
    campaign = draft()
    Campaign.objects.filter(pk=campaign.pk).update(owner=people["manager"])
    campaign.refresh_from_db()
    actions.submit(campaign=campaign, version=campaign.version, by=actors["manager"])
    with pytest.raises(ValidationError, match="four eyes"):
        actions.approve(campaign=campaign, version=campaign.version, by=actors["manager"])
    with pytest.raises(PermissionDenied):
        actions.approve(campaign=campaign, version=campaign.version, by=actors["marketing"])
    campaign.refresh_from_db()
    assert campaign.state == "submitted"


def test_who_is_alone_approves_their_own_plan_and_says_why(draft, actors, people):
    from regulars.web.accounts.models import User

    campaign = draft()
    alone = people["administrator"]
    User.objects.exclude(pk=alone.pk).update(is_active=False)
    Campaign.objects.filter(pk=campaign.pk).update(owner=alone, state="submitted")
    campaign.refresh_from_db()
    by = actor_of(alone)
    with pytest.raises(ValidationError, match="say why"):
        actions.approve(campaign=campaign, version=campaign.version, by=by)
    campaign.refresh_from_db()
    actions.approve(campaign=campaign, version=campaign.version, by=by, note="Small, and agreed with the owner")
    assert campaign.state == "approved"


def test_a_step_from_another_state_is_refused_and_changes_nothing(draft, actors):
    campaign = draft()
    for act, role in ((actions.approve, "manager"), (actions.launch, "marketing"), (actions.take_back, "marketing")):
        with pytest.raises(ValidationError):
            act(campaign=campaign, version=campaign.version, by=actors[role])
        campaign.refresh_from_db()
        assert campaign.state == "draft"
    version = campaign.version
    actions.submit(campaign=campaign, version=version, by=actors["marketing"])
    with pytest.raises(Conflict):
        actions.take_back(campaign=campaign, version=version, by=actors["marketing"])


def test_a_changed_plan_is_counted_again_before_it_is_submitted(draft, plan, actors, work):
    campaign = draft()
    actions.revise(campaign=campaign, plan=plan(share=Decimal("0.5")), version=campaign.version, by=actors["marketing"])
    campaign.refresh_from_db()
    with pytest.raises(ValidationError, match="being counted"):
        actions.submit(campaign=campaign, version=campaign.version, by=actors["marketing"])
    work()
    campaign.refresh_from_db()
    actions.submit(campaign=campaign, version=campaign.version, by=actors["marketing"])
    assert campaign.outlook["n_control"] == 200


@pytest.mark.parametrize(
    ("field", "fields"),
    [
        ("audience", {"audience": []}),
        ("share", {"share": Decimal("0.6")}),
        ("share", {"share": Decimal(0)}),
        ("window_days", {"window_days": 0}),
        ("looks", {"looks": [40]}),
        ("channel", {"channel": "pigeon"}),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
def test_a_plan_that_cannot_be_is_refused_by_field(plan, actors, field, fields):
    with pytest.raises(ValidationError) as refused:
        actions.create(plan=plan(**fields), by=actors["marketing"])
    assert list(refused.value.error_dict) == [field]
    assert not Campaign.objects.exists()


def test_a_start_that_has_passed_is_refused(shop, draft, approved, actors):
    campaign = draft(starts_on=shop.today - timedelta(days=1))
    with pytest.raises(ValidationError, match="has passed"):
        actions.submit(campaign=campaign, version=campaign.version, by=actors["marketing"])
    later = approved()
    Campaign.objects.filter(pk=later.pk).update(starts_on=shop.today - timedelta(days=1))
    later.refresh_from_db()
    with pytest.raises(ValidationError, match="has passed"):
        actions.launch(campaign=later, version=later.version, by=actors["marketing"])
    assert not Holdout.objects.exists()


def test_a_deleted_segment_is_named_and_nothing_is_launched(shop, approved, actors, work):
    campaign = approved()
    actions.launch(campaign=campaign, version=campaign.version, by=actors["marketing"])
    shop.segment.delete()
    work()
    campaign.refresh_from_db()
    job = Job.objects.get(pk=campaign.job_id)
    assert (campaign.state, job.state) == ("approved", "failed")
    assert "“Everybody” is gone" in job.message["en"]
    assert "Everybody" in job.message["zh"]
    assert not Holdout.objects.exists()
