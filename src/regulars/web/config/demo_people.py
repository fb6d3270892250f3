"""Who works in the demo and who buys there: made up, in the language of who looks, the same for the same seed."""

from __future__ import annotations

import csv
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from regulars.words import Lang, T


@dataclass(frozen=True, slots=True)
class Colleague:
    """Somebody who signs in."""

    username: str
    name: T
    role: str
    team: str


TEAMS: dict[str, tuple[T, str, str | None]] = {
    "office": (T(zh="总部", en="Head office"), "head_office", None),
    "east": (T(zh="华东大区", en="East"), "region", "office"),
    "river": (T(zh="河滨店", en="Riverside"), "branch", "east"),
    "hill": (T(zh="山前店", en="Hillside"), "branch", "east"),
}
"""Key → name, kind, the team above."""

COLLEAGUES = (
    Colleague("admin", T(zh="周敏", en="Zoe Marsh"), "administrator", "office"),
    Colleague("manager", T(zh="陈立", en="Chris Lane"), "manager", "river"),
    Colleague("manager2", T(zh="高远", en="Gail Young"), "manager", "hill"),
    Colleague("account", T(zh="林晓", en="Linda Shaw"), "account_manager", "river"),
    Colleague("account2", T(zh="沈洁", en="Sam Jones"), "account_manager", "hill"),
    Colleague("marketing", T(zh="吴悦", en="Wendy Yates"), "marketing", "office"),
    Colleague("service", T(zh="何静", en="Helen Jay"), "service", "office"),
    Colleague("analyst", T(zh="许文", en="Sue Wells"), "analyst", "office"),
    Colleague("viewer", T(zh="韩松", en="Hans Song"), "viewer", "office"),
)

_FAMILY = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗高梁郑谢宋唐许韩冯邓曹彭曾肖田董袁潘蒋蔡余杜叶程苏魏吕丁"
_GIVEN = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰萍红鑫宇欣怡子涵梓轩浩然思雨佳琪"
_ENGLISH_GIVEN = (
    "Alice Adam Beth Brian Carol Colin Diana David Ellen Eric Fiona Frank Grace George Hannah Harry Irene Ian Jane "
    "Jack Kate Kevin Laura Leo Mary Mark Nina Neil Olivia Oscar Paula Peter Rose Ralph Sarah Simon Tina Tom"
)
_ENGLISH_FAMILY = (
    "Abbott Baker Carter Dawson Ellis Fletcher Gibson Harper Irving Jenkins Kemp Lawson Mason Norris Osborne Parker "
    "Quinn Rowe Sutton Turner Underwood Vickers Walton York Barnes Cole Drake Foster Grant Hughes"
)
_HOUSES = T(
    zh="茶楼 咖啡馆 酒店 书店 餐厅 民宿 会所 便利店", en="Tea House,Café,Hotel,Bookshop,Kitchen,Guest House,Club,Store"
)
_PLACES = T(
    zh="云溪 望江 听雨 竹里 南山 拾光 半山 归巢 临湖 松间 小满 青禾",
    en="Cloudbrook,Riverview,Rainfall,Bamboo,Southhill,Daylight,Halfway,Homing,Lakeside,Pinewood,Harvest,Greenfield",
)
REGIONS = T(zh="华东 华南 华北 西南", en="East,South,North,West")

HEAD = ("customer number", "name", "kind", "phone", "e-mail", "region", "owner")


def write_customers(ids: Sequence[str], file: Path, *, lang: Lang, seed: int) -> None:
    """Write a file of customers as a company would export it, each looked after by one of the account managers."""
    owners = [colleague for colleague in COLLEAGUES if colleague.role == "account_manager"]
    with file.open("w", encoding="utf-8-sig", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(HEAD)
        drawn = random.Random(seed)  # noqa: S311 - invented people, no secret
        for number, name, kind, region in _people(ids, drawn, lang):
            phone = f"1390000{drawn.randrange(10_000):04d}"
            mail = f"{number.lower()}@example.com"
            writer.writerow([number, name, kind, phone, mail, region, drawn.choice(owners).username])


def _people(ids: Sequence[str], drawn: random.Random, lang: Lang) -> Iterator[tuple[str, str, str, str]]:
    regions = _list(REGIONS[lang])
    for number in ids:
        house = drawn.random() < 0.3
        name = _house(drawn, lang) if house else _person(drawn, lang)
        yield number, name, "organisation" if house else "person", drawn.choice(regions)


def _person(drawn: random.Random, lang: Lang) -> str:
    if lang == "zh":
        return drawn.choice(_FAMILY) + "".join(drawn.choice(_GIVEN) for _ in range(drawn.choice((1, 2, 2))))
    return f"{drawn.choice(_list(_ENGLISH_GIVEN))} {drawn.choice(_list(_ENGLISH_FAMILY))}"


def _house(drawn: random.Random, lang: Lang) -> str:
    place, kind = drawn.choice(_list(_PLACES[lang])), drawn.choice(_list(_HOUSES[lang]))
    number = drawn.randrange(1, 30)
    return f"{place}{kind}（{number} 店）" if lang == "zh" else f"{place} {kind} {number}"


def _list(text: str) -> list[str]:
    return text.split(",") if "," in text else text.split()


TALKS: tuple[tuple[str, str, T], ...] = (
    (
        "call",
        "price",
        T(zh="问了秋季新茶的价格，想先要样品。", en="Asked for the price of the autumn teas, wants samples first."),
    ),
    (
        "visit",
        "demand",
        T(zh="看了店里陈列，下月要加两款花茶。", en="Looked at the display; wants two more herbal teas next month."),
    ),
    ("message", "delivery", T(zh="确认了周四送货。", en="Delivery on Thursday confirmed.")),
    (
        "meeting",
        "competitor",
        T(
            zh="另一家供应商报价低一成，看重我们送货准时。",
            en="Another supplier is a tenth cheaper; values that we deliver on time.",
        ),
    ),
)
PROMISE = T(zh="周二前寄出三款样品。", en="Send three samples by Tuesday.")
COMPLAINT = T(zh="上一单少了两箱，当天已补发。", en="Two cases were missing from the last order; sent the same day.")
"""What people wrote into the log."""
