"""Every table is either reached through `visible_to` or is listed with the reason why it needs none."""

from __future__ import annotations

import runpy
from pathlib import Path

import pytest
from django.apps import apps

from regulars.web.accounts.access import NOBODY
from regulars.web.core.permissions import FIELD_PERMISSIONS, all_permissions

pytestmark = pytest.mark.django_db

FILES = [runpy.run_path(str(path)) for path in sorted(Path(__file__).parent.glob("subjects_*.py"))]
OPEN = {label: why for file in FILES for label, why in file.get("OPEN", {}).items()}
"""Tables without `visible_to`, and why: said by each app's `subjects_<app>.py`."""


def models():
    ours = [config for config in apps.get_app_configs() if config.name.startswith("regulars.")]
    return [model for config in ours for model in config.get_models()]


def test_every_table_is_classified():
    unclear = [
        model._meta.label
        for model in models()
        if not hasattr(model._default_manager, "visible_to") and model._meta.label not in OPEN
    ]
    assert unclear == []


def test_the_list_of_exceptions_has_none_too_many():
    labels = {model._meta.label for model in models()}
    assert set(OPEN) <= labels
    assert [
        m._meta.label for m in models() if m._meta.label in OPEN and hasattr(m._default_manager, "visible_to")
    ] == []


@pytest.mark.parametrize("model", [m for m in models() if hasattr(m._default_manager, "visible_to")], ids=str)
def test_nobody_sees_anything(model):
    assert list(model._default_manager.visible_to(NOBODY)) == []


def test_rights_are_named_after_their_app():
    known = {config.label for config in apps.get_app_configs()}
    assert [
        right for right in all_permissions() if right.split(".")[0] not in known and right not in FIELD_PERMISSIONS
    ] == []
