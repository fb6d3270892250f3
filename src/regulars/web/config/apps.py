"""The apps of the project: a new one is one line here. The value is the address its pages live under."""

from __future__ import annotations

APPS: dict[str, str | None] = {
    "core": "",
    "accounts": "",
    "audit": "audit/",
    "customers": "customers/",
    "journal": "",
    "facts": None,
    "importing": "import/",
    "valuations": "value/",
    "contracts": "value/contracts/",
    "tasks": "",
    "segments": "",
    "campaigns": "",
    "mail": "",
    "api": "",
}
"""App → prefix of its pages; None for an app without pages. `core` stays first: its templates win."""
