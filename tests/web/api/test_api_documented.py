"""The examples of docs/api-rest.md, executed as they stand there; their answers have the parts that the page shows."""

from __future__ import annotations

import json
import re
import shlex
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from regulars.web.api.scopes import SCOPES
from regulars.web.tasks.models import Task
from regulars.web.tasks.outcomes import Outcome

pytestmark = pytest.mark.django_db

PAGE = Path(__file__).parents[3] / "docs" / "api-rest.md"
BLOCK = re.compile(r"```(console|json)\n(.*?)```", re.DOTALL)


def examples() -> list[tuple[str, Any]]:
    """Return each call with the answer that stands below it, or None."""
    found: list[tuple[str, Any]] = []
    for kind, text in BLOCK.findall(PAGE.read_text(encoding="utf-8")):
        if kind == "console":
            found.append((text, None))
        else:
            found[-1] = (found[-1][0], json.loads(text))
    return found


def parts(answer: Any) -> Any:
    """Return the names in an answer, without its values."""
    if isinstance(answer, dict):
        return {name: parts(value) for name, value in answer.items()}
    return (
        [parts(one) for one in answer[:1]] if isinstance(answer, list) and answer and isinstance(answer[0], dict) else 0
    )


def curl(text: str, token: str) -> dict[str, Any]:
    """Read a command of curl as the arguments of a request."""
    words = shlex.split(text.removeprefix("$ ").replace("\\\n", " "))
    request: dict[str, Any] = {"method": "get", "headers": {}, "body": ""}
    for option, value in pairwise(words):
        if option == "-X":
            request["method"] = value.lower()
        elif option == "-H":
            name, content = value.split(": ", 1)
            request["headers"][name] = content.replace("$TOKEN", token)
        elif option == "-d":
            request["body"] = value
    assert words[-1].startswith("https://regulars.example.com/api/v1/")
    return request | {"path": words[-1].removeprefix("https://regulars.example.com")}


def test_every_example_does_what_the_page_says(client, token_of, customer, people):
    customer("Bamboo Club", pk=4204, owner=people["manager"])
    customer("Riverside Tea", pk=4205, owner=people["manager"])
    Task.objects.create(pk=31, customer_id=4204, kind="call", owner=people["manager"], due_on="2026-11-23")
    token = token_of("manager")
    for text, shown in examples():
        asked = curl(text, token)
        send = getattr(client, asked["method"])
        more = {"data": asked["body"], "content_type": "application/json"} if asked["body"] else {}
        answer = send(asked["path"], headers=asked["headers"], **more)
        refused = isinstance(shown, dict) and "error" in shown
        assert (answer.status_code >= 400) == refused, (text, answer.content)
        assert shown is None or parts(answer.json()) == parts(shown), text
    assert len(examples()) > 9


def test_every_scope_and_outcome_stands_there():
    text = PAGE.read_text(encoding="utf-8")
    assert [scope for scope in SCOPES if f"`{scope}`" not in text] == []
    assert [outcome for outcome in Outcome.values if f"`{outcome}`" not in text] == []
