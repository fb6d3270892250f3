"""What a user hands the lifetime models: any frame, and clear words for what cannot be right."""

from __future__ import annotations

from typing import Any

import duckdb
import narwhals as nw
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from regulars.errors import InputError, NotEnoughData
from regulars.measure.lifetime import BetaGeoNBD, GammaGamma, ModifiedBetaGeoNBD, ParetoNBD

COLUMNS = {
    "x": [2, 1, 0, 7, 0, 3],
    "t_x": [30.43, 1.71, 0.0, 29.43, 0.0, 20.0],
    "T": [38.86, 38.86, 38.86, 38.86, 31.0, 31.0],
    "mean_repeat_spend": [22.35, 11.77, 0.0, 73.74, 0.0, 15.0],
}
FRAMES = {
    "polars": pl.DataFrame,
    "polars lazy": lambda c: pl.DataFrame(c).lazy(),
    "pandas": pd.DataFrame,
    "pyarrow": pa.table,
    "narwhals": lambda c: nw.from_native(pl.DataFrame(c)),
}


@pytest.mark.parametrize("kind", [BetaGeoNBD, ModifiedBetaGeoNBD, ParetoNBD])
@pytest.mark.parametrize("frame", FRAMES)
def test_every_frame_gives_the_same_fit(kind: Any, frame: str) -> None:
    summary = FRAMES[frame](COLUMNS)
    model = kind().fit(summary)
    same = kind().fit_grouped(COLUMNS["x"], COLUMNS["t_x"], COLUMNS["T"], 1)
    assert model.get_params() == same.get_params()
    assert model.n_customers_ == 6
    assert model.expected_purchases(summary, 39).shape == (6,)
    assert GammaGamma().fit(summary).n_customers_ == 4


def test_a_duckdb_relation_is_a_frame() -> None:
    with duckdb.connect() as connection:
        connection.register("summary", pa.table(COLUMNS))
        relation = connection.sql("select * from summary")
        model = ModifiedBetaGeoNBD().fit(relation)
        alive = model.probability_alive(relation)
    assert alive.tolist() == model.probability_alive(pa.table(COLUMNS)).tolist()


def test_known_parameters_need_no_fit() -> None:
    model = ParetoNBD.from_params(r=0.55, alpha=10.6, s=0.61, beta=11.7)
    assert model.get_params() == {"unit": "week", "r": 0.55, "alpha": 10.6, "s": 0.61, "beta": 11.7}
    assert repr(model) == "ParetoNBD(unit='week', r=0.55, alpha=10.6, s=0.61, beta=11.7)"
    assert model.log_likelihood_ is None
    assert np.all(model.draw_parameters(3) == [0.55, 10.6, 0.61, 11.7])


@pytest.mark.parametrize(
    "parameters", [{"r": 1.0, "alpha": 1.0, "a": 1.0}, {"r": 1.0, "alpha": 1.0, "a": -1.0, "b": 1.0}]
)
def test_wrong_parameters_are_refused(parameters: dict[str, float]) -> None:
    with pytest.raises(InputError, match="all positive"):
        BetaGeoNBD.from_params(**parameters)
    with pytest.raises(InputError, match="all positive"):
        GammaGamma.from_params(p=1.0, q=0.0, v=1.0)


def test_a_model_without_parameters_says_what_to_do() -> None:
    for call in (lambda: BetaGeoNBD().expected_purchases_new(1.0), lambda: GammaGamma().expected_spend_at(1, 2.0)):
        with pytest.raises(InputError, match="fit or from_params"):
            call()


@pytest.mark.parametrize(
    ("x", "t_x", "T", "words"),
    [
        ([1, 2], [1.0, 5.0], [2.0, 4.0], "1 rows: t_x is not between 0 and T .first at row 2"),
        ([-1], [0.0], [4.0], "whole number"),
        ([1.5], [1.0], [4.0], "whole number"),
        ([0], [1.0], [4.0], "without a repeat purchase"),
        ([1], [np.nan], [4.0], "finite"),
    ],
)
def test_impossible_rows_are_named(x: list[float], t_x: list[float], T: list[float], words: str) -> None:
    with pytest.raises(InputError, match=words):
        BetaGeoNBD().fit(pl.DataFrame({"x": x, "t_x": t_x, "T": T}))


def test_missing_columns_are_named() -> None:
    with pytest.raises(InputError, match=r"t_x, T.*there are: x, frequency"):
        BetaGeoNBD().fit(pl.DataFrame({"x": [1], "frequency": [1]}))


@pytest.mark.parametrize("kind", [BetaGeoNBD, ModifiedBetaGeoNBD, ParetoNBD])
def test_nobody_came_back(kind: Any) -> None:
    with pytest.raises(NotEnoughData, match="second time") as caught:
        kind().fit(pl.DataFrame({"x": [0, 0], "t_x": [0.0, 0.0], "T": [3.0, 4.0]}))
    assert "第二次" in caught.value.why.zh


@pytest.mark.parametrize("t", [-1.0, np.nan, np.inf])
def test_horizons_are_checked(t: float) -> None:
    model = BetaGeoNBD.from_params(r=0.243, alpha=4.414, a=0.793, b=2.426)
    with pytest.raises(InputError, match="horizon"):
        model.expected_purchases_at(1, 2, 3, t)


def test_an_empty_base_is_scored_to_nothing() -> None:
    model = ModifiedBetaGeoNBD.from_params(r=0.5, alpha=6.0, a=0.9, b=1.6)
    nothing = pl.DataFrame({"x": [], "t_x": [], "T": []}, schema={"x": pl.Int64, "t_x": pl.Float64, "T": pl.Float64})
    assert model.probability_alive(nothing).shape == (0,)
    assert model.expected_purchases(nothing, 52).shape == (0,)
    low, high = model.purchase_interval([], [], [], 52)
    assert len(low) == len(high) == 0


def test_grouped_counts_weigh() -> None:
    once = ModifiedBetaGeoNBD().fit_grouped(COLUMNS["x"] * 3, COLUMNS["t_x"] * 3, COLUMNS["T"] * 3, 1)
    thrice = ModifiedBetaGeoNBD().fit_grouped(COLUMNS["x"], COLUMNS["t_x"], COLUMNS["T"], 3)
    assert once.n_customers_ == thrice.n_customers_ == 18
    assert once.log_likelihood_ == pytest.approx(thrice.log_likelihood_, abs=1e-7)
