"""Ordering a list as a file."""

from __future__ import annotations

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from regulars.web import audit
from regulars.web.core import jobs
from regulars.web.core.actor import Actor
from regulars.web.segments.actions import lists
from regulars.web.segments.models import Export, Segment
from regulars.web.segments.state import ListState

EXPORT = "customers.export"
SUBJECT = "segments.export"
KEPT_FOR = timedelta(days=7)


@transaction.atomic
def order(*, state: ListState, format: str, by: Actor, segment: Segment | None = None) -> Export:  # noqa: A002
    """Order the customers of a list, or of a segment, as a file in the list's columns; a job writes it.

    Raises
    ------
    PermissionDenied
        Without the right.
    ValidationError
        For an unknown kind of file.
    """
    by.require(EXPORT)
    if format not in dict(Export.FORMATS):
        raise ValidationError({"format": _("Choose Excel or CSV.")})
    export = Export.objects.create(
        ordered_by_id=by.user_id or 0, format=format, asked=state.as_json(), segment=segment,
        called=segment.name if segment else "",
    )  # fmt: skip
    export.job = jobs.start(kind="segments.export", by=by, parameters={"export": export.pk})
    export.save(update_fields=["job"])
    audit.record(
        actor=by, verb="export", subject_type=SUBJECT, subject_id=export.pk,
        details={"format": format, "asked": sorted(state.conditions.texts), "segment": segment and segment.pk},
    )  # fmt: skip
    return export


@transaction.atomic
def order_list(*, name: str, called: str, format: str, by: Actor) -> Export:  # noqa: A002
    """Order the customers of another app's list as a file, in the usual columns; see `lists`.

    Raises
    ------
    PermissionDenied
        Without the right.
    ValidationError
        For an unknown kind of file.
    """
    by.require(EXPORT)
    if format not in dict(Export.FORMATS):
        raise ValidationError({"format": _("Choose Excel or CSV.")})
    export = Export.objects.create(
        ordered_by_id=by.user_id or 0, format=format, list_name=name, called=called,
        points=[*lists.points_of(name)] if by.sees("contact") else [],
    )  # fmt: skip
    export.job = jobs.start(kind="segments.export", by=by, parameters={"export": export.pk})
    export.save(update_fields=["job"])
    audit.record(
        actor=by, verb="export", subject_type=SUBJECT, subject_id=export.pk,
        details={"format": format, "list": name, "fields": export.points},
    )  # fmt: skip
    return export


def remove_old() -> int:
    """Remove files that were ordered long ago; return how many."""
    old = list(Export.objects.filter(ordered_at__lt=timezone.now() - KEPT_FOR))
    for export in old:
        export.file.unlink(missing_ok=True)
        export.delete()
    return len(old)
