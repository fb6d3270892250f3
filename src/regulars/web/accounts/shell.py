"""Settings in the navigation, and what stands on their page."""

from __future__ import annotations

from allauth.mfa.models import Authenticator
from django.utils.translation import gettext_lazy as _

from regulars.web.accounts.models import User
from regulars.web.core import shell
from regulars.web.core.actor import Actor
from regulars.web.core.models import Workspace

ADMINISTER = "accounts.administer"


def _is_named(actor: Actor) -> bool:
    return Workspace.current().name != Workspace().name


def _has_colleagues(actor: Actor) -> bool:
    return User.objects.filter(is_active=True).count() > 1


def _has_second_factor(actor: Actor) -> bool:
    return Authenticator.objects.filter(user=actor.user_id).exists()


shell.add(
    shell.Step(
        "workspace", _("Say whose business this is"),
        _("Name, currency and time zone: amounts and days are counted in them from the first file on."),
        "building-store", "workspace", "core.configure", _is_named, order=5,
    ),
    shell.Step(
        "people", _("Add your people"), _("Each with a role and a team: who sees which customers follows from that."),
        "user-plus", "person_add", ADMINISTER, _has_colleagues, order=80,
    ),
    shell.Step(
        "second-factor", _("Turn on your second factor"), _("You open every door here; a stolen password should not."),
        "shield-lock", "mfa_index", ADMINISTER, _has_second_factor, order=90,
    ),
    shell.Entry("settings", _("Settings"), "settings", "settings", group="foot", order=90),
    shell.Entry(
        "people", _("People"), "users", "people", ADMINISTER, group=shell.SETTINGS, order=10,
        note=_("Who signs in, with which role, in which teams"),
    ),
    shell.Entry(
        "teams", _("Teams"), "hierarchy-2", "teams", ADMINISTER, group=shell.SETTINGS, order=20,
        note=_("Branches, regions, head office"),
    ),
    shell.Entry(
        "roles", _("Roles"), "shield-check", "roles", ADMINISTER, group=shell.SETTINGS, order=30,
        note=_("What each role may do, whose records it reaches"),
    ),
    shell.Entry(
        "workspace", _("Workspace"), "building-store", "workspace", "core.configure", group=shell.SETTINGS, order=40,
        note=_("Name, currency, time zone, language"),
    ),
)  # fmt: skip
