"""Writing lists as files, beside the pages."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.utils import translation
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from regulars.web.core.jobs import Run, job
from regulars.web.core.schedule import regularly
from regulars.web.core.words import both
from regulars.web.segments import actions, writing
from regulars.web.segments.actions.lists import members_of
from regulars.web.segments.columns import columns_of
from regulars.web.segments.conditions import Conditions
from regulars.web.segments.models import Export
from regulars.web.segments.selectors import finding, finding_in
from regulars.web.segments.sorts import sort_of


@job("segments.export", title=_("Export customers"), permission=actions.exporting.EXPORT, repeatable=True)
def export(run: Run) -> dict[str, Any]:
    """Write one list, with its starter's rights and in their language."""
    one = Export.objects.select_related("segment").get(pk=run.parameters["export"])
    language = get_user_model()._default_manager.values_list("language", flat=True).get(pk=one.ordered_by_id)
    with translation.override(language):
        n = _write(run, one)
    Export.objects.filter(pk=one.pk).update(rows=n)
    run.report(1.0, both(_Said(n)))
    return {"rows": n, "url": f"/exports/{one.pk}/"}


@regularly("segments.tidy", every=timedelta(hours=12))
def tidy() -> None:
    """Remove files that were ordered long ago."""
    actions.remove_old()


def _write(run: Run, one: Export) -> int:
    state = one.state
    if one.list_name:
        found = finding(run.actor, Conditions(), members=members_of(one.list_name))
    else:
        found = finding_in(run.actor, one.segment) if one.segment else finding(run.actor, state.conditions)
    points = one.points if run.actor.sees("contact") else []
    valued = found.valuation is not None
    columns = columns_of(state.columns, run.actor, valued=valued)
    lines = writing.rows(found, sort_of(state.sort, run.actor, valued=valued), columns)
    if points:
        lines = writing.with_points(lines, points)
    heads = [*writing.heads(columns), *writing.point_heads(points)]
    return writing.write(one.file, heads, lines, lambda n: run.report(min(0.99, n / writing.MOST_ROWS)))


class _Said:
    """How long the file became, in whichever language it is read."""

    def __init__(self, n: int) -> None:
        self.n = n

    def __str__(self) -> str:
        said = ngettext("%(n)s row written", "%(n)s rows written", self.n) % {"n": f"{self.n:,}"}
        if self.n < writing.MOST_ROWS:
            return said
        return said + str(_("; this is the most that one file holds: narrow the list down for the others"))
