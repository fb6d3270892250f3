"""One import from the file to what came of it, and how files with the same columns were read before."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from regulars.web.core.actor import Actor
from regulars.web.core.visible import Visible
from regulars.web.core.words import current_lang


class Holds(models.TextChoices):
    """What a file holds."""

    CUSTOMERS = "customers", _("Customers")
    ORDERS = "orders", _("Orders")
    CONTRACTS = "contracts", _("Contracts")


class State(models.TextChoices):
    """Where an import stands."""

    LOOKING = "looking", _("Being looked at")
    COLUMNS = "columns", _("Waiting for its columns")
    CHECKING = "checking", _("Being checked")
    CHECKED = "checked", _("Checked, nothing written yet")
    WRITING = "writing", _("Being imported")
    DONE = "done", _("Imported")
    FAILED = "failed", _("Cannot be used")
    DROPPED = "dropped", _("Dropped")


OPEN = (State.LOOKING, State.COLUMNS, State.CHECKING, State.CHECKED, State.WRITING)
BUSY = (State.LOOKING, State.CHECKING, State.WRITING)


class ImportQuerySet(Visible):
    """An import belongs to who started it: the file and its rows left out are theirs."""

    owner_path = "started_by_id"

    def visible_to(self, actor: Actor) -> Self:
        """Return the imports that `actor` started; everyone's for who reaches every record."""
        if actor.user_id is None or not actor.may("importing.run"):
            return self.none()
        return self if actor.scope == "all" else self.filter(started_by_id=actor.user_id)


class Import(models.Model):
    """One file on its way in."""

    holds = models.CharField(_("holds"), max_length=10, choices=Holds)
    source = models.CharField(_("comes from"), max_length=60)
    file_name = models.CharField(_("file"), max_length=200)
    size = models.BigIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State, default=State.LOOKING)
    fingerprint = models.CharField(max_length=64, blank=True)  # of the column names
    columns = models.JSONField(default=dict)  # canonical name → column of the file; empty: there is none
    options = models.JSONField(default=dict)
    look = models.JSONField(default=dict)
    account = models.JSONField(default=dict)  # what was read, what writing changes
    result = models.JSONField(default=dict)
    problem = models.JSONField(default=dict)  # what, where, remedy, each in both languages
    job = models.ForeignKey("core.Job", models.SET_NULL, null=True, related_name="+")
    started_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    started_at = models.DateTimeField(auto_now_add=True)
    ended_at = models.DateTimeField(null=True)

    objects = ImportQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.file_name

    @property
    def folder(self) -> Path:
        """Where the file lies, and what was read from it."""
        folder: Path = settings.REGULARS_HOME / "uploads" / f"import-{self.pk}"
        return folder

    @property
    def file(self) -> Path:
        """The file as it lies on our disk: under a name of our own, whatever it was called."""
        return self.folder / f"file{Path(self.file_name).suffix.lower()}"

    @property
    def is_busy(self) -> bool:
        """Whether something is being done with it now."""
        return self.state in BUSY

    @property
    def trouble(self) -> dict[str, str]:
        """What is wrong, where and what to do, in the reader's language."""
        lang = current_lang()
        said: dict[str, Any] = {key: words for key, words in self.problem.items() if words}
        return {key: words[lang] for key, words in said.items()}


class Remembered(models.Model):
    """How a file with these columns was read: the next one with the same columns is read the same way."""

    holds = models.CharField(max_length=10, choices=Holds)
    fingerprint = models.CharField(max_length=64)
    source = models.CharField(max_length=60)
    columns = models.JSONField(default=dict)
    options = models.JSONField(default=dict)
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    saved_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["holds", "fingerprint"], name="importing_remembered_once")]

    def __str__(self) -> str:
        return f"{self.holds} {self.fingerprint[:8]}"
