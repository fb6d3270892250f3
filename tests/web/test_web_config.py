"""Settings, secrets, database address, provider, logs: what an installation is made of."""

from __future__ import annotations

import json
import logging
import stat
import sys

import pytest

from regulars.errors import InputError
from regulars.web.config import home as workspace
from regulars.web.config.database import database
from regulars.web.config.logs import Lines, _WithoutRequests
from regulars.web.config.oidc import oidc_apps, oidc_hosts


def test_the_folder_is_what_the_environment_names(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert workspace.home_folder({"REGULARS_HOME": "/srv/regulars"}).as_posix() == "/srv/regulars"
    assert workspace.home_folder({}) == tmp_path / "regulars-data"


def test_secrets_are_made_once_and_for_the_owner_alone(tmp_path):
    path = workspace.make_secrets(tmp_path)
    first = workspace.read_secrets(tmp_path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    workspace.make_secrets(tmp_path)
    assert workspace.read_secrets(tmp_path) == first
    assert len(set(first.values())) == len(workspace.SECRETS)
    assert all(len(value) >= 64 for value in first.values())


def test_two_workspaces_do_not_share_secrets(tmp_path):
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        workspace.make_secrets(tmp_path / name)
    assert workspace.read_secrets(tmp_path / "a") != workspace.read_secrets(tmp_path / "b")


def test_without_a_workspace_one_is_told_how_to_make_it(tmp_path):
    with pytest.raises(InputError) as refused:
        workspace.read_secrets(tmp_path)
    assert "regulars init" in refused.value.message("en")
    assert "工作区" in refused.value.message("zh")


@pytest.mark.parametrize(
    "text", ["", "secret_key = 1", 'secret_key = "short"\nsuppression_key = "short"', "= nonsense"]
)
def test_a_damaged_file_is_refused_rather_than_replaced(tmp_path, text):
    (tmp_path / "secrets.toml").write_text(text)
    with pytest.raises(InputError, match="secrets cannot be read"):
        workspace.read_secrets(tmp_path)


def test_a_file_that_others_may_read_is_noticed(tmp_path):
    path = workspace.make_secrets(tmp_path)
    assert not workspace.open_to_others(path)
    path.chmod(0o640)
    assert workspace.open_to_others(path)


def test_sqlite_waits_and_keeps_what_it_promised(tmp_path):
    found = database("", tmp_path)
    assert found["NAME"] == tmp_path / "db.sqlite3"
    assert found["OPTIONS"]["transaction_mode"] == "IMMEDIATE"
    assert "journal_mode=WAL" in found["OPTIONS"]["init_command"]
    assert "synchronous=FULL" in found["OPTIONS"]["init_command"]


def test_an_address_of_postgresql_is_taken_apart(tmp_path):
    found = database("postgresql://us%40er:p%2Fw@db.example.com:6432/reg?sslmode=require", tmp_path)
    parts = {name: found[name] for name in ("USER", "PASSWORD", "HOST", "PORT", "NAME")}
    assert parts == {"USER": "us@er", "PASSWORD": "p/w", "HOST": "db.example.com", "PORT": "6432", "NAME": "reg"}
    assert found["OPTIONS"]["sslmode"] == "require"
    assert "random_page_cost=1.1" in found["OPTIONS"]["options"]
    assert database("postgresql://db.example.com/reg?options=", tmp_path)["OPTIONS"] == {"options": ""}


def test_sqlite_elsewhere(tmp_path):
    assert database("sqlite:////srv/x.db", tmp_path)["NAME"].as_posix() == "//srv/x.db"


@pytest.mark.parametrize("url", ["mysql://x/y", "postgresql://host", "nonsense"])
def test_an_address_that_nobody_knows_is_refused_without_its_password(tmp_path, url):
    with pytest.raises(InputError) as refused:
        database(url, tmp_path)
    assert "DATABASE_URL" in refused.value.message("en")
    assert url not in refused.value.message("en")


def test_without_a_provider_there_is_none():
    assert (oidc_apps({}), oidc_hosts({})) == ([], [])


def test_a_provider_comes_from_the_environment():
    environment = {
        "REGULARS_OIDC_ISSUER": "https://id.example.com/realms/x", "REGULARS_OIDC_CLIENT_ID": "regulars",
        "REGULARS_OIDC_CLIENT_SECRET": "s", "REGULARS_OIDC_NAME": "Chengxi",
    }  # fmt: skip
    app = oidc_apps(environment)[0]
    assert (app["provider_id"], app["name"], app["client_id"]) == ("company", "Chengxi", "regulars")
    assert app["settings"]["server_url"] == "https://id.example.com/realms/x"
    assert oidc_hosts(environment) == ["https://id.example.com"]


# ---- logs


def line(record):
    return json.loads(Lines().format(record))


def made(message, name="regulars", level=logging.INFO, args=(), **extra):
    record = logging.LogRecord(name, level, __file__, 1, message, args, None)
    for field, value in extra.items():
        setattr(record, field, value)
    return record


def test_a_line_is_one_object_with_the_fields_that_are_kept():
    found = line(made("request", status=200, route="people/<int:user_id>/", phone="13800000000"))
    assert (found["level"], found["message"], found["status"]) == ("info", "request", 200)
    assert found["route"] == "people/<int:user_id>/"
    assert "phone" not in found


def test_an_error_says_where_but_not_what_it_quoted():
    try:
        raise ValueError("cannot read 林晓雯 13800000000")
    except ValueError:
        record = made("a job failed")
        record.exc_info = sys.exc_info()
    text = Lines().format(record)
    assert "13800000000" not in text
    assert line(record)["error"] == "ValueError"
    assert "test_an_error_says_where" in line(record)["at"]


def test_a_one_time_link_is_not_logged():
    record = made("Internal Server Error: %s", "django.request", logging.ERROR, ("/welcome/MQ/secret-token/",))
    assert "secret-token" not in Lines().format(record)
    assert line(record)["message"] == "Internal Server Error"
    forbidden = made("Forbidden (%s): %s", "django.security.csrf", logging.WARNING, ("reason", "/welcome/MQ/secret/"))
    assert "secret" not in Lines().format(forbidden)


def test_ordinary_refusals_are_not_logged_twice():
    assert not _WithoutRequests().filter(made("Not Found: %s", "django.request", logging.WARNING, ("/x",)))
    assert _WithoutRequests().filter(made("x", "regulars.requests"))


@pytest.mark.django_db
def test_a_request_is_one_line_without_what_was_searched(client_of, people, caplog):
    client = client_of("manager")
    logger = logging.getLogger("regulars.requests")
    records = []
    handler = logging.Handler()
    handler.emit = records.append
    logger.addHandler(handler)
    before = logger.level
    logger.setLevel("INFO")
    try:
        client.get("/search/?q=13800000000")
        client.get("/healthz")
    finally:
        logger.removeHandler(handler)
        logger.setLevel(before)
    assert len(records) == 1
    found = line(records[0])
    assert (found["route"], found["status"], found["user_id"]) == ("search/", 200, people["manager"].pk)
    assert "13800000000" not in json.dumps(found)
