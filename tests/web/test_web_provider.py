"""Sign-in through the company's provider, whole: a small OpenID provider, and every step of the flow."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
import pytest
import requests
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from cryptography.hazmat.primitives.asymmetric import rsa
from django.test import Client

from regulars.web.accounts import actions
from regulars.web.accounts.models import User
from regulars.web.audit.models import Entry
from regulars.web.config.oidc import oidc_apps

pytestmark = pytest.mark.django_db

KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
PASSWORD = "a long pass phrase"


class Provider(BaseHTTPRequestHandler):
    """Authorization code with PKCE (RFC 7636); `server.says` is what it knows of whoever signs in."""

    server: Any

    def do_GET(self) -> None:
        asked = urlsplit(self.path)
        if asked.path == "/.well-known/openid-configuration":
            self.answer(
                issuer=self.server.url, token_endpoint=f"{self.server.url}/token", jwks_uri=f"{self.server.url}/keys",
                authorization_endpoint=f"{self.server.url}/authorize", userinfo_endpoint=f"{self.server.url}/me",
            )  # fmt: skip
        elif asked.path == "/authorize":
            query = {name: found[0] for name, found in parse_qs(asked.query).items()}
            assert query["client_id"] == "regulars"
            assert set(query["scope"].split()) >= {"openid", "email"}
            self.server.challenge = query["code_challenge"]
            back = {"state": query["state"], **(self.server.refuses or {"code": "c-1"})}
            self.send_response(302)
            self.send_header("Location", f"{query['redirect_uri']}?{urlencode(back)}")
            self.end_headers()
        else:
            assert (asked.path, self.headers["Authorization"]) == ("/me", "Bearer t-1")
            self.answer(**self.server.says)

    def do_POST(self) -> None:
        sent = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        digest = hashlib.sha256(sent["code_verifier"][0].encode()).digest()
        assert base64.urlsafe_b64encode(digest).rstrip(b"=").decode() == self.server.challenge
        assert (sent["code"], sent["client_secret"]) == (["c-1"], ["secret"])
        claims = {"iss": self.server.url, "aud": "regulars", "sub": self.server.says["sub"], "exp": 4e9, "iat": 1}
        self.answer(access_token="t-1", token_type="Bearer", id_token=jwt.encode(claims, KEY, "RS256"))

    def answer(self, **body: Any) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.end_headers()
        self.wfile.write(json.dumps(body).encode())

    def log_message(self, *_: Any) -> None:
        """Be quiet."""


@pytest.fixture
def provider(settings) -> Iterator[SimpleNamespace]:
    server: Any = ThreadingHTTPServer(("127.0.0.1", 0), Provider)
    server.url, server.refuses = f"http://127.0.0.1:{server.server_port}", None
    server.says = {"sub": "u-1", "email": "lin@example.com", "email_verified": True}
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    configure(settings, REGULARS_OIDC_ISSUER=f"{server.url}/")
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


def configure(settings, **environment):
    named = {"REGULARS_OIDC_CLIENT_ID": "regulars", "REGULARS_OIDC_CLIENT_SECRET": "secret", "REGULARS_OIDC_NAME": "Id"}
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"APPS": oidc_apps(named | environment)}}


@pytest.fixture
def lin(person):
    return person("manager", username="lin", name="Lin", email="Lin@example.com")


def come(client, **more):
    """Press the button, go to the provider, come back with what it gave."""
    there = client.post("/sign-in/with/company/", more)
    assert there.status_code == 302
    back = requests.get(there.headers["Location"], allow_redirects=False, timeout=5).headers["Location"]
    assert urlsplit(back).path == "/sign-in/with/company/back/"
    return client.get(back.removeprefix("http://testserver"))


def inside(client):
    return client.get("/profile/").status_code == 200


def test_the_door_offers_the_provider(client, provider):
    page = client.get("/sign-in/").content.decode()
    assert "Sign in with Id" in page
    assert 'action="/sign-in/with/company/"' in page
    assert "Sign in with Id" in client.get("/sign-in/with/company/").content.decode()  # an address from a bookmark


def test_a_known_address_comes_in_and_keeps_its_password(client, lin, provider):
    assert come(client).headers["Location"] == "/"
    assert inside(client)
    assert Entry.objects.latest("id").verb == "sign-in"
    assert Client().post("/sign-in/", {"login": "lin", "password": PASSWORD}).status_code == 302


def test_the_same_person_comes_in_after_the_address_has_changed_there(client, lin, provider):
    come(client)
    provider.says |= {"email": "lin.married@example.com"}
    again = Client()
    come(again)
    assert inside(again)


def test_who_came_by_an_address_sees_it_and_can_disconnect(client, lin, provider):
    come(client)
    assert "lin@example.com" in client.get("/profile/provider/").content.decode()


@pytest.mark.parametrize(
    ("says", "why"),
    [
        ({"email": "stranger@example.com"}, "Nobody here has the address stranger@example.com."),
        ({"email_verified": False}, "Id does not say that lin@example.com was proved to be yours."),
        ({"email": None}, "Id gave no e-mail address"),
    ],
)
def test_who_is_not_known_stays_outside_and_reads_why(client, lin, provider, says, why):
    provider.says |= says
    answer = come(client)
    assert answer.status_code == 403
    assert why in answer.content.decode()
    assert not inside(client)
    assert User.objects.count() == 1
    assert Entry.objects.latest("id").verb == "sign-in-refused"


def test_an_address_of_the_companys_own_domain_counts_as_proved_where_the_provider_is_silent(
    client, lin, provider, settings
):
    del provider.says["email_verified"]
    assert come(client).status_code == 403
    configure(settings, REGULARS_OIDC_ISSUER=provider.url, REGULARS_OIDC_DOMAINS="example.org, Example.com")
    assert come(client).status_code == 302
    assert inside(client)


def test_a_closed_account_stays_closed(client, lin, provider, actors, people):
    actions.deactivate(user=lin, by=actors["administrator"])
    assert come(client).headers["Location"] == "/sign-in/inactive/"
    assert not inside(client)


def test_the_second_factor_is_asked_for_all_the_same(client, lin, provider):
    totp.TOTP.activate(lin, totp.generate_totp_secret())
    assert Authenticator.objects.filter(user=lin).exists()
    assert come(client).headers["Location"] == "/sign-in/code/"
    assert not inside(client)


def test_signing_out_ends_the_session_here(client, lin, provider):
    come(client)
    client.post("/sign-out/")
    assert not inside(client)


def test_a_refusal_there_is_told_here(client, lin, provider):
    provider.refuses = {"error": "access_denied"}
    assert come(client).headers["Location"] == "/sign-in/cancelled/"
    provider.refuses = {"error": "server_error"}
    assert "Sign-in did not work" in come(client).content.decode()


def test_a_provider_out_of_reach_is_told_here(client, settings, lin):
    configure(settings, REGULARS_OIDC_ISSUER="http://127.0.0.1:9")
    answer = client.post("/sign-in/with/company/")
    assert answer.status_code == 502
    assert "The provider does not answer as it should." in answer.content.decode()


def test_a_way_back_without_a_way_there_is_refused(client, lin, provider):
    answer = client.get("/sign-in/with/company/back/?code=c-1&state=guessed")
    assert answer.status_code == 401
    assert not inside(client)
