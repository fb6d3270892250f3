"""From contract periods to relationships: renewals that came up, whether the last was refused, what is due next."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from regulars.errors import InputError
from regulars.ingest.contracts import ContractRows
from regulars.measure.contracts.period import Days, Period, as_date, length_between
from regulars.words import T

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Each = Literal["customer", "contract"]

RUNNING, UNDECIDED, LEFT = "running", "undecided", "left"
LONGEST_GRACE = 30


@dataclass(frozen=True)
class Relationships:
    """Stretches of relationships, and where each customer stands.

    Parameters
    ----------
    entered, periods, ended, row, of
        One element a stretch: renewals made when it began and decided when it was last seen, whether the last of these
        was refused; its row in the file; its relationship. The stretches of a relationship follow each other. Of what
        fell due within the grace before `as_of` nothing is counted: who renews has often said so, who does not has not.
    customer
        Who or what the relationships belong to, sorted as text.
    latest, renewed
        Each customer's last stretch, and the renewals made in that relationship so far, the newest among them.
    state
        Each customer: "running", "undecided" (due, and the grace is not over) or "left".
    due
        Each customer's next renewal; NaT for who left, None where the file has no dates.
    started
        When each customer's last relationship began; None where the file has no dates.
    returned
        How many relationships each customer had before.
    """

    entered: Ints
    periods: Ints
    ended: Flags
    row: Ints
    of: Ints
    customer: npt.NDArray[Any]
    latest: Ints
    renewed: Ints
    state: npt.NDArray[Any]
    due: Days | None
    started: Days | None
    returned: Ints
    period: Period
    grace: int
    as_of: date | None

    def histories(self) -> tuple[Ints, Ints, Flags]:
        """Return `entered, periods, ended` of each whole relationship."""
        first = np.flatnonzero(np.diff(self.of, prepend=-1))
        counted = np.where(self.periods > self.entered, self.periods, self.entered[first][self.of])
        return self.entered[first], np.maximum.reduceat(counted, first), np.logical_or.reduceat(self.ended, first)


def from_tenure(rows: ContractRows, *, period: Period, last_only: bool = False) -> Relationships:
    """Return relationships from one row a customer: whole periods so far, and whether the customer left.

    Parameters
    ----------
    last_only
        The file holds who was a customer in the last period alone, and `churned` says who left in it: those who left
        earlier are not in the file, so each customer tells of the last renewal and of none before.

    Raises
    ------
    InputError
        For a customer who stands there twice, a tenure that is no whole number, and a customer who left without a
        period or of whom nothing is said.
    """
    tenure, churned = rows.columns["tenure"], rows.columns["churned"]
    column = rows.mapping["tenure"]
    _first(rows, (tenure < 0) | (tenure != np.floor(tenure)), T(
        zh="“{c}”不是 0 以上的整数期", en="'{c}' is not a whole number of periods").format(c=column))  # fmt: skip
    silent = T(zh="“{c}”没有写是否离开", en="'{c}' does not say whether they left")
    _first(rows, churned == None, silent.format(c=rows.mapping["churned"]))  # noqa: E711 - of each element
    ended = churned.astype(bool)
    _first(rows, ended & (tenure < 1), T(zh="一期都没有就离开了", en="left without a single period"))
    keys, codes = _coded(rows.columns["customer_id"])
    order = np.argsort(codes, kind="stable")
    twice = np.zeros(len(codes), dtype=bool)
    twice[order[1:]] = codes[order[1:]] == codes[order[:-1]]
    _first(rows, twice, lambda i: T(
        zh="客户 {c} 出现了两次", en="customer {c} stands there twice").format(c=keys[codes[i]]))  # fmt: skip
    n = tenure.astype(np.int64)[order]
    gone, count = ended[order], np.arange(len(order))
    return Relationships(
        entered=np.maximum(n - 1, 0) if last_only else np.zeros_like(n), periods=n, ended=gone, row=order, of=count,
        customer=keys, latest=count, renewed=n - gone, state=np.where(gone, LEFT, RUNNING).astype(object), due=None,
        started=None, returned=np.zeros_like(n), period=period, grace=0, as_of=None,
    )  # fmt: skip


def from_dates(
    rows: ContractRows,
    *,
    as_of: date | None = None,
    period: Period | None = None,
    grace: int | None = None,
    each: Each = "customer",
) -> Relationships:
    """Return relationships from one row a contract period, or one a whole contract where `period` is given.

    Parameters
    ----------
    as_of
        What is known; default: the last day on which something began or was renewed, and, where running contracts have
        no end, on which one ended.
    period
        The time between two renewals. None: the length of the rows, which then has to be one.
    grace
        Days after its end within which a contract may still be renewed; default: half a period, 30 at most.
    each
        Whether a customer's contracts follow each other, or each contract is by itself.

    Raises
    ------
    InputError
        For an end before its start, contracts that overlap, periods of unequal length, and where nothing began: which
        line, which customer, which periods.
    """
    table = _Dated.read(rows, each)
    known = table.last_day() if as_of is None else np.datetime64(as_of, "D")
    table.refuse_backwards()
    table = table.known_on(known)
    table.refuse_overlaps()
    if period is None:
        period = table.common_length()
    days = min(LONGEST_GRACE, round(period.years * 365.25 / 2)) if grace is None else grace
    return table.relationships(period, days, known)


@dataclass(frozen=True)
class _Dated:
    """The rows with dates, by key and start."""

    rows: ContractRows
    keys: npt.NDArray[Any]
    code: Ints
    row: Ints
    start: Days
    end: Days
    renewed: Flags
    first: Ints
    open_ended: bool

    @classmethod
    def read(cls, rows: ContractRows, each: Each) -> _Dated:
        columns = rows.columns
        if each == "contract" and "contract_id" not in columns:
            raise InputError(
                T(zh="没有认出合同编号的列", en="no column found for the contract"),
                where=rows.source,
                remedy=T(
                    zh="用 --map 指定 contract_id，或去掉 --each contract。",
                    en="Map contract_id, or drop --each contract.",
                ),
            )  # fmt: skip
        keys, code = _coded(columns["contract_id" if each == "contract" else "customer_id"])
        start, n = columns["started_on"], len(rows)
        end = columns.get("ended_on", np.full(n, "NaT", dtype="datetime64[D]"))
        renewed = ~np.isnat(columns["renewed_on"]) if "renewed_on" in columns else np.zeros(n, dtype=bool)
        if "renewed" in columns:
            renewed = renewed | (columns["renewed"] == True)  # noqa: E712 - of each element
        number = columns.get("period", np.full(n, np.nan))
        order = np.lexsort((start.astype(np.int64), code))
        first = np.where(np.isnan(number), 1, number).astype(np.int64)
        return cls(rows, keys, code[order], order, start[order], end[order], renewed[order], first[order],
                   bool(np.isnat(end).any()))  # fmt: skip

    def last_day(self) -> np.datetime64:
        """Return the last day on which something happened; an end that was agreed on has not happened yet."""
        days = [self.start]
        if "renewed_on" in self.rows.columns:
            days.append(self.rows.columns["renewed_on"])
        if self.open_ended:
            days.append(self.end)
        every = np.concatenate(days)
        return every[~np.isnat(every)].max()

    def refuse_backwards(self) -> None:
        wrong = np.zeros(len(self.row), dtype=bool)
        wrong[self.row] = self.end < self.start
        place = np.argsort(self.row)
        _first(self.rows, wrong, lambda i: T(
            zh="结束 {e} 早于开始 {s}", en="ends on {e}, before it starts on {s}"
        ).format(e=self.end[place[i]], s=self.start[place[i]]))  # fmt: skip

    def known_on(self, day: np.datetime64) -> _Dated:
        """Return what was known on that day."""
        seen = self.start <= day
        if not seen.any():
            raise InputError(
                T(zh=f"{day} 之前没有合同开始", en=f"no contract began by {day}"),
                where=self.rows.source,
                remedy=T(zh="给一个较晚的 --as-of。", en="Give a later --as-of."),
            )
        end = np.where(self.open_ended & (self.end > day), np.datetime64("NaT", "D"), self.end)
        renewed = self.renewed
        if "renewed_on" in self.rows.columns:
            renewed = renewed & ~(self.rows.columns["renewed_on"][self.row] > day)
        return _Dated(self.rows, self.keys, self.code[seen], self.row[seen], self.start[seen], end[seen],
                      renewed[seen], self.first[seen], self.open_ended)  # fmt: skip

    def _followed(self) -> Flags:
        return np.append(self.code[1:] == self.code[:-1], False)

    def refuse_overlaps(self) -> None:
        before = np.flatnonzero(self._followed())
        runs_on = np.isnat(self.end[before]) | (self.start[before + 1] < self.end[before])
        if runs_on.any():
            i = int(before[runs_on][0])
            raise InputError(
                T(zh="{c} 的合同重叠：{a} 和 {b}{more}", en="contracts of {c} overlap: {a} and {b}{more}").format(
                    c=self.keys[self.code[i]], a=self._called(i), b=self._called(i + 1),
                    more=_more(int(runs_on.sum()) - 1),
                ),
                where=self.rows.place(int(self.row[i + 1])),
                remedy=T(
                    zh="改好日期；若一位客户同时有几份合同，加上 --each contract。",
                    en="Repair the dates; where a customer holds several at a time, add --each contract.",
                ),
            )  # fmt: skip

    def _called(self, i: int) -> str:
        contract = self.rows.columns.get("contract_id")
        name = "" if contract is None else f"{contract[self.row[i]]} "
        return f"{name}{self.start[i]} – {'…' if np.isnat(self.end[i]) else self.end[i]}"

    def common_length(self) -> Period:
        """Return the length that all closed periods have."""
        closed = np.flatnonzero(~np.isnat(self.end))
        if not len(closed):
            raise InputError(
                T(zh="合同没有到期日，看不出一期多长", en="without ends nobody can tell how long a period is"),
                where=self.rows.source,
                remedy=T(zh="加上 --period month 或 --period year。", en="Add --period month or --period year."),
            )
        months, days = length_between(self.start[closed], self.end[closed])
        lengths, place, counts = np.unique(
            np.stack([months, days], axis=1), axis=0, return_inverse=True, return_counts=True
        )
        usual = int(np.argmax(counts))
        period = Period(*(int(v) for v in lengths[usual]))
        odd = np.flatnonzero(place.ravel() != usual)
        if len(odd) or not period.years:
            i = int(closed[odd[0]]) if len(odd) else int(closed[0])
            m, d = (int(v[odd[0]] if len(odd) else v[0]) for v in (months, days))
            raise InputError(
                T(
                    zh="各期长短不一：{n:,} 期是 {usual}，{c} 的 {p} 是 {other}{more}",
                    en="periods of unequal length: {n:,} last {usual}, that of {c}, {p}, {other}{more}",
                ).format(
                    n=int(counts[usual]), usual=period.name, c=self.keys[self.code[i]], p=self._called(i),
                    other=Period(m, d).name, more=_more(len(odd) - 1),
                ),
                where=self.rows.place(int(self.row[i])),
                remedy=T(
                    zh="改好这一行；或说明一期多长（如 --period month），每份合同就按经过几期来数。",
                    en="Repair it; or say how long a period is, such as --period month, and contracts count by the "
                    "periods that they lasted.",
                ),
            )  # fmt: skip
        return period

    def relationships(self, period: Period, grace: int, as_of: np.datetime64) -> Relationships:
        follows = np.zeros(len(self.row), dtype=bool)
        follows[1:] = self._followed()[:-1] & ((self.start[1:] - self.end[:-1]).astype(np.int64) <= grace)
        renewed = np.append(follows[1:], False)
        of = np.cumsum(~follows) - 1
        forever = np.isnat(self.end)
        came_up = period.passed(self.start, as_of)
        lasted = np.where(forever, came_up, period.begun(self.start, np.where(forever, self.start, self.end)))
        begins = np.flatnonzero(~follows)
        before = np.cumsum(lasted) - lasted
        entered = before - before[begins][of] + self.first[begins][of] - 1
        late = (as_of - self.end).astype(np.int64)
        goes_on = renewed | self.renewed
        over = ~forever & (late >= 0)
        waits = ~goes_on & over & (late < (0 if self.open_ended else grace))
        ended: Flags = np.asarray(~goes_on & over & ~waits, dtype=bool)
        whole = goes_on | ended | forever
        # A last period that is not over yet has had every renewal but its own.
        periods = entered + np.where(whole, lasted, np.minimum(came_up, lasted - 1))
        periods = np.where(waits, entered + lasted - 1, periods)
        counted = ~goes_on | (late >= grace)
        latest = np.flatnonzero(np.append(self.code[1:] != self.code[:-1], True))
        state = np.where(ended, LEFT, np.where(waits, UNDECIDED, RUNNING)).astype(object)
        until = np.where(forever, period.after(self.start, came_up + 1), self.end)
        until = np.where(~renewed & self.renewed & ~forever, period.after(self.end, 1), until)
        due = np.where(ended, np.datetime64("NaT", "D"), np.maximum(until, as_of))
        spells = np.bincount(self.code[begins], minlength=len(self.keys))
        present = self.code[latest]
        return Relationships(
            entered=entered, periods=np.where(counted, periods, entered), ended=ended, row=self.row, of=of,
            customer=self.keys[present], latest=latest, renewed=(periods - ended)[latest], state=state[latest],
            due=due[latest], started=self.start[begins][of][latest], returned=spells[present] - 1, period=period,
            grace=grace, as_of=as_date(as_of),
        )  # fmt: skip


def _coded(keys: npt.NDArray[Any]) -> tuple[npt.NDArray[np.object_], Ints]:
    """Return the distinct keys, sorted as text, and each row's position among them."""
    distinct = sorted(set(keys.tolist()), key=str)
    place = {key: i for i, key in enumerate(distinct)}
    every = np.empty(len(distinct), dtype=object)
    every[:] = distinct
    return every, np.array([place[key] for key in keys.tolist()], dtype=np.int64)


def _first(rows: ContractRows, wrong: Any, what: T | Callable[[int], T]) -> None:
    """Refuse the first wrong row and say how many more there are."""
    at = np.flatnonzero(wrong)
    if len(at):
        said = what if isinstance(what, T) else what(int(at[0]))
        more = _more(len(at) - 1)
        raise InputError(
            T(zh=said.zh + more.zh, en=said.en + more.en),
            where=rows.place(int(at[0])),
            remedy=T(zh="改好这一行。", en="Repair this line."),
        )


def _more(others: int) -> T:
    if others <= 0:
        return T(zh="", en="")
    return T(zh=f"（这样的还有 {others:,} 处）", en=f" (and {others:,} more)")
