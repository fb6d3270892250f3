"""What every write to a view or a segment does: look whose it is, keep shared things to who may share, note it."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from regulars.web import audit
from regulars.web.core.actor import Actor
from regulars.web.segments.models import Kept, Shared

READ, WRITE, SHARE = "segments.read", "segments.write", "segments.share"


def mine(kept: Kept, by: Actor, permission: str) -> None:
    """Go on only with `permission`, for one's own, or for what is shared where one may share.

    Raises
    ------
    PermissionDenied
        Without the right, or for somebody else's.
    """
    by.require(permission)
    reached = type(kept)._default_manager.visible_to(by).filter(pk=kept.pk).exists()
    if not reached or (kept.owner_id != by.user_id and not by.may(SHARE)):
        raise PermissionDenied(permission)


def check(name: str, shared: str, by: Actor, *, was: str = Shared.OWN) -> None:
    """Refuse an empty name, and sharing by who may not share.

    Raises
    ------
    ValidationError
        With the field that it is about.
    """
    if not name.strip():
        raise ValidationError({"name": _("Give it a name.")})
    if shared not in Shared.values:
        raise ValidationError({"shared": _("Choose with whom to share it.")})
    if shared not in (Shared.OWN, was) and not by.may(SHARE):
        raise ValidationError({"shared": _("Your role keeps it for yourself; a manager can share it.")})


def note(verb: str, kept: Kept, by: Actor, **details: Any) -> None:
    """Note in the audit trail what was done, without names."""
    audit.record(actor=by, verb=verb, subject_type=kept._meta.label_lower, subject_id=kept.pk, details=details)
