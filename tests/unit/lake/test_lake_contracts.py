"""Contracts: what a frame must be, and what the lake must never hold."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import polars as pl
import pyarrow as pa
import pytest
from tests.unit.lake.rows import FIRST, line, lines, stored, table_of

from regulars.errors import InputError
from regulars.lake import CONTRACTS, Lake, contract_of
from regulars.lake.contract import CODE, CODES, ID, LABEL
from regulars.valuation.columns import TYPES

FREE_TEXT = {"name", "phone", "mobile", "email", "address", "birthday", "birth_date", "gender", "note", "notes", "text"}
ARCHITECTURE = {
    "customers": ("customer_id",),
    "products": ("product_id",),
    "transaction_lines": ("source", "order_id", "line_no"),
    "payments": ("source", "invoice_id"),
    "activities": ("source", "activity_id"),
    "cost_pools": ("period", "activity"),
    "subscriptions": ("source", "contract_id", "period"),
    "events": ("source", "event_id"),
    "measures": ("customer_id", "metric", "period"),
    "responses": ("source", "response_id", "metric"),
    "exposures": ("experiment_id", "customer_id"),
    "customer_value": ("valuation_id", "customer_id"),
}


def test_grain_and_key_are_those_of_the_architecture():
    assert {name: contract.key for name, contract in CONTRACTS.items()} == ARCHITECTURE


@pytest.mark.parametrize("name", CONTRACTS)
def test_a_contract_is_consistent(name):
    contract = CONTRACTS[name]
    columns = [column.name for column in contract.stored]
    assert len(columns) == len(set(columns))
    assert set(contract.key) | set(contract.sort) <= set(columns)
    assert all(column.required for column in contract.stored if column.name in contract.key)
    assert contract.sort[0] == "customer_id" or "customer_id" not in columns


@pytest.mark.parametrize("name", sorted(set(CONTRACTS) - {"products"}))
def test_no_column_can_hold_a_persons_particulars(name):
    assert {column.name for column in CONTRACTS[name].columns} & FREE_TEXT == set()


@pytest.mark.parametrize("name", CONTRACTS)
def test_people_are_surrogates(name):
    people = {"customer_id", "owner_id", "household_id", "staff_id"}
    assert {c.name for c in CONTRACTS[name].columns if c.name in people and c.kind is not ID} == set()


def test_the_log_states_no_range_of_texts():
    assert {c.pruned_by for c in CONTRACTS.values()} == {"customer_id", None}


def test_customer_value_has_the_columns_of_a_valuation():
    brought = [column.name for column in contract_of("customer_value").columns]
    assert brought == ["valuation_id", "customer_id", *TYPES]


REFUSED = {
    "no such column": (
        lines(line("A")).append_column("phone", pa.array(["+49 30 1234"])),
        "table transaction_lines, column phone: the contract has no such column",
    ),
    "a missing column": (
        lines(line("A")).drop(["net_amount"]),
        "table transaction_lines, column net_amount: the column is missing",
    ),
    "another type": (
        lines(line("A")).set_column(0, "order_id", pa.array([1.5])),
        "table transaction_lines, column order_id: it is DOUBLE and should be VARCHAR",
    ),
    "money as a float": (
        lines(line("A")).drop(["net_amount"]).append_column("net_amount", pa.array([9.9])),
        "table transaction_lines, column net_amount: it is DOUBLE and should be DECIMAL(18,4)",
    ),
    "empty cells": (
        lines(line("A"), line("B", business_date=None), line("C", business_date=None)),
        "table transaction_lines, column business_date: every row needs a value (rows without: 2)",
    ),
    "empty codes": (
        lines(line(""), line("B")),
        "table transaction_lines, column order_id: every row needs a value (rows without: 1)",
    ),
    "too much money": (
        lines(line("A"))
        .drop(["net_amount"])
        .append_column("net_amount", pa.array([Decimal("1e20")], pa.decimal128(38, 4))),
        "table transaction_lines, column net_amount: values must fit DECIMAL(18,4) (rows that do not: 1)",
    ),
    "a kind that is none": (
        lines(line("A", kind="gift"), line("B")),
        "table transaction_lines, column kind: it is one of sale, return (rows that are not: 1)",
    ),
    "a text among codes": (
        lines(line("A", channel="x" * 201)),
        "table transaction_lines, column channel: "
        "the lake keeps codes, no texts: 200 characters at most (rows with more: 1)",
    ),
    "a shared key": (
        lines(line("A"), line("B"), line("A", net_amount=Decimal(1))),
        "table transaction_lines, column order_id, line_no: the key names one row (rows that share theirs: 2)",
    ),
    "a time without zone": (
        lines(line("A")).drop(["ordered_at"]).append_column("ordered_at", pa.array([datetime(2026, 6, 1)])),
        "table transaction_lines, column ordered_at: it is TIMESTAMP and should be TIMESTAMP WITH TIME ZONE",
    ),
}


@pytest.mark.parametrize("fault", REFUSED)
def test_a_broken_frame_is_refused_whole_and_by_name(lake: Lake, fault):
    table, message = REFUSED[fault]
    with pytest.raises(InputError) as refusal:
        lake.write("transaction_lines", table, source="shop", recorded_at=FIRST)
    assert refusal.value.message("en").splitlines()[0] == message
    assert len(refusal.value.message("zh").splitlines()) == 2
    assert lake.version("transaction_lines") is None


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_what_is_no_number_is_refused(lake: Lake, bad):
    row = {"customer_id": 1, "metric": "minutes", "period": "2026-06", "value": bad}
    with pytest.raises(InputError, match="column value: it is a finite number"):
        lake.write("measures", table_of("measures", [row]), source="app", recorded_at=FIRST)


@pytest.mark.parametrize("source", ["", "s" * 201])
def test_a_source_is_a_code(lake: Lake, source):
    with pytest.raises(InputError, match="source"):
        lake.write("transaction_lines", lines(line("A")), source=source, recorded_at=FIRST)


def test_a_moment_of_recording_needs_a_zone(lake: Lake):
    with pytest.raises(InputError, match="recorded_at has no time zone"):
        lake.write("transaction_lines", lines(line("A")), source="shop", recorded_at=datetime(2026, 7, 1))


def test_an_unknown_table_is_named_with_those_there_are(lake: Lake):
    with pytest.raises(InputError, match="no table 'orders'\nIts tables: customers, products, transaction_lines"):
        lake.write("orders", lines(line("A")), source="shop", recorded_at=FIRST)


def test_local_times_are_taken_for_those_of_the_zone(lake: Lake):
    local = pl.DataFrame({**{k: [v] for k, v in line("A").items()}, "ordered_at": [datetime(2026, 6, 1, 8, 30)]})
    frame = local.with_columns(pl.col("line_no").cast(pl.Int32), pl.col("customer_id").cast(pl.Int16))
    lake.write("transaction_lines", frame, source="shop", recorded_at=FIRST, zone="Asia/Shanghai")
    (row,) = stored(lake)
    assert row["ordered_at"].isoformat() == "2026-06-01T00:30:00+00:00"


def test_codes_may_come_as_numbers_and_lists_as_lists(lake: Lake):
    rows = pa.table({"customer_id": [7], "kind": ["person"], "region": [31], "attributes": [["size=m", "trade=tea"]]})
    lake.write("customers", rows, source="crm", recorded_at=FIRST)
    (row,) = stored(lake, "customers")
    assert (row["region"], row["attributes"], row["owner_id"]) == ("31", ["size=m", "trade=tea"], None)
    assert lake.write("customers", rows, source="crm", recorded_at=FIRST).same == 1


def test_every_text_column_is_a_code_or_a_label():
    kinds = {c.kind for contract in CONTRACTS.values() for c in contract.columns if "VARCHAR" in c.kind.sql}
    assert kinds == {CODE, CODES, LABEL}
