"""The door: signing in and out, lockout, second factor, one-time links, an expired session."""

from __future__ import annotations

import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.test import Client

from regulars.web.accounts import actions
from regulars.web.audit.models import Entry
from regulars.web.core.kept import SLOT

pytestmark = pytest.mark.django_db

PASSWORD = "a long pass phrase"


@pytest.fixture
def lin(person):
    return person("manager", username="lin", name="Lin", email="lin@example.com")


def sign_in(client, login="lin", password=PASSWORD, **more):
    return client.post("/sign-in/", {"login": login, "password": password, **more})


def verbs():
    return list(Entry.objects.order_by("id").values_list("verb", flat=True))


@pytest.mark.parametrize("login", ["lin", "lin@example.com", "LIN@example.com"])
def test_name_or_address_opens_the_door(client, lin, login):
    answer = sign_in(client, login)
    assert (answer.status_code, answer.headers["location"]) == (302, "/")
    assert client.get("/").status_code == 200
    assert verbs() == ["sign-in"]


def test_the_way_back_leads_to_the_page_that_was_asked_for(client, lin):
    assert sign_in(client, next="/profile/").headers["location"] == "/profile/"


def test_the_way_back_never_leads_elsewhere(client, lin):
    assert sign_in(client, next="https://evil.example/").headers["location"] == "/"


def test_a_wrong_password_says_the_same_as_a_wrong_name(client, lin):
    wrong_password, wrong_name = sign_in(client, password="nope"), sign_in(client, login="nobody")
    said = "Name and password do not fit together."
    assert said in wrong_password.content.decode()
    assert said in wrong_name.content.decode()


def test_a_refused_attempt_leaves_a_trail_without_what_was_typed(client, lin):
    sign_in(client, password="my secret typo")
    sign_in(client, login="hunter2")
    rows = Entry.objects.filter(verb="sign-in-refused").order_by("id")
    assert [(row.user, row.subject_id, row.details) for row in rows] == [(None, str(lin.pk), {}), (None, "", {})]


def test_the_door_locks_after_five_wrong_attempts(client, lin):
    for _ in range(5):
        sign_in(client, password="wrong")
    locked = sign_in(client)
    assert locked.status_code == 200
    assert "Too many attempts failed" in locked.content.decode()
    assert Client().get("/").status_code == 302


def test_a_lock_holds_for_the_name_not_for_colleagues(client, lin, person):
    person("viewer", username="wu")
    for _ in range(5):
        sign_in(client, password="wrong")
    assert sign_in(client, login="wu").status_code == 302


def test_who_was_deactivated_does_not_come_in(client, lin):
    lin.is_active = False
    lin.save()
    assert sign_in(client).headers["location"] == "/sign-in/inactive/"
    assert client.get("/").status_code == 302


def test_a_session_ends_with_the_account(client_of, lin, actors):
    client = client_of(lin)
    assert client.get("/").status_code == 200
    actions.deactivate(user=lin, by=actors["administrator"])
    assert client.get("/").headers["location"].startswith("/sign-in/")


def test_signing_out_takes_a_post(client_of, lin):
    client = client_of(lin)
    assert client.get("/sign-out/").status_code == 200
    assert client.get("/").status_code == 200
    client.post("/sign-out/")
    assert client.get("/").status_code == 302
    assert "sign-out" in verbs()


def test_nobody_signs_up(client):
    answer = client.get("/sign-in/closed/")
    assert "Nobody signs up by themselves" in answer.content.decode()
    from regulars.web.accounts.models import User

    client.post("/sign-in/closed/", {"username": "me", "password1": PASSWORD, "email": "me@example.com"})
    assert not User.objects.filter(username="me").exists()


# ---- one-time links


@pytest.fixture
def link(lin, actors):
    return actions.new_link(user=lin, by=actors["administrator"])


def choose(client, link, password="correct horse battery", again=None):
    return client.post(link, {"password1": password, "password2": again or password})


def test_a_link_lets_choose_a_password_once(client, link, lin):
    assert "lin" in client.get(link).content.decode()
    assert choose(client, link).headers["location"] == "/sign-in/"
    assert sign_in(client, password="correct horse battery").status_code == 302
    assert client.get(link).status_code == 410
    assert choose(client, link, "another good password").status_code == 410


def test_a_link_ends_the_old_password_at_once(client, link):
    assert "do not fit" in sign_in(client).content.decode()


@pytest.mark.parametrize(
    ("password", "again", "said"),
    [
        ("correct horse battery", "something else", "The two are not the same."),
        ("short", None, "at least 10 characters"),
        ("1234567890", None, "entirely numeric"),
        ("password123", None, "too common"),
    ],
)
def test_a_weak_password_is_refused_with_the_reason(client, link, password, again, said):
    answer = choose(client, link, password, again)
    assert answer.status_code == 200
    assert said in answer.content.decode()


def test_a_link_spends_itself_after_three_days(client, link, settings):
    settings.PASSWORD_RESET_TIMEOUT = -1
    assert client.get(link).status_code == 410


@pytest.mark.parametrize("path", ["/welcome/MQ/abc/", "/welcome/%F0%9F/abc/", "/welcome/x/y-z/"])
def test_a_made_up_link_opens_nothing(client, path):
    assert client.get(path).status_code == 410


def test_the_link_of_a_closed_account_opens_nothing(client, link, lin, actors):
    actions.deactivate(user=lin, by=actors["administrator"])
    assert client.get(link).status_code == 410


# ---- second factor


def code_now(secret):
    return totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30))


@pytest.fixture
def with_app(client_of, lin, django_capture_on_commit_callbacks):
    """A person who has just turned on the authenticator app, and its secret."""
    client = client_of(lin)
    client.post("/profile/again/", {"password": PASSWORD})
    page = client.get("/profile/second-factor/app/")
    if page.status_code == 302:
        client.post(page.headers["location"], {"password": PASSWORD})
        page = client.get("/profile/second-factor/app/")
    secret = page.context["form"].secret
    with django_capture_on_commit_callbacks(execute=True):
        done = client.post("/profile/second-factor/app/", {"code": code_now(secret)})
    assert done.status_code == 302, done.content.decode()
    return lin, secret, client


def test_turning_it_on_shows_recovery_codes(with_app):
    lin, _, client = with_app
    assert {a.type for a in Authenticator.objects.filter(user=lin)} == {"totp", "recovery_codes"}
    page = client.get("/profile/second-factor/codes/").content.decode()
    codes = Authenticator.objects.get(user=lin, type="recovery_codes").wrap().get_unused_codes()
    assert len(codes) == 10
    assert all(code in page for code in codes)


def test_changes_of_the_second_factor_and_wrong_codes_leave_a_trail(with_app):
    client = Client()
    sign_in(client)
    client.post("/sign-in/code/", {"code": "000000"})
    assert {"second-factor", "code-refused"} <= set(verbs())


def test_the_password_alone_no_longer_opens(with_app):
    client = Client()
    assert sign_in(client).headers["location"] == "/sign-in/code/"
    assert client.get("/").status_code == 302
    page = client.get("/sign-in/code/")
    assert page.status_code == 200
    wrong = client.post("/sign-in/code/", {"code": "000000"})
    assert "This code is wrong or too old." in wrong.content.decode()
    assert client.get("/").status_code == 302


def test_password_and_code_open(with_app):
    _, secret, _ = with_app
    client = Client()
    sign_in(client)
    client.post("/sign-in/code/", {"code": code_now(secret)})
    assert client.get("/").status_code == 200
    again = Client()
    sign_in(again)
    again.post("/sign-in/code/", {"code": code_now(secret)})
    assert again.get("/").status_code == 302  # a code that somebody watched is spent


def test_a_recovery_code_opens_once(with_app):
    lin, _, _ = with_app
    code = Authenticator.objects.get(user=lin, type="recovery_codes").wrap().get_unused_codes()[0]
    first, second = Client(), Client()
    sign_in(first)
    first.post("/sign-in/code/", {"code": code})
    assert first.get("/").status_code == 200
    sign_in(second)
    second.post("/sign-in/code/", {"code": code})
    assert second.get("/").status_code == 302


def test_an_administrator_takes_a_lost_factor_away(with_app, actors):
    lin, _, _ = with_app
    actions.remove_second_factor(user=lin, by=actors["administrator"])
    assert sign_in(Client()).headers["location"] == "/"


def test_what_matters_asks_for_the_password_again(client_of, lin):
    client = client_of(lin)
    answer = client.get("/profile/second-factor/app/")
    assert answer.headers["location"].startswith("/profile/again/")
    again = client.get(answer.headers["location"])
    assert "Is it you?" in again.content.decode()


@pytest.mark.parametrize(
    "path",
    ["/profile/second-factor/", "/profile/second-factor/keys/", "/profile/password/", "/profile/provider/"],
)
def test_own_pages_of_the_door_open(client_of, lin, path):
    assert client_of(lin).get(path).status_code == 200


def test_a_key_asks_the_browser(with_app):
    _, _, client = with_app
    page = client.get("/profile/second-factor/keys/new/").content.decode()
    assert '"rp"' in page
    assert "mfa/js/webauthn.js" in page


def test_a_new_password_ends_other_sessions(client_of, lin):
    here, there = client_of(lin), client_of(lin)
    form = {"oldpassword": PASSWORD, "password1": "correct horse battery", "password2": "correct horse battery"}
    assert here.post("/profile/password/", form).status_code == 302
    assert here.get("/").status_code == 200
    assert there.get("/").status_code == 302


# ---- an expired session


def typed(user, **fields):
    return {"name": "East side", "kind": "branch", "parent": "", "_by": user.pk, **fields}


def test_what_was_typed_waits_for_the_same_person(people, client_of):
    administrator = people["administrator"]
    client = Client()  # the session has ended
    answer = client.post(
        "/settings/teams/new/", typed(administrator), headers={"referer": "http://testserver/settings/teams/new/"}
    )
    assert answer.headers["location"] == "/sign-in/?next=%2Fsettings%2Fteams%2Fnew%2F"
    assert "is kept and waits" in client.get(answer.headers["location"]).content.decode()
    sign_in(client, login="administrator", next="/settings/teams/new/")
    page = client.get("/settings/teams/new/").content.decode()
    assert 'value="East side"' in page
    assert "Your session had ended before this was saved." in page
    assert "Your session had ended" not in client.get("/settings/teams/new/").content.decode()


def test_somebody_else_does_not_get_it(people, person):
    client = Client()
    client.post("/settings/teams/new/", typed(people["manager"]))
    sign_in(client, login="administrator")
    assert "East side" not in client.get("/settings/teams/new/").content.decode()


def test_passwords_are_not_kept(people):
    client = Client()
    client.post(
        "/profile/password/", {"oldpassword": PASSWORD, "password1": "x", "_by": people["viewer"].pk, "note": "n"}
    )
    assert "pass" not in client.session[SLOT]["text"]
    assert "note=n" in client.session[SLOT]["text"]


def test_a_form_of_nobody_and_a_huge_one_are_not_kept(people):
    client = Client()
    client.post("/settings/teams/new/", {"name": "x"})
    assert SLOT not in client.session
    client.post("/settings/teams/new/", typed(people["administrator"], name="x" * 200_000))
    assert SLOT not in client.session


def test_htmx_is_led_to_the_door_as_a_whole_page(people):
    answer = Client().post("/settings/teams/new/", typed(people["administrator"]), headers={"HX-Request": "true"})
    assert answer.headers["HX-Redirect"].startswith("/sign-in/?next=")
