"""What the forecast said of the data that it had not seen: pictures of the model card, each with its reading.

A card that has not the figures of a picture, such as an older one, is shown without it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from regulars.report import charts, sentences
from regulars.report.formats import integer, known, number, words
from regulars.web.core.words import current_lang
from regulars.web.valuations import selectors
from regulars.web.valuations.pages.pictures.part import Part

Figures = Mapping[str, Any]


def parts(figures: Figures, *, opens: bool) -> list[Part]:
    """Return the pictures that the figures carry, in order.

    Parameters
    ----------
    opens
        Whether the reader may open records: else groups of few customers are left out.
    """
    found = (cumulative(figures), weekly(figures), by_repeats(figures, opens), by_tenths(figures, opens))
    return [part for part in found if part is not None]


def cumulative(figures: Figures) -> Part | None:
    """Return repeat purchases added up, happened and expected, with the hold-out shaded."""
    data = charts.tracking(figures)
    if data is None:
        return None
    return Part(
        "tracking",
        _("Purchases added up"),
        _text(sentences.tracking(figures)),
        _(
            "The grey line is what happened, the green one what the model expects of customers by the day of their "
            "first purchase. In the shaded part it had not seen anything: where the lines part there, totals of the "
            "future will be off in the same direction if habits go on changing."
        ),
        "value-tracking",
        data,
        _tracked_head(data),
        _every_quarter(data),
    )


def weekly(figures: Figures) -> Part | None:
    """Return repeat purchases week by week; a last week that is not whole is left out."""
    data = charts.tracking(figures)
    if data is None:
        return None
    weeks = data["weeks"]
    whole = [i for i in range(1, len(weeks)) if abs(weeks[i] - weeks[i - 1] - 1) < 1e-6]
    if len(whole) < 2:
        return None
    steps = {name: [data[name][i] - data[name][i - 1] for i in whole] for name in ("actual", "model")}
    each = {**data, **steps, "weeks": [weeks[i] for i in whole]}
    return Part(
        "weekly",
        _("Purchases week by week"),
        _busiest(each),
        _(
            "The model expects a smooth course: it knows neither holidays nor promotions. Peaks and dips of the grey "
            "line beside the green one are season and campaigns; a level that stays above or below is a new habit."
        ),
        "value-tracking",
        each,
        _tracked_head(data),
        _every_quarter(each),
    )


def _busiest(each: Figures) -> str:
    """Say how far the busiest week since the hold-out began was from the forecast; of all weeks where it is unknown."""
    since = each["split"] if known(each["split"]) else 0
    unseen = [i for i, week in enumerate(each["weeks"]) if week > since] or list(range(len(each["weeks"])))
    top = max(unseen, key=lambda i: each["actual"][i])
    said = _("The busiest week not seen had {a} repeat purchases, {m} expected; the mean week {b}, {n} expected.")
    means = [sum(each[name][i] for i in unseen) / len(unseen) for name in ("actual", "model")]
    return said.format(
        a=integer(each["actual"][top]), m=integer(each["model"][top]), b=integer(means[0]), n=integer(means[1])
    )


def _tracked_head(data: Figures) -> list[str]:
    return [_text(words(data["axis"])), _("Happened"), _("Expected")]


def _every_quarter(data: Figures) -> list[list[str]]:
    step = max(1, len(data["weeks"]) // 13)
    kept = sorted({*range(0, len(data["weeks"]), step), len(data["weeks"]) - 1})
    return [[integer(data[name][k]) for name in ("weeks", "actual", "model")] for k in kept]


def by_repeats(figures: Figures, opens: bool) -> Part | None:
    """Return purchases held out by repeat purchases so far: the conditional expectations."""
    groups = _groups(figures, "by_repeats", opens)
    if len(groups) < 2:
        return None
    last = groups[-1]["x"]
    names = [f"{integer(group['x'])}+" if group["x"] == last else integer(group["x"]) for group in groups]
    worst = max(range(len(groups)), key=lambda i: groups[i]["customers"] * _gap(groups[i]))
    said = _("Furthest off where most hangs on it: with {x} repeat purchases so far {e} more were expected, {a} came.")
    return Part(
        "by-repeats",
        _("Do those who bought more go on buying more?"),
        said.format(x=names[worst], e=number(groups[worst]["expected"]), a=number(groups[worst]["actual"])),
        _(
            "Customers are put together by how often they had come back when the hold-out began. The bar is what they "
            "then bought on average, the mark what was expected. Marks above the bars at the right mean that the "
            "model trusts frequent buyers too much, below them too little."
        ),
        "model-pairs",
        _pairs(groups, names, _("repeat purchases so far")),
        [_("Repeat purchases so far"), *_pair_head()],
        _pair_rows(groups, names),
    )


def by_tenths(figures: Figures, opens: bool) -> Part | None:
    """Return purchases held out by tenths of customers, ordered by forecast: the decile calibration."""
    groups = _groups(figures, "deciles", opens)
    if len(groups) < 2:
        return None
    names = [integer(i + 1) for i in range(len(groups))]
    said = _("The best tenth was expected to buy {e} times each and bought {a}; the lowest {f} and {b}.")
    best, least = groups[-1], groups[0]
    return Part(
        "deciles",
        _("Does the forecast hold for good and for poor customers alike?"),
        said.format(
            e=number(best["expected"]), a=number(best["actual"]), f=number(least["expected"]), b=number(least["actual"])
        ),
        _(
            "All customers in order of their forecast, a tenth each, the lowest first. Where mark and bar agree, a "
            "forecast of five means five, for this tenth as a whole; single customers differ, as their intervals say."
        ),
        "model-pairs",
        _pairs(groups, names, _("tenths of customers, lowest forecast first")),
        [_("Tenth"), *_pair_head()],
        _pair_rows(groups, names),
    )


def _groups(figures: Figures, name: str, opens: bool) -> list[Figures]:
    return selectors.large_groups((figures.get("holdout") or {}).get(name) or [], opens=opens)


def _gap(group: Figures) -> float:
    return abs(float(group["expected"]) - float(group["actual"]))


def _pairs(groups: Sequence[Figures], names: Sequence[str], axis: str) -> dict[str, Any]:
    return {
        "names": names,
        "axis": axis,
        **{key: [group[key] for group in groups] for key in ("actual", "expected", "customers")},
        "t": {"actual": _("Happened"), "expected": _("Expected"), "customers": _("Customers")},
    }


def _pair_head() -> list[str]:
    return [_("Customers"), _("Expected each"), _("Happened each")]


def _pair_rows(groups: Sequence[Figures], names: Sequence[str]) -> list[list[str]]:
    return [
        [name, integer(group["customers"]), number(group["expected"]), number(group["actual"])]
        for name, group in zip(names, groups, strict=True)
    ]


def _text(sentence: Any) -> str:
    return str(sentence[current_lang()]) if sentence else ""
