"""Cohorts: whether new customers come back."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from regulars.report import charts, sentences
from regulars.report.formats import words
from regulars.report.sections.trust import BY_MONTH, BY_QUARTER
from regulars.web.core.words import current_lang
from regulars.web.valuations.pages.figures import Shown
from regulars.web.valuations.pages.opening import address, link
from regulars.web.valuations.pages.pictures.picture import Drawn, Picture, said, why_not


def draw(shown: Shown) -> Drawn | str:
    """Return retention by cohort; a month leads to the customers who first bought in it."""
    found, lang = shown.with_cohorts.get("cohort") or {}, current_lang()
    data = charts.cohort(shown.with_cohorts)
    if data is None:
        return words(found["why"])[lang] if found.get("why") else why_not(shown)
    by_month = data["unit"] == "month"
    born = [row["cohort"] for row in found["rows"] if row["retention"]][-len(data["rows"]) :]
    opens = [address(shown, cohort=one) if by_month else "" for one in born]
    head = [_("First bought"), *(str(k + 1) for k in range(data["columns"]))]
    body = [
        [link(to, words(name)[lang]), *_shares(data, i)]
        for i, (name, to) in enumerate(zip(data["rows"], opens, strict=True))
    ]
    about = (BY_MONTH if by_month else BY_QUARTER).format(n=found.get("min_size", 30))
    return Drawn(
        says(shown), "value-cohort", {**data, "open": {"rows": opens}}, head, body, size="h-l", notes=[about[lang]]
    )


def says(shown: Shown) -> str:
    """Return the finding."""
    return said(sentences.cohort(shown.with_cohorts))


def _shares(data: dict[str, Any], row: int) -> list[str]:
    found = {column: share for column, i, share in data["cells"] if i == row}
    return [_share(found, column) for column in range(data["columns"])]


def _share(found: dict[int, float | None], column: int) -> str:
    if column not in found:
        return ""
    share = found[column]
    return "·" if share is None else f"{share:.0f}%"


PICTURE = Picture(
    "cohort",
    gettext_lazy("Retention by cohort"),
    "users-plus",
    gettext_lazy(
        "A cohort is who first bought in one month, or in one quarter where months have too few. Each column is the "
        "share of them who bought again so many full months or quarters later. The stronger the colour, the more."
    ),
    draw,
    says,
)
