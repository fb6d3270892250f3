"""What can be said of a campaign before it starts: whom it would reach, what it costs, what it could prove."""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import asdict, dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

import narwhals as nw
import numpy as np
import pyarrow as pa

from regulars import engine
from regulars.measure.margin import Margin
from regulars.prove import experiments
from regulars.prove.experiments.verdict import FEWEST_UNITS
from regulars.web.campaigns.audience import resolve
from regulars.web.campaigns.models import Campaign
from regulars.web.facts import actions as facts
from regulars.web.valuations.selectors import current

POWER = 0.8
ALPHA = 0.05
PLANNED = (
    "audience", "left_out", "offer_cost", "channel", "contact_cost", "fixed_cost", "starts_on", "window_days", "share",
    "looks", "only_agreed", "quiet_days", "worth_knowing",
)  # fmt: skip
"""What an outlook depends on."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a plan would come to. `detectable` and `sd` are None where the audience has no past to tell them by.

    Parameters
    ----------
    listed, fallen
        Customers of the lists, and how many fall out for which reason.
    sd, explained
        Of what a customer brings in a window of this length, from the audience's own last one; share of its variance
        that the year before it tells.
    detectable
        The smallest difference per customer that these customers show with a power of 80 %.
    needed
        Customers that it takes to show the difference worth knowing.
    power
        Probability that these customers show it, where it is there.
    """

    listed: int
    fallen: dict[str, int]
    n_treated: int
    n_control: int
    basis: str
    sd: float | None
    explained: float | None
    detectable: float | None
    needed: int | None
    power: float | None
    contacts: float
    offers_at_most: float
    fixed: float
    plan: str

    @property
    def n(self) -> int:
        """How many would be in it."""
        return self.n_treated + self.n_control

    @property
    def is_small(self) -> bool:
        """Whether a group has too few customers for anything to be said in the end."""
        return min(self.n_treated, self.n_control) < FEWEST_UNITS

    @property
    def cost_at_most(self) -> float:
        """What it costs where every treated customer takes the offer."""
        return self.contacts + self.offers_at_most + self.fixed

    @property
    def a_head(self) -> float:
        """What it costs per treated customer before anybody takes the offer."""
        return (self.contacts + self.fixed) / self.n_treated if self.n_treated else 0.0

    def as_json(self) -> dict[str, Any]:
        """Return what is stored."""
        return asdict(self)


def plan_of(campaign: Campaign) -> str:
    """Return a digest of the plan: an outlook holds for the plan that it was made for."""
    said = json.dumps({name: getattr(campaign, name) for name in PLANNED}, default=_plain, sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def kept(campaign: Campaign) -> Outlook | None:
    """Return the outlook that was stored for this very plan."""
    if not campaign.outlook or campaign.outlook.get("plan") != plan_of(campaign):
        return None
    return Outlook(**campaign.outlook)


def look_ahead(campaign: Campaign) -> Outlook:
    """Return what the plan would come to now.

    Raises
    ------
    ValidationError
        When a list of the audience is gone.
    """
    audience = resolve(campaign)
    n = len(audience.numbers)
    n_control = min(n, round(n * campaign.share)) if n else 0
    basis, sd, explained = spread(audience.numbers, campaign.window_days)
    design = None
    if sd and n_control and n > n_control:
        aim = float(campaign.worth_knowing or 0) or 1.0
        design = experiments.required_size(
            sd=sd, difference=aim, control_share=float(campaign.share), alpha=ALPHA, power=POWER,
            explained=explained or 0.0, looks=len(campaign.looks) + 1 if campaign.looks else None,
        )  # fmt: skip
    treated = n - n_control
    aimed = design is not None and bool(campaign.worth_knowing)
    return Outlook(
        listed=audience.listed, fallen=audience.counts(), n_treated=treated, n_control=n_control, basis=basis, sd=sd,
        explained=explained, detectable=design.detectable(n) if design else None,
        needed=max(design.customers, _fewest(campaign.share)) if design and aimed else None,
        power=design.power_of(n) if design and aimed else None,
        contacts=float(treated * campaign.contact_cost), offers_at_most=float(treated * campaign.offer_cost),
        fixed=float(campaign.fixed_cost), plan=plan_of(campaign),
    )  # fmt: skip


def _fewest(share: Decimal) -> int:
    """Return how many customers it takes for both groups to have enough of them that anything is said."""
    return math.ceil(FEWEST_UNITS / min(share, 1 - share))


def spread(numbers: np.ndarray, window_days: int) -> tuple[str, float | None, float | None]:
    """Return the basis, and the standard deviation of what these customers brought in the last window of that length.

    With it the share of its variance that the year before tells. None where there are no orders to tell them by.
    """
    valuation = current()
    basis = (valuation.basis if valuation else "") or "revenue"
    last = facts.last_order_day() if valuation else None
    if last is None or len(numbers) < 2:
        return basis, None, None
    first = last - timedelta(days=window_days - 1)
    people = pa.table(
        {"customer_id": numbers, "arm": _same("control", len(numbers)), "first_day": _same(first, len(numbers))}
    )
    with facts.outcomes(people, facts.Terms(window_days, basis, margin()), until=last) as found:
        gross, before = nw.col("gross").cast(nw.Float64), nw.col("before").cast(nw.Float64).fill_null(0.0)
        pair = found.table.select(gross.alias("x"), before.alias("y")).with_columns(
            (nw.col("x") * nw.col("x")).alias("xx"),
            (nw.col("y") * nw.col("y")).alias("yy"),
            (nw.col("x") * nw.col("y")).alias("xy"),
        )
        row = engine.to_arrow(
            pair.select(nw.len().alias("n"), *[nw.col(c).sum() for c in ("x", "y", "xx", "yy", "xy")])
        )
    return basis, *_moments(row.to_pylist()[0])


def margin() -> Margin | None:
    """Return the margin that the current valuation was told for lines without a cost."""
    valuation = current()
    said = (valuation.parameters or {}).get("margin") if valuation else None
    return Margin.read(said) if said else None


def _moments(row: dict[str, Any]) -> tuple[float | None, float | None]:
    n = row["n"]
    variance = (row["xx"] - row["x"] ** 2 / n) / (n - 1)
    if variance <= 0:
        return None, None
    other = (row["yy"] - row["y"] ** 2 / n) / (n - 1)
    together = (row["xy"] - row["x"] * row["y"] / n) / (n - 1)
    explained = together**2 / (variance * other) if other > 0 else 0.0
    return math.sqrt(variance), min(0.95, max(0.0, explained))


def _same(value: Any, n: int) -> pa.Array:
    return pa.array([value]).take(pa.array(np.zeros(n, np.int64)))


def _plain(value: Any) -> str:
    return f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)
