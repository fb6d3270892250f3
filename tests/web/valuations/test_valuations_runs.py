"""A run from orders to figures on the pages: published whole or not at all, the previous one stays until then."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from regulars.errors import InputError
from regulars.web.audit.models import Entry
from regulars.web.core import jobs
from regulars.web.core.models import Job, JobState, Workspace
from regulars.web.customers.models import Customer
from regulars.web.facts import access
from regulars.web.facts import selectors as facts
from regulars.web.valuations import actions, publishing, running, selectors
from regulars.web.valuations.models import CustomerFigure, Valuation, ValuationState

pytestmark = pytest.mark.django_db


def test_a_run_values_every_customer_of_the_lake(shop, actors, run_value, simulated):
    by = actors["administrator"]
    valuation = run_value()
    assert valuation.state == ValuationState.PUBLISHED
    assert selectors.current() == valuation
    assert (valuation.as_of, valuation.basis) == (simulated.as_of, simulated.basis)
    assert valuation.n_customers == len(shop.ids) == selectors.figures(by).count()
    assert all(gate["passed"] for gate in valuation.card["gates"])
    assert valuation.snapshot["tables"]["transaction_lines"] == 1
    assert "top" not in valuation.figures
    assert valuation.file.exists()
    rows = {row["customer_id"]: row for row in facts.value_rows(by, list(shop.ids.values()))}
    for figure in selectors.figures(by):
        row = rows[figure.customer_id]
        for name in ("current_value", "customer_value", "value_at_risk", "matrix", "tier", "rfm", "at_risk"):
            assert getattr(figure, name) == row[name], name
        assert (figure.future_low, figure.future_high) == (row["future_value_low"], row["future_value_high"])
        assert (figure.last_purchase, figure.next_order_due) == (row["last_purchase"], row["next_order_due"])


def test_the_lake_gives_the_values_that_the_file_gives(shop, actors, run_value, simulated):
    import pyarrow.parquet as pq

    run_value()
    expected = {str(row["customer_id"]): row for row in pq.read_table(simulated.values).to_pylist()}
    mine = {number: external_id for external_id, number in shop.ids.items()}
    for row in facts.value_rows(actors["administrator"], list(shop.ids.values())):
        other = expected[mine[row["customer_id"]]]
        for name in ("net_profit", "n_purchases", "matrix", "tier", "rfm", "visit_class", "last_purchase"):
            assert row[name] == other[name], name
        assert float(row["future_value"]) == pytest.approx(float(other["future_value"]), rel=1e-6, abs=1e-3)


def test_an_empty_workspace_says_what_to_import_first(actors, run_value):
    with pytest.raises(InputError, match="Import orders first"):
        run_value()
    valuation = Valuation.objects.get()
    assert valuation.state == ValuationState.FAILED
    assert "先在“导入”里传一份订单" in valuation.failure["zh"]
    assert selectors.current() is None
    assert access.lake().pins() == []


def test_records_merged_count_once(shop, actors, run_value):
    kept, gone = sorted(shop.ids.values())[:2]
    Customer.objects.filter(pk=gone).update(merged_into=kept)
    run_value()
    assert not CustomerFigure.objects.filter(customer_id=gone).exists()
    row = facts.value_row(actors["administrator"], kept)
    orders = facts.orders_of(actors["administrator"], kept, limit=1000)
    assert row["lifetime_revenue"] == sum(order.net_amount for order in orders)


def test_a_new_run_replaces_the_one_before_and_knows_it(actors, value):
    first = value()
    second = value(lambda rows: [row.update(tier="gold") for row in rows])
    assert selectors.current() == second
    assert second.predecessor == first
    figures = selectors.figures(actors["administrator"])
    assert set(figures.values_list("valuation_id", "tier")) == {(second.pk, "gold")}
    assert selectors.figures(actors["administrator"], first).exists()


def test_rows_of_older_runs_go_their_files_stay(actors, value):
    first, second, third = value(), value(), value()
    assert not publishing.has_rows(first.pk)
    assert publishing.has_rows(second.pk)
    assert publishing.has_rows(third.pk)
    assert first.file.exists()
    assert facts.aggregate(actors["analyst"], [], valuation=first.pk)[0].n


@pytest.mark.parametrize("where", ["valuing", "publishing", "flipping"])
def test_a_run_that_fails_leaves_the_one_before(where, actors, value, run_value, monkeypatch):
    first = value()
    before = list(selectors.figures(actors["administrator"]).values_list("customer_id", "customer_value"))
    full = InputError("the disk is full")

    def fails(*_, **__):
        raise full

    module, name = {
        "valuing": (running, "run"),
        "publishing": (publishing, "_batches"),
        "flipping": (actions, "publish"),
    }[where]
    monkeypatch.setattr(module, name, fails)
    with pytest.raises(InputError):
        (run_value if where == "valuing" else value)()
    assert selectors.current() == first
    assert list(selectors.figures(actors["administrator"]).values_list("customer_id", "customer_value")) == before
    failed = Valuation.objects.filter(state=ValuationState.FAILED).get()
    assert "the disk is full" in failed.failure["en"]
    assert not publishing.has_rows(failed.pk)
    assert not failed.file.exists()
    assert [pin.reason for pin in access.lake().pins()] == [f"valuation {first.pk}"]


def test_a_run_that_fails_a_check_is_not_published(actors, value, simulated, monkeypatch):
    first = value()
    gates = [{**simulated.card["gates"][0], "passed": False}, *simulated.card["gates"][1:]]
    monkeypatch.setitem(simulated.card, "gates", gates)
    with pytest.raises(InputError, match="a check was not passed: no NaN and no infinity"):
        value()
    assert selectors.current() == first
    assert "没有通过检查" in Valuation.objects.first().failure["zh"]


def test_cancelling_takes_everything_back(actors, value, monkeypatch):
    first = value()
    valuation = actions.start(by=actors["administrator"])

    def asked_to_stop(_id, _parameters, *, report, **_):
        (access.valuation_folder(valuation.pk)).mkdir(parents=True)
        Job.objects.filter(pk=valuation.job_id).update(cancel_requested=True)
        report(0.5, running.READING)

    monkeypatch.setattr(running, "run", asked_to_stop)
    jobs.run_job.func(valuation.job_id)
    valuation.refresh_from_db()
    assert valuation.state == ValuationState.CANCELLED
    assert Job.objects.get(pk=valuation.job_id).state == JobState.CANCELLED
    assert selectors.current() == first
    assert not access.valuation_folder(valuation.pk).exists()


def test_a_run_cancelled_while_it_waited_is_closed(actors, shop):
    from regulars.web.valuations.jobs import settle

    valuation = actions.start(by=actors["administrator"])
    jobs.cancel(job=valuation.job, by=actors["administrator"])
    settle()
    valuation.refresh_from_db()
    assert valuation.state == ValuationState.CANCELLED
    actions.start(by=actors["administrator"])


def test_doing_a_half_published_run_again_brings_the_same_end(actors, value, monkeypatch):
    monkeypatch.setattr(publishing, "CHUNK", 40)
    first = value()
    expected = set(CustomerFigure.objects.filter(valuation=first).values_list("customer_id", "customer_value"))
    publishing.remove_rows(first.pk)
    if publishing.connection.vendor == "sqlite":
        few = [CustomerFigure(valuation=first, customer_id=number) for number, _ in list(expected)[:40]]
        CustomerFigure.objects.bulk_create(few)
    assert publishing.write_rows(first.pk, lambda _: None) == len(expected)
    assert set(CustomerFigure.objects.filter(valuation=first).values_list("customer_id", "customer_value")) == expected


def test_a_slower_earlier_run_does_not_push_a_later_one_aside(actors, value):
    first = value()
    Workspace.objects.filter(pk=1).update(current_valuation_id=first.pk + 100)
    second = value()
    assert Workspace.current().current_valuation_id == first.pk + 100
    assert second.state == ValuationState.PUBLISHED


def test_one_run_at_a_time(actors, shop):
    actions.start(by=actors["analyst"])
    with pytest.raises(ValidationError, match="under way"):
        actions.start(by=actors["administrator"])


def test_who_may_run_and_delete(actors, value):
    valuation = value()
    for role in ("viewer", "marketing", "account_manager", "service", "manager"):
        with pytest.raises(PermissionDenied):
            actions.start(by=actors[role])
        with pytest.raises(PermissionDenied):
            actions.delete(valuation=valuation, by=actors[role])


def test_an_old_run_is_deleted_with_its_files(actors, value, django_capture_on_commit_callbacks):
    first, second = value(), value()
    with pytest.raises(ValidationError, match="current"):
        actions.delete(valuation=second, by=actors["analyst"])
    with django_capture_on_commit_callbacks(execute=True):
        actions.delete(valuation=first, by=actors["analyst"])
    assert not first.file.exists()
    assert not publishing.has_rows(first.pk)
    assert [pin.reason for pin in access.lake().pins()] == [f"valuation {second.pk}"]
    assert Entry.objects.filter(verb="delete", subject_type=actions.SUBJECT).count() == 1


def test_figures_are_of_customers_within_reach(people, strangers, actors, give, value):
    mine, theirs = give(people["account_manager"], 3), give(strangers["account_manager"], 3)
    value()

    def seen(role):
        return set(selectors.figures(actors[role]).values_list("customer_id", flat=True))

    assert seen("account_manager") == set(mine)
    assert seen("manager") == set(mine)
    assert set(mine + theirs) <= seen("viewer")
    assert seen("service") == set()  # no right to values


def test_a_date_in_the_past_sees_nothing_later(shop, actors, run_value, simulated):
    as_of = simulated.as_of - timedelta(days=120)
    valuation = run_value(as_of=as_of)
    assert valuation.as_of == as_of
    latest = selectors.figures(actors["administrator"]).order_by("-last_purchase").first().last_purchase
    assert latest <= as_of


def test_a_margin_takes_the_place_of_unknown_costs(shop, actors, run_value, monkeypatch):
    assert run_value(margin="30%").basis == "net_profit"
    assert Valuation.objects.first().card["run"]["margin"]["overall"] == 0.3


def test_money_is_exact_to_the_database(actors, value):
    amount = Decimal("12345678901.2345")
    value(lambda rows: [row.update(customer_value=amount) for row in rows])
    assert selectors.figures(actors["administrator"]).first().customer_value == amount
