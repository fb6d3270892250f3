"""Who looks after how many customers: for handing them over, also from people who have left."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import Count

from regulars.web.core.actor import Actor
from regulars.web.customers.selectors.reach import visible


def owners(actor: Actor) -> list[tuple[Any, int]]:
    """Return the owners of the customers that `actor` reaches, with their number; people who have left come first."""
    counts = dict(visible(actor).active().exclude(owner=None).order_by().values_list("owner").annotate(n=Count("pk")))
    people = get_user_model()._default_manager.in_bulk(list(counts))
    return sorted(((people[pk], n) for pk, n in counts.items()), key=lambda row: (row[0].is_active, -row[1], row[0].pk))
