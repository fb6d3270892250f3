"""What was read of an experiment, in words and pictures: the verdict first, then what it rests on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext

from regulars.prove.experiments.verdict import FEWEST_UNITS
from regulars.report import formats
from regulars.segment.names import matrix_name
from regulars.web.campaigns.models import Proof
from regulars.web.campaigns.models.proof import Verdict
from regulars.web.core.words import current_lang
from regulars.web.customers.taxonomy import Kind

HEADLINES: dict[str, str | Promise] = {
    Verdict.PROVED: gettext_lazy("Proved: it made money, after its costs"),
    Verdict.LOST: gettext_lazy("Lost money: what it brought did not cover its costs"),
    Verdict.INCONCLUSIVE: gettext_lazy("Inconclusive: the difference may be chance"),
    Verdict.NOT_ENOUGH: gettext_lazy("Not enough data"),
    Verdict.WAITING: gettext_lazy("Not read yet"),
}
LOOKS = {
    Verdict.PROVED: ("", "ok", "circle-check"),
    Verdict.LOST: ("no", "bad", "circle-x"),
    Verdict.INCONCLUSIVE: ("maybe", "warn", "help-circle"),
    Verdict.NOT_ENOUGH: ("maybe", "info", "circle-dashed"),
    Verdict.WAITING: ("maybe", "info", "hourglass"),
}
ITEMS: dict[str, str | Promise] = {
    "contacts": gettext_lazy("Contacts made"),
    "offers": gettext_lazy("Offers taken: treated who bought"),
    "fixed": gettext_lazy("Other costs"),
    "campaigns": gettext_lazy("All campaigns in that time"),
}


def a_head(amount: float | None, currency: str, *beside: float | None) -> str:
    """Return an amount per customer, with decimals where it is small; `beside` are amounts written like it."""
    largest = max(abs(one) for one in (amount or 0, *(other or 0 for other in beside)))
    whole = not beside and (amount or 0) == round(amount or 0)
    return formats.full(amount, currency, 0 if largest >= 100 or whole else 1 if largest >= 10 else 2)


def between(low: float | None, high: float | None, currency: str) -> str:
    """Return an interval per customer, both ends written alike."""
    return f"{a_head(low, currency, high)} – {a_head(high, currency, low)}"


@dataclass(frozen=True)
class Shown:
    """One experiment as a page shows it. `currency` is the workspace's."""

    proof: Proof
    currency: str

    @property
    def verdict(self) -> Verdict:
        """Its verdict, or that it was not read yet."""
        return Verdict(self.proof.verdict)

    @property
    def headline(self) -> str:
        """The verdict in words."""
        return str(HEADLINES[self.verdict])

    @property
    def frame(self) -> str:
        """How the verdict's frame is drawn."""
        return LOOKS[self.verdict][0]

    @property
    def tone(self) -> str:
        """How its mark is coloured."""
        return LOOKS[self.verdict][1]

    @property
    def icon(self) -> str:
        """Its mark."""
        return LOOKS[self.verdict][2]

    @property
    def in_revenue(self) -> bool:
        """Whether costs of goods are not known, so that revenue is compared."""
        return self.proof.basis == "revenue"

    @cached_property
    def effect(self) -> dict[str, Any] | None:
        """The effect that decides; None where it was not read."""
        found = self.proof.result.get("reading")
        return found["effects"][0] if found else None

    @property
    def level(self) -> str:
        """The level of its intervals, in percent."""
        return formats.percent(self.proof.result["reading"]["level"], 0 if not self.proof.looks else 1)

    @property
    def estimate(self) -> str:
        """Per head."""
        return a_head(self.proof.estimate, self.currency)

    @property
    def between(self) -> str:
        """The interval per head."""
        return between(self.proof.low, self.proof.high, self.currency)

    @property
    def said(self) -> str:
        """The difference in one sentence."""
        if self.proof.estimate is None:
            return ""
        values = {"each": a_head(abs(self.proof.estimate), self.currency), "level": self.level, "between": self.between}
        if self.proof.estimate >= 0:
            return _("%(each)s more a head than control, %(level)s interval %(between)s.") % values
        return _("%(each)s less a head than control, %(level)s interval %(between)s.") % values

    @property
    def why(self) -> str:
        """Why the verdict is what it is, and what it takes to conclude."""
        found = self.proof.result.get("reading")
        if found:
            return str(found["verdicts"]["treated"]["why"][current_lang()])
        if self.verdict == Verdict.NOT_ENOUGH:
            few = min(self.proof.n_treated, self.proof.n_control)
            said = _("The smaller group has %(n)s customers; below %(fewest)s nothing is said.")
            return said % {"n": formats.integer(few), "fewest": FEWEST_UNITS}
        return ""

    @property
    def when(self) -> str:
        """When it is read, and what is shown until then."""
        last = self.proof.result.get("last")
        if not last:
            return _("It is read once orders of its response window are there.")
        day = date_format(date.fromisoformat(last), "DATE_FORMAT")
        said = _(
            "It is read on the orders up to %(day)s. Until then only counts are shown: who looks early, and often, "
            "finds differences that are chance."
        )
        return said % {"day": day}

    @property
    def is_early(self) -> bool:
        """Whether this is a declared look before the end."""
        return self.effect is not None and not self.proof.result["last_look"]

    @property
    def ratio(self) -> str:
        """Whether the groups have the sizes that they should."""
        found = self.proof.result.get("health")
        if not found:
            return ""
        treated, control = found["counts"]["treated"], found["counts"]["control"]
        n = (treated + control) or 1
        shares = f"{formats.percent(treated / n)} / {formats.percent(control / n)}"
        if found["suspicious"]:
            return _("The groups do not have the sizes they should (%(shares)s): do not trust any result before it is "
                     "known why.") % {"shares": shares}  # fmt: skip
        return _("The groups have the sizes they should (%(shares)s).") % {"shares": shares}

    @property
    def warnings(self) -> list[str]:
        """What weakens the reading."""
        found = self.proof.result.get("reading")
        return [str(one[current_lang()]) for one in found["warnings"]] if found else []

    @property
    def total(self) -> str:
        """What it brought in all."""
        return str(formats.amount(self.proof.brought, self.currency)[current_lang()])

    @property
    def total_between(self) -> str:
        """Its interval."""
        found, lang = self.effect or {}, current_lang()
        low, high = (formats.amount(found.get(name), self.currency)[lang] for name in ("total_low", "total_high"))
        return f"{low} – {high}"

    @property
    def scale(self) -> dict[str, float]:
        """The total with its bounds, on one scale with zero."""
        found = self.effect or {"total": 0, "total_low": 0, "total_high": 0}
        ends = [0.0, found["total_low"], found["total_high"]]
        room = (max(ends) - min(ends)) * 0.1 or 1
        return {
            "low": found["total_low"], "at": found["total"], "high": found["total_high"],
            "least": min(ends) - room, "most": max(ends) + room,
        }  # fmt: skip

    @property
    def zero(self) -> list[float]:
        """Where zero is drawn."""
        return [0.0]

    @property
    def sure(self) -> bool:
        """Whether the interval leaves zero out."""
        return self.verdict in (Verdict.PROVED, Verdict.LOST)

    @property
    def back(self) -> float | None:
        """What came back for each unit of money spent, costs taken off."""
        p = self.proof
        return p.brought / p.spent if p.brought is not None and p.spent else None

    @property
    def costs(self) -> list[dict[str, Any]]:
        """What was spent, item by item."""
        found = self.proof.result.get("costs", [])
        return [
            {**one, "title": ITEMS[one["item"]], "each_said": formats.full(one["each"], self.currency, 2)}
            for one in found
        ]

    @property
    def spent_a_head(self) -> str:
        """Per treated customer."""
        p = self.proof
        return a_head(p.spent / p.n_treated, self.currency) if p.spent is not None and p.n_treated else formats.NONE

    def course(self) -> dict[str, Any] | None:
        """Return the picture over time: both groups, and the difference with its band."""
        found = self.proof.result.get("course")
        if not found or self.proof.estimate is None:
            return None
        sign = formats.symbol(self.currency)
        days = [0, *(point["day"] for point in found)]

        def of(name: str) -> list[float]:
            return [0, *(round(point[name], 2) for point in found)]

        return {
            "days": days, "treated": of("treated"), "control": of("control"), "net": of("net"), "low": of("low"),
            "high": of("high"), "symbol": sign,
            "t": {
                "day": _("Day"), "treated": pgettext("group", "Treated"), "control": pgettext("group", "Control"),
                "net": _("Difference"), "axis": _("Days since the start"), "a": self.unit,
                "b": _("Difference with %(level)s interval, costs taken off") % {"level": self.level},
            },
        }  # fmt: skip

    @property
    def unit(self) -> str:
        """What is compared."""
        return _("Revenue a head so far") if self.in_revenue else _("Net profit a head so far")

    def course_table(self) -> dict[str, Any]:
        """Return the same as a table."""
        head = [_("Day"), pgettext("group", "Treated"), pgettext("group", "Control"), _("Difference"), self.level]
        rows = [
            [
                point["day"], a_head(point["treated"], self.currency), a_head(point["control"], self.currency),
                a_head(point["net"], self.currency),
                between(point["low"], point["high"], self.currency),
            ]
            for point in self.proof.result.get("course", [])
        ]  # fmt: skip
        return {"head": head, "rows": rows}

    def segments(self) -> list[dict[str, Any]]:
        """Return the effect by segment, declared ones first; None where a segment has too few of a group."""
        found = self.proof.result.get("reading")
        listed = found["segments"] if found and self.proof.estimate is not None else []
        return [self._segment(one) for one in listed if one["value"] or one["column"] == "stratum"]

    def _segment(self, one: Mapping[str, Any]) -> dict[str, Any]:
        effect = one["effect"]
        sure = effect is not None and (effect["low"] > 0 or effect["high"] < 0)
        said = _("too few") if effect is None else a_head(effect["net"], self.currency)
        return {
            "name": _segment_name(one["column"], one["value"]), "declared": one["declared"], "n": one["customers"],
            "effect": effect, "sure": sure, "said": said,
            "between": "" if effect is None else between(effect["low"], effect["high"], self.currency),
        }  # fmt: skip

    def forest(self) -> dict[str, Any] | None:
        """Return the picture of the segments, the whole on top."""
        parts = [one for one in self.segments() if one["effect"]]
        if not parts or self.effect is None:
            return None
        whole = {"name": pgettext("customers", "All"), "n": self.effect["customers"], "effect": self.effect}
        rows = [
            {
                "name": one["name"], "n": one["n"], "low": one["effect"]["low"], "at": one["effect"]["net"],
                "high": one["effect"]["high"],
            }
            for one in [whole, *parts]
        ]  # fmt: skip
        return {"rows": rows, "symbol": formats.symbol(self.currency), "x": _("More a head than control, costs off")}

    def forest_table(self) -> dict[str, Any]:
        """Return the same as a table, with those of whom there are too few."""
        head = [_("Customers"), _("How many"), _("More a head"), self.level, ""]
        rows = [
            [
                one["name"], formats.integer(one["n"]), one["said"], one["between"],
                _("declared") if one["declared"] else _("exploratory"),
            ]
            for one in self.segments()
        ]  # fmt: skip
        return {"head": head, "rows": rows}


def _segment_name(column: str, value: str) -> str:
    if column == "stratum":
        return str(matrix_name(value)[current_lang()]) if value else _("Without a class")
    return str(Kind(value).label) if value in Kind.values else value
