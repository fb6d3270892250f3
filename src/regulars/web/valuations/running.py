"""One run: the workspace is synchronised, a snapshot pinned, customers are valued into a folder of the run's own.

Nothing that people see changes here; `publishing` does that, once everything lies there and the gates are passed.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TYPE_CHECKING, Any

from regulars import engine
from regulars.errors import InputError
from regulars.files import whole_folder
from regulars.ingest import Orders
from regulars.measure.margin import Margin
from regulars.web.facts import access
from regulars.web.facts.access import Lake, Pin
from regulars.web.facts.actions import providers, sync, under_kept
from regulars.words import T

if TYPE_CHECKING:
    from regulars.valuation import Given, Settings

Report = Callable[[float, T], None]

SYNCING = T(zh="把工作区的变化写进数据湖", en="bringing the workspace's changes into the lake")
READING = T(zh="读取订单", en="reading orders")
DRAWING = T(zh="整理图表的数字", en="reckoning the figures")
SHARES = {"current": 0.15, "choose": 0.25, "future": 0.45, "classes": 0.6}
MOST_MEMORY, LEAST_MEMORY = 16_000, 500  # MB
ALWAYS, DUE, NEVER = "always", "due", "never"
SHOWN = 30
"""Categories that a message lists."""
CARD_FILE, FIGURES_FILE = "model_card.json", "figures.json"


@dataclass(frozen=True, slots=True)
class Parameters:
    """What a run is asked for; every choice has a default that the data or the definitions give.

    Parameters
    ----------
    as_of
        The valuation date; None: the last day in the data.
    margin
        Share of revenue left after product cost, where lines carry no cost; None: unknown, never assumed.
    margins
        The same for single categories of goods, category → rate; `margin` holds for the others.
    threshold
        Quantile of the two lines of the value matrix.
    level
        Probability that customers' intervals hold.
    refit
        "always": fit the models anew; "never": score by the parameters of the run before; "due": fit where they no
        longer hold.
    """

    as_of: date | None = None
    margin: str | None = None
    horizon_days: int = 364
    discount_rate: float = 0.1
    threshold: float = 0.8
    refit: str = ALWAYS
    level: float = 0.9
    margins: dict[str, str] = field(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """Return them as JSON."""
        return {**asdict(self), "as_of": self.as_of.isoformat() if self.as_of else None}

    @classmethod
    def of(cls, said: dict[str, Any]) -> Parameters:
        """Read them from JSON."""
        known = {name: said[name] for name in cls.__slots__ if said.get(name) is not None}
        if "as_of" in known:
            known["as_of"] = date.fromisoformat(known["as_of"])
        return cls(**known)

    def settings(self) -> Settings:
        """Return them as the library takes them."""
        from regulars.valuation import Settings  # what a run needs is loaded by a run: pages come sooner without it

        return Settings(
            horizon_days=self.horizon_days,
            discount_rate=self.discount_rate,
            margin=self._margin(),
            threshold=self.threshold,
            level=self.level,
        )

    def _margin(self) -> Margin | None:
        overall = Margin.read(self.margin).overall if self.margin else None
        by_category = {name: rate_of(rate) for name, rate in self.margins.items()}
        return Margin(overall, by_category) if overall is not None or by_category else None


def rate_of(text: str) -> Decimal:
    """Return a margin rate such as ``35%``.

    Raises
    ------
    InputError
        When it is none.
    """
    try:
        Decimal(text.strip().rstrip("%％").strip())
    except InvalidOperation:
        raise InputError(T(zh=f"“{text}”不是毛利率", en=f"'{text}' is no margin rate")) from None
    overall = Margin.read(text).overall  # a rate, not the name of a file
    assert overall is not None
    return overall


@dataclass(frozen=True, slots=True)
class Valued:
    """What a run has found."""

    as_of: date
    currency: str
    basis: str
    n_customers: int
    snapshot: dict[str, int]
    pin: str
    card: dict[str, Any]
    figures: dict[str, Any]

    @property
    def failed_gates(self) -> list[T]:
        """The checks that this run did not pass."""
        return [T(**gate["text"]) for gate in self.card["gates"] if not gate["passed"]]


def run(
    valuation_id: int,
    parameters: Parameters,
    *,
    currency: str,
    recorded_at: datetime,
    report: Report,
    before: dict[str, Any] | None = None,
) -> Valued:
    """Value every customer of the lake into the run's folder; it appears whole or not at all.

    `before` is the model card of the run whose parameters may be taken; None where there is none.

    Raises
    ------
    InputError
        When there is nothing to value, naming what to import first, or the disk is full.
    """
    report(0.01, SYNCING)
    for provider in providers():
        sync(provider, recorded_at=recorded_at)
    lake = access.lake()
    pin = _pinned(lake, valuation_id)
    try:
        report(0.1, READING)
        return _valued(lake, pin, valuation_id, parameters, currency, report, before)
    except BaseException:
        lake.unpin(pin.id)
        raise


def _pinned(lake: Lake, valuation_id: int) -> Pin:
    """Pin the newest versions for this run; what an earlier attempt of it had pinned is let go."""
    reason = f"valuation {valuation_id}"
    for old in lake.pins():
        if old.reason == reason:
            lake.unpin(old.id)
    return lake.pin(lake.snapshot(), reason)


def _valued(
    lake: Lake,
    pin: Pin,
    valuation_id: int,
    parameters: Parameters,
    currency: str,
    report: Report,
    before: dict[str, Any] | None,
) -> Valued:
    from regulars.valuation import figures, model_card, value_orders

    given = _given(parameters, before)
    limit, target = memory_for(lake.path), access.valuation_folder(valuation_id)
    for draft in target.parent.glob(".regulars-*"):  # of a worker that was killed: one run is under way at a time
        shutil.rmtree(draft, ignore_errors=True)
    with engine.session(memory_limit=limit), whole_folder(target) as folder:
        orders = _orders(lake, pin, parameters, currency)
        found = value_orders(
            orders, parameters.settings(), given=given, renew=parameters.refit == DUE, step=_steps(report),
            path=folder / access.VALUE_FILE, consume=True,
        )  # fmt: skip
        report(0.7, DRAWING)
        drawn, card = figures(found), model_card(found)
        valued = Valued(
            orders.as_of, orders.currency or currency, found.basis, found.n_customers, dict(pin.snapshot.versions),
            pin.id, _plain(card), _plain({name: part for name, part in drawn.items() if name != "top"}),
        )  # fmt: skip
        _write(folder, valued)
    return valued


def _given(parameters: Parameters, before: dict[str, Any] | None) -> Given | None:
    """Return the parameters to score by; None where all is to be fitted.

    Raises
    ------
    InputError
        When only scores are asked for and there is nothing to score by.
    """
    from regulars.valuation import Given

    if parameters.refit == ALWAYS:
        return None
    try:
        if before is None:
            raise NO_RUN_BEFORE
        return Given.of(before)
    except InputError:
        if parameters.refit == NEVER:
            raise
        return None


NO_RUN_BEFORE = InputError(
    T(zh="还没有估值可以沿用参数", en="there is no earlier valuation whose parameters could be taken"),
    remedy=T(zh="先做一次会估计模型的估值。", en="Run a valuation that fits the models first."),
)


def _orders(lake: Lake, pin: Pin, parameters: Parameters, currency: str) -> Orders:
    """Return the order lines; those of records that were merged count for the record that was kept."""
    from regulars.valuation.from_lake import orders_for_valuation

    try:
        orders = orders_for_valuation(lake, pin.snapshot, as_of=parameters.as_of, currency=currency)
    except InputError as error:
        if "transaction_lines" in pin.snapshot.versions:
            raise
        raise NOTHING_YET from error
    _refuse_unknown(orders, parameters.margins)
    return replace(orders, lines=under_kept(orders.lines))


def _refuse_unknown(orders: Orders, margins: Mapping[str, str]) -> None:
    """Refuse the margin of a category that no order line has: a slip of the pen would count as no margin at all.

    Raises
    ------
    InputError
        Naming the first such category, and those that there are.
    """
    if not margins:
        return
    there = engine.to_arrow(engine.distinct(orders.lines, "category"))["category"].to_pylist()
    known = sorted(name for name in there if name)
    for name in margins:
        if name not in known:
            listed = ", ".join(known[:SHOWN]) + ("…" if len(known) > SHOWN else "")
            raise InputError(
                T(zh=f"没有订单行属于品类“{name}”", en=f"no order line is of the category '{name}'"),
                remedy=T(zh=f"有的品类是：{listed}", en=f"The categories are: {listed}")
                if known
                else T(zh="订单里没有品类：只用一个总的毛利率。", en="The orders have no categories: give one margin."),
            )


NOTHING_YET = InputError(
    T(zh="还没有订单，没有什么可估", en="there are no orders yet, so there is nothing to value"),
    remedy=T(
        zh="先在“导入”里传一份订单：每行有客户编号、日期和金额。",
        en="Import orders first: lines with customer number, date and amount.",
    ),
)


def _steps(report: Report) -> Callable[[T], None]:
    from regulars.valuation.run import STEPS

    share = {words: SHARES[name] for name, words in STEPS.items()}
    return lambda words: report(share.get(words, 0.3), words)


def _write(folder: Path, valued: Valued) -> None:
    """Leave beside the rows what they are: the folder can be read without the database."""
    said = {
        "as_of": valued.as_of.isoformat(),
        "currency": valued.currency,
        "basis": valued.basis,
        "snapshot": valued.snapshot,
    }
    for name, content in ((access.RUN_FILE, said), (CARD_FILE, valued.card), (FIGURES_FILE, valued.figures)):
        (folder / name).write_text(json.dumps(content, ensure_ascii=False, allow_nan=False), encoding="utf-8")


def _plain(content: dict[str, Any]) -> dict[str, Any]:
    """Return content as JSON gives it back: what the database holds is what the folder holds."""
    plain: dict[str, Any] = json.loads(json.dumps(content, ensure_ascii=False, allow_nan=False, default=str))
    return plain


def memory_for(lake: Path) -> str:
    """Return what tables may hold before they spill: by the size of the orders, at most six tenths of the machine."""
    size = sum(file.stat().st_size for file in (lake / "transaction_lines").glob("*.parquet")) // 1_000_000
    machine = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 1_000_000
    return f"{max(LEAST_MEMORY, min(LEAST_MEMORY + 10 * size, int(machine * 0.6), MOST_MEMORY))}MB"
