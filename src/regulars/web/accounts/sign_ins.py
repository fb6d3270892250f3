"""Sign-ins, sign-outs, refused attempts and changes of the second factor leave a trail."""

from __future__ import annotations

from typing import Any

from allauth.mfa import signals as factors
from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
from django.db.models import Q

from regulars.web import audit
from regulars.web.accounts.access import NOBODY, actor_of
from regulars.web.accounts.models import User


def listen() -> None:
    """Begin to record."""
    user_logged_in.connect(_signed_in, dispatch_uid="regulars.signed_in")
    user_logged_out.connect(_signed_out, dispatch_uid="regulars.signed_out")
    user_login_failed.connect(_refused, dispatch_uid="regulars.refused")
    for changed in (factors.authenticator_added, factors.authenticator_removed, factors.authenticator_reset):
        changed.connect(_factor_changed, dispatch_uid="regulars.factor")
    factors.authentication_failed.connect(_code_refused, dispatch_uid="regulars.code_refused")


def _signed_in(sender: object, user: User, **_: Any) -> None:
    audit.record(actor=actor_of(user), verb="sign-in", subject_type="accounts.user", subject_id=user.pk)


def _signed_out(sender: object, user: User | None, **_: Any) -> None:
    if user is not None:
        audit.record(actor=actor_of(user), verb="sign-out", subject_type="accounts.user", subject_id=user.pk)


def _refused(sender: object, credentials: dict[str, Any], **_: Any) -> None:
    """Record whose door was tried; a name that nobody has may be a mistyped password and is not kept."""
    name = credentials.get("username") or credentials.get("email") or ""
    named = Q(username=name) | (Q(email__iexact=name) & ~Q(email=""))
    found = User.objects.filter(named).values_list("pk", flat=True).first()
    audit.record(actor=NOBODY, verb="sign-in-refused", subject_type="accounts.user", subject_id=found or "")


def _factor_changed(sender: object, user: User, **_: Any) -> None:
    audit.record(actor=actor_of(user), verb="second-factor", subject_type="accounts.user", subject_id=user.pk)


def _code_refused(sender: object, user: User, **_: Any) -> None:
    """Record a wrong code: whoever typed it knew the password."""
    audit.record(actor=NOBODY, verb="code-refused", subject_type="accounts.user", subject_id=user.pk)
