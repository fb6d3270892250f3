"""The commands as an administrator meets them: an empty folder, pages within seconds, a clean end."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from regulars.cli.deployment import Finding
from regulars.cli.main import main
from regulars.web.config.serve import Serving, server_command
from regulars.words import T

WITHOUT_DJANGO = """
import importlib.abc, sys

class Absent(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {"django", "granian", "allauth"}:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)

sys.meta_path.insert(0, Absent())
from regulars.cli.main import main
sys.exit(main(sys.argv[1:]))
"""

pytestmark = pytest.mark.own_database


def environment(**more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in {"DJANGO_SETTINGS_MODULE", "DATABASE_URL"}}
    return {**kept, "LANG": "en_GB.UTF-8", **more}


def regulars(*arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "regulars", *arguments]
    return subprocess.run(
        command,
        env=environment(**more),
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=120,
        check=False,
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """A workspace and what `regulars init` said."""
    home = tmp_path_factory.mktemp("workspace") / "data"
    made = regulars("init", "--home", str(home))
    assert (made.returncode, made.stderr) == (0, "")
    return home, made.stdout


class Served:
    """`regulars serve` on a port of its own."""

    def __init__(self, home: Path, *more: str) -> None:
        self.port = free_port()
        command = [sys.executable, "-m", "regulars", "serve", "--home", str(home), "--port", str(self.port), *more]
        self.began = time.monotonic()
        self.process = subprocess.Popen(
            command, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def until_first_page(self) -> None:
        while time.monotonic() - self.began < 60:
            try:
                with urlopen(f"http://127.0.0.1:{self.port}/sign-in/", timeout=5) as page:
                    assert b"<form" in page.read()
                    return
            except (URLError, OSError):
                time.sleep(0.05)
        pytest.fail(f"no page after a minute: {self.process.stderr.read() if self.process.poll() else ''}")

    def end(self, number: signal.Signals) -> tuple[int, str, str]:
        self.process.send_signal(number)
        said, complained = self.process.communicate(timeout=30)
        return self.process.returncode, said, complained


def answers(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_init_makes_a_folder_for_its_owner_alone(workspace):
    home, _ = workspace
    assert home.stat().st_mode & 0o777 == 0o700
    assert (home / "secrets.toml").stat().st_mode & 0o777 == 0o600
    assert (home / "db.sqlite3").is_file()
    assert (home / "static" / "core").is_dir()


def test_init_says_the_password_once(workspace):
    home, said = workspace
    assert re.search(r"password: [a-z0-9]{4}(-[a-z0-9]{4}){3} \(shown only now", said)
    again = regulars("init", "--home", str(home))
    assert again.returncode == 0
    assert "password" not in again.stdout
    assert "people exist already" in again.stdout


def test_serve_without_a_workspace_says_what_to_do(tmp_path):
    refused = regulars("serve", "--home", str(tmp_path / "nothing"))
    assert refused.returncode == 2
    assert "there is no workspace here yet" in refused.stderr
    assert "Run regulars init first." in refused.stderr
    assert "Traceback" not in refused.stderr
    assert not (tmp_path / "nothing").exists()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_pages_come_and_everything_ends_cleanly(workspace, number):
    home, _ = workspace
    served = Served(home)
    served.until_first_page()
    until = time.monotonic() + 30
    while "✓ a worker is alive" not in (check := regulars("check", "--home", str(home))).stdout:
        assert time.monotonic() < until, check.stdout
    code, said, complained = served.end(number)
    assert (code, answers(served.port)) == (0, False)
    assert f"Regulars is at http://127.0.0.1:{served.port}/" in said
    assert "Traceback" not in complained
    for line in complained.splitlines():
        assert json.loads(line)["level"] in {"info", "warning"}, line


def test_nobody_else_can_read_the_database(workspace):
    home, _ = workspace
    found = {path.name: oct(path.stat().st_mode & 0o777) for path in home.glob("db.sqlite3*")}
    assert "db.sqlite3" in found
    assert set(found.values()) == {"0o600"}


def test_kill_leaves_nothing_behind(workspace):
    home, _ = workspace
    served = Served(home)
    served.until_first_page()
    served.end(signal.SIGKILL)
    until = time.monotonic() + 20
    while answers(served.port) and time.monotonic() < until:
        time.sleep(0.1)
    assert not answers(served.port)


def test_the_administrator_signs_in_with_the_password(workspace):
    home, said = workspace
    code = (
        "from regulars.web.config import prepare; from pathlib import Path; import sys;"
        "prepare.set_up(Path(sys.argv[1]));"
        "from django.contrib.auth import authenticate;"
        "print(authenticate(None, username='admin', password=sys.argv[2]) is not None)"
    )
    password = re.search(r"password: (\S+)", said)[1]
    run = subprocess.run(
        [sys.executable, "-c", code, str(home), password],
        env=environment(), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.stdout.strip() == "True", run.stderr


# ---- check


def test_check_says_what_is_missing(workspace):
    home, _ = workspace
    check = regulars("check", "--home", str(home))
    assert check.returncode == 0
    assert "✓ only you can read the secrets" in check.stdout
    assert "! no worker is alive: imports and valuations would wait" in check.stdout
    assert "! pages go unencrypted" in check.stdout
    assert "administrators without a second factor: 1" in check.stdout


def test_check_speaks_chinese(workspace):
    home, _ = workspace
    check = regulars("check", "--home", str(home), "--lang", "zh")
    assert "✓ 密钥只有你能读" in check.stdout


def test_check_refuses_secrets_that_others_can_read(workspace):
    home, _ = workspace
    (home / "secrets.toml").chmod(0o644)
    try:
        check = regulars("check", "--home", str(home))
    finally:
        (home / "secrets.toml").chmod(0o600)
    assert check.returncode == 1
    assert "✗ others can read the file of secrets\n  chmod 600" in check.stdout


def test_check_behind_tls_has_nothing_to_say_about_it(workspace):
    home, _ = workspace
    check = regulars(
        "check", "--home", str(home), REGULARS_URL="https://regulars.example.com", REGULARS_HOSTS="x.example"
    )
    assert "✓ the pages' doors are well shut" in check.stdout
    assert "unencrypted" not in check.stdout


def test_check_of_a_database_that_is_not_there(workspace):
    home, _ = workspace
    check = regulars("check", "--home", str(home), DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")
    assert check.returncode == 1
    assert "✗ the database cannot be reached" in check.stdout
    assert "Traceback" not in check.stdout + check.stderr


def test_a_finding_is_one_line_and_its_remedy():
    finding = Finding("bad", T(zh="坏了", en="broken"), T(zh="修好", en="repair it"))
    assert finding.line("en") == "✗ broken\n  repair it"
    assert finding.line("zh") == "✗ 坏了\n  修好"


# ---- the core without the web


@pytest.mark.parametrize("command", ["init", "serve", "worker", "check"])
def test_without_django_one_line_says_what_to_install(command):
    run = subprocess.run(
        [sys.executable, "-c", WITHOUT_DJANGO, command], env=environment(), capture_output=True, text=True, check=False
    )
    assert run.returncode == 2
    assert run.stderr == 'regulars: what the pages need is not installed\npip install "regulars[web]"\n'


def test_help_does_not_wait_for_the_web():
    code = (
        "import sys; from regulars.cli.main import main\n"
        "try: main(['--help'])\nexcept SystemExit: pass\nprint('django' in sys.modules)"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.endswith("False\n")
    assert "serve" in run.stdout


def test_an_option_that_there_is_not(capsys):
    assert main(["serve", "--colour", "red"]) == 2
    assert "--colour red is not known" in capsys.readouterr().err


def test_the_server_listens_where_it_was_told():
    command = server_command(Serving("0.0.0.0", 8080, 3))
    assert command[command.index("--port") + 1] == "8080"
    assert command[command.index("--workers") + 1] == "3"
    assert Serving("0.0.0.0", 8080).url == "http://127.0.0.1:8080/"


def test_pages_come_without_waiting_for_what_a_valuation_alone_needs(workspace):
    code = (
        "import sys; from pathlib import Path; from regulars.web.config import prepare;"
        "prepare.set_up(Path(sys.argv[1])); import regulars.web.config.urls;"
        "print([name for name in ('scipy', 'polars', 'pandas') if name in sys.modules])"
    )
    run = subprocess.run(
        [sys.executable, "-c", code, str(workspace[0])], env=environment(), capture_output=True, text=True, check=False
    )
    assert run.stdout.strip() == "[]", run.stderr
