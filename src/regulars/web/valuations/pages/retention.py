"""Retention and churn: who comes back, who falls silent, by class, team, source or channel. Seen, not proved."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from regulars.report.formats import integer, percent, words
from regulars.segment import MATRIX_CLASSES, TIER_NAMES, TIERS, matrix_name
from regulars.web.accounts.selectors import teams
from regulars.web.core.access import page
from regulars.web.core.request import Request
from regulars.web.core.words import current_lang, short_day
from regulars.web.customers.taxonomy import SourceChannel
from regulars.web.facts.selectors import retention
from regulars.web.valuations import selectors
from regulars.web.valuations.pages.figures import Shown
from regulars.web.valuations.pages.opening import address, link
from regulars.web.valuations.pages.views import READ, frame, none_yet, others

BY: dict[str, str | Promise] = {
    "": gettext_lazy("all together"),
    "matrix": gettext_lazy("value class"),
    "tier": gettext_lazy("tier"),
    "team": gettext_lazy("team"),
    "source": pgettext_lazy("how customers came", "source"),
    "channel": gettext_lazy("channel of the first order"),
}
OF_RECORD = ("team", "source")
LATER = 90, 365
"""Days after the first purchase at which the table reads the curves."""
OTHERS = "…"
"""Under this key the smaller groups are counted together."""
RECENT = 6
"""Months whose churn is told as one rate."""

Figures = Mapping[str, Any]


class Choice(forms.Form):
    """What to compare by."""

    by = forms.ChoiceField(label=pgettext_lazy("groups of customers", "By"), required=False)

    def __init__(self, given: Any, shown: Shown) -> None:
        super().__init__(given)
        by: Any = self.fields["by"]
        by.choices = [(key, name) for key, name in BY.items() if shown.opens or key not in OF_RECORD]

    @property
    def chosen(self) -> str:
        """What was asked for; nothing where that cannot be."""
        return str(self.cleaned_data["by"]) if self.is_valid() else ""


@page(permission=READ, kind="read")
def seen(request: Request) -> HttpResponse:
    """Show survival, repeat purchase and churn."""
    valuation = selectors.current()
    if valuation is None:
        return none_yet(request)
    shown = Shown(request.actor, valuation)
    form = Choice({"by": request.GET.get("by", "")}, shown)
    by = form.chosen
    found = retention(request.actor, by, valuation=valuation.pk)
    context: dict[str, Any] = {**frame(shown), "form": form, "others": others("")}
    if found is None or "whole" not in found:
        why = found.get("why") if found else None
        context["why"] = words(why)[current_lang()] if why else ""
        return render(request, "valuations/value/retention.html", context)
    parts = sorted(found["groups"], key=lambda group: _CLASSES.get(group["key"], 0))
    groups = [found["whole"], *parts]
    known = _known(shown, by)
    names = [_("All"), *_names(known, by, [group["key"] for group in parts])]
    opens = ["", *(_address(shown, by, group["key"], known) for group in parts)]
    context |= {
        "silence": found["silence"],
        "finding": _finding(found["whole"]),
        "curves": _curves(groups, names, by),
        "churn": _churn(groups, names, by),
        "head": _head(),
        "left": (),
        "rows": [_row(group, link(to, name)) for group, name, to in zip(groups, names, opens, strict=True)],
        "by_class": by in ("matrix", "tier"),
    }
    return render(request, "valuations/value/retention.html", context)


def _known(shown: Shown, by: str) -> dict[str, str]:
    """Return the names of groups that a record gives, of teams of those alone that the person sees."""
    if by == "team":
        return {str(pk): name for pk, name in teams(shown.actor).values_list("pk", "name")}
    return {value: str(label) for value, label in SourceChannel.choices} if by == "source" else {}


def _names(known: Mapping[str, str], by: str, keys: Sequence[str | None]) -> list[str]:
    lang = current_lang()
    hidden = [key for key in keys if by == "team" and key not in (None, OTHERS) and key not in known]

    def name(key: str | None) -> str:
        if key is None:
            return pgettext("group of customers", "without")
        if key == OTHERS:
            return _("others")
        if key in hidden:
            said = _("another team")
            return f"{said} {hidden.index(key) + 1}" if len(hidden) > 1 else said
        if by == "matrix":
            return matrix_name(key)[lang]
        if by == "tier":
            return TIER_NAMES[key][lang]
        return known.get(key, key)

    return [name(key) for key in keys]


def _address(shown: Shown, by: str, key: str | None, known: Mapping[str, str]) -> str:
    parameter = {"matrix": "matrix", "tier": "tier", "team": "team", "source": "source_channel"}.get(by)
    if not parameter or key in (None, OTHERS) or (by == "team" and key not in known):
        return ""
    return address(shown, **{parameter: key})


def _finding(whole: Figures) -> str:
    again, recent = _at(whole["again"], LATER[0]), _recent(whole)
    if again is None:
        return _("Too few were seen for long enough.")
    came = _("{share} come back within {days} days").format(share=percent(again[0], 0), days=LATER[0])
    if recent is None:
        return _("{one}.").format(one=came)
    left = _("{share} of the active leave in a month").format(share=percent(recent[0] / recent[1], 1))
    return _("{one}; {other}.").format(one=came, other=left)


def _curves(groups: Sequence[Figures], names: Sequence[str], by: str) -> dict[str, Any]:
    """Return both curves of each group for the chart; everybody's with its interval."""
    lines = [
        {"name": name, "tone": _tone(by, group["key"]), "again": group["again"], "staying": group["staying"]}
        for group, name in zip(groups, names, strict=True)
    ]
    return {"lines": lines, "days": _("days since the first purchase")}


_CLASSES = {key: place for place, key in enumerate([*MATRIX_CLASSES, *TIERS], start=1)}
_TONES = {"IV": "pt", "III": "au", "II": "fe", "I": "pb", "gold": "au", "silver": "pb", "bronze": "fe"}


def _tone(by: str, key: str | None) -> str:
    """Return the colour that a class has everywhere; the others take theirs in turn."""
    return _TONES.get(key or "", "") if by in ("matrix", "tier") else ""


def _churn(groups: Sequence[Figures], names: Sequence[str], by: str) -> dict[str, Any]:
    starts = sorted({start for group in groups for start, *_rest in group["churn"]})
    lines = []
    for group, name in zip(groups, names, strict=True):
        months = {start: (active, gone) for start, active, gone in group["churn"]}
        points = [[100 * months[s][1] / months[s][0], *months[s]] if months.get(s, (0,))[0] else None for s in starts]
        lines.append({"name": name, "tone": _tone(by, group["key"]), "points": points})
    return {
        "months": [short_day(date.fromisoformat(start)) for start in starts],
        "lines": lines,
        "left": _("left"),
        "active": _("active when the month began"),
    }


def _head() -> list[str]:
    return [
        "",
        _("Customers"),
        _("Back within {n} days").format(n=LATER[0]),
        _("Not silent after {n} days").format(n=LATER[1]),
        _("Leave in a month"),
        _("Bought last year, too"),
        _("Bought twice this year"),
    ]


def _row(group: Figures, name: Any) -> list[Any]:
    again, staying, recent = _at(group["again"], LATER[0]), _at(group["staying"], LATER[1]), _recent(group)
    return [
        name,
        integer(group["n"]),
        _with_interval(again),
        _with_interval(staying),
        "–" if recent is None else percent(recent[0] / recent[1], 1),
        _with_interval(_of(group["retained"])),
        _with_interval(_of(group["repeated"])),
    ]


def _at(curve: Sequence[Sequence[float]], day: int) -> tuple[float, float, float] | None:
    """Return the curve's last step by that day; None where it ends before."""
    if not curve or curve[-1][0] + 7 <= day:
        return None
    share, low, high = [step for step in curve if step[0] <= day][-1][1:4]
    return share, low, high


def _recent(group: Figures) -> tuple[int, int] | None:
    """Return who left and who was active, summed over the last six full months; None where nobody was."""
    months = group["churn"][-RECENT:]
    gone, active = sum(month[2] for month in months), sum(month[1] for month in months)
    return (gone, active) if active else None


def _of(rate: Sequence[float] | None) -> tuple[float, float, float] | None:
    return None if rate is None else (rate[0] / rate[1], rate[2], rate[3])


def _with_interval(found: tuple[float, float, float] | None) -> str:
    if found is None:
        return "–"
    return f"{percent(found[0], 0)} ({percent(found[1], 0)} – {percent(found[2], 0)})"
