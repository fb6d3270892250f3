"""The mail server that `EMAIL_URL` names, as Django's settings want it."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from regulars.errors import InputError
from regulars.words import T

BACKENDS = "django.core.mail.backends"
TIMEOUT = 20
"""Seconds for one answer of the server."""
PORTS = {"smtp": 25, "smtp+tls": 587, "smtps": 465}


def mailers(url: str, home: Path) -> dict[str, Any]:
    """Return Django's ``MAILERS`` for a server's address.

    Parameters
    ----------
    url
        ``smtp+tls://user:password@host:587`` (STARTTLS), ``smtps://…`` (TLS at once), ``smtp://…`` (unencrypted);
        ``file:`` writes messages into the workspace folder, ``console:`` to the terminal;
        ``backend:dotted.path.EmailBackend?option=value`` takes any backend of Django's. Empty: nothing is sent.
    """
    scheme, _, rest = url.partition(":")
    if not url:
        return {"default": {"BACKEND": f"{BACKENDS}.dummy.EmailBackend"}}
    if scheme == "console":
        return {"default": {"BACKEND": f"{BACKENDS}.console.EmailBackend"}}
    if scheme == "file":
        return {"default": {"BACKEND": f"{BACKENDS}.filebased.EmailBackend", "OPTIONS": _folder(rest, home)}}
    if scheme == "backend":
        path, _, query = rest.partition("?")
        return {"default": {"BACKEND": path, "OPTIONS": dict(parse_qsl(query))}}
    if scheme in PORTS:
        return {"default": {"BACKEND": f"{BACKENDS}.smtp.EmailBackend", "OPTIONS": _server(url, scheme)}}
    raise InputError(
        T(zh="EMAIL_URL 看不懂", en="EMAIL_URL cannot be read"),
        remedy=T(
            zh="写成 smtp+tls://用户:密码@服务器:587，或 smtps://、smtp://、file:、console:、backend:。",
            en="Write smtp+tls://user:password@host:587, or smtps://, smtp://, file:, console:, backend:.",
        ),
    )


def _folder(rest: str, home: Path) -> dict[str, Any]:
    return {"file_path": unquote(rest.removeprefix("//")) or str(home / "mail")}


def _server(url: str, scheme: str) -> dict[str, Any]:
    parts = urlsplit(url)
    return {
        "host": parts.hostname or "localhost", "port": parts.port or PORTS[scheme],
        "username": unquote(parts.username or ""), "password": unquote(parts.password or ""),
        "use_tls": scheme == "smtp+tls", "use_ssl": scheme == "smtps", "timeout": TIMEOUT,
    }  # fmt: skip
