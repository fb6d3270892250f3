"""Translations of every app: `python -m regulars.web.config.messages` collects and compiles, `--check` only looks.

Needs GNU gettext (`apt-get install gettext`).
"""

from __future__ import annotations

import contextlib
import gettext
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from io import StringIO
from pathlib import Path

from regulars.web.config.apps import APPS

WEB = Path(__file__).resolve().parents[1]
PLACE = Path("locale/zh_Hans/LC_MESSAGES")
HEADER = """msgid ""
msgstr ""
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=UTF-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Language: zh_Hans\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"
"""


def main(arguments: Sequence[str] = ()) -> int:
    """Update every app's translations, or with ``--check`` say what is missing; 1 where something is."""
    only = [name for name in arguments if not name.startswith("--")] or list(APPS)
    if "--check" in arguments:
        problems = [problem for app in only for problem in missing(WEB / app)] + list(unlike())
        print("\n".join(problems) or f"{len(only)} apps are translated")  # noqa: T201 - a command of the developers
        return 1 if problems else 0
    for app in only:
        update(WEB / app)
    return 0


def update(folder: Path) -> None:
    """Collect an app's sentences into its `django.po` and compile it."""
    _collect(folder)
    po = folder / PLACE / "django.po"
    if po.is_file():
        _run("msgfmt", "--check-format", "-o", str(po.with_suffix(".mo")), str(po))


def missing(folder: Path) -> Iterator[str]:
    """Yield what an app lacks: sentences without a translation, doubtful ones, a compiled file that is behind."""
    with tempfile.TemporaryDirectory() as room:
        copy = Path(room) / folder.name
        shutil.copytree(folder, copy)
        _collect(copy)
        po = copy / PLACE / "django.po"
        if not po.is_file():
            return
        for kind in ("--untranslated", "--only-fuzzy"):
            found = _run("msgattrib", kind, "--no-obsolete", "--no-wrap", str(po))
            said = [line for line in found.splitlines() if line.startswith("msgid ") and line != 'msgid ""']
            yield from (f"{folder.name}: {kind.lstrip('-')}: {line.removeprefix('msgid ')}" for line in said)
        fresh = Path(room) / "fresh.mo"
        _run("msgfmt", "--check-format", "-o", str(fresh), str(po))
        if _catalogue(fresh) != _catalogue(folder / PLACE / "django.mo"):
            yield f"{folder.name}: django.mo is behind; run python -m regulars.web.config.messages {folder.name}"


def unlike() -> Iterator[str]:
    """Yield sentences that two apps translate differently: Django would show one app's words in the other, too."""
    first: dict[object, tuple[str, str]] = {}
    for app in APPS:
        for sentence, words in _catalogue(WEB / app / PLACE / "django.mo").items():
            other, known = first.setdefault(sentence, (app, words))
            if known != words:
                yield f"{app}: {sentence!r} is {words!r} here and {known!r} in {other}: agree, or add a context"


def _collect(folder: Path) -> None:
    """Let Django collect the sentences; the header is ours, so that nothing changes but sentences."""
    from django.core.management import call_command

    (folder / "locale").mkdir(exist_ok=True)
    said = StringIO()
    with contextlib.chdir(folder):
        options = {"no_location": True, "no_wrap": True, "no_obsolete": True, "verbosity": 0}
        call_command("makemessages", locale=["zh_Hans"], stdout=said, **options)
    po = folder / PLACE / "django.po"
    if not po.is_file():
        (folder / "locale").rmdir()
        return
    _, _, sentences = po.read_text(encoding="utf-8").partition("\n\n")
    po.write_text(f"{HEADER}\n{sentences}", encoding="utf-8")


def _run(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout  # noqa: S603 - our own


def _catalogue(path: Path) -> dict[object, str]:
    if not path.is_file():
        return {}
    with path.open("rb") as file:
        found = dict(gettext.GNUTranslations(file)._catalog)  # type: ignore[attr-defined]
    found.pop("", None)
    return found


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "regulars.web.config.testing")
    import django

    django.setup()
    sys.exit(main(sys.argv[1:]))
