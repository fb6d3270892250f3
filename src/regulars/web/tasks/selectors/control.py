"""Control groups: which lists were split, who is left alone, whether the groups are alike."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

import pyarrow as pa
from django.db.models import Count, Q, QuerySet
from django.db.models.functions import TruncDate

from regulars.web.core import tables
from regulars.web.core.actor import Actor
from regulars.web.core.models import Workspace
from regulars.web.tasks.models import OPEN_STATES, Arm, Exposure, ExposureQuerySet, Holdout, Task


@dataclass(frozen=True, slots=True)
class Stratum:
    """One stratum of a list: how many customers, how many of them are control."""

    key: str
    n: int
    control: int

    @property
    def style(self) -> str:
        """How the value class is drawn."""
        return {"IV": "pt", "III": "au", "II": "fe", "I": "pb"}.get(self.key, "")

    @property
    def share(self) -> float:
        """Part of the stratum that is control."""
        return self.control / self.n if self.n else 0.0


def holdouts(actor: Actor) -> QuerySet[Holdout]:
    """Return every list that was split, newest first; those taken back at once are no experiments."""
    if not actor.may("tasks.read"):
        return Holdout.objects.none()
    counted = Count("exposures"), Count("exposures", filter=Q(exposures__arm=Arm.CONTROL))
    split = Holdout.objects.filter(withdrawn=False).select_related("started_by")
    return split.annotate(n=counted[0], n_control=counted[1])


def members(actor: Actor, holdout: Holdout, arm: str = Arm.CONTROL) -> ExposureQuerySet:
    """Return the customers of one arm that `actor` reaches."""
    return Exposure.objects.visible_to(actor).filter(holdout=holdout, arm=arm).select_related("customer")


def balance(holdout: Holdout) -> list[Stratum]:
    """Return how many of each stratum are control: counts of the whole list, no names."""
    counted = (
        Exposure.objects.filter(holdout=holdout)
        .values("stratum")
        .annotate(n=Count("pk"), control=Count("pk", filter=Q(arm=Arm.CONTROL)))
    )
    rank = {key: place for place, key in enumerate(("IV", "III", "II", "I"))}
    found = [Stratum(row["stratum"], row["n"], row["control"]) for row in counted]
    return sorted(found, key=lambda stratum: (rank.get(stratum.key, len(rank)), stratum.key))


def assignment(holdout: Holdout) -> pa.Table:
    """Return the group of every customer of an experiment: for jobs, which read it whole."""
    rows, zone = Exposure.objects.filter(holdout=holdout).order_by("customer_id"), ZoneInfo(Workspace.current().zone)
    schema = pa.schema(
        [
            ("customer_id", pa.int64()),
            ("arm", pa.string()),
            ("propensity", pa.float64()),
            ("stratum", pa.string()),
            ("household", pa.int64()),
            ("assigned_on", pa.date32()),
        ]
    )
    return tables.read(
        rows.values_list(
            "customer_id", "arm", "propensity", "stratum", "household", TruncDate("assigned_at", tzinfo=zone)
        ),
        schema,
    )


def experiments() -> QuerySet[Holdout]:
    """Return every list that was split and not taken back: for jobs, which read them all."""
    return Holdout.objects.filter(withdrawn=False).order_by("pk")


def list_kinds() -> list[tuple[str, Any]]:
    """Return the kinds of lists that were split, with their words."""
    return [*Holdout.LISTS]


def in_group(holdout: int, arm: str) -> QuerySet[Any]:
    """Return the numbers of the customers in one group: for exports, which ask of each whether it is reached."""
    return Exposure.objects.filter(holdout=holdout, arm=arm).values("customer_id")


def day_of(holdout: Holdout) -> date:
    """Return the day on which an experiment began, where the shop is."""
    return holdout.started_at.astimezone(ZoneInfo(Workspace.current().zone)).date()


def assigned_in(holdouts: QuerySet[Any]) -> QuerySet[Any]:
    """Return the customers of several experiments, in whichever group: for jobs. `holdouts` is a query of numbers."""
    return Exposure.objects.filter(holdout__in=holdouts).order_by().values_list("customer_id")


def progress(holdout: Holdout) -> tuple[int, int]:
    """Return how many tasks an experiment has, and how many of them are over: counts, no names."""
    counted = Task.objects.filter(holdout=holdout).aggregate(
        made=Count("pk"), over=Count("pk", filter=~Q(state__in=OPEN_STATES))
    )
    return counted["made"], counted["over"]


def left_alone(actor: Actor, customers: Collection[int]) -> dict[int, list[str]]:
    """Return customer → what they are left alone from (kinds of task), of those that `actor` reaches."""
    if not actor.may("tasks.read"):
        return {}
    found: dict[int, list[str]] = defaultdict(list)
    alone = Exposure.objects.visible_to(actor).left_alone().filter(customer__in=customers)
    for customer_id, action in alone.order_by("id").values_list("customer_id", "holdout__action"):
        found[customer_id].append(action)
    return dict(found)


def experiments_of(actor: Actor, customer_id: int) -> ExposureQuerySet:
    """Return the experiments that a customer is or was in, newest first."""
    if not actor.may("tasks.read"):
        return Exposure.objects.none()
    mine = Exposure.objects.visible_to(actor).filter(customer_id=customer_id, holdout__withdrawn=False)
    return mine.select_related("holdout").order_by("-id")
