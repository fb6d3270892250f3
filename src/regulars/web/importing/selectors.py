"""Reads of imports."""

from __future__ import annotations

from django.db.models import QuerySet

from regulars.web.core.actor import Actor
from regulars.web.importing.actions import stopped
from regulars.web.importing.models import Import, State


def imports(actor: Actor) -> QuerySet[Import]:
    """Return the imports that `actor` may see, newest first."""
    return Import.objects.visible_to(actor).select_related("started_by", "job")


def settled(one: Import) -> Import:
    """Return the import; one whose job ended without it goes back to the step before."""
    if one.is_busy and one.job is not None and not one.job.is_open:
        one.refresh_from_db()
        if one.is_busy and one.job is not None and not one.job.is_open:
            stopped(one=one)
    return one


def last_source(actor: Actor) -> str:
    """Return where the last file of `actor` came from, to be proposed for the next one."""
    found = imports(actor).exclude(state__in=(State.FAILED, State.DROPPED)).values_list("source", flat=True).first()
    return found or ""


def anything_imported() -> bool:
    """Return whether any import ever ended well."""
    return Import.objects.filter(state=State.DONE).exists()
