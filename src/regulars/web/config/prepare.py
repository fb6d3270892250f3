"""From nothing to a workspace that can be served: folder, secrets, tables, static files, the first administrator."""

from __future__ import annotations

import os
import secrets
from io import StringIO
from pathlib import Path

from regulars import __version__
from regulars.web.config.home import HOME_VARIABLE, home_folder, make_secrets

SETTINGS = "regulars.web.config.settings"
STAMP = ".prepared-by"


def set_up(home: Path | None = None) -> Path:
    """Start Django on the workspace in `home` and return the folder.

    Raises
    ------
    InputError
        When there is no workspace yet.
    """
    folder = home or home_folder()
    os.environ[HOME_VARIABLE] = str(folder)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", SETTINGS)
    import django

    django.setup()
    return folder


def make_folder(home: Path) -> None:
    """Make the folder and its secrets, open to nobody else; what is there is kept."""
    home.mkdir(parents=True, exist_ok=True)
    home.chmod(0o700)
    for name in ("uploads", "exports", "valuations"):
        (home / name).mkdir(mode=0o700, exist_ok=True)
    make_secrets(home)


def prepare() -> None:
    """Bring tables and static files to this version's shape. What is there already costs nothing."""
    from django.core.management import call_command

    close_database()
    if behind():
        call_command("migrate", interactive=False, verbosity=0, stdout=StringIO())
        call_command("createcachetable", verbosity=0, stdout=StringIO())
    _collect()


def close_database() -> None:
    """Let nobody but the owner of the folder read SQLite's file; its companions take the mode of the file."""
    from django.db import connection

    if connection.vendor == "sqlite":
        path = Path(connection.settings_dict["NAME"])
        path.touch(mode=0o600)
        for one in path.parent.glob(f"{path.name}*"):
            one.chmod(0o600)


def add_administrator(name: str, username: str, password: str, *, language: str) -> bool:
    """Add the first administrator, whose language the workspace takes; nothing where people exist already."""
    from django.db import transaction

    from regulars.web.accounts.models import Membership, Role, Team, User
    from regulars.web.core.models import Workspace

    with transaction.atomic():
        if User.objects.exists():
            return False
        Workspace.objects.get_or_create(pk=1, defaults={"language": language})
        team = Team.objects.filter(kind="head_office").first() or Team.objects.create(
            name={"zh-hans": "总部"}.get(language, "Head office"), kind="head_office"
        )
        user = User.objects.create_user(username=username, password=password, name=name, language=language)
        Membership.objects.create(user=user, team=team, role=Role.objects.get(key="administrator"))
    return True


def make_password() -> str:
    """Return a password that is easy to type and hard to guess: 80 bits."""
    letters = "abcdefghjkmnpqrstuvwxyz23456789"
    return "-".join("".join(secrets.choice(letters) for _ in range(4)) for _ in range(4))


def behind() -> bool:
    """Return whether the tables have the shape of an older version."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _collect() -> None:
    """Copy and compress static files where this version has not yet done so."""
    from django.conf import settings
    from django.core.management import call_command

    stamp = Path(settings.STATIC_ROOT) / STAMP
    now = f"{__version__} {_newest_source():.0f}"
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == now:
        return
    call_command("collectstatic", interactive=False, verbosity=0, stdout=StringIO())
    stamp.write_text(now, encoding="utf-8")


def _newest_source() -> float:
    """Return when one of our static files last changed: an installation from source is edited between releases."""
    web = Path(__file__).resolve().parents[1]
    return max(path.stat().st_mtime for path in web.glob("*/static/**/*") if path.is_file())
