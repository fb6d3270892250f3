"""The pages of value: all findings at a glance, and one page a picture."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _

from regulars.report.formats import symbol
from regulars.report.wording import SCRIPT_WORDS
from regulars.segment import MATRIX_CLASSES, MATRIX_NUMERALS
from regulars.web.core.access import page
from regulars.web.core.request import Request
from regulars.web.valuations import selectors
from regulars.web.valuations.actions import RUN
from regulars.web.valuations.pages.figures import Shown
from regulars.web.valuations.pages.headline import headline
from regulars.web.valuations.pages.pictures import cohort, concentration, matrix, pyramid, rfm
from regulars.web.valuations.pages.pictures.picture import Drawn, Picture

READ = "valuations.read"


@dataclass(frozen=True, slots=True)
class Glance:
    """A picture among the others: `drawn` is None where the data do not carry it, and `why` says so."""

    picture: Picture
    drawn: Drawn | None
    why: str

    @classmethod
    def of(cls, picture: Picture, shown: Shown) -> Glance:
        """Draw `picture`."""
        found = picture.draw(shown)
        return cls(picture, found, "") if isinstance(found, Drawn) else cls(picture, None, found)


PICTURES: dict[str, Picture] = {
    one.key: one
    for one in (matrix.PICTURE, pyramid.PICTURE, concentration.PICTURE, rfm.PICTURE, cohort.PICTURE)
}  # fmt: skip


@page(permission=READ, kind="read")
def overview(request: Request) -> HttpResponse:
    """Show the headline figures and every picture, each of which leads to its page."""
    valuation = selectors.current()
    if valuation is None:
        return none_yet(request)
    shown = Shown(request.actor, valuation)
    context = {
        **frame(shown),
        "tiles": headline(shown),
        **{f"p_{one.key}": Glance.of(one, shown) for one in PICTURES.values()},
        "classes": matrix.classes(shown),
        "words": script_words(shown),
    }
    return render(request, "valuations/value/overview.html", context)


@page(permission=READ, kind="read")
def picture(request: Request, key: str) -> HttpResponse:
    """Show one picture of the current valuation."""
    if key not in PICTURES:
        raise Http404
    valuation = selectors.current()
    if valuation is None:
        return none_yet(request)
    shown, one = Shown(request.actor, valuation), PICTURES[key]
    drawn = one.draw(shown)
    context: dict[str, Any] = {**frame(shown), "picture": one, "others": others(key)}
    if isinstance(drawn, Drawn):
        context |= {"drawn": drawn, "words": script_words(shown)}
    else:
        context["why"] = drawn
    return render(request, "valuations/value/picture.html", context)


def none_yet(request: Request) -> HttpResponse:
    """Say that there is no valuation yet, and what to do."""
    return render(request, "valuations/value/none.html", {"may_run": request.actor.may(RUN)})


def frame(shown: Shown) -> dict[str, Any]:
    """Return what every page of value says of itself: as of when, in what, of whom."""
    return {"valuation": shown.valuation, "whose": whose(shown), "n": shown.figures["meta"].get("n_customers")}


def whose(shown: Shown) -> str:
    """Return in words whose customers a page shows."""
    if shown.of_all:
        return _("all customers")
    return _("my customers") if shown.actor.scope == "own" else _("my team's customers")


def others(key: str) -> list[Picture]:
    """Return the other pictures."""
    return [one for one in PICTURES.values() if one.key != key]


def script_words(shown: Shown) -> dict[str, Any]:
    """Return what the report's script wants beside a picture's data."""
    return {
        "words": {key: words.as_dict() for key, words in SCRIPT_WORDS.items()},
        "symbol": symbol(shown.currency),
        "digits": 0,
        "numerals": [MATRIX_NUMERALS[key] for key in MATRIX_CLASSES],
    }
