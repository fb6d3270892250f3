"""The register as a file."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from django.http import HttpResponse
from django.utils.translation import gettext as _

from regulars.web import audit
from regulars.web.campaigns.selectors import Line
from regulars.web.core.actor import Actor
from regulars.web.segments.actions import write_file

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def ledger_file(lines: Sequence[Line], by: Actor) -> HttpResponse:
    """Return the experiments as an Excel file, texts harmless in it; leaves a trail."""
    head = [
        _("Experiment"), _("Kind of list"), _("What was done"), _("Verdict"), _("Counted in"), _("Treated customers"),
        _("Left alone"), _("Spent"), _("Brought, costs off"), _("Lower end"), _("Upper end"), _("More a head"),
        _("Lower end"), _("Upper end"), _("Read up to"),
    ]  # fmt: skip
    rows = [
        [
            line.title, line.kind, line.what, str(line.proof.get_verdict_display()), line.proof.basis,
            line.proof.n_treated, line.proof.n_control, line.proof.spent, line.proof.brought, line.total_low,
            line.total_high, line.proof.estimate, line.proof.low, line.proof.high, line.proof.read_to,
        ]
        for line in lines
    ]  # fmt: skip
    with TemporaryDirectory(prefix="regulars-ledger-") as room:
        file = Path(room) / "experiments.xlsx"
        write_file(file, head, rows)
        content = file.read_bytes()
    audit.record(
        actor=by,
        verb="export",
        subject_type="campaigns.proof",
        subject_id="",
        details={"format": "xlsx", "rows": len(rows)},
    )
    answer = HttpResponse(content, content_type=XLSX)
    answer.headers["Content-Disposition"] = 'attachment; filename="experiments.xlsx"'
    answer.headers["Cache-Control"] = "no-store"
    return answer
