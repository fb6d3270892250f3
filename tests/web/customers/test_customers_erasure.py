"""Erasing one person, and answering what is stored about them."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
import textwrap
from datetime import date
from types import SimpleNamespace

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from regulars.web.core import jobs
from regulars.web.core.models import Job
from regulars.web.customers import actions
from regulars.web.customers.actions import CustomerRow
from regulars.web.customers.actions.erasing import erase_again
from regulars.web.customers.holdings import all_holdings
from regulars.web.customers.models import Customer, ExternalIdentity, Suppression
from regulars.web.customers.selectors import find, visible
from regulars.web.customers.suppression import digest
from regulars.web.journal import actions as journal
from regulars.web.journal.models import Entry
from regulars.web.journal.sync import activities

pytestmark = pytest.mark.django_db

CANARY = "Qarlibek"


@pytest.fixture
def zhou(actors):
    """Somebody of whom every table knows something."""
    by = actors["account_manager"]
    made = actions.create(
        by=by, name=f"{CANARY} Zhou", phone="138 0013 8000", email=f"{CANARY}@example.com", address=f"1 {CANARY} Road",
        card="VIP 8800", tags=[f"{CANARY}'s friends"], birthday=date(1990, 2, 28), id_number=f"ID-{CANARY}",
        preferences=f"{CANARY} likes tea", source_detail=f"Met {CANARY}", region="East",
    )  # fmt: skip
    ExternalIdentity.objects.create(source="shop", external_id=f"{CANARY}-1", customer=made)
    actions.say_consent(customer=made, purpose="marketing", state="granted", evidence=f"{CANARY} signed", by=by)
    call = journal.record(customer=made, kind="call", text=f"{CANARY} called\nabout cups", by=by, minutes=6)
    journal.record(customer=made, kind="promise", text=f"Write to {CANARY}", by=by, due_on=date(2026, 1, 1), about=call)
    hotel = actions.create(by=by, name="Hotel", kind="organisation")
    actions.add_contact(customer=hotel, name=f"{CANARY} Zhou", by=by, person=made)
    return made


def everything():
    """Every value of every table of ours, as text."""
    from django.apps import apps

    tables = [
        model
        for config in apps.get_app_configs()
        if config.name.startswith("regulars.")
        for model in config.get_models()
    ]
    return "\n".join(str(row) for model in tables for row in model._base_manager.values_list())


def test_nothing_that_names_the_person_is_left(zhou, actors):
    assert CANARY in everything()
    actions.erase(customer=zhou, by=actors["administrator"])
    left = everything()
    assert [
        word for word in (CANARY, "13800138000", "VIP8800", "(1990, 2, 28", "1990-02-28", "likes tea") if word in left
    ] == []


def test_what_is_counted_stays(zhou, actors):
    before = [(row["activity_id"], row["customer_id"], row["minutes"]) for row in activities()]
    actions.erase(customer=zhou, by=actors["administrator"])
    zhou.refresh_from_db()
    assert (zhou.region, zhou.nature, zhou.owner_id is not None) == ("East", "individual", True)
    assert [(row["activity_id"], row["customer_id"], row["minutes"]) for row in activities()] == before
    assert sorted(Entry.objects.filter(customer=zhou).values_list("kind", "state")) == [
        ("call", ""),
        ("promise", "dropped"),
    ]


def test_the_trail_keeps_the_number_alone(zhou, actors, trail):
    actions.erase(customer=zhou, by=actors["administrator"])
    [entry] = trail(zhou, "erase")
    assert entry.subject_id == str(zhou.pk)
    assert set(entry.details) == {"hashes"}


def test_an_erased_person_is_not_found_not_changed_and_their_page_says_so(zhou, actors, client_of):
    actions.erase(customer=zhou, by=actors["administrator"])
    for text in (CANARY, "8000", "VIP8800"):
        assert find(actors["administrator"], text) == []
    assert zhou in visible(actors["administrator"])  # for sums, without a name
    page = client_of("administrator").get(f"/customers/{zhou.pk}/").content.decode()
    assert "This person was erased on" in page
    assert "Call" not in page.split("<main")[1]
    for path in ("edit/", "log/", "log/new/", "disclose/", "points/"):
        assert client_of("administrator").get(f"/customers/{zhou.pk}/{path}").status_code == 404
    zhou.refresh_from_db()
    with pytest.raises(ValidationError):
        actions.update(customer=zhou, version=zhou.version, name="Back", by=actors["administrator"])
    with pytest.raises(ValidationError):
        journal.record(customer=zhou, kind="call", text="Called again", by=actors["administrator"])


def test_only_who_may_erases_and_once(zhou, theirs, actors):
    for role in ("manager", "account_manager", "service", "viewer"):
        with pytest.raises(PermissionDenied):
            actions.erase(customer=zhou, by=actors[role])
    actions.erase(customer=zhou, by=actors["administrator"])
    when = Customer.objects.get(pk=zhou.pk).erased_at
    actions.erase(customer=Customer.objects.get(pk=zhou.pk), by=actors["administrator"])
    assert Customer.objects.get(pk=zhou.pk).erased_at == when
    assert Job.objects.filter(kind="customers.forget").count() == 1


def test_an_import_does_not_bring_the_person_back(zhou, actors):
    by = actors["administrator"]
    actions.erase(customer=zhou, by=by)
    row = CustomerRow(f"{CANARY}-1", {"name": f"{CANARY} Zhou"}, phone="13800138000")
    done = actions.take_in(source="shop", rows=[row], by=by)
    assert (done.created, done.erased) == (0, 1)
    assert actions.identify(source="shop", external_ids=[f"{CANARY}-1"], by=by) == {f"{CANARY}-1": zhou.pk}
    assert CANARY not in everything()


@pytest.mark.parametrize(
    "naming", [{"phone": "+86 138-0013-8000"}, {"email": f"{CANARY}@EXAMPLE.com"}, {"card": "vip8800"}]
)
def test_an_import_under_another_number_does_not_either(zhou, actors, naming):
    by = actors["administrator"]
    actions.erase(customer=zhou, by=by)
    done = actions.take_in(source="till", rows=[CustomerRow("99", {"name": f"{CANARY} Z."}, **naming)], by=by)
    assert (done.created, done.erased) == (0, 1)
    assert actions.identify(source="till", external_ids=["99"], by=by) == {"99": zhou.pk}
    assert CANARY not in everything()


def test_somebody_else_with_the_same_landline_is_welcome(actors):
    by = actors["administrator"]
    one = actions.create(by=by, name="One", phone="021-6234 5678")
    actions.erase(customer=one, by=by)
    done = actions.take_in(source="shop", rows=[CustomerRow("2", {"name": "Two"}, phone="021-6234 5678")], by=by)
    assert (done.created, done.erased) == (1, 0)


def test_the_hashes_say_nothing_without_the_key(zhou, actors, settings):
    actions.erase(customer=zhou, by=actors["administrator"])
    kept = set(Suppression.objects.values_list("digest", flat=True))
    guesses = {
        hashlib.sha256(guess.encode()).hexdigest()
        for guess in ("13800138000", "mobile13800138000", "mobile\x1f13800138000")
    }
    assert not kept & guesses
    assert digest("mobile", "13800138000") in kept
    settings.SUPPRESSION_KEY = "another key"
    assert digest("mobile", "13800138000") not in kept


def test_typing_a_number_of_an_erased_person_is_noticed(zhou, actors, client_of):
    actions.erase(customer=zhou, by=actors["administrator"])
    page = client_of("manager").post("/customers/new/", {"kind": "person", "name": "New", "phone": "13800138000"})
    assert "asked to be erased" in page.content.decode()
    assert (
        "asked to be erased"
        not in client_of("service")
        .post("/customers/new/", {"kind": "person", "name": "New", "phone": "13800138000"})
        .content.decode()
    )


def test_a_restored_backup_is_cleaned_again(zhou, actors, workspace_home, django_capture_on_commit_callbacks):
    from django.core import serializers

    backup = serializers.serialize(
        "json", [*Customer.objects.filter(pk=zhou.pk), *zhou.points.all(), *zhou.identities.all()]
    )
    with django_capture_on_commit_callbacks(execute=True):
        actions.erase(customer=zhou, by=actors["administrator"])
    remembered = (workspace_home / "erased.jsonl").read_text(encoding="utf-8")
    assert (str(zhou.pk) in remembered, CANARY in remembered) == (True, False)
    for row in serializers.deserialize("json", backup):
        row.save()
    Entry.objects.filter(customer=zhou, kind="call").update(event=f"{CANARY} called")
    assert CANARY in everything()
    assert erase_again() == 1
    assert CANARY not in everything()
    assert erase_again() == 0


def test_files_exported_so_far_go(zhou, actors, workspace_home):
    folder = workspace_home / "exports" / "7"
    folder.mkdir(parents=True)
    (folder / "customers.csv").write_text(CANARY, encoding="utf-8")
    actions.erase(customer=zhou, by=actors["administrator"])
    job = Job.objects.get(kind="customers.forget")
    jobs.run_job.func(job.pk)
    job.refresh_from_db()
    assert (job.state, job.result) == ("done", {"exports_removed": 1})
    assert not (folder / "customers.csv").exists()


def test_what_waits_in_sessions_goes(zhou, actors, client_of):
    from django.contrib.sessions.models import Session
    from django.test import Client

    waiting, other = Client(), client_of("manager")
    waiting.post(f"/customers/{zhou.pk}/log/new/", {"_by": "1", "text": f"{CANARY} has moved"})
    kept = Session.objects.get(session_key=waiting.session.session_key)
    assert CANARY in kept.get_decoded()["typed_before_sign_in"]["text"]
    actions.erase(customer=zhou, by=actors["administrator"])
    assert not [one for one in Session.objects.all() if CANARY in str(one.get_decoded())]
    assert other.get("/").status_code == 200


def test_every_app_that_points_to_customers_says_what_becomes_of_its_rows():
    from django.apps import apps

    pointing = {
        field.model._meta.app_label
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if field.is_relation and not field.auto_created and field.related_model is Customer
    }
    assert {holding.key for holding in all_holdings()} >= pointing - {"customers"}


# ---- What is stored about a person ----


def test_the_answer_holds_everything(zhou, actors, trail):
    told = json.loads(json.dumps(actions.export(customer=zhou, by=actors["manager"])))
    text = json.dumps(told, ensure_ascii=False)
    for word in (
        f"{CANARY} Zhou",
        "138 0013 8000",
        "VIP 8800",
        "1990-02-28",
        f"ID-{CANARY}",
        "likes tea",
        f"{CANARY}-1",
        f"{CANARY} signed",
        "about cups",
        f"Write to {CANARY}",
        f"1 {CANARY} Road",
    ):
        assert word in text, word
    assert {"journal", "customer", "consents"} <= set(told)
    assert len(trail(zhou, "disclose")) == 1


def test_half_an_answer_is_none(zhou, actors):
    from dataclasses import replace

    for actor in (actors["service"], actors["viewer"], replace(actors["manager"], fields=frozenset({"contact"}))):
        with pytest.raises(PermissionDenied):
            actions.export(customer=zhou, by=actor)


def test_the_answer_can_be_read_and_is_kept_nowhere(zhou, client_of, workspace_home):
    client = client_of("manager")
    page = client.post(f"/customers/{zhou.pk}/disclose/", {"as": "html"})
    assert "attachment" in page.headers["content-disposition"]
    assert page.headers["cache-control"] == "no-store"
    text = page.content.decode()
    assert (f"<dd>{CANARY} Zhou</dd>" in text, "<dd>Agreed</dd>" in text, "granted" in text) == (True, True, False)
    answer = client.post(f"/customers/{zhou.pk}/disclose/", {"as": "json"})
    assert answer.json()["customer"]["name"] == f"{CANARY} Zhou"
    assert [path for path in workspace_home.rglob("*") if path.is_file()] == []


def test_what_people_typed_stays_text_in_the_answer(actors, client_of):
    made = actions.create(by=actors["manager"], name="<script>alert(1)</script>")
    text = client_of("manager").post(f"/customers/{made.pk}/disclose/", {"as": "html"}).content.decode()
    assert "<script>" not in text


SCRIPT = """
import django
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0)
from regulars.web.accounts.access import actor_of
from regulars.web.accounts.models import Membership, Role, Team, User
from regulars.web.accounts.roles import sync_roles
from regulars.web.core import jobs
from regulars.web.core.models import Job
from regulars.web.customers import actions
from regulars.web.journal import actions as journal
sync_roles()
user = User.objects.create_user("a", name="A")
team = Team.objects.create(name="T")
Membership.objects.create(user=user, team=team, role=Role.objects.get(key="administrator"))
by = actor_of(user)
made = actions.create(by=by, name="CANARY Zhou", phone="13800138000", email="CANARY@example.com", card="CANARY1")
for i in range(200):
    journal.record(customer=made, kind="call", text=f"CANARY said {i} " + "tea " * 200, by=by)
others = [actions.create(by=by, name=f"Other {i}") for i in range(50)]
actions.update(customer=made, version=made.version, by=by, name="CANARY Z")
actions.erase(customer=made, by=by)
job = Job.objects.get(kind="customers.forget")
jobs.run_job.func(job.pk)
job.refresh_from_db()
assert job.state == "done", job.message
print("done", made.pk)
"""


def test_the_files_of_the_database_hold_nothing_of_the_person(tmp_path):
    """Not the tables alone: free pages, journal and log of a database on the disk, and what the process said."""
    from regulars.web.config.home import make_secrets

    make_secrets(tmp_path)
    canary = "Zyxwvut"
    environment = {
        **{name: value for name, value in os.environ.items() if name != "DATABASE_URL"},
        "REGULARS_HOME": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "regulars.web.config.settings",
    }
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(SCRIPT.replace("CANARY", canary))],
        env=environment, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    number = done.stdout.split()[-1]
    files = SimpleNamespace(read={path.name: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()})
    assert number.encode() in files.read["erased.jsonl"]
    assert len(files.read["db.sqlite3"]) > 100_000
    words = [word.encode() for word in (canary, "13800138000", "tea tea tea")]
    assert [(name, word) for name, read in files.read.items() for word in words if word in read] == []
    assert canary not in done.stdout + done.stderr
