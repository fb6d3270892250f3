"""Every kind of long work: who may start it, and that the worker asks again."""

from __future__ import annotations

import pytest
from django.core.exceptions import PermissionDenied

from regulars.web.core import jobs
from regulars.web.core.models import JobState
from regulars.web.core.permissions import all_permissions

pytestmark = pytest.mark.django_db

ROLES = ("administrator", "manager", "account_manager", "marketing", "service", "analyst", "viewer")


def test_every_kind_asks_for_a_right_that_some_app_declares():
    assert [kind.name for kind in jobs.KINDS.values() if kind.permission not in all_permissions()] == []


@pytest.mark.parametrize("role", ROLES)
def test_who_may_not_start_a_kind_cannot(actors, role):
    actor = actors[role]
    for kind in jobs.KINDS.values():
        if not actor.may(kind.permission):
            with pytest.raises(PermissionDenied):
                jobs.start(kind=kind.name, by=actor)


@pytest.mark.parametrize("role", ROLES)
def test_the_worker_does_nothing_for_who_lost_the_right(people, actors, role, monkeypatch):
    for kind in list(jobs.KINDS.values()):
        if not actors[role].may(kind.permission):
            continue
        touched = []
        monkeypatch.setitem(
            jobs.KINDS, kind.name, jobs.JobKind(kind.name, kind.title, kind.permission, touched.append, kind.repeatable)
        )
        job = jobs.start(kind=kind.name, by=actors[role])
        people[role].memberships.all().delete()
        jobs.run_job.func(job.pk)
        job.refresh_from_db()
        assert (job.state, touched) == (JobState.FAILED, [])
        break
