"""What the terminal says of contracts: who stays, what is due, what may still come, how sure that is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from regulars.report.formats import NONE, amount, integer, number, percent, words
from regulars.report.monospace import pad, wrap
from regulars.words import Lang, T

Card = Mapping[str, Any]

TITLE = T(
    zh="{source} 里的合同：{customers} 位客户，在约 {running}，已离开 {left}{undecided}",
    en="Contracts of {source}: {customers} customers, {running} running, {left} left{undecided}",
)
WAITING = T(zh="，到期待定 {n}", en=", {n} due and undecided")
SEEN = T(
    zh="一期 {period}；续约到期 {renewals} 次，没续 {refused} 次{as_of}。",
    en="A period is {period}; {renewals} renewals came up, {refused} were refused{as_of}.",
)
AS_OF = T(
    zh="；看到 {day} 为止，到期后 {grace} 天内仍可能续", en="; seen up to {day}, a renewal may come {grace} days late"
)
STAY = T(zh="还在的客户", en="still there")
HEAD = {
    "renewal": T(zh="续约", en="renewal"),
    "at_risk": T(zh="到期客户", en="at risk"),
    "survival": T(zh="数出来的", en="counted"),
    "interval": T(zh="95% 区间", en="95% interval"),
    "retention": T(zh="当期续约率", en="renewed"),
}
WIDTHS = {"renewal": 10, "at_risk": 10, "survival": 10, "interval": 18, "retention": 12}
MODEL_WIDTH = 10
MODEL = T(zh="模型 {name}：{reason}。", en="Model {name}: {reason}.")
SCORES = T(
    zh="留出的各期（{n} 份）：平均对数概率 {scores}。",
    en="Periods held out ({n} relationships), mean log probability: {scores}.",
)
CONSTANT = T(zh="不变的续约率", en="constant rate")
USED = T(
    zh="特征有用：留出的客户上，每份关系的对数概率多 {gain}（标准误 {error}）；每位客户的概率由特征算出。",
    en="The features tell who leaves: on customers held out, log probability up by {gain} (standard error {error}); "
    "each customer's chances come from them.",
)
UNUSED = T(
    zh="特征没有用：留出的客户上，对数概率只差 {gain}（标准误 {error}），没有采用。",
    en="The features do not tell who leaves: on customers held out, log probability differs by {gain} (standard error "
    "{error}); they are not used.",
)
BY = T(zh="按“{name}”看续约率", en="Retention by {name}")
BY_HEAD = {
    "value": T(zh="值", en="value"),
    "running": T(zh="在约", en="running"),
    "retention": T(zh="每期续约率", en="renewed"),
    "interval": T(zh="95% 区间", en="95% interval"),
    "leaving_next": T(zh="下期离开", en="leave next"),
}
BY_WIDTHS = {"value": 28, "running": 10, "retention": 12, "interval": 18, "leaving_next": 12}
NEXT = T(
    zh="下一次续约预计离开 {n} 位，占在约的 {share}",
    en="Expected to leave at their next renewal: {n}, {share} of those running",
)
RENEWALS = T(
    zh="{horizon}内预计续约 {n} 次（90% 在 {low} – {high}）；每位在约客户一共还会续约 {derl} 次（折现，DERL）",
    en="Renewals within {horizon}: {n} (90% in {low} – {high}); still to come of a running customer: {derl} "
    "(discounted, DERL)",
)
VALUE = T(
    zh="{horizon}内的{basis}：{value}（90% 在 {low} – {high}）；不限期：{residual}",
    en="{basis} to come within {horizon}: {value} (90% in {low} – {high}); without end: {residual}",
)
BASIS = {"revenue": T(zh="收入", en="Revenue"), "gross_profit": T(zh="毛利", en="Gross profit")}
NOT_ENOUGH = T(zh="将来的价值：数据不足。{why}。", en="Value to come: not enough data. {why}.")
WEAK = T(zh="这些数字的弱点", en="Where these numbers are weak")
SHOWN = (1, 2, 3, 4, 5, 6, 8, 12, 24, 36, 48, 60, 72, 96, 120)
MOST = 9


def contracts_summary(card: Card, lang: Lang, width: int, files: Sequence[str] = ()) -> str:
    """Return the summary of a valuation of contracts, lines of `width` columns.

    Parameters
    ----------
    card
        What `contract_card` found.
    files
        Names of the files written, shown at the end.
    """
    blocks = [
        _title(card, lang),
        _survival(card, lang),
        _model(card, lang),
        *[_by(name, rows, lang) for name, rows in card["retention"].items()],
        _to_come(card, lang),
        [WEAK[lang], *(f"· {words(text)[lang]}" for text in card["weak"])] if card["weak"] else [],
        [f"→ {name}" for name in files],
    ]
    tables = {line for block in (blocks[1], *blocks[3:-3]) for line in block}
    lines = [
        "\n".join(part for line in block for part in ([line] if line in tables else wrap(line, width, indent=0)))
        for block in blocks
        if block
    ]
    return "\n\n".join(lines) + "\n"


def _title(card: Card, lang: Lang) -> list[str]:
    waiting = WAITING[lang].format(n=integer(card["undecided"])) if card["undecided"] else ""
    as_of = AS_OF[lang].format(day=card["as_of"], grace=card["grace_days"]) if card["as_of"] else ""
    return [
        TITLE[lang].format(
            source=card["source"], customers=integer(card["customers"]), running=integer(card["running"]),
            left=integer(card["left"]), undecided=waiting,
        ),
        SEEN[lang].format(
            period=words(card["period"])[lang], renewals=integer(card["renewals_seen"]),
            refused=integer(card["refused"]), as_of=as_of,
        ),
    ]  # fmt: skip


def _interval(row: Card) -> str:
    if row["low"] is None:
        return NONE
    return f"{percent(row['low'])} – {percent(row['high'])}"


def _survival(card: Card, lang: Lang) -> list[str]:
    models = list((card["model"] or {}).get("models", {}))
    head = "".join(pad(title[lang], WIDTHS[key], right=True) for key, title in HEAD.items())
    lines = [STAY[lang], head + "".join(pad(name, MODEL_WIDTH, right=True) for name in models)]
    every = [row for row in card["survival"] if row["at_risk"]]
    for row in [row for row in every if row["renewal"] in SHOWN][:MOST]:
        cells = {
            "renewal": integer(row["renewal"]), "at_risk": integer(row["at_risk"]),
            "survival": percent(row["survival"]), "interval": _interval(row), "retention": percent(row["retention"]),
        }  # fmt: skip
        line = "".join(pad(text, WIDTHS[key], right=True) for key, text in cells.items())
        lines.append(line + "".join(pad(percent(row[name]["survival"]), MODEL_WIDTH, right=True) for name in models))
    return lines


def _model(card: Card, lang: Lang) -> list[str]:
    model, told = card["model"], card["features"]
    if model is None:
        return [NOT_ENOUGH[lang].format(why=words(card["not_enough"])[lang])]
    lines = [MODEL[lang].format(name=model["chosen"], reason=words(model["reason"])[lang])]
    if model["holdout"]:
        rows = [
            f"{CONSTANT[lang] if row['name'] == 'constant' else row['name']} {number(row['log_score'], 4)}"
            for row in model["holdout"]["models"]
        ]
        joined = ("，" if lang == "zh" else ", ").join(rows)
        lines.append(SCORES[lang].format(n=integer(model["holdout"]["customers"]), scores=joined))
    if told is not None:
        said = (USED if told["used"] else UNUSED)[lang]
        lines.append(said.format(gain=number(told["gain"], 4), error=number(told["standard_error"], 4)))
    return lines


def _by(name: str, rows: Sequence[Card], lang: Lang) -> list[str]:
    def line(cells: Mapping[str, str]) -> str:
        return "".join(pad(text, BY_WIDTHS[key], right=key != "value") for key, text in cells.items())

    lines = [BY[lang].format(name=name), line({key: title[lang] for key, title in BY_HEAD.items()})]
    for row in rows:
        cells = {
            "value": str(row["value"] or NONE), "running": integer(row["running"]),
            "retention": percent(row["retention"]), "interval": _interval(row),
            "leaving_next": percent(row["leaving_next"]),
        }  # fmt: skip
        lines.append(line(cells))
    return lines


def _to_come(card: Card, lang: Lang) -> list[str]:
    if not card["totals"]:
        return []
    running = card["running"] + card["undecided"]
    made, horizon = card["totals"]["renewals"], words(card["horizon"])[lang]
    leaving = card["leaving_next"]
    lines = [
        NEXT[lang].format(n=integer(leaving), share=percent(leaving / running if running else None)),
        RENEWALS[lang].format(
            horizon=horizon, n=integer(made["value"]), low=integer(made["low"]), high=integer(made["high"]),
            derl=number(card["derl"], 1),
        ),
    ]  # fmt: skip
    if card["basis"]:
        total, money = card["totals"]["value"], card["currency"]
        shown = {name: amount(total[name], money)[lang] for name in ("value", "low", "high")}
        residual = amount(card["residual_value"], money)[lang]
        lines.append(VALUE[lang].format(horizon=horizon, basis=BASIS[card["basis"]][lang], residual=residual, **shown))
    return lines
