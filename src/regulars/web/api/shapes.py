"""What is sent and what comes back. Texts are what a database can hold; amounts are decimal."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any

from ninja import Schema
from pydantic import AfterValidator, Field, StringConstraints


def storable(text: str) -> str:
    """Return `text` where a database can hold it.

    Raises
    ------
    ValueError
        For NUL and halves of characters.
    """
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("holds half a character") from None
    if "\x00" in text:
        raise ValueError("holds the character NUL")
    return text


def _limits(longest: int, shortest: int = 0) -> StringConstraints:
    return StringConstraints(strip_whitespace=True, min_length=shortest, max_length=longest)


STORABLE = AfterValidator(storable)
Code = Annotated[str, _limits(40), STORABLE]
Short = Annotated[str, _limits(200), STORABLE]
Name = Annotated[str, _limits(200, 1), STORABLE]
Id = Annotated[str, _limits(200, 1), STORABLE]
Long = Annotated[str, _limits(2000), STORABLE]
Words = Annotated[str, _limits(10_000, 1), STORABLE]
Version = Annotated[int, Field(ge=0, le=2**31 - 1)]
Amount = Annotated[Decimal, Field(max_digits=18, decimal_places=4, allow_inf_nan=False)]
Key = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9._:-]{8,100}$")]


class Problem(Schema):
    """Why a request was not done."""

    error: str = Field(description="A code for programs, such as not_found")
    message: str = Field(description="One line for people")
    field: str | None = Field(None, description="What in the request is wrong, where that can be said")


class CustomerIn(Schema):
    """What is known about a customer; what is left out stays as it is."""

    kind: Code | None = None
    name: Name | None = None
    partner: Code | None = None
    nature: Code | None = None
    seniority: Code | None = None
    dealing: Code | None = None
    source_channel: Code | None = None
    source_detail: Short | None = None
    acquired_on: date | None = None
    region: Short | None = None
    store: Short | None = None
    preferred_channel: Code | None = None
    preferred_time: Short | None = None
    preferences: Long | None = None
    habits: Long | None = None
    needs: Long | None = None
    birthday: date | None = None
    gender: Code | None = None
    id_number: Code | None = None


class NewCustomer(CustomerIn):
    """A customer to add."""

    name: Name
    phone: Code = ""
    email: Short = ""
    address: Short = ""
    card: Code = ""


class CustomerChange(CustomerIn):
    """Changes to a customer as it was read."""

    version: Version


class CustomerLine(Schema):
    """A customer in a list."""

    id: int
    version: int
    kind: str
    name: str
    stage: str
    owner: int | None
    team: int | None
    archived: bool
    changed_at: datetime


class Customer(CustomerLine):
    """A customer with every field that the token may read; others are not in it."""

    fields: dict[str, Any]
    points: list[dict[str, str]] | None = Field(None, description="Phones and addresses; null without contact:read")


class Found(Schema):
    """A customer that was found, and by what."""

    id: int
    name: str
    by: str


class LogIn(Schema):
    """An entry to add to the log."""

    kind: Code
    text: Words
    resolution: Long = ""
    topic: Code = ""
    channel: Code = ""
    at: datetime | None = None
    minutes: Annotated[int, Field(ge=0, le=1440)] | None = None
    due_on: date | None = None


class LogEntry(Schema):
    """One entry of the log."""

    id: int
    customer: int
    kind: str
    at: datetime
    summary: str
    text: str
    resolution: str
    topic: str
    channel: str
    minutes: int | None
    state: str
    due_on: date | None
    representative: int


class Value(Schema):
    """A customer's figures of the current valuation; null where the data cannot carry one."""

    customer: int
    as_of: date | None
    currency: str
    current_value: Decimal | None
    future_value: Decimal | None
    future_low: Decimal | None
    future_high: Decimal | None
    customer_value: Decimal | None
    value_at_risk: Decimal | None
    p_alive: float | None
    at_risk: bool | None
    matrix: str | None
    tier: str | None
    visit_class: str | None
    visit_change: str | None
    rfm: str | None
    n_purchases: int | None
    last_purchase: date | None
    next_order_due: date | None


class Task(Schema):
    """One task. Amounts are null for who may not read values."""

    id: int
    version: int
    customer: int
    kind: str
    title: str
    detail: str
    why: str
    at_stake: Decimal | None
    stake: str
    currency: str
    owner: int | None
    team: int | None
    due_on: date
    state: str
    outcome: str
    left_alone: bool = Field(description="The customer is in a control group that runs")


class Outcome(Schema):
    """What came of a task."""

    version: Version
    outcome: Code
    way: Code = ""
    text: Annotated[str, _limits(5000), STORABLE] = ""
    minutes: Annotated[int, Field(ge=0, le=1440)] | None = None


class OrderLine(Schema):
    """One line of an order. An order is sent whole; a return has a negative quantity and amount."""

    customer_id: Id
    order_id: Id
    line_no: Annotated[int, Field(ge=1, le=1_000_000)]
    ordered_at: datetime = Field(description="Without a zone: the workspace's local time")
    product_id: Id | None = None
    product_name: Name | None = None
    category: Name | None = None
    quantity: Amount
    net_amount: Amount
    cost_amount: Amount | None = None
    currency: Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")] | None = None
    channel: Code | None = None
    store: Code | None = None
    returns_order_id: Id | None = None


class Orders(Schema):
    """Order lines of one source."""

    source: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9 ._-]{1,60}$")] = "api"
    lines: Annotated[list[OrderLine], Field(min_length=1, max_length=5000)]


class Batch(Schema):
    """Orders on their way into the lake."""

    id: int
    state: str = Field(description="waiting, done or failed")
    lines: int
    message: str = Field(description="What was wrong, where it failed")
    result: dict[str, int] = Field(description="Lines new, changed and the same; new customers")


class Me(Schema):
    """Who the token stands for."""

    user: int
    name: str
    reach: str
    scopes: list[str]


class Customers(Schema):
    """A page of customers."""

    items: list[CustomerLine]
    next: str | None


class Log(Schema):
    """A page of a log."""

    items: list[LogEntry]
    next: str | None


class Values(Schema):
    """A page of figures."""

    items: list[Value]
    next: str | None


class Tasks(Schema):
    """A page of tasks."""

    items: list[Task]
    next: str | None


class Campaign(Schema):
    """A campaign; who is in it is read customer by customer."""

    id: int
    version: Version
    name: str
    goal: str
    offer: str
    channel: str
    state: str = Field(description="draft, submitted, approved, running, ended, rejected or cancelled")
    starts_on: date
    window_days: int
    share: Decimal = Field(description="Part left alone as control")
    first_day: date | None = Field(description="Of the response window; null before the launch")
    last_day: date | None
    n_treated: int
    n_control: int


class Campaigns(Schema):
    """One page of campaigns."""

    items: list[Campaign]
    next: str | None = Field(description="The key of the next page")


class CampaignResult(Schema):
    """What a campaign brought more than leaving customers alone."""

    campaign: int
    verdict: str = Field(description="proved, lost, inconclusive, not_enough; waiting before it is read")
    basis: str = Field("", description="net_profit, or revenue where costs are not known")
    estimate: float | None = Field(None, description="A head, costs taken off")
    low: float | None = None
    high: float | None = None
    brought: float | None = Field(None, description="In all: a head times those treated")
    spent: float | None = None
    n_treated: int = 0
    n_control: int = 0
    read_to: date | None = None
