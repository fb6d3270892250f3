"""Server and worker as two children of one process: both are there, or none; told to end, both end cleanly."""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import FrameType
from urllib.error import URLError
from urllib.request import urlopen

GRACE = 15.0  # seconds that a child has to end by itself
QUICKLY = 5.0  # a worker that dies sooner than this after its start is not started again at once
POLL = 0.1
PR_SET_PDEATHSIG = 1


@dataclass(frozen=True, slots=True)
class Serving:
    """Where to listen and with how many processes."""

    host: str = "127.0.0.1"
    port: int = 8000
    processes: int = 1
    worker: bool = True

    @property
    def url(self) -> str:
        """Where a browser on this machine finds it."""
        host = "127.0.0.1" if self.host in ("0.0.0.0", "::") else self.host  # noqa: S104 - read, not bound
        return f"http://{host}:{self.port}/"


def server_command(serving: Serving) -> list[str]:
    """Return the command of the server: granian over WSGI; our own lines of the log, not its."""
    return [
        sys.executable, "-m", "granian", "regulars.web.config.wsgi:application",
        "--interface", "wsgi", "--host", serving.host, "--port", str(serving.port),
        "--workers", str(serving.processes), "--blocking-threads", "8", "--no-ws",
        "--respawn-failed-workers", "--workers-kill-timeout", "10", "--log-level", "error",
    ]  # fmt: skip


def worker_command() -> list[str]:
    """Return the command of the worker."""
    return [sys.executable, "-m", "regulars", "worker"]


def serve(serving: Serving, *, ready: Callable[[], None]) -> int:
    """Run until Ctrl-C, SIGTERM or the server's end and return the exit code; call `ready` once a page can be had.

    The worker starts when pages can be had: on a busy machine it would only delay them.
    """
    stop = _Stop()
    children = {"server": _start(server_command(serving))}
    try:
        _wait_until_ready(serving, children["server"], stop)
        if not stop.told and children["server"].poll() is None:
            if serving.worker:
                children["worker"] = _start(worker_command())
            ready()
        return _watch(children, stop)
    finally:
        _end(list(children.values()))
        stop.restore()


def _start(command: list[str]) -> subprocess.Popen[bytes]:
    """Start a child in a session of its own: Ctrl-C in the terminal comes to us alone, we pass it on."""
    return subprocess.Popen(command, start_new_session=True, preexec_fn=_end_with_parent)  # noqa: PLW1509, S603


def _end_with_parent() -> None:
    """Let Linux end the child when we die without a word (kill -9): nothing keeps the port or the queue."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class _Stop:
    """Remembers that a signal has come, instead of raising in the middle of something."""

    def __init__(self) -> None:
        self.told = False
        self.before = {number: signal.signal(number, self.tell) for number in (signal.SIGINT, signal.SIGTERM)}

    def tell(self, number: int, frame: FrameType | None) -> None:
        self.told = True

    def restore(self) -> None:
        for number, handler in self.before.items():
            signal.signal(number, handler)


def _wait_until_ready(serving: Serving, server: subprocess.Popen[bytes], stop: _Stop) -> None:
    while not stop.told and server.poll() is None:
        try:
            with urlopen(f"{serving.url}healthz", timeout=2):  # noqa: S310 - our own address
                return
        except (URLError, OSError):
            time.sleep(POLL)


def _watch(children: dict[str, subprocess.Popen[bytes]], stop: _Stop) -> int:
    began = time.monotonic()
    while not stop.told:
        code = children["server"].poll()
        if code is not None:
            return code or 1
        worker = children.get("worker")
        if worker is not None and worker.poll() is not None and time.monotonic() - began > QUICKLY:
            began = time.monotonic()
            children["worker"] = _start(worker_command())
        time.sleep(POLL)
    return 0


def _end(children: list[subprocess.Popen[bytes]]) -> None:
    for child in children:
        if child.poll() is None:
            child.terminate()
    until = time.monotonic() + GRACE
    for child in children:
        try:
            child.wait(max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            _kill(child)


def _kill(child: subprocess.Popen[bytes]) -> None:
    """End a child with its own children: they share its session."""
    os.killpg(child.pid, signal.SIGKILL)
    child.wait()
