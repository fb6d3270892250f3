"""`regulars whatif`: of a run's folder, in both languages, of one customer, as JSON; refusals in a line."""

from __future__ import annotations

import json

import pytest


def test_whatif_of_a_folder(run, valued):
    said = run("whatif", valued.folder, "--lang", "en")
    assert (said.code, said.err) == (0, "")
    for words in ("What if: ", "all that remains", "Dropout lower by", "promises nothing", "Set your own."):
        assert words in said.out
    assert "如果……会怎样" in run("whatif", valued.folder, "--lang", "zh").out


def test_whatif_as_json_agrees_with_the_run(run, valued):
    found = json.loads(run("whatif", valued.folder, "--json", "--lower", "15%", "--effect", "10%").out)
    total = sum(float(v) for v in valued.customers["future_value"].to_pylist())
    assert next(p for p in found["horizons"] if p["weeks"] == 52)["value"] == pytest.approx(total, rel=1e-6)
    assert 0.15 in [p["lower"] for p in found["retention"]]
    assert found["presets"][-1]["key"] == "own"
    who = valued.customers["customer_id"][0].as_py()
    assert json.loads(run("whatif", valued.folder, "--json", "--one", who).out)["customers"] == 1


def test_whatif_refuses(run, valued, tmp_path):
    for arguments, words in (
        ((valued.folder, "--one", "nobody"), "--one: there is no customer 'nobody'"),
        ((valued.folder, "--as-of", "2026-01-01"), "--as-of: was settled when this folder was made"),
        ((tmp_path / "none.csv",), "none.csv"),
    ):
        said = run("whatif", *arguments, "--lang", "en")
        assert (said.code, said.out) == (2, "")
        assert words in said.err
