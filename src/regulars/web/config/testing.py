"""Settings of the tests: no workspace folder, nothing slow, the database of `DATABASE_URL` or SQLite in memory."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from unittest import mock

_SECRETS = {"secret_key": "t" * 48, "suppression_key": "s" * 48}
with mock.patch("regulars.web.config.home.read_secrets", return_value=_SECRETS):
    from regulars.web.config.settings import *  # noqa: F403
    from regulars.web.config.settings import DATABASES

REGULARS_HOME = Path(tempfile.gettempdir()) / f"regulars-tests-{os.getpid()}"  # not made: each test has its own
STATIC_ROOT = REGULARS_HOME / "static"
MEDIA_ROOT = REGULARS_HOME / "uploads"
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["NAME"] = ":memory:"
    DATABASES["default"]["OPTIONS"].pop("init_command")  # which keeps no journal
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
MAILERS = {"default": {"BACKEND": "django.core.mail.backends.locmem.EmailBackend"}}
TASKS = {"default": {"BACKEND": "django.tasks.backends.dummy.DummyBackend"}}
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
LOGGING = {"level": "CRITICAL"}
WHITENOISE_AUTOREFRESH = WHITENOISE_USE_FINDERS = True  # straight from the source, nothing collected
