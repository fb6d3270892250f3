"""What is sent and what comes back about a valuation as a whole: its model, how it was tested, what-ifs."""

from __future__ import annotations

from datetime import date
from typing import Any

from ninja import Schema
from pydantic import Field

Text = dict[str, str]
"""A sentence in both languages, by `zh` and `en`."""


class Dated(Schema):
    """What says as of which day, and in what."""

    as_of: date | None
    currency: str


class ModelCard(Dated):
    """Which forecast, with its parameters; why; where it is weak. Null where there is none."""

    model: dict[str, Any] | None
    choice: dict[str, Any] | None
    not_enough: Text | None
    untested: Text | None
    weak: list[Text] | None


class Tournament(Dated):
    """Models and naive rules beside what happened; what the valuation's card does not carry is null or empty."""

    origin: date
    until: date
    n_customers: int
    chosen: str
    models: list[dict[str, Any]] = Field(description="One a forecast: errors, ranking, calibration where it was judged")
    coverage90: float | None = None
    mean_width: float | None = None
    pit: list[float] | None = None
    pit_distance: float | None = None
    total_interval: list[float] | None = None
    contains: bool | None = None
    deciles: list[dict[str, float]]
    by_repeats: list[dict[str, float]]
    against: Text | None = None
    lost_to: Text | None = None
    challenger: Text | None = None


class WhatIfAsked(Schema):
    """What is asked; what is left out is as the valuation has it."""

    weeks: float | None = Field(None, gt=0, le=1040, description="How far ahead")
    to_the_end: bool = Field(False, description="The whole remaining relationship instead")
    rate: float | None = Field(None, ge=0, le=0.99, description="Effective annual discount rate")
    lower: float = Field(0.0, ge=0, le=0.9, description="By which share customers leave less")


class Point(Schema):
    """Expected purchases and what they are worth; null where that has no end."""

    weeks: float | None
    rate: float
    lower: float
    purchases: float | None
    value: float | None
    change: float | None


class WhatIf(Dated):
    """Value to come of the customers reached, as valued, as asked, and as it hangs on each of the three."""

    customers: float
    as_valued: Point
    asked: Point
    by_horizon: list[Point]
    by_rate: list[Point]
    by_retention: list[Point]
    scaled: Text | None = Field(description="What a lower dropout scales; null where the model has none")
