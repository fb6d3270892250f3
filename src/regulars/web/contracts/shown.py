"""What the pages say of contracts: tiles, the curve, groups, a customer's line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regulars.report.formats import amount, full, integer, known, number, percent, words
from regulars.web.contracts.asked import Asked, without_options
from regulars.web.contracts.models import ContractRun
from regulars.web.core.words import current_lang
from regulars.web.customers.taxonomy import Kind, SourceChannel

Row = Mapping[str, Any]
LEVEL = "90%"
FEATURES = {
    "kind": gettext_lazy("Person or organisation"),
    "source_channel": gettext_lazy("How they came"),
    "region": gettext_lazy("Region"),
    "store": gettext_lazy("Store"),
}
STATES = {
    "running": gettext_lazy("runs"),
    "undecided": gettext_lazy("due, not decided yet"),
    "left": gettext_lazy("has left"),
}
MOST_STEPS = 36


def said(text: Any) -> str:
    """Return a text of the card in the reader's language, without options of commands."""
    return without_options(words(text)[current_lang()]) if text else ""


def money(value: Any, run: ContractRun) -> str:
    """Return money in short."""
    return str(amount(float(value), run.currency)[current_lang()]) if known(value) else "–"


def horizon(run: ContractRun) -> str:
    """Return how far ahead a run looked."""
    return _("{n} months").format(n=integer(Asked.of(run.parameters).horizon_months))


def tiles(figures: Row, run: ContractRun) -> list[dict[str, str]]:
    """Return the headline figures."""
    going = figures["running"] + figures["undecided"]
    totals, basis = figures["totals"], run.card.get("basis")
    why = said(run.card.get("not_enough"))
    found = [
        {
            "label": _("Contracts running"),
            "value": integer(going),
            "note": _("of {n} relationships; {left} have left, {due} are due and undecided").format(
                n=integer(figures["customers"]), left=integer(figures["left"]), due=integer(figures["undecided"])
            ),
        }
    ]
    leaving = figures["leaving_next"]
    found.append(
        {
            "label": _("Expected to leave at their next renewal"),
            "value": integer(leaving) if leaving is not None else "",
            "note": _("{share} of those running").format(share=percent(leaving / going, 1))
            if leaving is not None and going
            else why,
        }
    )
    made = totals.get("renewals")
    found.append(
        {
            "label": _("Renewals to come"),
            "value": integer(made["value"]) if made else "",
            "note": _("Next {h}, {level} in {low} – {high}").format(
                h=horizon(run), level=LEVEL, low=integer(made["low"]), high=integer(made["high"])
            )
            if made
            else why,
        }
    )
    worth = totals.get("value")
    if basis and worth:
        counted = _("revenue") if basis == "revenue" else _("gross profit")
        note = _("Next {h}, {basis}, {level} in {low} – {high}").format(
            h=horizon(run), basis=counted, level=LEVEL, low=money(worth["low"], run), high=money(worth["high"], run)
        )
        found.append({"label": _("Value to come"), "value": money(worth["value"], run), "note": note})
    else:
        note = why or _("There are no amounts: renewals are counted, their value is not known.")
        found.append({"label": _("Value to come"), "value": "", "note": note})
    return found


def curve(figures: Row, run: ContractRun) -> dict[str, Any] | None:
    """Return survival as counted with its interval, both models beside it, for chart and table."""
    rows = figures["survival"][:MOST_STEPS]
    if not rows:
        return None
    models = {row["renewal"]: row for row in run.card.get("survival") or []}
    names = list((run.card.get("model") or {}).get("models") or {})
    chosen = (run.card.get("model") or {}).get("chosen")
    lines = {
        name: [models[row["renewal"]][name]["survival"] for row in rows if row["renewal"] in models] for name in names
    }
    head = [
        _("Renewal"),
        _("Came up"),
        _("Still there, as counted"),
        _("{level} interval").format(level="95%"),
        _("Renewed"),
        *names,
    ]
    table = [
        [
            integer(row["renewal"]),
            integer(row["at_risk"]),
            percent(row["survival"], 1),
            f"{percent(row['low'], 1)} – {percent(row['high'], 1)}",
            percent(1 - row["refused"] / row["at_risk"], 1) if row["at_risk"] else "–",
            *[percent(models[row["renewal"]][n]["survival"], 1) if row["renewal"] in models else "–" for n in names],
        ]
        for row in rows
    ]
    last, first = rows[-1], rows[0]
    finding = _("{first} make their first renewal; after {n} renewals {share} are still there.").format(
        first=percent(first["survival"], 0), n=integer(last["renewal"]), share=percent(last["survival"], 0)
    )
    return {
        "finding": finding,
        "data": {
            "counted": [[0, 1, 1, 1]] + [[r["renewal"], r["survival"], r["low"], r["high"]] for r in rows],
            "models": [
                {"name": name, "chosen": name == chosen, "values": [1, *values]} for name, values in lines.items()
            ],
            "axis": _("renewals"),
            "name": _("as counted"),
        },
        "table": {"head": head, "rows": table},
    }


def groups(figures: Row) -> list[dict[str, Any]]:
    """Return retention by what is known of customers."""
    found = []
    for name, rows in figures["groups"].items():
        if len(rows) > 1:
            found.append({"key": name, "title": FEATURES.get(name, name), "rows": [_group(name, row) for row in rows]})
    return found


def _group(name: str, row: Row) -> list[str]:
    return [
        _level(name, row["value"]),
        integer(row["running"]),
        integer(row["renewals"]),
        "–" if row["retention"] is None else percent(row["retention"], 1),
        "–" if row["low"] is None else f"{percent(row['low'], 1)} – {percent(row['high'], 1)}",
        "–" if row["leaving_next"] is None else percent(row["leaving_next"], 1),
    ]


def _level(name: str, value: str | None) -> str:
    if value is None:
        return _("not known")
    labels: dict[str, Any] = {"kind": dict(Kind.choices), "source_channel": dict(SourceChannel.choices)}.get(name, {})
    return str(labels.get(value, value))


def model(run: ContractRun) -> dict[str, Any] | None:
    """Return which model told the chances and how it did on the periods held out; None without one."""
    found = run.card.get("model")
    if not found:
        return None
    held = found.get("holdout")
    told = run.card.get("features")
    lines = [_("{model}: {why}.").format(model=found["chosen"], why=said(found["reason"]).rstrip("。."))]
    if told and told["used"]:
        lines.append(_("What is known of customers tells who leaves: each one’s chance comes from it."))
    elif told:
        lines.append(_("What is known of customers does not tell who leaves: it is not used."))
    rows = [
        (_name(one["name"]), one["name"] == found["chosen"], number(one["log_score"], 4), percent(one["survival"], 1))
        for one in (held["models"] if held else [])
    ]
    seen = ""
    if held:
        share, low, high = held["seen"]
        seen = _("Of {n} relationships held out {share} stayed ({low} – {high}).").format(
            n=integer(held["customers"]), share=percent(share, 1), low=percent(low, 1), high=percent(high, 1)
        )
    return {"lines": lines, "rows": rows, "seen": seen}


def _name(model: str) -> str:
    return _("one constant rate") if model == "constant" else model


def weak(run: ContractRun) -> list[str]:
    """Return where the numbers are weak."""
    return [said(line) for line in run.card.get("weak") or []]


def facts(run: ContractRun) -> list[tuple[str, str]]:
    """Return what a run rests on."""
    card, asked = run.card, Asked.of(run.parameters)
    found = [
        (_("A period is"), said(card["period"])),
        (_("Renewals that came up"), integer(card["renewals_seen"])),
        (_("Renewals refused"), integer(card["refused"])),
        (_("May still be renewed after its end"), _("{n} days").format(n=integer(card["grace_days"]))),
        (_("Horizon"), horizon(run)),
        (_("Discount rate a year"), percent(asked.discount_rate)),
    ]
    if asked.margin is not None:
        found.append((_("Margin"), percent(asked.margin)))
    return found


def person(row: Row, name: str, run: ContractRun) -> dict[str, Any]:
    """Return one running contract for a table."""
    return {
        "number": row["customer_id"],
        "name": name,
        "contract": row["contract_id"] if not str(row["contract_id"]).startswith("customer-") else "",
        "state": STATES[row["state"]] if row["state"] != "running" else "",
        "renewals": row["renewals"],
        "due": row["next_due"],
        "leaves": row["p_leaves_next"],
        "value": None if row["future_value"] is None else full(float(row["future_value"]), run.currency),
        "interval": ""
        if row["future_value_low"] is None
        else f"{full(float(row['future_value_low']), run.currency)} – "
        f"{full(float(row['future_value_high']), run.currency)}",
    }


def people(rows: Sequence[Row], names: Mapping[int, str], run: ContractRun) -> list[dict[str, Any]]:
    """Return the running contracts of those whose names may be read."""
    return [person(row, names[row["customer_id"]], run) for row in rows if row["customer_id"] in names]


def on_customer(row: Row, run: ContractRun) -> dict[str, Any]:
    """Return a contract as the customer's page tells it."""
    known_value = row["future_value"] is not None
    return {
        **person(row, "", run),
        "said": STATES[row["state"]],
        "left": row["state"] == "left",
        "since": row["started_on"],
        "returned": row["returned"],
        "expected": None if row["expected_renewals"] is None else number(row["expected_renewals"], 1),
        "low": row["renewals_low"],
        "high": row["renewals_high"],
        "amount": None if row["amount"] is None else full(float(row["amount"]), run.currency),
        "worth": money(row["future_value"], run) if known_value else "",
        "basis": _("revenue") if run.card.get("basis") == "revenue" else _("gross profit"),
        "horizon": horizon(run),
        "why": said(run.card.get("not_enough")),
    }
