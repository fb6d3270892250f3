"""A number from its end: "ends with these digits" becomes "begins with", which an index answers."""

from __future__ import annotations

from typing import Any

from django.db import models


class EndField(models.CharField[str, str]):
    """Another field of the row backwards, as far as the column is long; kept in step by every save."""

    def __init__(self, *args: Any, of: str = "key", **options: Any) -> None:
        self.of = of
        super().__init__(*args, **{"editable": False, "default": "", **options})

    def deconstruct(self) -> tuple[Any, Any, Any, Any]:
        """Return what a migration needs."""
        name, path, args, options = super().deconstruct()
        return name, path, args, {**options, "of": self.of}

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        """Return the other field's text backwards."""
        text = backwards(getattr(model_instance, self.of), self.max_length)
        setattr(model_instance, self.attname, text)
        return text


def backwards(text: str, longest: int | None) -> str:
    """Return a text from its end, as an `EndField` holds it."""
    return text[::-1][:longest]
