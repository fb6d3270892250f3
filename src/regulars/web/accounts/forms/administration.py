"""Forms of the administration: people, teams, roles, the workspace."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from regulars.money import CURRENCIES
from regulars.web.accounts.models import Role, Team, User
from regulars.web.core.conflict import Versioned
from regulars.web.core.forms import RecordForm
from regulars.web.core.models import Workspace
from regulars.web.core.permissions import all_permissions

ABOUT = {
    "accounts": _("People"),
    "api": _("Interfaces"),
    "audit": _("Audit trail"),
    "core": _("Workspace"),
    "customers": _("Customers"),
    "fields": _("Sensitive fields"),
    "importing": _("Import"),
    "journal": _("Customer log"),
    "segments": _("Segments"),
    "tasks": _("Tasks"),
    "valuations": _("Valuations"),
}
"""What an app's rights are about."""


class PersonForm(RecordForm):
    """Who somebody is and where they work."""

    name = forms.CharField(label=_("Name"), max_length=120)
    username = forms.CharField(
        label=_("Sign-in name"),
        max_length=150,
        validators=[User.username_validator],
        help_text=_("Letters, digits and @ . + - _"),
    )
    email = forms.EmailField(label=_("E-mail"), required=False, help_text=_("Also works for signing in"))
    role = forms.ModelChoiceField(Role.objects.all(), label=_("Role"))
    teams = forms.ModelMultipleChoiceField(
        Team.objects.all(), label=_("Teams"), widget=forms.CheckboxSelectMultiple, help_text=_("The same role in each")
    )

    @staticmethod
    def initial_of(record: User) -> dict[str, Any]:
        """Return name, addresses, role and teams."""
        memberships = list(record.memberships.all())
        return {
            "name": record.name,
            "username": record.username,
            "email": record.email,
            "role": memberships[0].role_id if memberships else None,
            "teams": [membership.team_id for membership in memberships],
        }


class TeamForm(RecordForm):
    """A branch, a region or the head office."""

    name = forms.CharField(label=_("Name"), max_length=120)
    kind = forms.ChoiceField(label=_("Kind"), choices=Team.KINDS)
    parent = forms.ModelChoiceField(Team.objects.all(), label=_("Belongs to"), required=False)

    @staticmethod
    def initial_of(record: Team) -> dict[str, Any]:
        """Return the team as it is."""
        return {"name": record.name, "kind": record.kind, "parent": record.parent_id}


class RoleForm(RecordForm):
    """What a role may do."""

    key = forms.SlugField(label=_("Short name"), max_length=40, help_text=_("Small letters and _; stays as it is"))
    name = forms.CharField(label=_("Name"), max_length=80, required=False)
    scope = forms.ChoiceField(label=_("Whose records"), choices=Role.REACHES, widget=forms.RadioSelect, initial="own")
    permissions = forms.MultipleChoiceField(
        label=_("What the role may do"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, data: Any = None, *, of: Versioned | None = None) -> None:
        super().__init__(data, of=of)
        rights = self.fields["permissions"]
        assert isinstance(rights, forms.MultipleChoiceField)
        rights.choices = list(all_permissions().items())
        if of is not None:
            del self.fields["key"]
        if isinstance(of, Role) and of.key in Role.SHIPPED:
            self.fields["name"].help_text = _("Empty: the shipped name, in each person's language")

    def rights(self) -> list[tuple[Any, list[Any]]]:
        """Return the rights to tick, by the app that they are about."""
        groups: dict[str, list[Any]] = {}
        for option in self["permissions"].subwidgets:
            option.data["attrs"]["class"] = "form-check-input"
            groups.setdefault(str(option.data["value"]).split(".")[0], []).append(option)
        return [(ABOUT.get(app, app), options) for app, options in groups.items()]

    @staticmethod
    def initial_of(record: Role) -> dict[str, Any]:
        """Return the role with its rights."""
        rights = [right.permission for right in record.permissions.all()]
        return {"name": record.name, "scope": record.scope, "permissions": rights}


class WorkspaceForm(forms.Form):
    """Whose workspace this is."""

    name = forms.CharField(label=_("Name"), max_length=120)
    currency = forms.ChoiceField(label=_("Currency"), choices=[(code, code) for code in sorted(CURRENCIES)])
    zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=[(zone, zone) for zone in sorted(available_timezones())],
        help_text=_("Where a business day begins and ends"),
    )
    language = forms.ChoiceField(
        label=_("Language"), choices=settings.LANGUAGES, help_text=_("For people who have not chosen one")
    )

    @staticmethod
    def initial_of(record: Workspace) -> dict[str, Any]:
        """Return the settings as they are."""
        return {name: getattr(record, name) for name in ("name", "currency", "zone", "language")}
