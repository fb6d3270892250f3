"""What valuations show elsewhere: the navigation, how old the values are, the first steps, a person's own values."""

from __future__ import annotations

import contextlib
from typing import Any

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from regulars.web.core import shell
from regulars.web.core.actor import Actor
from regulars.web.core.words import short_day
from regulars.web.customers import holdings
from regulars.web.facts.selectors import value_row
from regulars.web.valuations import actions, selectors
from regulars.web.valuations.pages import shell as _pages  # noqa: F401 - they put themselves into the shell

READ = "valuations.read"
OLD, VERY_OLD = 8, 35
"""Days after which values are called old."""


def _freshness(actor: Actor) -> shell.Freshness | None:
    if not actor.may(READ):
        return None
    current = selectors.current()
    if current is None or current.as_of is None:
        return shell.Freshness(gettext("Not valued yet"), "warn")
    age = (timezone.localdate() - current.as_of).days
    state = "ok" if age <= OLD else "warn" if age <= VERY_OLD else "bad"
    return shell.Freshness(gettext("Valued as of %(day)s") % {"day": short_day(current.as_of)}, state)


def _disclose(actor: Actor, customer_id: int) -> dict[str, Any]:
    with contextlib.suppress(Http404):
        if actor.may(READ):
            row = value_row(actor, customer_id) or {}
            return {name: str(value) for name, value in row.items() if value is not None}
    return {}


shell.add(
    shell.Entry(
        "valuations", _("Valuations"), "calculator", "valuations", READ, group=shell.SETTINGS, order=40,
        note=_("Runs with their checks, the schedule, earlier valuations"),
    ),
    shell.Step(
        "value", _("Run a valuation"),
        _("It says what every customer is worth now and to come, and who is slipping away."),
        "calculator", "valuations", actions.RUN, lambda _actor: selectors.current() is not None, order=20,
    ),
)  # fmt: skip
shell.add_freshness(_freshness)
holdings.register("valuations", move=holdings.nothing, erase=holdings.nothing, disclose=_disclose)
