"""Logs as one JSON object a line, without personal data: who is a number, what is an address without its query."""

from __future__ import annotations

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Any

KEPT = ("status", "method", "route", "user_id", "ms", "job_id", "kind")
"""The only extra fields that a line may carry."""


class Lines(logging.Formatter):
    """Writes a record as one line of JSON."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line: time, level, logger, message, the kept fields, and the kind and place of an error."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": _message(record),
        }
        line |= {name: getattr(record, name) for name in KEPT if hasattr(record, name)}
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__  # its text may quote what a person typed
            line["at"] = _place(record)
        return json.dumps(line, ensure_ascii=False)


def _message(record: logging.LogRecord) -> str:
    """Return the message; of Django's lines about requests without the address, which may be a one-time link."""
    if record.name.startswith(("django.request", "django.security")):
        return str(record.msg).partition(":")[0].partition("(")[0].strip()
    return record.getMessage()


def _place(record: logging.LogRecord) -> str:
    trace = record.exc_info[2] if record.exc_info else None
    places = []
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"{code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}:{code.co_name}")
        trace = trace.tb_next
    return " > ".join(places[-6:])


class _WithoutRequests(logging.Filter):
    """Keeps Django's own lines about ordinary requests out: each has a line of ours already."""

    def filter(self, record: logging.LogRecord) -> bool:
        return not record.name.startswith("django.request") or record.levelno >= logging.ERROR


def configure(settings: dict[str, Any]) -> None:
    """Send everything from `level` on to stderr, one JSON object a line."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Lines())
    handler.addFilter(_WithoutRequests())
    for name in ("django", "django_tasks_db", "allauth", "regulars"):
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.setLevel(settings["level"])
        logger.propagate = False
