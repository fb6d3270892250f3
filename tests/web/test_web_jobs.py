"""Long work: queued with the write that asked for it, seen while it runs, stopped when asked, ended in words."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from regulars.errors import InputError, NotEnoughData
from regulars.web.core import jobs, schedule, worker
from regulars.web.core.models import Job, JobState, Pulse, Tick
from regulars.words import T

pytestmark = pytest.mark.django_db


@pytest.fixture
def kinds(monkeypatch):
    """A registry of its own; `kinds(work)` declares one kind called demo.work."""
    monkeypatch.setattr(jobs, "KINDS", {})

    def declare(work, *, permission="core.configure", repeatable=False):
        jobs.job("demo.work", title="Work", permission=permission, repeatable=repeatable)(work)

    return declare


@pytest.fixture
def by(actors):
    return actors["administrator"]


def run(job):
    jobs.run_job.func(job.pk)
    job.refresh_from_db()
    return job


def test_work_that_goes_well_ends_with_its_result(kinds, by):
    def work(run):
        run.report(0.5, T(zh="一半", en="half"))
        return {"rows": run.parameters["rows"]}

    kinds(work)
    job = run(jobs.start(kind="demo.work", by=by, parameters={"rows": 7}))
    assert (job.state, job.progress, job.result, job.percent) == (JobState.DONE, 1.0, {"rows": 7}, 100)
    assert job.message == {"zh": "一半", "en": "half"}
    assert job.began_at <= job.ended_at


def test_the_worker_acts_with_the_rights_of_who_started(kinds, by):
    seen = []
    kinds(lambda run: seen.append(run.actor))
    run(jobs.start(kind="demo.work", by=by))
    assert seen[0].user_id == by.user_id
    assert seen[0].permissions == by.permissions


def test_who_may_not_start_does_not(kinds, actors):
    kinds(lambda run: None)
    with pytest.raises(PermissionDenied):
        jobs.start(kind="demo.work", by=actors["viewer"])
    assert not Job.objects.exists()


def test_who_lost_the_right_meanwhile_gets_nothing_done(kinds, by, people):
    done = []
    kinds(done.append)
    job = jobs.start(kind="demo.work", by=by)
    people["administrator"].memberships.all().delete()
    assert run(job).state == JobState.FAILED
    assert done == []


def test_an_error_of_the_input_ends_in_its_own_words(kinds, by):
    def work(run):
        raise InputError(T(zh="读不懂", en="cannot be read"), where="orders.csv")

    kinds(work)
    job = run(jobs.start(kind="demo.work", by=by))
    assert job.state == JobState.FAILED
    assert job.message == {"zh": "orders.csv：读不懂", "en": "orders.csv: cannot be read"}


def test_too_little_data_says_why(kinds, by):
    def work(run):
        raise NotEnoughData(T(zh="只有一单", en="one order only"))

    kinds(work)
    assert run(jobs.start(kind="demo.work", by=by)).message["en"] == "one order only"


def test_a_fault_of_ours_shows_no_inside(kinds, by, caplog):
    def work(run):
        raise RuntimeError("secret of the machine")

    kinds(work)
    job = run(jobs.start(kind="demo.work", by=by))
    assert job.state == JobState.FAILED
    assert "secret" not in str(job.message)
    assert "fault is ours" in job.message["en"]
    assert "我们的错" in job.message["zh"]


def test_a_job_is_done_once(kinds, by):
    done = []
    kinds(lambda run: done.append(1))
    job = jobs.start(kind="demo.work", by=by)
    run(job)
    run(job)
    assert done == [1]


def test_what_only_waits_is_cancelled_at_once(kinds, by):
    done = []
    kinds(done.append)
    job = jobs.start(kind="demo.work", by=by)
    jobs.cancel(job=job, by=by)
    assert job.state == JobState.CANCELLED
    assert run(job).state == JobState.CANCELLED
    assert done == []


def test_what_runs_stops_at_its_next_word(kinds, by):
    steps = []

    def work(run):
        for step in range(5):
            steps.append(step)
            if step == 1:
                jobs.cancel(job=run.job, by=by)
            run.report(step / 5, "step")

    kinds(work)
    job = run(jobs.start(kind="demo.work", by=by))
    assert job.state == JobState.CANCELLED
    assert steps == [0, 1]
    assert "unchanged" in job.message["en"]


def test_others_cannot_cancel(kinds, by, actors):
    kinds(lambda run: None)
    job = jobs.start(kind="demo.work", by=by)
    jobs.cancel(job=job, by=actors["manager"])
    assert job.state == JobState.QUEUED


def test_small_steps_are_not_all_written(kinds, by, django_assert_max_num_queries):
    kinds(lambda run: [run.report(n / 1000) for n in range(1000)] and None)
    job = jobs.start(kind="demo.work", by=by)
    with django_assert_max_num_queries(40):
        run(job)


@pytest.mark.parametrize(("said", "kept"), [(-1, 0.0), (0.25, 0.25), (7, 1.0)])
def test_progress_is_a_share(kinds, by, said, kept):
    seen = []

    def work(run):
        run.report(said, "x")
        seen.append(Job.objects.get(pk=run.job.pk).progress)

    kinds(work)
    run(jobs.start(kind="demo.work", by=by))
    assert seen == [kept]


def silent(job):
    """Make a running job look as if its worker had died."""
    long_ago = timezone.now() - timedelta(minutes=5)
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING, seen_at=long_ago)


def test_a_job_whose_worker_died_runs_again_where_it_may(kinds, by):
    kinds(lambda run: {"ok": True}, repeatable=True)
    job = jobs.start(kind="demo.work", by=by)
    silent(job)
    assert jobs.recover() == 1
    job.refresh_from_db()
    assert job.state == JobState.QUEUED
    assert run(job).state == JobState.DONE


def test_else_it_ends_in_words(kinds, by):
    kinds(lambda run: None)
    job = jobs.start(kind="demo.work", by=by)
    silent(job)
    jobs.recover()
    job.refresh_from_db()
    assert job.state == JobState.FAILED
    assert "Start it again" in job.message["en"]


def test_a_living_worker_is_left_alone(kinds, by):
    kinds(lambda run: None, repeatable=True)
    job = jobs.start(kind="demo.work", by=by)
    Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING, seen_at=timezone.now())
    assert jobs.recover() == 0


def test_a_worker_that_is_told_to_end_hands_the_job_on(kinds, by, monkeypatch):
    def work(run):
        jobs.STOPPING.set()
        run.report(0.1)

    kinds(work, repeatable=True)
    job = jobs.start(kind="demo.work", by=by)
    try:
        assert run(job).state == JobState.QUEUED
    finally:
        jobs.STOPPING.clear()


def test_two_kinds_do_not_share_a_name(kinds):
    kinds(lambda run: None)
    with pytest.raises(ValueError, match=r"demo\.work"):
        kinds(lambda run: 1)


@pytest.fixture
def queue(settings):
    """The real queue instead of the tests' dummy."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}


def test_the_queue_knows_of_a_job_if_and_only_if_the_write_commits(kinds, by, queue):
    kinds(lambda run: None)
    with transaction.atomic():
        jobs.start(kind="demo.work", by=by)
        transaction.set_rollback(True)
    assert (Job.objects.count(), DBTaskResult.objects.count()) == (0, 0)
    jobs.start(kind="demo.work", by=by)
    assert (Job.objects.count(), DBTaskResult.objects.count()) == (1, 1)


# ---- pages


def test_the_list_shows_ones_own(client_of, people):
    Job.objects.create(kind="demo.work", started_by=people["manager"], message={"en": "mine", "zh": "我的"})
    Job.objects.create(kind="demo.work", started_by=people["analyst"], message={"en": "another", "zh": "别人的"})
    page = client_of("manager").get("/jobs/").content.decode()
    assert "mine" in page
    assert "another" not in page


def test_the_card_asks_again_only_while_the_job_is_open(client_of, people, kinds):
    kinds(lambda run: None)
    client = client_of("manager")
    job = Job.objects.create(kind="demo.work", started_by=people["manager"], state="running", progress=0.62)
    page = client.get(f"/jobs/{job.pk}/", headers={"HX-Request": "true"}).content.decode()
    assert 'hx-trigger="every 1s"' in page
    assert "62%" in page
    assert "<html" not in page
    Job.objects.update(state="done")
    assert "every 1s" not in client.get(f"/jobs/{job.pk}/").content.decode()


def test_the_button_cancels(client_of, people, kinds):
    kinds(lambda run: None)
    job = Job.objects.create(kind="demo.work", started_by=people["manager"], state="running")
    assert client_of("manager").post(f"/jobs/{job.pk}/cancel/").status_code == 302
    job.refresh_from_db()
    assert job.cancel_requested


def test_somebody_elses_job_is_not_there(client_of, strangers):
    job = Job.objects.create(kind="demo.work", started_by=strangers["manager"])
    assert client_of("manager").get(f"/jobs/{job.pk}/").status_code == 404
    assert client_of("manager").post(f"/jobs/{job.pk}/cancel/").status_code == 404


# ---- chores


@pytest.fixture
def chores(monkeypatch):
    monkeypatch.setattr(schedule, "CHORES", {})
    return []


def test_a_chore_is_done_at_its_times_by_one_worker(chores):
    schedule.regularly("demo.count", every=timedelta(hours=1))(lambda: chores.append(1))
    now = timezone.now()
    assert schedule.do_due(now) == ["demo.count"]
    assert schedule.do_due(now) == []
    assert schedule.do_due(now + timedelta(minutes=59)) == []
    assert schedule.do_due(now + timedelta(minutes=60)) == ["demo.count"]
    assert len(chores) == 2


def test_a_chore_that_fails_does_not_stop_the_others(chores):
    def broken():
        raise RuntimeError

    schedule.regularly("demo.broken", every=timedelta(hours=1))(broken)
    schedule.regularly("demo.fine", every=timedelta(hours=1))(lambda: None)
    assert schedule.do_due(timezone.now()) == ["demo.fine"]
    assert Tick.objects.count() == 2


def test_the_worker_gives_signs_of_life(chores):
    worker.keep_house("here:1")
    worker.keep_house("here:1")
    assert Pulse.objects.get().worker == "here:1"


def test_old_traces_are_tidied_away(chores):
    Pulse.objects.create(worker="gone:1", seen_at=timezone.now() - timedelta(days=30))
    Pulse.objects.create(worker="here:1", seen_at=timezone.now())
    worker.tidy()
    assert [pulse.worker for pulse in Pulse.objects.all()] == ["here:1"]


def test_ended_sessions_are_tidied_away(chores):
    from django.contrib.sessions.models import Session

    for key, days in (("ended", -1), ("lasting", 1)):
        Session.objects.create(session_key=key, session_data="", expire_date=timezone.now() + timedelta(days=days))
    worker.tidy()
    assert [session.session_key for session in Session.objects.all()] == ["lasting"]
