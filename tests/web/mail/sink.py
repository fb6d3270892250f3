"""A mail server of this machine alone that keeps what it is given, and can refuse, hesitate and die."""

from __future__ import annotations

import contextlib
import socketserver
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from typing import Any


@dataclass
class Sink:
    """What came in; `answers`: a recipient's own reply to RCPT; `dies_at`: the line breaks after so many messages."""

    port: int = 0
    raw: list[tuple[str, bytes]] = field(default_factory=list)
    answers: dict[str, str] = field(default_factory=dict)
    dies_at: int | None = None
    takes_last: bool = True  # whether the message at which it dies was taken, too
    delay: float = 0.0
    connections: int = 0

    @property
    def messages(self) -> list[EmailMessage]:
        return [message_from_bytes(raw, policy=policy.default) for _, raw in self.raw]

    @property
    def recipients(self) -> list[str]:
        return [to for to, _ in self.raw]

    @property
    def is_dead(self) -> bool:
        return self.dies_at is not None and len(self.raw) >= self.dies_at


class Talk(socketserver.StreamRequestHandler):
    """One connection."""

    def say(self, text: str) -> None:
        self.wfile.write(text.encode() + b"\r\n")

    def handle(self) -> None:
        sink: Sink = self.server.sink  # type: ignore[attr-defined]
        if sink.is_dead:
            return
        sink.connections += 1
        self.say("220 here")
        to = ""
        while line := self.rfile.readline():
            verb = line[:4].upper()
            if verb == b"QUIT":
                self.say("221 bye")
                return
            if verb == b"RCPT":
                to = line.decode().partition("<")[2].partition(">")[0]
                self.say(sink.answers.get(to, "250 ok"))
            elif verb == b"DATA":
                self.say("354 go on")
                if not self.take(sink, to):
                    return
            else:
                self.say("250 ok")

    def take(self, sink: Sink, to: str) -> bool:
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b"..") else line)
        dies = sink.dies_at is not None and len(sink.raw) + 1 >= sink.dies_at
        if not dies or sink.takes_last:
            sink.raw.append((to, b"".join(lines)))
        else:
            sink.dies_at = len(sink.raw)
        if not dies:
            threading.Event().wait(sink.delay)
            self.say("250 taken")
        return not dies


class Server(socketserver.ThreadingTCPServer):
    allow_reuse_address, daemon_threads = True, True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Say nothing about lines that a killed process leaves."""


@contextlib.contextmanager
def listening() -> Iterator[Sink]:
    """Run a sink."""
    sink = Sink()
    with Server(("127.0.0.1", 0), Talk) as server:
        server.sink = sink  # type: ignore[attr-defined]
        sink.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield sink
        finally:
            server.shutdown()
            thread.join()
