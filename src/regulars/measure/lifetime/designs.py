"""What a model with covariates reads: rows, the covariates that act on each side of it, and their distinct cases."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import narwhals as nw
import numpy as np
import numpy.typing as npt

from regulars.errors import InputError
from regulars.measure.lifetime.calendars import Calendar, days, moving
from regulars.measure.lifetime.clocks import ENDLESS, Effects, Profiles
from regulars.measure.lifetime.covariates import Coding, codes, require_columns
from regulars.measure.lifetime.kernels import Cases, Kernel
from regulars.measure.lifetime.quadrature import Floats
from regulars.measure.lifetime.triples import Ints, Rows, rows_of
from regulars.periods import unit_days
from regulars.words import T as Words


@dataclass(frozen=True)
class Table:
    """A frame's rows and their covariates; with a calendar also each row's track and the day of its first purchase."""

    rows: Rows
    got: dict[str, npt.NDArray[Any]]
    track: Ints
    born: Ints


@dataclass(frozen=True)
class Question:
    """Distinct cases, the covariates that act on them, each row's case, and how far ahead is asked."""

    cases: Cases
    effects: tuple[Effects, ...]
    case: Ints
    t: float

    def every(self, stride: int) -> Question:
        """Return every `stride`-th case."""
        return replace(self, cases=self.cases.every(stride))


class Design:
    """Which covariates act on what, and how they are coded: learnt on the data of the fit."""

    def __init__(
        self,
        kernel: type[Kernel],
        slots: Sequence[Sequence[str]],
        base: Mapping[str, str],
        calendar: Calendar | None,
        unit: str,
    ) -> None:
        self.kernel, self.slots, self.base, self.calendar, self.unit = kernel, slots, base, calendar, unit

    def read(self, summary: Any) -> Table:
        """Read rows and covariates.

        Raises
        ------
        InputError
            For missing columns, and as `rows_of`.
        """
        frame = nw.from_native(summary)
        names = frame.collect_schema().names()
        used = [*dict.fromkeys(c for slot in self.slots for c in slot)]
        self._moving = moving(self.calendar, used, names)
        if not self.kernel.moves and any(c in self._moving for slot in self.slots[1:] for c in slot):
            raise InputError(
                Words(
                    zh="这个模型里客户在购买时流失，日历里的协变量只能作用于购买",
                    en="in this model customers leave at a purchase: a calendar can only act on buying",
                ),
                remedy=Words(zh="用 ParetoNBD，或只写进 purchase。", en="Use ParetoNBD, or name it for purchase only."),
            )
        columns = [c for c in used if c not in self._moving]
        require_columns(columns, [*names, *self._moving])
        wanted = [n for n in ("x", "t_x", "T", "t_x_days", "T_days") if n in names]
        if self.calendar is not None:
            keys = ["first_purchase", "T_days", "t_x_days"]
            require_columns(keys if self.calendar.customers is None else ["customer_id", *keys], names)
            wanted += [n for n in ("first_purchase", "customer_id") if n in names]
        chosen = frame.select([*wanted, *(c for c in columns if c not in wanted)])
        table = chosen.collect("pyarrow") if isinstance(chosen, nw.LazyFrame) else chosen
        got = {c: np.asarray(table[c].to_numpy()) for c in table.columns}
        rows, n = rows_of(table, self.unit), len(table)
        if self.calendar is None:
            return Table(rows, got, np.zeros(n, dtype=np.int64), np.zeros(n, dtype=np.int64))
        born = days(got["first_purchase"], "first_purchase")
        return Table(rows, got, self.calendar.tracks(got.get("customer_id"), n), born)

    def learn(self, table: Table) -> None:
        """Learn the coding of every slot's covariates."""
        periods = {} if self.calendar is None else self.calendar.columns
        self.codings = [
            (
                Coding.learn(table.got, [c for c in slot if c not in self._moving], self.base),
                Coding.learn(periods, [c for c in slot if c in self._moving], self.base),
            )
            for slot in self.slots
        ]

    @property
    def names(self) -> list[tuple[str, ...]]:
        """The names of each slot's coefficients: the customers' own covariates first, then the calendar's."""
        return [fixed.names + calendar.names for fixed, calendar in self.codings]

    def ask(self, table: Table, t: float) -> Question:
        """Return the distinct cases of the rows, for forecasts up to `t` from now.

        Raises
        ------
        InputError
            Where the calendar does not reach that far back or ahead.
        """
        rows, n = table.rows, len(table.rows.x)
        own = [coding.matrix(table.got, n) for coding, _ in self.codings]
        pieces, changes = ENDLESS, [np.zeros((1, 0)) for _ in own]
        per = unit_days(self.unit)
        if self.calendar is not None:
            assert rows.T_days is not None
            self.calendar.require(table.track, table.born + 1, (table.born + rows.T_days + t * per).astype(np.float64))
            periods = len(self.calendar.starts)
            changes = [coding.matrix(self.calendar.columns, periods) for _, coding in self.codings]
            pieces, chosen = self.calendar.pieces(np.concatenate(changes, axis=1), per)
            changes = [m[chosen] for m in changes]
        first, profile = codes([*(c for m in own for c in m.T), table.track, table.born], n)
        profiles = Profiles(pieces, table.track[first], table.born[first] / per)
        effects = tuple(Effects(m[first], c) for m, c in zip(own, changes, strict=True))
        whole = (rows.T_days, rows.t_x_days) if rows.T_days is not None else (rows.T, rows.t_x)
        chosen, case = codes([rows.x, *whole, profile], n)
        count = np.bincount(case, minlength=len(chosen)).astype(np.float64)
        cases = Cases(rows.x[chosen], rows.t_x[chosen], rows.T[chosen], profile[chosen], count, profiles)
        return Question(cases, effects, case, t)

    def bought(self, question: Question, table: Table, orders: Any) -> Floats:
        """Return the covariates of buying added up over all repeat purchases.

        Raises
        ------
        InputError
            Where the calendar's covariates act on buying and the orders are missing, or do not add up to x.
        """
        cases, buying = question.cases, question.effects[0]
        own = np.sum(buying.fixed[cases.profile] * (cases.count * cases.x)[:, None], axis=0)
        if not buying.moving.shape[1]:
            return own
        customer, day = _repeat_days(table, orders)
        pieces = cases.profiles.pieces
        piece = pieces.at(table.track[customer], day / unit_days(self.unit), before=True)
        there = np.bincount(piece, minlength=len(pieces.track))
        return np.concatenate([own, np.sum(buying.moving * there[:, None], axis=0)])


def _repeat_days(table: Table, orders: Any) -> tuple[Ints, Ints]:
    """Return the row and the day of every repeat purchase."""
    if orders is None:
        raise InputError(
            Words(
                zh="日历里的协变量作用于购买时，要知道每次购买在哪一天",
                en="where the calendar acts on buying, the fit needs the day of every purchase",
            ),
            remedy=Words(
                zh="fit(summary, orders)：orders 有 customer_id 和 business_date。",
                en="Call fit(summary, orders): orders have customer_id and business_date.",
            ),
        )
    frame = nw.from_native(orders)
    names = frame.collect_schema().names()
    require_columns(["customer_id", "business_date"], names)
    require_columns(["customer_id"], list(table.got))
    chosen = frame.select(["customer_id", "business_date"])
    eager = chosen.collect("pyarrow") if isinstance(chosen, nw.LazyFrame) else chosen
    ids, row = np.unique(table.got["customer_id"], return_index=True)
    who = np.asarray(eager["customer_id"].to_numpy())
    found = np.clip(np.searchsorted(ids, who), 0, len(ids) - 1)
    customer, day = row[found], days(np.asarray(eager["business_date"].to_numpy()), "business_date")
    assert table.rows.t_x_days is not None
    since = day - table.born[customer]
    inside = (ids[found] == who) & (since > 0) & (since <= table.rows.t_x_days[customer])
    first, _ = codes([customer[inside], day[inside]], int(inside.sum()))
    customer, day = customer[inside][first], day[inside][first]
    wrong = int(np.count_nonzero(np.bincount(customer, minlength=len(table.born)) != table.rows.x))
    if wrong:
        raise InputError(
            Words(
                zh="{n} 位客户的订单日数与汇总里的 x 对不上",
                en="for {n} customers the days in the orders are not as many as x in the summary",
            ).format(n=wrong),
            remedy=Words(
                zh="给出汇总所用的那些购买，一天一次，不含单独的退款。",
                en="Give the purchases that the summary counts: no lone refunds, nothing left out.",
            ),
        )
    return customer, day
