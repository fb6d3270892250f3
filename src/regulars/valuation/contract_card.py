"""What a valuation of contracts found, as JSON: the figures that the terminal shows and a card keeps."""

from __future__ import annotations

from typing import Any

import numpy as np

from regulars import __version__
from regulars.measure.contracts.relationships import LEFT, UNDECIDED
from regulars.measure.lifetime.kind import kind_of_contracts
from regulars.prove.rate import Rate
from regulars.prove.renewals import CONSTANT
from regulars.valuation.contracts import ContractValuation
from regulars.words import T

FEW = 300
LEVELS = 12
EVERYBODY = T(
    zh="文件当作有过的每位客户都在里面。若只有上一期还在的客户，早先离开的不在其中，续约率就看得太高："
    "加上 --last-period-only。",
    en="The file is taken to hold everybody who ever was a customer. Where it holds those of the last period alone, "
    "who left earlier is missing and retention looks too high: add --last-period-only.",
)


def contract_card(v: ContractValuation) -> dict[str, Any]:
    """Return the card: data, survival as counted and by model, choice and hold-out, features, totals, weaknesses."""
    r = v.relationships
    return {
        "regulars": __version__,
        "source": v.rows.source,
        "mapping": dict(v.rows.mapping),
        "as_of": None if r.as_of is None else r.as_of.isoformat(),
        "currency": v.rows.currency,
        "basis": v.basis,
        "period": r.period.name.as_dict(),
        "grace_days": r.grace,
        "horizon": v.settings.horizon.name.as_dict(),
        "discount_rate": v.settings.discount_rate,
        "margin": v.settings.margin,
        "customers": len(r.customer),
        "running": len(v.running) - int((r.state == UNDECIDED).sum()),
        "undecided": int((r.state == UNDECIDED).sum()),
        "left": int((r.state == LEFT).sum()),
        "renewals_seen": int((r.periods - r.entered).sum()),
        "refused": int(r.ended.sum()),
        "relationship": kind_of_contracts(r.periods - r.entered, r.ended).as_dict(),
        "survival": _survival(v),
        "mean": _mean(v),
        "not_enough": None if v.not_enough is None else v.not_enough.as_dict(),
        "model": None if v.renewals is None else v.renewals.as_dict(),
        "features": None if v.told is None else {
            "gain": v.told.gain, "standard_error": v.told.standard_error, "used": v.told.useful,
        },
        "retention": {name: _levels(v, name) for name, column in v.rows.features.items() if column.dtype == object},
        "totals": {
            name: {"value": t.value, "low": t.low, "high": t.high}
            for name, t in v.totals.items() if name != "value" or v.basis
        },
        "leaving_next": None if v.outlook is None
        else float((1.0 - v.outlook.share[v.outlook.group, 0]).sum()),
        "derl": None if v.outlook is None else _finite(float(np.mean(v.outlook.derl[v.outlook.group]))),
        "residual_value": None if v.worth is None or v.basis is None else _finite(float(np.nansum(v.worth.residual))),
        "weak": [words.as_dict() for words in weaknesses(v)],
    }  # fmt: skip


def _finite(value: float) -> float | None:
    return value if np.isfinite(value) else None


def _survival(v: ContractValuation) -> list[dict[str, Any]]:
    """Return survival and retention at each renewal, as counted and by both models."""
    curve, rows = v.curve, []
    for i in np.flatnonzero(curve.days > 0):
        t, n = int(curve.days[i]), int(curve.at_risk[i])
        at: dict[str, Any] = {
            "renewal": t, "at_risk": n, "retention": 1.0 - float(curve.events[i]) / n if n else None,
            "survival": float(curve.share[i]), "low": float(curve.low[i]), "high": float(curve.high[i]),
        }  # fmt: skip
        for name, model in (v.renewals.models if v.renewals else {}).items():
            at[name] = {"survival": float(model.survival(t)), "retention": float(model.retention(t))}
        rows.append(at)
    return rows


def _mean(v: ContractValuation) -> dict[str, Any]:
    mean = v.curve.restricted_mean()
    return {"value": mean.value, "low": mean.low, "high": mean.high, "until": mean.until, "closed": mean.closed}


def _levels(v: ContractValuation, name: str) -> list[dict[str, Any]]:
    """Return retention by the values of a feature, the most customers first."""
    r, column = v.relationships, v.rows.features[name]
    at, now = column[r.row], column[r.row[r.latest[v.running]]]
    leaving = None if v.outlook is None else 1.0 - v.outlook.share[v.outlook.group, 0]
    rows = []
    for level in dict.fromkeys(sorted(at, key=lambda value: (value is None, value or ""))):
        mine, here = at == level, now == level
        came_up, refused = int((r.periods - r.entered)[mine].sum()), int(r.ended[mine].sum())
        rate = Rate(came_up - refused, came_up) if came_up else None
        rows.append(
            {
                "value": level,
                "running": int(here.sum()),
                "renewals": came_up,
                "refused": refused,
                "retention": None if rate is None else rate.share,
                "low": None if rate is None else rate.low,
                "high": None if rate is None else rate.high,
                "leaving_next": float(leaving[here].mean()) if leaving is not None and here.any() else None,
            }
        )
    return sorted(rows, key=lambda row: -row["renewals"])[:LEVELS]


def weaknesses(v: ContractValuation) -> list[T]:
    """Return where these numbers are weak, the gravest first."""
    found: list[T] = [] if v.relationships.due is not None or v.relationships.entered.any() else [EVERYBODY]
    renewals = v.renewals
    if renewals is not None and renewals.cut is None:
        found.append(renewals.reason)
    if renewals is not None and renewals.seen is not None:
        rows = {row.name: row for row in renewals.tested}
        said, (seen, low, high) = rows[renewals.chosen], renewals.seen
        if not low <= said.survival <= high:
            found.append(
                T(
                    zh="留出的各期里，{m} 说还剩 {said:.1%}，实际 {seen:.1%}（95% 在 {low:.1%} 到 {high:.1%}）："
                    "更远的续约也可能这样偏。",
                    en="Of the periods held out {m} said that {said:.1%} would stay; {seen:.1%} did (95% within "
                    "{low:.1%} to {high:.1%}): later renewals may be off alike.",
                ).format(m=said.name, said=said.survival, seen=seen, low=low, high=high)
            )
        if rows[CONSTANT].deficit < said.deficit:
            found.append(
                T(
                    zh="留出的各期里，一个不变的续约率比模型还准：续约率没有随时间上升。",
                    en="In the periods held out one constant rate came closer than the models: retention did not rise "
                    "with tenure.",
                )
            )
    if renewals is not None and renewals.model.boundary_ is not None and v.featured is None:
        found.append(
            T(zh="估计落在边界上：{why}。", en="The estimate lies at a boundary: {why}.").format(
                why=renewals.model.boundary_
            )
        )
    if len(v.relationships.customer) < FEW:
        found.append(
            T(
                zh=f"客户不到 {FEW} 位：参数本身就不确定。",
                en=f"Fewer than {FEW} customers: the parameters themselves are uncertain.",
            )
        )
    if v.featured is not None:
        found.append(
            T(
                zh="超过看到的最长期数以后，离开的概率按最后一期不变；特征只说明谁会离开，不说明为什么。",
                en="Beyond the longest tenure seen the chance to leave is held; features say who leaves, not why.",
            )
        )
    if v.rows.features and v.told is None and renewals is not None:
        found.append(
            T(
                zh="离开的客户太少，没法检验特征：没有采用。",
                en="Too few customers left to test the features: they are not used.",
            )
        )
    found += [note for note in (_unpaid(v), _open(v)) if note is not None]
    return found


def _unpaid(v: ContractValuation) -> T | None:
    if v.basis is None:
        return T(
            zh="没有金额：只有续约次数，没有价值。", en="No amounts: renewals are counted, their value is not known."
        )
    if v.basis == "revenue":
        return T(
            zh="没有毛利率：价值是收入，不是利润。用 --margin 给一个。",
            en="No margin: values are revenue, not profit. --margin gives one.",
        )
    return None


def _open(v: ContractValuation) -> T | None:
    if v.curve.closed:
        return None
    return T(
        zh="数出来的留存只到第 {t} 期；更远的是模型推算。",
        en="What is counted ends at renewal {t}; what lies beyond is the model's.",
    ).format(t=v.curve.last)
