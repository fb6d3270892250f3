"""Backup and restore as an administrator does them: the tables come back, erased people do not, bad ones nothing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

SCRIPT = """
import sys
from pathlib import Path
from regulars.web.config import prepare
prepare.set_up(Path(sys.argv[1]))
from regulars.web.accounts.access import actor_of
from regulars.web.accounts.models import User
from regulars.web.customers import actions
from regulars.web.core.models import Pulse
from regulars.web.customers.models import Customer
by = actor_of(User.objects.get(username="admin"))
{}
"""
ADD = "print(*[actions.create(by=by, name=name).pk for name in ('Stays', 'CANARY Goes')])"
ERASE = "actions.erase(customer=Customer.objects.get(name='CANARY Goes'), by=by)"
WORKS = "from django.utils import timezone; Pulse.objects.create(worker='elsewhere', seen_at=timezone.now())"
NAMES = "print(*sorted(Customer.objects.exclude(name='').values_list('name', flat=True)), sep='|')"

pytestmark = pytest.mark.own_database


def run(*command: str) -> subprocess.CompletedProcess[str]:
    env = {name: value for name, value in os.environ.items() if name not in {"DJANGO_SETTINGS_MODULE", "DATABASE_URL"}}
    return subprocess.run(
        [sys.executable, *command], env={**env, "LANG": "en_GB.UTF-8"}, capture_output=True, text=True, check=False
    )


def regulars(*arguments: str) -> subprocess.CompletedProcess[str]:
    return run("-m", "regulars", *arguments)


def in_workspace(home: Path, lines: str) -> str:
    done = run("-c", SCRIPT.format(lines), str(home))
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.fixture(scope="module")
def backed_up(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A workspace with two customers and its backup; one of the two was erased since."""
    room = tmp_path_factory.mktemp("backup")
    home, archive = room / "data", room / "regulars.tar"
    assert regulars("init", "--home", str(home)).returncode == 0
    in_workspace(home, ADD)
    in_workspace(home, WORKS)
    saved = regulars("backup", str(archive), "--home", str(home))
    assert saved.returncode == 0, saved.stderr
    assert "keep" in saved.stdout
    in_workspace(home, ERASE)
    return home, archive


def restore(backed_up: tuple[Path, Path], into: Path, **changed: Path) -> subprocess.CompletedProcess[str]:
    home, archive = backed_up
    named = {"archive": archive, "secrets": home / "secrets.toml", **changed}
    env = f"REGULARS_HOME={home}"
    return run(
        "-c",
        "import os, sys; name, value = sys.argv[1].split('='); os.environ[name] = value\n"
        "from regulars.cli.main import main; sys.exit(main(sys.argv[2:]))",
        env, "restore", str(named["archive"]), "--into", str(into), "--secrets", str(named["secrets"]),
    )  # fmt: skip


def test_what_was_saved_comes_back_and_who_was_erased_since_does_not(backed_up, tmp_path):
    done = restore(backed_up, tmp_path / "back")
    assert done.returncode == 0, done.stderr
    assert "tables agree with the backup" in done.stdout
    assert in_workspace(tmp_path / "back", NAMES) == "Stays"
    assert in_workspace(tmp_path / "back", "print(Pulse.objects.count())") == "0"  # no worker is alive there
    held = b"".join(path.read_bytes() for path in (tmp_path / "back").glob("db.sqlite3*"))
    assert b"CANARY" not in held
    assert {path.stat().st_mode & 0o077 for path in (tmp_path / "back").glob("db.sqlite3*")} == {0}


def test_a_damaged_backup_is_refused_and_leaves_nothing(backed_up, tmp_path):
    content = bytearray(backed_up[1].read_bytes())
    at = content.index(b"SQLite format 3")
    content[at + 200] ^= 0xFF
    (tmp_path / "damaged.tar").write_bytes(content)
    done = restore(backed_up, tmp_path / "back", archive=tmp_path / "damaged.tar")
    assert done.returncode == 2
    assert "damaged" in done.stderr
    assert not (tmp_path / "back").exists()


def test_other_keys_are_refused(backed_up, tmp_path):
    words = "\n".join(f'{name} = "{name * 6}"' for name in ("secret_key", "suppression_key"))
    (tmp_path / "secrets.toml").write_text(words, encoding="utf-8")
    done = restore(backed_up, tmp_path / "back", secrets=tmp_path / "secrets.toml")
    assert (done.returncode, done.stdout) == (2, "")
    assert "not the keys of this backup" in done.stderr
    assert not (tmp_path / "back").exists()


def test_a_backup_is_for_its_owner_alone(backed_up):
    assert backed_up[1].stat().st_mode & 0o777 == 0o600
