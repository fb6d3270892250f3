"""The playbook: a strategy and a resource grade for each class of the value matrix, by table 3-4, as data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import narwhals as nw

from regulars.engine import Frame
from regulars.errors import InputError
from regulars.words import T

GRADES: dict[str, T] = {
    "none": T(zh="不投入", en="No investment"),
    "low": T(zh="低成本", en="Low cost"),
    "limited": T(zh="有限", en="Limited"),
    "moderate": T(zh="适度", en="Moderate"),
    "suitable": T(zh="适当", en="Suitable"),
    "heavy": T(zh="重点", en="Heavy"),
    "heaviest": T(zh="重中之重", en="Heaviest"),
}
"""Resource grades, least first: the table's own four and those of its exceptions."""

NOT_ENOUGH = "not_enough_data"


@dataclass(frozen=True, slots=True)
class Strategy:
    """How to treat the customers of one class.

    Parameters
    ----------
    code
        Short name, as the table column `strategy` holds it.
    title
        What it is called.
    resource_grade
        A key of `GRADES`.
    actions
        What to do.
    resources
        How to spend on it.
    who
        Whom the source describes, where it does.
    organisations_only
        Actions that must never be taken towards a natural person because of their class: a price above the market.
    person_decides
        True where the strategy only proposes: a person decides whether a relationship ends.
    """

    code: str
    title: T
    resource_grade: str
    actions: tuple[T, ...]
    resources: T
    who: T | None = None
    organisations_only: tuple[T, ...] = ()
    person_decides: bool = False

    @property
    def grade(self) -> T:
        """The resource grade in words."""
        return GRADES[self.resource_grade]

    def actions_for(self, *, organisation: bool = False) -> tuple[T, ...]:
        """Return what to do for a customer; what only fits organisations is left out unless it is known to be one."""
        return self.actions + (self.organisations_only if organisation else ())


@dataclass(frozen=True, slots=True)
class Playbook:
    """Strategies by class of the matrix, the overrides for a diagnosed cause of Ⅰ, and Ⅲ with low credit."""

    classes: Mapping[str, Strategy]
    causes: Mapping[str, Strategy]
    low_credit: Strategy


PLATINUM = Strategy(
    code="enhance",
    title=T(zh="极力保持，再增强关系", en="Keep at all cost and enhance"),
    resource_grade="heaviest",
    actions=(
        T(zh="一户一策：主动沟通", en="A plan for each customer: get in touch first"),
        T(zh="优先生产、定制产品、灵活付款", en="Priority in production, custom products, flexible payment"),
        T(zh="派最好的人，给全套方案", en="The best people and the full solution"),
        T(zh="结成战略联盟，双方都赚", en="A strategic alliance in which both sides win"),
    ),
    resources=T(zh="投入要足，为长期紧密合作", en="Sufficient, for long and close cooperation"),
)
GOLD = Strategy(
    code="keep",
    title=T(zh="全力保持，防被挖走", en="Keep at this level, guard against rivals"),
    resource_grade="heavy",
    who=T(zh="几乎全部业务都已给我们；对手也在拉", en="Nearly all their business is ours; rivals court them"),
    actions=(T(zh="给出超过期望的价值", en="Give value beyond what they expect"),),
    resources=T(
        zh="护住自己利益的前提下投入；能提高信任和忠诚就多花些",
        en="Invest while protecting our interest; spend more where trust and loyalty can grow",
    ),
)
IRON = Strategy(
    code="rebuild",
    title=T(zh="关系再造，挖潜力", en="Rebuild the relationship, dig out potential"),
    resource_grade="suitable",
    who=T(
        zh="总业务量大，给我们的份额小；关系停在考察、形成期",
        en="Large total business, small share with us; stuck in the exploring or forming stage",
    ),
    actions=(
        T(zh="好产品、好服务、有用的信息", en="Good products, service and useful information"),
        T(
            zh="按他的需要给方案：增量、交叉、介绍",
            en="A personal solution: sell more, sell other things, win referrals",
        ),
    ),
    resources=T(zh="多投一些，把购买潜力挖出来", en="Invest more to dig out what they could buy"),
)
LEAD = Strategy(
    code="release",
    title=T(zh="关系解除（先查原因，由人决定）", en="Let go (find the cause first; a person decides)"),
    resource_grade="none",
    who=T(
        zh="偶尔下小单；拖欠货款；要求苛刻；过度定制",
        en="Occasional small orders; late or no payment; demanding service; excessive customisation",
    ),
    actions=(
        T(zh="先查明原因", en="Find the cause first"),
        T(zh="不加投，拒绝不合理的要求", en="Invest no more, refuse improper demands"),
        T(zh="要走不留", en="Let them go if they leave"),
    ),
    organisations_only=(T(zh="报价高于市场", en="Quote above the market"),),
    resources=T(zh="不投入", en="None"),
    person_decides=True,
)
LOW_CREDIT = Strategy(
    code="keep_limited",
    title=T(zh="保持，但信用低", en="Keep, but credit is low"),
    resource_grade="limited",
    actions=(T(zh="先收款再发货，投入有限", en="Payment before delivery, limited spending"),),
    resources=T(zh="有限", en="Limited"),
)
CAUSES: dict[str, Strategy] = {
    "early": Strategy(
        code="nurture",
        title=T(zh="刚开始，花点成本留住", en="Just begun: spend a little, keep them"),
        resource_grade="moderate",
        actions=(T(zh="首单回访，帮他用好", en="Follow up the first order, help them use it well"),),
        resources=T(zh="适度、平稳", en="Moderate and smooth"),
    ),
    "decline": Strategy(
        code="win_back_if_worth",
        title=T(zh="衰退期，划算才赢回", en="In decline: win back only if it pays"),
        resource_grade="moderate",
        actions=(T(zh="先比赢回的成本和收益，收益大才做", en="Compare cost and benefit of winning back, then decide"),),
        resources=T(zh="适度", en="Moderate"),
    ),
    "price": Strategy(
        code="automate",
        title=T(zh="只认价格，自动联系", en="Buys by price alone: automate"),
        resource_grade="low",
        actions=(T(zh="自动、低成本联系；最多一次限时优惠", en="Automated low-cost touch; at most one timely offer"),),
        resources=T(zh="低成本，要快", en="Low cost, and quick"),
    ),
    "credit": Strategy(
        code="propose_ending",
        title=T(
            zh="钱少、信用差，建议结束（由人决定）", en="Little money, bad credit: propose to end (a person decides)"
        ),
        resource_grade="none",
        actions=(T(zh="提出结束合作，由负责人决定", en="Propose to end; the owner decides"),),
        resources=T(zh="不投入", en="None"),
        person_decides=True,
    ),
}
"""Overrides for class Ⅰ once its cause is known: early stage, decline, price-sensitive, little money and bad credit."""

DEFAULT = Playbook({"IV": PLATINUM, "III": GOLD, "II": IRON, "I": LEAD}, CAUSES, LOW_CREDIT)


def strategy(
    matrix: str, cause: str | None = None, *, low_credit: bool = False, playbook: Playbook = DEFAULT
) -> Strategy:
    """Return how to treat a customer of class `matrix`.

    Table 3-4 decides; a diagnosed `cause` overrides it for class Ⅰ, low credit for class Ⅲ. Nothing here ends a
    relationship or sets a price: `Strategy.person_decides` marks what only a person may do.

    Parameters
    ----------
    matrix
        "IV", "III", "II" or "I".
    cause
        For class Ⅰ "early", "decline", "price", "credit"; ignored for the others.
    low_credit
        True where the customer's credit is known to be low.

    Raises
    ------
    InputError
        For an unknown class or cause.

    References
    ----------
    《客户关系管理》table 3-4 and §3.4.
    """
    if matrix not in playbook.classes:
        raise _unknown(matrix, playbook.classes)
    if cause is not None and cause not in playbook.causes:
        raise _unknown(cause, playbook.causes)
    if matrix == "I" and cause is not None:
        return playbook.causes[cause]
    if matrix == "III" and low_credit:
        return playbook.low_credit
    return playbook.classes[matrix]


def _unknown(found: str, known: Mapping[str, Strategy]) -> InputError:
    names = ", ".join(known)
    return InputError(
        T(zh=f"打法里没有 {found!r}", en=f"the playbook has no {found!r}"),
        remedy=T(zh=f"可用 {names}。", en=f"Use one of {names}."),
    )


def assign(customers: Frame, playbook: Playbook = DEFAULT) -> Frame:
    """Add `strategy`, `resource_grade` and `strategy_reason` from the columns `matrix` and, where it exists, `cause`.

    A customer without class has no strategy and the reason "not_enough_data". The reason is "class_IV" … "class_I", or
    "cause_early" … where a cause overrides class Ⅰ; an unknown cause overrides nothing.
    """
    chosen: dict[str, nw.Expr] = {
        "strategy": nw.lit(None, dtype=nw.String),
        "resource_grade": nw.lit(None, dtype=nw.String),
        "strategy_reason": nw.lit(NOT_ENOUGH),
    }
    rules = [(nw.col("matrix") == key, s, f"class_{key}") for key, s in playbook.classes.items()]
    if "cause" in customers.collect_schema().names():
        lead = nw.col("matrix") == "I"
        rules += [(lead & (nw.col("cause") == key), s, f"cause_{key}") for key, s in playbook.causes.items()]
    for applies, found, reason in rules:
        texts = {"strategy": found.code, "resource_grade": found.resource_grade, "strategy_reason": reason}
        for column, said in texts.items():
            chosen[column] = nw.when(applies).then(nw.lit(said)).otherwise(chosen[column])
    return customers.with_columns(expression.alias(name) for name, expression in chosen.items())


_CAUSE_WORDS = {
    "early": T(zh="刚开始来往", en="the relationship has just begun"),
    "decline": T(zh="关系在走下坡", en="the relationship is in decline"),
    "price": T(zh="只认价格，对谁都不忠诚", en="buys by price and is loyal to nobody"),
    "credit": T(zh="钱少，信用也差", en="little money and bad credit"),
}
_CLASS_WORDS = {
    "IV": T(zh="Ⅳ 白金：现在多，以后多", en="Ⅳ platinum: much now, much later"),
    "III": T(zh="Ⅲ 黄金：现在多，以后少", en="Ⅲ gold: much now, less later"),
    "II": T(zh="Ⅱ 铁：现在少，以后多", en="Ⅱ iron: little now, more later"),
    "I": T(zh="Ⅰ 铅：现在少，以后少；原因还没查", en="Ⅰ lead: little now and later; the cause is not known yet"),
}


def strategy_line(row: Mapping[str, Any], playbook: Playbook = DEFAULT) -> T:
    """Return what to do with a customer and why, from its row after `assign`."""
    reason = row.get("strategy_reason")
    kind, _, key = str(reason).partition("_")
    if row.get("strategy") is None or kind not in ("class", "cause"):
        return T(zh="数据不足，先不定打法", en="Not enough data, so no strategy yet")
    found = playbook.causes[key] if kind == "cause" else playbook.classes[key]
    why = _CAUSE_WORDS[key] if kind == "cause" else _CLASS_WORDS[key]
    return T(zh="{why}。{what}，{grade}", en="{why}. {what}; {grade}").format(
        why=why, what=found.title, grade=_grade_words(found)
    )


def _grade_words(found: Strategy) -> T:
    if found.resource_grade == "none":
        return T(zh="不投入", en="no investment")
    return T(zh=f"{found.grade.zh}投入", en=f"{found.grade.en.lower()} investment")
