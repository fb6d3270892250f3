"""The trail in people's words: every verb that the code writes has some, and who did it is told."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import regulars.web
from regulars.web import audit
from regulars.web.audit.words import SUBJECTS, VERBS
from regulars.web.core.actor import NOBODY

WRITERS = {"record": None, "trail": 0, "_trail": 0, "note": 2, "_record": 1}
"""Functions that lead to the trail, and which argument is the verb where it is not named."""


def written() -> set[tuple[str, str]]:
    """Return every verb and subject that stands in the code as a word, with its file."""
    found = set()
    for path in Path(regulars.web.__file__).parent.glob("*/**/*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            name = getattr(call.func, "attr", getattr(call.func, "id", ""))
            if name not in WRITERS:
                continue
            named = [word.value for word in call.keywords if word.arg in ("verb", "subject_type")]
            at = WRITERS[name]
            placed = [call.args[at]] if at is not None and len(call.args) > at else []
            for value in [*named, *placed]:
                words = ast.walk(value.body if isinstance(value, ast.IfExp) else value)
                more = ast.walk(value.orelse) if isinstance(value, ast.IfExp) else []
                texts = [one.value for one in [*words, *more] if isinstance(one, ast.Constant)]
                found |= {
                    (path.name, text)
                    for text in texts
                    if isinstance(text, str) and isinstance(value, ast.Constant | ast.IfExp)
                }
        for line in (node for node in tree.body if isinstance(node, ast.Assign)):
            if getattr(line.targets[0], "id", "") == "SUBJECT" and isinstance(line.value, ast.Constant):
                found.add((path.name, line.value.value))
    return found


def test_every_verb_and_subject_has_words():
    unknown = {(file, word) for file, word in written() if word not in VERBS and word not in SUBJECTS}
    assert not unknown


def test_the_verbs_are_found():
    words = {word for _, word in written()}
    assert {"finish", "attempt", "hold-out", "classify", "merge", "new-link", "pin", "tasks.holdout"} <= words


@pytest.mark.parametrize(
    ("lang", "system", "stranger"), [("zh-hans", "系统", "未登录的人"), ("en", "the system", "a stranger")]
)
def test_who_is_nobody_is_told_apart(people, client_of, lang, system, stranger):
    people["administrator"].language = lang
    people["administrator"].save()
    audit.record(actor=NOBODY, verb="hold-out", subject_type="tasks.holdout", subject_id=1, details={"control": 3})
    audit.record(actor=NOBODY, verb="sign-in-refused", subject_type="accounts.user", subject_id="")
    text = client_of("administrator").get("/audit/").content.decode()
    assert system in text
    assert stranger in text
    assert "control: 3" not in text
    assert "hold-out<" not in text
