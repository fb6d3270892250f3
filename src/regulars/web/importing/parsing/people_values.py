"""Cells of a customers file become values of our fields; what is not understood is said, not guessed."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta

from regulars.ingest import moments
from regulars.ingest.moments import SERIAL_START, MomentStyle

KINDS = {
    "person": "person individual consumer private p 个人 自然人 消费者 散客",
    "organisation": "organisation organization company business corporate firm o 企业 公司 单位 组织 机构 法人 商户",
}
GENDERS = {
    "female": "female f woman w 女 女士 女性",
    "male": "male m man 男 男士 先生 男性",
    "other": "other x diverse 其他",
}
NATURES = {
    "government": "government public nonprofit 政府 机关 事业单位 非营利 学校 医院",
    "company": "company business private 企业 公司 民营 国企 私企 外资",
    "special": "special 特殊公司 特殊",
    "individual": "individual person 个人 个体 个体户",
}
LONGEST = {"name": 200, "external_id": 200, "region": 60, "store": 60, "address": 300, "email": 300, "card": 60}

_MOBILE = re.compile(r"1[0-9]{10}$")
_SPLIT = re.compile(r"\s*[,;/、，；|]\s*")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+$")


def _table(words: dict[str, str]) -> dict[str, str]:
    return {word: key for key, said in words.items() for word in said.split()}


_WORDS = {"kind": _table(KINDS), "gender": _table(GENDERS), "nature": _table(NATURES)}


def text(cell: object) -> str:
    """Return a cell as one line without surrounding blanks; whole floats lose their ``.0``."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return " ".join(unicodedata.normalize("NFC", str(cell)).split())


def coded(field: str, cell: str) -> str | None:
    """Return the code of kind, gender or nature; None where the word is not known."""
    return _WORDS[field].get(unicodedata.normalize("NFKC", cell).casefold())


def phones(cell: str) -> list[tuple[str, str]] | None:
    """Return (kind, number) of each phone in a cell; None where one is no phone."""
    found = []
    for part in _SPLIT.split(cell):
        digits = re.sub(r"[^0-9]", "", unicodedata.normalize("NFKC", part))
        if not 4 <= len(digits) <= 20 or re.search(r"[^\W\d_]{4,}", part):
            return None
        found.append(("mobile" if _MOBILE.match(digits[-11:]) and len(digits) <= 13 else "phone", part[:60]))
    return found


def email(cell: str) -> str | None:
    """Return an e-mail address; None where it is none."""
    return cell if _EMAIL.match(cell) and len(cell) <= LONGEST["email"] else None


def day_reader(cells: Iterable[str], order: str | None, *, mac: bool) -> Callable[[str], date | None]:
    """Return what reads the dates of one column, by how most of them are written; it gives None for what it cannot."""
    style, (first, second), _ = moments.sniff(cells)
    chosen = order or ("dmy" if first > second else "mdy" if second > first else None)
    ordered = moments.ordered(MomentStyle(style.formats, style.offsets, style.serial, chosen))  # type: ignore[arg-type]

    def read(cell: str) -> date | None:
        bare = unicodedata.normalize("NFKC", cell).strip()
        for form in ordered.formats:
            try:
                return datetime.strptime(bare, form).date()
            except ValueError:
                continue
        if ordered.serial and re.fullmatch(r"[1-9][0-9]{4}(\.[0-9]+)?", bare):
            return SERIAL_START[mac] + timedelta(days=int(float(bare)))
        return None

    return read


def unclear_order(cells: Iterable[str], order: str | None) -> str | None:
    """Return a date that could be read two ways where nothing says which; None where all is clear."""
    kept = list(cells)
    style, (first, second), _ = moments.sniff(kept)
    if order is not None or not moments.needs_order(style) or first != second:
        return None
    return next((cell for cell in kept if "{0}" in "".join(moments.sniff([cell])[0].formats)), None)
