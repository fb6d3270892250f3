"""Which records a person reaches: their own, their teams', everyone's. The only door to records in lists and pages."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import Q

from regulars.web.core.actor import Actor


class Visible(models.QuerySet[Any]):
    """A queryset that knows whose records are whose. Models say where owner and team stand by overriding the paths.

    Attributes
    ----------
    owner_path, team_path
        Look-ups from the model to the owner's and the team's primary key, such as ``customer__owner_id``.
    """

    owner_path = "owner_id"
    team_path = "team_id"

    def visible_to(self, actor: Actor) -> Self:
        """Return the records that `actor` reaches; none at all for who has not signed in."""
        if actor.user_id is None:
            return self.none()
        if actor.scope == "all":
            return self
        mine = Q(**{self.owner_path: actor.user_id})
        if actor.scope == "team":
            return self.filter(mine | Q(**{f"{self.team_path}__in": actor.team_ids}))
        return self.filter(mine)
