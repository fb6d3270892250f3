"""The names under which exports of contracts and subscriptions hide their columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import narwhals as nw

from regulars.errors import InputError
from regulars.ingest.columns import Look, is_moment, is_number
from regulars.ingest.headers import SYNONYMS, combined, compact, listed
from regulars.words import T

_ENDS = ("id", "no", "number", "num", "code", "ref")
_ENDS_ZH = ("编号", "号", "id", "编码", "号码")


_RENEWED = listed(
    "renewedon renewedat renewaldate daterenewed renewed renewal isrenewed 续约日期 续约日 续费日期 续费时间 续期日期 "
    "续约 是否续约 续费 是否续费 已续约"
)

NAMES: dict[str, list[str]] = {
    "customer_id": SYNONYMS["customer_id"],
    "contract_id": [
        *combined("contract subscription agreement policy membership licence license plan", _ENDS),
        *combined("合同 协议 订阅 保单 会籍 合约", _ENDS_ZH),
    ],
    "period": listed("period periodno periodnumber termno termnumber renewalno 期数 期次 第几期 期号"),
    "started_on": listed(
        "startedon startdate startedat start periodstart contractstart contractstartdate subscriptionstart "
        "subscriptionstartdate begindate effectivedate effectivefrom validfrom fromdate signupdate signedon "
        "activatedon 开始日期 起始日期 起始日 开始时间 生效日期 生效日 起期 开通日期 开通时间 "
        "合同开始日期 合同起始日期 合同开始日 签约日期 签订日期 入会日期 订阅开始日期 保险起期"
    ),
    "ended_on": listed(
        "endedon enddate endedat end periodend contractend contractenddate subscriptionend subscriptionenddate "
        "expirydate expirationdate expiry expireson expiresat validto validuntil todate terminationdate terminatedon "
        "canceldate cancelledon canceledon cancellationdate cancelledat canceledat churndate duedate "
        "到期日 到期日期 到期时间 结束日期 结束时间 终止日期 终止日 截止日期 止期 合同到期日 合同到期日期 合同结束日期 "
        "退订日期 解约日期 离网日期 订阅到期日 保险止期"
    ),
    "renewed_on": _RENEWED,
    "renewed": _RENEWED,
    "tenure": listed(
        "tenure tenuremonths tenureinmonths monthstenure monthsactive tenureyears tenureinyears yearsactive "
        "tenureweeks periods nperiods renewals 在网时长 在网月数 在网月份 合作月数 订阅月数 会龄月数 "
        "合作年数 在网年数 投保年数 会龄 已用月数 已用期数 已过期数"
    ),
    "churned": listed(
        "churn churned ischurn ischurned churnflag churnlabel exited attrition attritionflag cancelled canceled "
        "hascancelled left 流失 是否流失 已流失 离网 是否离网 退订 是否退订 已退订 是否解约 已离开"
    ),
    "amount": listed(
        "amount contractamount contractvalue periodamount annualvalue monthlycharges monthlycharge monthlyfee "
        "monthlyprice annualfee annualprice yearlyfee fee charge price premium mrr arr acv rent dues 金额 "
        "合同金额 合同额 每期金额 月费 月租 月租费 年费 费用 服务费 保费 会费 套餐费 租金 订阅费"
    ),
    "currency": SYNONYMS["currency"],
}  # fmt: skip
"""Canonical name → the names we know, compact and most telling first."""

_LENGTH = {
    "week": ("week", "周"), "month": ("month", "月"), "quarter": ("quarter", "季"), "year": ("year", "annual", "年"),
}  # fmt: skip
_CALLED = {
    "customer_id": T(zh="客户", en="the customer"),
    "started_on": T(zh="开始日期", en="the start"),
    "churned": T(zh="是否流失", en="whether they left"),
}

_KNOWN = frozenset(name for names in NAMES.values() for name in names)


def known(header: str) -> bool:
    """Tell whether a header is one that contracts have."""
    return compact(header) in _KNOWN


def _fits(canonical: str, sight: Look) -> bool:
    if canonical in ("started_on", "ended_on", "renewed_on"):
        return is_moment(sight) or (sight.dtype == nw.String and not sight.texts and canonical != "started_on")
    if canonical == "renewed":
        return not is_moment(sight)
    return canonical not in ("amount", "tenure", "period") or is_number(sight)


def recognise(looks: Mapping[str, Look], given: Mapping[str, str]) -> dict[str, str]:
    """Return canonical name → source column: those `given`, then by name; a name whose content does not fit, last."""
    found, taken = dict(given), set(given.values())
    for fits in (_fits, lambda canonical, _: canonical in ("started_on", "ended_on", "tenure", "amount")):
        for canonical, names in NAMES.items():
            rank = {name: i for i, name in enumerate(names)}
            able = [c for c in looks if compact(c) in rank and c not in taken and fits(canonical, looks[c])]
            if canonical not in found and able:
                found[canonical] = min(able, key=lambda c: rank[compact(c)])
                taken.add(found[canonical])
    return {canonical: column for canonical, column in found.items() if column}


def lacking(found: Mapping[str, Any]) -> list[str]:
    """Return what a table of contracts needs and has not: a start, or tenure and whether they left."""
    need = ["customer_id", *(["churned"] if "tenure" in found and "started_on" not in found else ["started_on"])]
    return [canonical for canonical in need if canonical not in found]


def require(found: Mapping[str, str], columns: Sequence[str], source: str) -> None:
    """Refuse a file without the columns that it takes.

    Raises
    ------
    InputError
        Naming what was not found, the columns there are, and a map to paste.
    """
    absent = lacking(found)
    if not absent:
        return
    block = "\n".join(["[columns]", *(f'{c} = "?"' for c in absent)])
    raise InputError(
        T(zh="没有认出{called}；有的列是：{shown}", en="no column found for {called}; the columns are: {shown}").format(
            called=T(zh="、".join(_CALLED[c].zh for c in absent), en=" and ".join(_CALLED[c].en for c in absent)),
            shown=", ".join(columns[:30]) + (" …" if len(columns) > 30 else ""),
        ),
        where=source,
        remedy=T(
            zh="一行一期（客户、开始日期、到期日），或一行一位客户（tenure、是否流失）。"
            "把下面几行存成 map.toml，改对列名，加上 --map map.toml 再跑。\n{block}",
            en="One row a period (customer, start, end), or one a customer (tenure, churn). "
            "Save these lines as map.toml, put the columns right, and run again with --map map.toml.\n{block}",
        ).format(block=block),
    )


def said_length(column: str) -> str | None:
    """Return the unit of time that a column names: "week", "month", "quarter" or "year"; None where it names none."""
    bare = column.lower().replace("半年", "")
    return next((unit for unit, marks in _LENGTH.items() if any(mark in bare for mark in marks)), None)
