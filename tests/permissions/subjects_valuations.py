"""What stands in addresses of the valuations: a run is nobody's record, its rows are the customers'."""

from __future__ import annotations


def valuation(cast):
    from regulars.web.valuations.models import Valuation

    return Valuation.objects.create(state="failed", started_by=cast.owners["team"]).pk


SUBJECTS = {"valuation_id": valuation}
OPEN = {
    "valuations.Valuation": "a run is everyone's who may read values; its rows are reached through facts",
    "valuations.Schedule": "one row that says when valuations run",
}
