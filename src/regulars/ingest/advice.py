"""A file in which a required column was not found: what is missing, what is there, and a map to paste."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence

from regulars.errors import InputError
from regulars.ingest import contract_columns
from regulars.ingest.columns import Found, Look, is_moment, is_number, missing
from regulars.words import T

_SHOWN = 30
_OTHERS = 2
_SAMPLE = 500
_BARE = 0.1
_CALLED = {
    "customer_id": T(zh="客户", en="the customer"),
    "ordered_at": T(zh="下单日期", en="the order date"),
    "net_amount": T(zh="金额（或数量和单价）", en="the amount (or quantity and unit price)"),
}
_HINTS = {
    "customer_id": "cust|client|klient|kund|klant|member|buyer|user|consumer|guest|patient|person|account|loyal|card|"
    "phone|mobile|mail|name|客|会员|會員|买家|買家|购买人|用户|用戶|姓名|手机|手機|电话|電話|联系人|收货人|昵称|微信",
    "ordered_at": "date|datum|fecha|data|time|zeit|when|day|tag|jour|created|日期|时间|時間|日|何时",
    "net_amount": "amount|amt|betrag|umsatz|importe|montant|total|sum|price|preis|prix|precio|sale|revenue|turnover|"
    "value|paid|pay|net|gross|brutto|money|额|額|款|价|價|收入|实收|实付|到账|元|钱",
}


def require(found: Sequence[Found], looks: Mapping[str, Look], source: str) -> None:
    """Refuse a file in which a required column was not found.

    Raises
    ------
    InputError
        Where the file holds contracts; else naming everything that was not found, the columns that the file has, and a
        map to paste, with the likeliest columns filled in.
    """
    lacking = missing(found)
    if not lacking:
        return
    if not contract_columns.lacking(contract_columns.recognise(looks, {})):
        raise InputError(
            T(zh="像是合同或订阅，不是订单", en="these look like contracts or subscriptions, not orders"),
            where=source,
            remedy=T(zh="用 regulars contracts 读这个文件。", en="Read the file with regulars contracts."),
        )
    shown = ", ".join(list(looks)[:_SHOWN]) + (" …" if len(looks) > _SHOWN else "")
    raise InputError(
        T(
            zh=f"没有认出{'、'.join(_CALLED[c].zh for c in lacking)}；有的列是：{shown}",
            en=f"no column found for {_listed([_CALLED[c].en for c in lacking])}; the columns are: {shown}",
        ),
        where=source,
        remedy=T(
            zh="把下面几行存成 map.toml，改对列名，加上 --map map.toml 再跑；若在另一张表里，先合并两张表。\n{block}",
            en="Save these lines as map.toml, put the columns right, and run again with --map map.toml; "
            "join tables first if need be.\n{block}",
        ).format(block=_block(lacking, found, looks)),
    )


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _block(lacking: Sequence[str], found: Sequence[Found], looks: Mapping[str, Look]) -> T:
    """Return the section of a map that names what is missing; the surer guesses take their columns first."""
    taken = {f.column for f in found}
    guesses: dict[str, list[str]] = {}
    for canonical in ("ordered_at", "net_amount", "customer_id"):
        if canonical in lacking:
            guesses[canonical] = likely(canonical, {c: look for c, look in looks.items() if c not in taken})
            taken.update(guesses[canonical][:1])
    lines = [_line(canonical, guesses[canonical]) for canonical in lacking]
    return T(zh="\n".join(["[columns]", *(t.zh for t in lines)]), en="\n".join(["[columns]", *(t.en for t in lines)]))


def _line(canonical: str, guesses: Sequence[str]) -> T:
    column, *others = [json.dumps(c, ensure_ascii=False) for c in guesses] or ['"?"']
    others = others[:_OTHERS]
    also = T(zh=f"  # 或 {' 或 '.join(others)}", en=f"  # or {' or '.join(others)}") if others else T(zh="", en="")
    return T(zh=f"{canonical} = {column}{also.zh}", en=f"{canonical} = {column}{also.en}")


def likely(canonical: str, looks: Mapping[str, Look]) -> list[str]:
    """Return the columns that could be the one missing, the likeliest first: by content, then by what a name hints at.

    Parameters
    ----------
    canonical
        "customer_id", "ordered_at" or "net_amount".
    looks
        The columns that nothing else was found for.
    """
    weights = {c: _weight(canonical, c, look) for c, look in looks.items()}
    fitting = [c for c in looks if weights[c] > 0]
    if canonical == "net_amount" and not any(weights[c] > _BARE for c in fitting):
        fitting.reverse()  # where nothing tells: people come first in a file, sums at the end
    return sorted(fitting, key=lambda c: -weights[c])


def _weight(canonical: str, column: str, look: Look) -> float:
    hinted = re.search(_HINTS[canonical], column.lower()) is not None
    if canonical == "ordered_at":
        return 1 + hinted if is_moment(look) else 0
    if canonical == "net_amount":
        return _BARE + hinted + 0.5 * _has_fraction(look) if is_number(look) and not is_moment(look) else 0
    if is_moment(look) or (is_number(look) and _has_fraction(look)) or not look.texts:
        return 0
    return hinted + _returning(look.texts[:_SAMPLE])


def _has_fraction(look: Look) -> bool:
    return look.dtype.is_float() or look.dtype.is_decimal() or any("." in t or "," in t for t in look.texts[:_SAMPLE])


def _returning(texts: Sequence[str]) -> float:
    """Return how much a column looks like one of people who come again: many values, some of them more than once."""
    different = len(set(texts)) / len(texts) if texts else 1.0
    return different if different < 0.95 else 0.1
