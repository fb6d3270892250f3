"""What was read of an experiment, in words: the verdict, why it is so, what weakens it, what was spent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from regulars.prove.experiments.verdict import FEWEST_UNITS
from regulars.report import formats
from regulars.web.campaigns.models import Proof
from regulars.web.campaigns.models.proof import Verdict
from regulars.web.campaigns.shown.words import HEADLINES, ITEMS, LOOKS, a_head, between
from regulars.web.core.words import current_lang


@dataclass(frozen=True)
class Said:
    """One experiment in words and figures. `currency` is the workspace's."""

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

    @property
    def unit(self) -> str:
        """What is compared."""
        return _("Revenue a head so far") if self.in_revenue else _("Net profit a head so far")
