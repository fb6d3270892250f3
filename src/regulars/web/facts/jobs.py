"""A regular chore: the lake drops the files that no version needs any more."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

from regulars.errors import InputError
from regulars.web.core.schedule import regularly
from regulars.web.facts.access import lake


@regularly("facts.vacuum", every=timedelta(hours=6))
def vacuum() -> None:
    """Remove what no newest, pinned or recent version of the lake names; next time where somebody is writing."""
    with suppress(InputError):
        lake(wait_seconds=0).vacuum()
