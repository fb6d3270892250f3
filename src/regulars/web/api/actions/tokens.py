"""Making and revoking access tokens."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Collection
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from regulars.web import audit
from regulars.web.api.models import Token
from regulars.web.api.scopes import SCOPES
from regulars.web.core.actor import Actor

PREFIX = "rgl_"
LONGEST_DAYS = 366
MOST = 20
"""Open tokens a person."""


def digest(secret: str) -> str:
    """Return what of a token is kept: it holds 256 random bits, so that one round of a fast hash is enough."""
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


@transaction.atomic
def make_token(*, name: str, scopes: Collection[str], days: int, by: Actor) -> tuple[Token, str]:
    """Make a token for `by` themselves; return it with its secret, which nobody can read again.

    Raises
    ------
    PermissionDenied
        Without the right.
    ValidationError
        For no scope, an unknown one, one that `by` does not hold, too many days or too many tokens.
    """
    by.require("api.tokens")
    if not scopes:
        raise ValidationError({"scopes": _("Choose what it may do.")})
    if missing := [scope for scope in scopes if scope not in SCOPES or not by.may(SCOPES[scope][0])]:
        raise ValidationError({"scopes": _("Your own role does not include: %(what)s.") % {"what": ", ".join(missing)}})
    if not 1 <= days <= LONGEST_DAYS:
        raise ValidationError({"days": _("Choose between 1 and %(most)s days.") % {"most": LONGEST_DAYS}})
    now = timezone.now()
    if Token.objects.visible_to(by).filter(revoked_at=None, expires_at__gt=now).count() >= MOST:
        raise ValidationError(_("%(most)s tokens are open: revoke one that is not needed any more.") % {"most": MOST})
    secret = PREFIX + secrets.token_urlsafe(32)
    token = Token.objects.create(
        user_id=by.user_id or 0,
        name=name.strip(),
        digest=digest(secret),
        hint=secret[:9],
        scopes=sorted(set(scopes)),
        expires_at=now + timedelta(days=days),
    )
    audit.record(
        actor=by, verb="create", subject_type="api.token", subject_id=token.pk, details={"scopes": token.scopes}
    )
    return token, secret


@transaction.atomic
def revoke(*, token: Token, by: Actor) -> None:
    """Close a token for good; nothing happens to one that is closed."""
    mine = Token.objects.visible_to(by).filter(pk=token.pk, revoked_at=None)
    if mine.update(revoked_at=timezone.now()):
        audit.record(actor=by, verb="revoke", subject_type="api.token", subject_id=token.pk)
