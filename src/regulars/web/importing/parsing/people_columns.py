"""The names under which exports hide what is known of a customer, and which of our fields they stand for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from regulars.ingest.columns import Found, Look
from regulars.ingest.headers import SYNONYMS as OF_ORDERS
from regulars.ingest.headers import compact

_NUMBERS = ("id", "no", "number", "num", "nr", "key", "code", "编号", "号", "编码", "代码")


def _words(text: str) -> list[str]:
    return text.split()


SYNONYMS: dict[str, list[str]] = {
    "external_id": [
        *(
            name
            for name in OF_ORDERS["customer_id"]
            if name.endswith(_NUMBERS) and not name.startswith(("loyalty", "card"))
        ),
        *_words("编号 id no key code number"),
    ],
    "name": [
        *_words("customername clientname membername fullname name companyname company organisation organization"),
        *_words("客户名称 客户姓名 会员姓名 顾客姓名 姓名 名称 公司名称 单位名称 公司 单位 客户"),
    ],
    "kind": _words("kind customertype clienttype type 客户类型 类型 客户性质"),
    "phone": [
        *_words("phone mobile mobilephone cellphone cell telephone tel phonenumber mobilenumber"),
        *_words("手机 手机号 手机号码 电话 电话号码 联系电话 座机 固定电话"),
    ],
    "email": _words("email emailaddress mail 邮箱 电子邮箱 电子邮件 邮件"),
    "address": _words("address postaladdress street 地址 联系地址 通讯地址 收货地址 详细地址"),
    "birthday": _words("birthday birthdate dateofbirth dob 生日 出生日期 出生年月日"),
    "gender": _words("gender sex 性别"),
    "card": _words("card cardno cardnumber loyaltycard membercard loyaltycardno 会员卡 会员卡号 卡号"),
    "region": _words("region area province state city 地区 区域 大区 省份 省 城市 市"),
    "store": _words("store storename branch shop 门店 店铺 网点 分店 所属门店"),
    "nature": _words("nature industry sector 性质 单位性质 行业"),
    "acquired_on": [
        *_words("acquiredon customersince since joined joindate registered registrationdate registeredat createdat"),
        *_words("注册日期 注册时间 入会日期 入会时间 开户日期 建档日期 建档时间 创建时间 成为客户"),
    ],
    "owner": _words("owner accountmanager salesrep representative 负责人 客户经理 业务员 销售 跟进人 所属销售"),
}

CANONICAL = tuple(SYNONYMS)

GROUPS = {
    "phone": "contact",
    "email": "contact",
    "address": "contact",
    "birthday": "personal",
    "gender": "personal",
    "card": "personal",
}
"""Which of them are sensitive, and how: who may not read a field may not fill it in from a file, either."""


def recognise(looks: Mapping[str, Look], given: Mapping[str, str]) -> list[Found]:
    """Return the columns found: those `given` first, then by name, the more telling name winning."""
    found = {canonical: Found(canonical, column, "map") for canonical, column in given.items()}
    taken = {column for column in given.values() if column}
    names = {column: compact(column) for column in looks}
    for canonical, synonyms in SYNONYMS.items():
        if canonical in found:
            continue
        rank = {name: i for i, name in enumerate(synonyms)}
        candidates = [column for column in looks if names[column] in rank and column not in taken]
        if candidates:
            chosen = min(candidates, key=lambda column: rank[names[column]])
            found[canonical] = Found(canonical, chosen, "name")
            taken.add(chosen)
    return [found[canonical] for canonical in SYNONYMS if canonical in found and found[canonical].column]


def missing(found: Sequence[Found]) -> list[str]:
    """Return what is needed and was not found."""
    return [] if any(f.canonical == "external_id" for f in found) else ["external_id"]
