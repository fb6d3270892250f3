"""What is found of contracts: the page, whose customers, a customer's section, the interface; nothing without data."""

from __future__ import annotations

import csv
import io

import pytest

from regulars.errors import InputError
from regulars.web.contracts.forms import AskForm
from regulars.web.contracts.models import ContractRun

pytestmark = pytest.mark.django_db


@pytest.fixture
def call(client, people):
    """Ask the interface as a role: `call("viewer", "/contracts")`."""
    from regulars.web.accounts.access import actor_of
    from regulars.web.accounts.models import RolePermission
    from regulars.web.api import actions

    def send(role, path, body=None, **query):
        RolePermission.objects.get_or_create(role=people[role].memberships.first().role, permission="api.tokens")
        scopes = ("values:read", *(["values:run"] if actor_of(people[role]).may("valuations.run") else []))
        token = actions.make_token(name="Till", scopes=scopes, days=30, by=actor_of(people[role]))[1]
        headers = {"Authorization": f"Bearer {token}"}
        if body is None:
            return client.get(f"/api/v1{path}", query, headers=headers)
        return client.post(f"/api/v1{path}", body, content_type="application/json", headers=headers)

    return send


def test_before_anything_it_says_what_to_do(client_of, call):
    page = client_of("analyst").get("/value/contracts/").text
    assert "Contracts were not looked at yet" in page
    assert "Import contracts" in page
    assert call("viewer", "/contracts").status_code == 404
    assert client_of("service").get("/value/contracts/").status_code == 403


def test_without_contracts_a_run_says_so_in_both_languages(look, client_of):
    with pytest.raises(InputError, match="no contracts yet"):
        look()
    assert "还没有合同" in ContractRun.objects.get().failure["zh"]
    assert "there are no contracts yet" in client_of("analyst").get("/value/contracts/").text


def test_everything_is_found_and_shown(bring, made, look, client_of, call):
    bring(made())
    run = look(margin=0.5)
    card = run.card
    page = client_of("viewer").get("/value/contracts/").text
    for said in ("Who is still there", "Who may leave next", "Which model, and why", "Renewals to come", "gross profit",
                 "Where these numbers are weak", "as counted", "a month"):  # fmt: skip
        assert said in page
    assert "--" not in page.split("Where these numbers are weak")[1].split("</ul>")[0]
    found = call("viewer", "/contracts").json()
    assert found["customers"] == card["customers"] == 240
    assert found["renewals_seen"] == card["renewals_seen"]
    assert [row["survival"] for row in found["survival"]] == pytest.approx([r["survival"] for r in card["survival"]])
    for name in ("renewals", "value"):
        assert found["totals"][name] == pytest.approx(card["totals"][name])
    assert found["leaving_next"] == pytest.approx(card["leaving_next"])
    half = found["totals"]["value"]["value"]
    look(margin=1.0)
    assert call("viewer", "/contracts").json()["totals"]["value"]["value"] == pytest.approx(2 * half)


def test_each_sees_the_contracts_of_their_own_customers(bring, made, look, people, give, client_of, call):
    from regulars.web.customers.models import Customer

    bring(made())
    mine = give(people["account_manager"], 40)
    Customer.objects.filter(pk__in=mine).update(name="=1+1")
    look()
    client = client_of("account_manager")
    page = client.get("/value/contracts/").text
    assert "my customers: 40 relationships" in page
    own, whole = call("account_manager", "/contracts").json(), call("viewer", "/contracts").json()
    assert own["customers"] == 40
    assert own["totals"]["renewals"]["value"] < whole["totals"]["renewals"]["value"]
    assert own["totals"]["renewals"]["low"] < own["totals"]["renewals"]["value"] < own["totals"]["renewals"]["high"]
    listed = call("account_manager", "/contracts/customers", limit=200).json()
    assert {row["customer"] for row in listed["items"]} <= set(mine)
    chances = [row["p_leaves_next"] for row in listed["items"]]
    assert chances == sorted(chances, reverse=True)
    rows = list(csv.DictReader(io.StringIO(client.get("/value/contracts/who.csv").text.lstrip("\ufeff"))))
    assert len(rows) == len(listed["items"])
    assert {row["Customer"] for row in rows} == {"'=1+1"}
    first = call("viewer", "/contracts/customers", limit=3).json()
    assert (len(first["items"]), first["next"]) == (3, 3)
    after = call("viewer", "/contracts/customers", limit=3, start=3).json()["items"]
    assert not {row["contract"] for row in after} & {row["contract"] for row in first["items"]}


def test_who_opens_no_records_sees_sums_and_no_names(bring, made, look, people, client_of):
    bring(made())
    look()
    people["viewer"].memberships.first().role.permissions.filter(permission="customers.read").delete()
    client = client_of("viewer")
    page = client.get("/value/contracts/").text
    assert "Who is still there" in page
    assert "Who may leave next" not in page
    assert client.get("/value/contracts/who/").status_code == 403
    assert client.get("/value/contracts/who.csv").status_code == 403


def test_the_customers_page_tells_of_the_contract(bring, made, look, numbers, client_of, people, give, strangers):
    bring(made())
    look(margin=0.5)
    rows = client_of("administrator").get("/value/contracts/who/?order=next_due")
    assert rows.status_code == 200
    page = client_of("administrator").get(f"/customers/{numbers()['C000']}/").text
    assert 'id="contract"' in page
    assert "Renewals so far" in page
    assert client_of("account_manager").get(f"/customers/{numbers()['C000']}/").status_code == 404


def test_groups_are_told_by_what_is_known_of_customers(bring, made, look, numbers, client_of, call):
    from regulars.web.customers.models import Customer

    bring(made())
    everyone = sorted(numbers().values())
    Customer.objects.filter(pk__in=everyone[:120]).update(region="华东")
    Customer.objects.filter(pk__in=everyone[120:235]).update(region="华南")
    look()
    groups = {row["value"]: row for row in call("viewer", "/contracts").json()["groups"]["region"]}
    assert {name: row["n"] for name, row in groups.items()} == {"华东": 120, "华南": 115, None: 5}
    assert all(row["low"] < row["retention"] < row["high"] for row in groups.values())
    assert "华东" in client_of("viewer").get("/value/contracts/").text


def test_contracts_that_overlap_are_told_with_what_to_do_here(bring, look, client_of):
    bring(["C1,K1,2026-01-01,2026-03-01,1", "C1,K2,2026-02-01,2026-04-01,1"])
    with pytest.raises(InputError, match="overlap"):
        look()
    page = client_of("analyst").get("/value/contracts/").text
    assert "overlap" in page
    assert "each contract by itself" in page
    assert "--each" not in page
    look(each="contract")
    page = client_of("analyst").get("/value/contracts/").text
    assert "2 relationships" in page
    assert "Not enough data" in page


def test_the_form_starts_a_run_and_remembers(client_of, bring, made, work):
    bring(made(60))
    client = client_of("analyst")
    wrong = client.post("/value/contracts/start/", {"horizon_months": "0", "discount": "10"})
    assert "greater than or equal to 1" in wrong.text
    assert not ContractRun.objects.exists()
    said = {"horizon_months": "24", "discount": "8", "margin": "40", "each": "customer", "period": "month"}
    client.post("/value/contracts/start/", said)
    assert "Looking at the contracts" in client.get("/value/contracts/").text
    assert client.get("/value/contracts/progress/", headers={"HX-Request": "true"}).status_code == 200
    work()
    run = ContractRun.objects.get()
    assert run.state == "published"
    assert client.get("/value/contracts/progress/", headers={"HX-Request": "true"}).headers["HX-Refresh"] == "true"
    initial = AskForm.initial_of(run.parameters)
    assert (initial["horizon_months"], initial["discount"], initial["margin"]) == (24, 8.0, 40.0)
    assert client_of("viewer").post("/value/contracts/start/", said).status_code == 403


def test_programs_start_a_run(call, bring, made, work):
    bring(made(60))
    for wrong in ({"period": "moon"}, {"horizon_months": 0}, {"margin": 2}, {"graec": 1}):
        assert call("analyst", "/contracts/runs", wrong).status_code == 422
    started = call("analyst", "/contracts/runs", {"horizon_months": 6})
    assert started.status_code == 202
    assert call("analyst", "/contracts/runs", {}).status_code == 409
    work()
    assert call("analyst", f"/contracts/runs/{started.json()['id']}").json()["state"] == "published"
    number = call("analyst", "/contracts/customers", limit=1).json()["items"][0]["customer"]
    assert call("analyst", f"/customers/{number}/contracts").json()[0]["state"] in ("running", "undecided")
    assert call("viewer", "/contracts/runs", {}).status_code == 403


def test_a_backup_takes_the_files_of_contracts_along(bring, made, look, settings):
    from regulars.web.config.backup import published_folders

    bring(made(60))
    run = look()
    ContractRun.objects.create(state="failed")
    (folder,) = published_folders()
    found = {path.name for path in (settings.REGULARS_HOME / folder).iterdir()}
    assert folder.name == str(run.pk)
    assert {"contract_value.parquet", "contract_histories.parquet", "contract_card.json"} <= found
