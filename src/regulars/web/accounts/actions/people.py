"""Who works here: added by administrators, given a one-time link to choose a password, never deleted."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.auth.tokens import default_token_generator
from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.encoding import force_bytes
from django.utils.http import urlsafe_base64_encode
from django.utils.translation import gettext_lazy as _

from regulars.web import audit
from regulars.web.accounts.models import Membership, Role, Team, User
from regulars.web.core.actor import Actor

ADMINISTER = "accounts.administer"
SUBJECT = "accounts.user"
LAST_ADMINISTRATOR = _("This is the last administrator. Make somebody else one first.")


@transaction.atomic
def add_person(
    *, name: str, username: str, email: str, role: Role, teams: Collection[Team], by: Actor, language: str = ""
) -> User:
    """Add someone who cannot sign in yet: `new_link` gives them the way in."""
    by.require(ADMINISTER)
    user = User(name=name, username=username, email=email, language=language)
    user.set_unusable_password()
    user.full_clean(exclude=["password"])
    user.save()
    _place(user, role, teams)
    _record(by, "create", user, role=role.key, teams=[team.pk for team in teams])
    return user


@transaction.atomic
def change_person(
    *, user: User, version: int, name: str, username: str, email: str, role: Role, teams: Collection[Team], by: Actor
) -> None:
    """Change name, address, role and teams.

    Raises
    ------
    Conflict
        When somebody else was faster.
    ValidationError
        When nobody would be left to administer.
    """
    by.require(ADMINISTER)
    user.claim(version)
    user.name, user.username, user.email = name, username, email
    user.full_clean(exclude=["password"])
    user.save(update_fields=["name", "username", "email"])
    _place(user, role, teams)
    _keep_an_administrator()
    _record(by, "update", user, role=role.key, teams=[team.pk for team in teams])


@transaction.atomic
def deactivate(*, user: User, by: Actor) -> None:
    """Close the door at once: sessions end with the next request. What the person did stays theirs."""
    by.require(ADMINISTER)
    _set_active(user, active=False)
    _keep_an_administrator()
    _record(by, "deactivate", user)


@transaction.atomic
def reactivate(*, user: User, by: Actor) -> None:
    """Open the door again, with the role and teams of before."""
    by.require(ADMINISTER)
    _set_active(user, active=True)
    _record(by, "reactivate", user)


@transaction.atomic
def new_link(*, user: User, by: Actor) -> str:
    """Return the path of a one-time link to choose a password; the old password ends now. Shown once, kept nowhere."""
    by.require(ADMINISTER)
    user.set_unusable_password()
    user.save(update_fields=["password"])
    _record(by, "new-link", user)
    key = urlsafe_base64_encode(force_bytes(user.pk))
    return reverse("welcome", args=[key, default_token_generator.make_token(user)])


@transaction.atomic
def remove_second_factor(*, user: User, by: Actor) -> None:
    """Take the second factor away from someone who has lost it."""
    by.require(ADMINISTER)
    Authenticator.objects.filter(user=user).delete()
    _record(by, "remove-second-factor", user)


def _place(user: User, role: Role, teams: Collection[Team]) -> None:
    """Put the person into exactly these teams, with the same role in each."""
    if not teams:
        raise ValidationError({"teams": _("Choose at least one team.")})
    Membership.objects.filter(user=user).exclude(team__in=teams).delete()
    for team in teams:
        Membership.objects.update_or_create(user=user, team=team, defaults={"role": role})


def _set_active(user: User, *, active: bool) -> None:
    user.is_active = active
    user.save(update_fields=["is_active"])


def _keep_an_administrator() -> None:
    administrators = User.objects.filter(is_active=True, memberships__role__permissions__permission=ADMINISTER)
    if not administrators.exists():
        raise ValidationError(LAST_ADMINISTRATOR)


def _record(by: Actor, verb: str, user: User, **details: Any) -> None:
    audit.record(actor=by, verb=verb, subject_type=SUBJECT, subject_id=user.pk, details=details)
