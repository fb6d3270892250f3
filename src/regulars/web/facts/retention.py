"""Who came back and who fell silent, of the customers that a person reaches, by class, team, source or channel."""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Mapping, Sequence
from typing import Any

import narwhals as nw
import pyarrow as pa

from regulars import engine
from regulars.engine import Frame
from regulars.errors import NotEnoughData
from regulars.measure import purchase_occasions
from regulars.web.core.actor import Actor
from regulars.web.customers import selectors as customers
from regulars.web.facts import values
from regulars.web.facts.access import reading
from regulars.web.facts.kept import kept
from regulars.web.facts.lines import lines_read
from regulars.web.facts.totals import FEWEST
from regulars.web.facts.values import Run

OF_CLASS, OF_RECORD, OF_ORDERS = ("matrix", "tier"), {"team": "team_id", "source": "source_channel"}, ("channel",)
BY = ("", *OF_CLASS, *OF_RECORD, *OF_ORDERS)
"""What customers can be grouped by: not at all, by class, by what their record says, by their first order."""
MOST = 8
"""Groups shown; the smaller ones are counted together under `OTHERS`."""
OTHERS = "…"
STEP, TWO_YEARS = 7, 730
WIDEST = 0.3
"""A curve ends where its interval is wider."""


def retention(actor: Actor, by: str = "", *, valuation: int | None = None) -> dict[str, Any] | None:
    """Return what `regulars.prove.retention` saw of the customers that `actor` reaches, in plain numbers.

    Who may read values but not open records gets everybody's figures without small cells, and no grouping by what a
    record says.

    Parameters
    ----------
    by
        One of `BY`.

    Returns
    -------
    dict or None
        ``silence, as_of, whole, groups`` or ``why`` (in both languages) where the data do not carry it; each group
        ``key, n, again, staying`` [[day, share, low, high, customers seen]], ``churn`` [[first day, active, gone]],
        ``retained, repeated`` [hits, of, low, high]. None without a valuation.
    """
    actor.require("valuations.read")
    run, opens = values.run_of(valuation), actor.may("customers.read")
    if run is None or by not in BY or (by in OF_RECORD and not opens):
        return None
    of_record = _of_record(actor, OF_RECORD[by]) if by in OF_RECORD else None
    name = f"retention:{run.valuation_id}:{by}:{_digest(of_record)}"
    found = kept(name, actor if opens else None, lambda numbers: _seen(run, numbers, by, of_record))
    return found if opens else _without_small(found)


def _of_record(actor: Actor, column: str) -> pa.Table:
    rows = customers.visible(actor).exclude(**{f"{column}__isnull": True}).order_by("pk").values_list("pk", column)
    found = [(pk, str(value)) for pk, value in rows.iterator(chunk_size=50_000) if value != ""]
    return pa.table({"customer_id": pa.array([pk for pk, _ in found], pa.int64()), "group": [key for _, key in found]})


def _digest(table: pa.Table | None) -> str:
    """Return what tells one state of the records from another, so that who changes hands is counted anew."""
    if table is None:
        return ""
    text = array("q", table["customer_id"].to_pylist()).tobytes() + "\n".join(table["group"].to_pylist()).encode()
    return hashlib.sha256(text).hexdigest()[:16]


def _seen(run: Run, numbers: Sequence[int] | None, by: str, of_record: pa.Table | None) -> dict[str, Any]:
    from regulars.prove.retention import retention as seen  # brings SciPy along: pages start without it

    with reading() as connection:
        lines = lines_read(run, numbers)
        occasions = engine.persist(purchase_occasions(lines))
        if of_record is not None:
            groups: Frame | None = engine.lookup(occasions, of_record)
        elif by in OF_CLASS:
            rows = values.of_customers(connection, values.open_file(connection, run), numbers)
            groups = engine.frame(rows).select("customer_id", nw.col(by).alias("group"))
        else:
            groups = _by_first_order(lines, by) if by else None
        groups = None if groups is None else _largest(groups.filter(~nw.col("group").is_null()))
        try:
            found = seen(occasions, as_of=run.as_of, groups=groups)
        except NotEnoughData as error:
            return {"why": error.why.as_dict(), "as_of": run.as_of.isoformat(), "n": engine.n_rows(occasions)}
    return {
        "silence": found.silence,
        "as_of": run.as_of.isoformat(),
        "whole": _plain(found.whole),
        "groups": [_plain(one) for one in sorted(found.groups, key=lambda one: (one.key in (None, OTHERS), -one.n))],
    }


def _by_first_order(lines: Frame, column: str) -> Frame:
    """Return the value that stands on each customer's first sale; of several on that day, the first by name."""
    sales = lines.filter((nw.col("kind") == "sale") & ~nw.col(column).is_null())
    days = sales.group_by("customer_id", "occasion_date").agg(nw.col(column).min())
    return engine.group_with_first(days, ["customer_id"], value=column, order_by="occasion_date", name="group").select(
        "customer_id", "group"
    )


def _largest(groups: Frame) -> Frame:
    """Count all but the largest groups together."""
    table = engine.persist(groups)
    sizes = engine.to_arrow(table.group_by("group").agg(nw.len().alias("n"))).to_pylist()
    large = [one["group"] for one in sorted(sizes, key=lambda one: (-one["n"], one["group"]))[:MOST]]
    if len(large) == len(sizes):
        return table
    named = nw.when(nw.col("group").is_in(large)).then(nw.col("group")).otherwise(nw.lit(OTHERS))
    return table.with_columns(named.alias("group"))


def _plain(group: Any) -> dict[str, Any]:
    return {
        "key": group.key,
        "n": group.n,
        "again": _steps(group.again),
        "staying": _steps(group.staying),
        "churn": [[one.start.isoformat(), one.active, one.gone] for one in group.churn],
        "retained": _rate(group.retained),
        "repeated": _rate(group.repeated),
    }


def _steps(curve: Any) -> list[list[float]]:
    """Return the curve week by week for two years, for as long as it says something: [day, share, low, high, seen]."""
    found = []
    for day in range(0, min(curve.last, TWO_YEARS) + 1, STEP):
        at = curve.at(day)
        if at is None or at[2] - at[1] > WIDEST:
            break
        found.append([day, *at, curve.seen_at(day)])
    return found


def _rate(rate: Any) -> list[float] | None:
    return None if rate is None else [rate.hits, rate.trials, rate.low, rate.high]


def _without_small(found: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what would tell of fewer than `FEWEST` customers."""
    if "whole" not in found:
        return dict(found)
    whole = _hidden(found["whole"]) if found["whole"]["n"] >= FEWEST else None
    if whole is None:
        return {name: found[name] for name in ("silence", "as_of")} | {"why": None}
    large = [one for one in found["groups"] if one["n"] >= FEWEST]
    if len(large) == len(found["groups"]) - 1 and large:  # the one left out would follow from the others
        large.remove(min(large, key=lambda one: one["n"]))
    return {**found, "whole": whole, "groups": [_hidden(one) for one in large]}


def _hidden(group: Mapping[str, Any]) -> dict[str, Any]:
    churn = [one for one in group["churn"] if one[1] >= FEWEST and not 0 < one[2] < FEWEST]
    rates = {
        name: None if group[name] and 0 < min(group[name][0], group[name][1] - group[name][0]) < FEWEST else group[name]
        for name in ("retained", "repeated")
    }
    curves = {name: [step for step in group[name] if step[-1] >= FEWEST] for name in ("again", "staying")}
    return {**group, **rates, **curves, "churn": churn}
