"""Scoring by the parameters of an earlier run: the same numbers where nothing is new, no fit, and a word on refits."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from regulars import engine
from regulars.errors import InputError
from regulars.ingest import ReadOptions, read_orders
from regulars.measure.margin import Margin
from regulars.valuation import Given, Settings, Valuation, figures, model_card, value_orders

LAST = date(2025, 6, 29)
EARLIER = LAST - timedelta(days=56)


class Scored:
    """One run, by its customers' bytes, card and figures; the card as a file gives it back."""

    def __init__(self, valuation: Valuation, file: Path) -> None:
        self.bytes = file.read_bytes()
        self.table = pq.read_table(file)
        self.card: dict[str, Any] = json.loads(json.dumps(model_card(valuation), allow_nan=False))
        self.figures = figures(valuation)


def run(lines: pa.Table, folder: Path, *, as_of: date = LAST, settings: Settings | None = None, **how: Any) -> Scored:
    pq.write_table(lines, folder / "orders.parquet")
    with engine.session(threads=2) as connection:
        orders = read_orders(folder / "orders.parquet", options=ReadOptions(as_of=as_of), connection=connection)
        file = folder / "customer_value.parquet"
        return Scored(value_orders(orders, settings, path=file, **how), file)


@pytest.fixture(scope="module")
def fitted(lines: pa.Table, tmp_path_factory: pytest.TempPathFactory) -> Scored:
    settings = replace(Settings(), margin=Margin.read("35%"), horizon_days=182)
    return run(lines, tmp_path_factory.mktemp("fitted"), as_of=EARLIER, settings=settings)


def test_given_scores_nothing_new_bit_for_bit(fitted: Scored, lines: pa.Table, tmp_path: Path) -> None:
    """Also the totals' intervals, which rest on the law of the estimates: the card carries it."""
    again = run(lines, tmp_path, as_of=EARLIER, given=Given.of(fitted.card))
    assert again.bytes == fitted.bytes
    assert again.figures["totals"] == fitted.figures["totals"]
    same = ("run", "data", "choice", "holdout", "rules")
    assert {k: again.card[k] for k in same} == {k: fitted.card[k] for k in same}
    model, before = (c["model"] for c in (again.card, fitted.card))
    assert model == before


def test_given_says_so(fitted: Scored, lines: pa.Table, tmp_path: Path) -> None:
    found = run(lines, tmp_path, given=Given.of(fitted.card))
    assert fitted.card["given"] is None
    said = found.card["given"]
    assert said["as_of"] == EARLIER.isoformat()
    assert said["refit"]["due"] is False
    assert said["text"]["en"].startswith(f"Scored with the parameters of {EARLIER}, nothing fitted. Refit due: no. ")
    assert "56" in said["text"]["zh"]
    assert found.card["run"]["as_of"] == LAST.isoformat()
    assert found.card["model"]["fitted_on"] == EARLIER.isoformat()
    assert found.card["rules"]["tiers"] == fitted.card["rules"]["tiers"]
    assert found.table.num_rows >= fitted.table.num_rows


def test_given_passes_its_parameters_on(fitted: Scored, lines: pa.Table, tmp_path: Path) -> None:
    (tmp_path / "by way of").mkdir()
    between = run(lines, tmp_path / "by way of", as_of=EARLIER + timedelta(days=14), given=Given.of(fitted.card))
    assert (
        run(lines, tmp_path, given=Given.of(between.card)).bytes
        == run(lines, tmp_path, given=Given.of(fitted.card)).bytes
    )


def test_given_is_renewed_when_due(fitted: Scored, lines: pa.Table, tmp_path: Path) -> None:
    """Nobody buys any more: the model no longer says what happens."""
    times = pc.cast(lines["order_time"], pa.date32())
    kept = lines.filter(pc.less_equal(times, pa.scalar(EARLIER)))
    found = run(kept, tmp_path, given=Given.of(fitted.card), renew=True)
    assert found.card["given"]["renewed"] is True
    assert found.card["given"]["refit"]["due"] is True
    assert found.card["model"]["fitted_on"] == LAST.isoformat()
    stays = run(kept, tmp_path, given=Given.of(fitted.card))
    assert stays.card["model"]["fitted_on"] == EARLIER.isoformat()
    assert stays.card["given"]["refit"]["due"] is True
    assert any("refit is due" in line["en"] for line in stays.card["weak"])


def test_given_refuses_what_it_cannot_score(fitted: Scored, lines: pa.Table, tmp_path: Path) -> None:
    given = Given.of(fitted.card)
    with pytest.raises(InputError, match="before that of the parameters"):
        run(lines, tmp_path, as_of=EARLIER - timedelta(days=1), given=given)
    with pytest.raises(InputError, match="net profit then and are in revenue now"):
        run(lines.drop(["unit_cost"]), tmp_path, given=given, settings=replace(given.settings, margin=None))
    with pytest.raises(InputError, match="differ from that run"):
        run(lines, tmp_path, given=given, settings=replace(given.settings, horizon_days=364))
    with pytest.raises(InputError, match="older version"):
        Given.of({**fitted.card, "rules": {}})
    with pytest.raises(InputError, match="no model_card"):
        Given.read(tmp_path)
    card = fitted.card | {"model": {"name": None}}
    with pytest.raises(InputError, match="no model to go on with"):
        Given.of(card)
