"""The dialect in which Regulars speaks to tables: Narwhals expressions and a few verbs, the same on every engine."""

from regulars.engine.frames import MONEY, Frame, frame, lookup, n_rows, persist, release, to_arrow
from regulars.engine.session import session
from regulars.engine.verbs import (
    HASH_SPAN,
    Kind,
    add_days,
    asof_join,
    bucket,
    business_date,
    days_between,
    money_mul,
    money_sum,
    ntile_by,
    parse_time,
    row_number,
    stable_hash,
    try_cast,
    unpivot,
)

__all__ = [
    "HASH_SPAN",
    "MONEY",
    "Frame",
    "Kind",
    "add_days",
    "asof_join",
    "bucket",
    "business_date",
    "days_between",
    "frame",
    "lookup",
    "money_mul",
    "money_sum",
    "n_rows",
    "ntile_by",
    "parse_time",
    "persist",
    "release",
    "row_number",
    "session",
    "stable_hash",
    "to_arrow",
    "try_cast",
    "unpivot",
]
