"""The workspace folder: where everything that belongs to one installation lies, and the secrets in it."""

from __future__ import annotations

import os
import secrets
import stat
import tomllib
from collections.abc import Mapping
from pathlib import Path

from regulars.errors import InputError
from regulars.words import T

HOME_VARIABLE = "REGULARS_HOME"
SECRETS_FILE = "secrets.toml"
SECRETS = ("secret_key", "suppression_key")
"""The key that signs sessions and links, and the key that hashes who asked to be left alone."""


def home_folder(environment: Mapping[str, str] = os.environ) -> Path:
    """Return the workspace folder: what ``REGULARS_HOME`` names, else ``regulars-data`` here."""
    return Path(environment.get(HOME_VARIABLE) or "regulars-data").expanduser().absolute()


def read_secrets(home: Path) -> dict[str, str]:
    """Return the secrets of the workspace in `home`.

    Raises
    ------
    InputError
        When there is no workspace yet, or its file of secrets cannot be used.
    """
    path = home / SECRETS_FILE
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise InputError(
            T(zh="这里还没有工作区", en="there is no workspace here yet"),
            where=str(home),
            remedy=T(zh="先运行 regulars init。", en="Run regulars init first."),
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        raise _unusable(path) from None
    if any(not isinstance(found.get(name), str) or len(found[name]) < 40 for name in SECRETS):
        raise _unusable(path)
    return {name: found[name] for name in SECRETS}


def make_secrets(home: Path) -> Path:
    """Write fresh secrets that only the owner of the folder can read; what is there is kept."""
    path = home / SECRETS_FILE
    if not path.exists():
        text = "".join(f'{name} = "{secrets.token_urlsafe(48)}"\n' for name in SECRETS)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, stat.S_IRUSR | stat.S_IWUSR)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text)
    return path


def open_to_others(path: Path) -> bool:
    """Return whether anyone but the owner may read `path`."""
    return bool(path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))


def _unusable(path: Path) -> InputError:
    return InputError(
        T(zh="密钥读不出来", en="the secrets cannot be read"),
        where=str(path),
        remedy=T(
            zh="从备份里取回这个文件；没有它，登录和退订名单都作废。",
            en="Bring the file back from a backup; without it sign-ins and the suppression list are void.",
        ),
    )
