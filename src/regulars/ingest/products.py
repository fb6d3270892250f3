"""Lines that are no product: postage, fees, corrections, vouchers; by the shape of the code and by behaviour."""

from __future__ import annotations

from typing import Any

import narwhals as nw

from regulars import engine

_KEY = (
    "postage|postal|carriage|shipping|freight|courier|delivery|bank charges?|fees?|surcharge|manual|discount|"
    "adjust(ment)?s?|adjust bad debt|bad debts?|gift (card|voucher)s?|vouchers?|coupons?|samples?|commission|deposit|"
    "rounding|write[- ]?off|p ?& ?p"
)
_AROUND = (
    "standard|express|next day|same day|international|domestic|free|charges?|cost|service|handling|and|for|of|the|by|"
    "to|credit|late|restocking|payment|price|difference|customer|order|bank|amazon|online|store|sales"
)
_ZH = (
    "补?(运费|邮费|快递费|物流费|配送费)(差价|补差|补拍)?|手续费|服务费|包装费|安装费|折扣|优惠|优惠券|代金券|礼品卡|购物卡|"
    "补?差价|补差|押金|定金|样品|坏账(调整)?|(手工|人工)?调整|(补拍|差价)(专用)?链接|充值|储值"
)
SERVICE = (
    rf"(?i)^[^a-z]*(([a-z]+ )?(postage|carriage|freight)|(({_AROUND}) )*({_KEY})( ({_AROUND}|{_KEY}))*)[^a-z]*$"
    rf"|^\s*({_ZH})\s*$"
)
"""A whole description that names a service and nothing else."""

MENTIONS = rf"(?i)(^|[^a-z])({_KEY})([^a-z]|$)|{_ZH}"
"""A description that mentions a service: enough for a code that is odd already."""

MAX_SHARE = 0.05
_MAX_CODES = 10_000


def service_level(column: str) -> nw.Expr:
    """Return 2 where a description is a service and nothing else, 1 where it mentions one, else 0."""
    text = nw.col(column)
    level = (
        nw.when(text.str.contains(MENTIONS)).then(nw.when(text.str.contains(SERVICE)).then(2).otherwise(1)).otherwise(0)
    )
    return level.fill_null(0).cast(nw.Int8)


def _codes(lines: engine.Frame, *, levels: bool) -> engine.Frame:
    """Return one row a code: how often, how often negative, its span of unit prices, its service level."""
    price = nw.col("net_amount").cast(nw.Float64) / nw.col("quantity").cast(nw.Float64)
    usable = (nw.col("quantity") != 0) & (nw.col("net_amount") != 0)
    level = nw.col("service").max() if levels else nw.lit(0).max()
    measured = lines.select(
        "product_id",
        *(["service"] if levels else []),
        nw.when(usable).then(price).alias("price"),
        nw.when((nw.col("net_amount") < 0) | (nw.col("quantity") < 0)).then(1).otherwise(0).alias("negative"),
    )
    return measured.group_by("product_id").agg(
        nw.len().alias("n"),
        nw.col("negative").sum().cast(nw.Int64).alias("negative"),
        nw.col("price").min().alias("low"),
        nw.col("price").max().alias("high"),
        level.alias("level"),
    )


def _odd(code: dict[str, Any]) -> bool:
    """Tell whether a code that is out of shape also behaves like no product."""
    if not any(c.isdigit() for c in str(code["product_id"])):
        return True
    low, high = code["low"], code["high"]
    unstable = low is not None and (low < 0 or (low > 0 and high / low >= 5))
    return bool(code["level"] >= 1 or 2 * code["negative"] >= code["n"] or unstable)


def find(lines: engine.Frame, *, levels: bool) -> list[Any]:
    """Return the codes that are no products.

    A code is none when its description names a service and nothing else; or when its shape differs from that of
    almost all codes (three leading digits, or any digit at all) and it has no digit, mentions a service, is mostly
    negative, or has an unstable price. Codes out of shape that carry more than 5 % of the rows are a second catalogue,
    not exceptions.

    Parameters
    ----------
    lines
        Lines with `product_id`, `quantity`, `net_amount` and, with `levels`, `service`.
    levels
        Whether descriptions were read into `service`.
    """
    textual = lines.collect_schema()["product_id"] == nw.String
    if not textual and not levels:
        return []
    codes = engine.persist(_codes(lines.filter(~nw.col("product_id").is_null()), levels=levels))
    try:
        named = nw.col("level") == 2
        wanted = named
        if textual:
            code = nw.col("product_id")
            shaped = {"lead": code.str.contains("^[0-9]{3}"), "digit": code.str.contains("[0-9]")}
            counts = [
                nw.when(fits).then(nw.col("n")).otherwise(0).sum().cast(nw.Int64).alias(k) for k, fits in shaped.items()
            ]
            row = engine.to_arrow(codes.select(*counts, nw.col("n").sum().cast(nw.Int64).alias("all"))).to_pylist()[0]
            kind = next((k for k in shaped if (row[k] or 0) >= (1 - MAX_SHARE) * (row["all"] or 0) > 0), None)
            if kind is not None:
                wanted = named | ~shaped[kind]
        found = engine.to_arrow(codes.filter(wanted).sort("product_id").head(_MAX_CODES)).to_pylist()
    finally:
        engine.release(codes)
    return [c["product_id"] for c in found if c["level"] == 2 or _odd(c)]
