"""What was read of an experiment, in pictures and the tables beside them: its course, and for whom it worked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from regulars.report import formats
from regulars.web.campaigns.shown.said import Said
from regulars.web.campaigns.shown.words import a_head, between, segment_name


@dataclass(frozen=True)
class Shown(Said):
    """One experiment as a page shows it. `currency` is the workspace's."""

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
            "name": segment_name(one["column"], one["value"]), "declared": one["declared"], "n": one["customers"],
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
