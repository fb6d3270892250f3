"""People, the tree of teams, roles as data, and who belongs where with which role."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from regulars.web.core.actor import SCOPES
from regulars.web.core.conflict import Versioned


class User(Versioned, AbstractUser):
    """A person who signs in. Rights come from roles through memberships, never from Django's own flags."""

    THEMES = [("system", _("As the system")), ("light", _("Light")), ("dark", _("Dark"))]
    DENSITIES = [("normal", _("Normal")), ("compact", _("Compact"))]

    first_name = None  # type: ignore[assignment]  # one name as people write it
    last_name = None  # type: ignore[assignment]
    name = models.CharField(_("name"), max_length=120)
    email = models.EmailField(_("e-mail"), blank=True)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, blank=True)
    theme = models.CharField(_("light or dark"), max_length=6, choices=THEMES, default="system")
    density = models.CharField(_("row height"), max_length=7, choices=DENSITIES, default="normal")

    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.UniqueConstraint(Lower("email"), name="accounts_user_email_once", condition=~models.Q(email=""))
        ]

    def __str__(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        """Return the name as people write it."""
        return self.name

    def get_short_name(self) -> str:
        """Return the name as people write it."""
        return self.name


class Team(Versioned):
    """A branch, a region of branches, or the head office. What a team may see, the teams above it may, too."""

    KINDS = [("branch", _("Branch")), ("region", _("Region")), ("head_office", _("Head office"))]

    name = models.CharField(_("name"), max_length=120, unique=True)
    kind = models.CharField(_("kind"), max_length=12, choices=KINDS, default="branch")
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("belongs to")
    )

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Role(Versioned):
    """What a person may do, and whose records they reach. Shipped roles can be changed; a team may add its own."""

    REACHES = [("own", _("Their own")), ("team", _("Their teams'")), ("all", _("Everyone's"))]
    SHIPPED = {
        "administrator": _("Administrator"),
        "manager": _("Manager"),
        "account_manager": _("Account manager"),
        "marketing": _("Marketing"),
        "service": _("Service"),
        "analyst": _("Analyst"),
        "viewer": _("Viewer"),
    }

    key = models.SlugField(_("key"), max_length=40, unique=True)
    name = models.CharField(_("name"), max_length=80, blank=True)  # empty for a shipped role: translated by its key
    scope = models.CharField(_("reaches"), max_length=4, choices=REACHES, default="own")

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(scope__in=SCOPES), name="accounts_role_scope_is_known")
        ]

    def __str__(self) -> str:
        return self.name or str(self.SHIPPED.get(self.key, self.key))


class RolePermission(models.Model):
    """One right of one role."""

    role = models.ForeignKey(Role, models.CASCADE, related_name="permissions")
    permission = models.CharField(max_length=80)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["role", "permission"], name="accounts_right_once_a_role")]

    def __str__(self) -> str:
        return f"{self.role_id} {self.permission}"


class KnownPermission(models.Model):
    """A right that the default roles were given once: what an administrator takes away later does not come back."""

    permission = models.CharField(max_length=80, primary_key=True)

    def __str__(self) -> str:
        return self.permission


class Membership(models.Model):
    """A person in a team. Someone in several teams has the same role in each."""

    user = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    team = models.ForeignKey(Team, models.PROTECT, related_name="memberships")
    role = models.ForeignKey(Role, models.PROTECT, related_name="memberships")

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [models.UniqueConstraint(fields=["user", "team"], name="accounts_once_in_a_team")]

    def __str__(self) -> str:
        return f"{self.user_id} in {self.team_id}"
