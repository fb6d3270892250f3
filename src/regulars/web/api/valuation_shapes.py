"""What is sent and what comes back about a valuation as a whole: its model, how it was tested, what-ifs."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Literal

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
    given: dict[str, Any] | None = Field(description="The earlier fit behind the scores; null: fitted in this run")
    relationship: dict[str, Any] | None = Field(description="Contractual, discrete or continuous, with the evidence")
    run: dict[str, Any] | None = Field(description="What the run was asked for")
    choice: dict[str, Any] | None
    spend_choice: dict[str, Any] | None
    not_enough: Text | None
    untested: Text | None
    weak: list[Text] | None


Rate = Annotated[Decimal, Field(ge=-10, le=1)]


class RunAsked(Schema):
    """What a run is asked for; what is left out has its default. `GET` of a run shows what the last one was asked."""

    model_config = {"extra": "forbid"}

    as_of: date | None = Field(None, description="The day from which all is seen; null: the last in the data")
    margin: Rate | None = Field(None, description="Left of revenue after product cost where lines carry no cost")
    margins: dict[str, Rate] = Field(default_factory=dict, description="The same for single categories")
    horizon_days: int = Field(364, ge=7, le=3640, description="How far ahead future value looks")
    discount_rate: float = Field(0.1, ge=0, le=0.99, description="Effective annual rate")
    threshold: float = Field(0.8, ge=0.01, le=0.99, description="Quantile of the two lines of the value matrix")
    level: float = Field(0.9, ge=0.5, le=0.99, description="Probability that intervals hold")
    refit: Literal["always", "due", "never"] = Field("always", description="Fit anew, when due, or score only")


class Run(Schema):
    """A run: where it stands, what it was asked for, what was wrong."""

    id: int
    state: str = Field(description="queued, running, published, failed or cancelled")
    as_of: date | None
    currency: str
    customers: int
    is_current: bool
    parameters: dict[str, Any] = Field(description="Without margins where the token does not run valuations")
    message: str


class ContractsAsked(Schema):
    """What a run over contracts is asked for; what is left out has its default."""

    model_config = {"extra": "forbid"}

    as_of: date | None = Field(
        None, description="What is known until then; null: the last day on which something began"
    )
    period: Literal["", "week", "month", "quarter", "6m", "year", "2y"] = Field(
        "", description="Empty: told from the dates"
    )
    each: Literal["customer", "contract"] = Field("customer", description="What a relationship is")
    grace: int | None = Field(None, ge=0, le=366, description="Days after its end for a renewal; null: half a period")
    margin: float | None = Field(None, ge=-10, le=1, description="Left of amounts after costs; null: revenue")
    horizon_months: int = Field(12, ge=1, le=120)
    discount_rate: float = Field(0.1, ge=0, le=0.99, description="Effective annual rate")


class ContractRun(Schema):
    """A run over contracts: where it stands, what was wrong."""

    id: int
    state: str
    as_of: date | None
    message: str


class Contracts(Dated):
    """What is found of contracts, of the customers reached: counts, the curve, groups, sums with 90 % intervals."""

    customers: int
    running: int
    undecided: int
    left: int
    renewals_seen: int
    refused: int
    leaving_next: float | None
    survival: list[dict[str, Any]]
    groups: dict[str, list[dict[str, Any]]]
    totals: dict[str, dict[str, float]]
    basis: str | None = Field(description="gross_profit, revenue, or null where there are no amounts")
    model: dict[str, Any] | None
    features: dict[str, Any] | None
    not_enough: Text | None
    weak: list[Text]


class ContractOf(Schema):
    """One customer's contract: renewals so far and to come, the chance to leave next, what it is still worth."""

    customer: int
    contract: str | None
    as_of: date | None
    state: str = Field(description="running, undecided or left")
    started_on: date | None
    renewals: int
    next_due: date | None
    amount: Decimal | None
    p_leaves_next: float | None
    expected_renewals: float | None
    renewals_low: int | None
    renewals_high: int | None
    future_value: Decimal | None
    future_value_low: Decimal | None
    future_value_high: Decimal | None


class ContractList(Schema):
    """A page of running contracts; `next` is where the following one begins, null on the last."""

    items: list[ContractOf]
    next: int | None


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
