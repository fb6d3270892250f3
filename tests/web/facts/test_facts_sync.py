"""From the workspace to the lake: codes only, known rows cost nothing, columns nobody knows are refused."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from regulars import engine
from regulars.web.customers.models import Customer
from regulars.web.facts import access
from regulars.web.facts import sync as syncing

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 21, tzinfo=UTC)
SECRET = "Zanzibar Quux"


def customers_in_lake() -> list[dict]:
    with access.reading():
        return engine.to_arrow(access.lake().table("customers")).to_pylist()


def write_customers():
    return syncing.sync(syncing.providers()[0], recorded_at=NOW)


def test_customers_go_without_anything_that_names_them(workspace_home, teams):
    one = Customer.objects.create(name=SECRET, kind="person", region="East", needs=SECRET, team=teams.own)
    assert write_customers().new == 1
    (row,) = customers_in_lake()
    assert (row["customer_id"], row["kind"], row["region"]) == (one.pk, "person", "East")
    assert "stage=establish" in row["attributes"]
    for file in (workspace_home / "lake").rglob("*"):
        assert not file.is_file() or SECRET.encode() not in file.read_bytes()


def test_the_same_again_changes_nothing_and_a_change_is_a_revision(teams):
    one = Customer.objects.create(name="A", kind="person")
    write_customers()
    assert (write_customers().new, write_customers().changed) == (0, 0)
    Customer.objects.filter(pk=one.pk).update(stage="develop")
    assert write_customers().changed == 1
    assert customers_in_lake()[0]["revision"] == 2


def test_nothing_to_bring_is_no_version(db):
    assert write_customers() is None
    assert access.lake().version("customers") is None


def test_a_column_that_the_lake_does_not_know_is_refused(db):
    rows = [{"customer_id": 1, "kind": "person", "name": SECRET}]
    with pytest.raises(ValueError, match="name"):
        syncing.sync(syncing.Provider("customers", "test", lambda: [rows]), recorded_at=NOW)
    assert access.lake().version("customers") is None


def test_the_log_and_control_groups_are_brought_too():
    assert {("activities", "journal"), ("exposures", "tasks")} <= {
        (provider.table, provider.source) for provider in syncing.providers()
    }


def test_the_lake_is_vacuumed_regularly(shop):
    from regulars.web.core.schedule import CHORES

    orphan = access.lake().folder("transaction_lines") / "left-by-a-killed-writer.parquet"
    orphan.write_bytes(b"half")
    CHORES["facts.vacuum"].chore()
    assert not orphan.exists()
    assert access.lake().version("transaction_lines") is not None
