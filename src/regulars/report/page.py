"""One self-contained page: every asset inlined, a content security policy by hashes, the data as inert JSON."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

from regulars.report import charts
from regulars.report.formats import clipped, known, symbol, words
from regulars.report.markup import Html, Writer, join, json_block
from regulars.report.sections import cover, groups, lists, people, structure, trust
from regulars.report.sentences import Figures, class_name, title
from regulars.report.wording import PRODUCT, SCRIPT_WORDS
from regulars.segment import MATRIX_CLASSES, MATRIX_NUMERALS
from regulars.words import Lang, T

MAX_BYTES = 3_000_000
MAX_CUSTOMERS = 1_000
SCRIPTS = ("vendor/echarts.min.js", "theme.js", "charts.js", "customers.js", "page.js")


@cache
def asset(name: str) -> str:
    """Return one of the report's own assets as text."""
    return (files("regulars.report") / "assets" / name).read_text(encoding="utf-8").replace("\r\n", "\n")


def digest(content: str) -> str:
    """Return the hash by which the policy allows one inline script or style."""
    return "'sha256-" + base64.b64encode(hashlib.sha256(content.encode("utf-8")).digest()).decode("ascii") + "'"


def policy(styles: Sequence[str], scripts: Sequence[str]) -> str:
    """Return a policy that allows exactly these inline parts and nothing from anywhere else."""
    allowed = " ".join(digest(s) for s in scripts)
    drawn = " ".join(digest(s) for s in styles)
    nothing = "default-src 'none'; img-src data:; base-uri 'none'; form-action 'none'"
    return f"{nothing}; script-src {allowed}; style-src {drawn}"


def customer_rows(figures: Figures, limit: int) -> list[list[Any]]:
    """Return the listed customers as short rows; reasons in both languages at the end."""
    return [
        [
            clipped(c["customer_id"]),
            MATRIX_CLASSES.index(c["matrix"]) if c.get("matrix") in MATRIX_CLASSES else None,
            c.get("tier"),
            c.get("visit_class"),
            c.get("rfm"),
            *(
                _finite(v)
                for v in (_current(figures, c), c.get("future_value"), c.get("low"), c.get("high"), c.get("p_alive"))
            ),
            c.get("n_purchases"),
            str(c["last_purchase"])[:10] if c.get("last_purchase") else None,
            *_reason(c),
        ]
        for c in list(figures.get("top") or [])[:limit]
    ]


def _reason(customer: Mapping[str, Any]) -> tuple[str, str]:
    why = words(customer.get("why"))
    return clipped(why.zh, 300), clipped(why.en, 300)


def _finite(value: Any) -> float | None:
    return round(float(value), 4) if known(value) else None


def _current(figures: Figures, customer: Mapping[str, Any]) -> Any:
    profit = customer.get("net_profit")
    return profit if known(profit) and figures["meta"].get("basis") != "revenue" else customer.get("revenue", profit)


def payload(figures: Figures, lang: Lang, rows: list[list[Any]]) -> dict[str, Any]:
    """Return everything that the page's script needs."""
    largest = max((abs(r[5]) for r in rows if r[5] is not None), default=0)
    return {
        "lang": lang,
        "title": T(zh="{t} · {p}", en="{t} · {p}").format(t=title(figures), p=PRODUCT).as_dict(),
        "symbol": symbol(figures["meta"].get("currency")),
        "digits": 2 if largest < 1000 else 0,
        "n": figures["meta"].get("n_customers"),
        "future": any(r[6] is not None for r in rows),
        "keys": list(MATRIX_CLASSES),
        "numerals": [MATRIX_NUMERALS[k] for k in MATRIX_CLASSES],
        "classes": [class_name(k).as_dict() for k in MATRIX_CLASSES],
        "words": {key: text.as_dict() for key, text in SCRIPT_WORDS.items()},
        "charts": charts.everything(figures),
        "customers": rows,
    }


def body(w: Writer, figures: Figures, listed: int) -> Html:
    """Return the sections in their order."""
    parts = [
        cover.cover(w, figures),
        cover.headline(w, figures),
        cover.asks(w, figures),
        people.contact(w, figures),
        structure.concentration(w, figures),
        structure.pyramid(w, figures),
        structure.matrix(w, figures),
        structure.tiers(w, figures),
        structure.rfm(w, figures),
        trust.cohort(w, figures),
        trust.alive(w, figures),
        trust.trust(w, figures),
        groups.groups(w, figures),
        people.customers(w, figures, listed),
        lists.left_out(w, figures),
        lists.mapping(w, figures),
        lists.weak(w, figures),
        lists.reckoned(w, figures),
    ]
    skip = w.tag("a", T(zh="跳到正文", en="Skip to content"), href="#main", class_="skip")
    return join([skip, cover.top_bar(w), w.tag("main", *parts, class_="rep", id="main")])


def render(figures: Figures, lang: Lang) -> str:
    """Return the whole page as text of at most three megabytes; the customer list is cut to fit.

    Parameters
    ----------
    figures
        What the valuation reckoned; parts that are None are shown as "not enough data".
    lang
        The language shown first; the other is one click away.
    """
    limit = MAX_CUSTOMERS
    while True:
        page = _page(figures, lang, limit)
        if len(page.encode("utf-8")) <= MAX_BYTES or limit <= 1:
            return page
        limit //= 2


def _page(figures: Figures, lang: Lang, limit: int) -> str:
    w = Writer(lang)
    rows = customer_rows(figures, limit)
    style = asset("report.css")
    scripts = [asset(name) for name in SCRIPTS]
    data = json_block(payload(figures, lang, rows))
    head = w.tag(
        "head",
        w.tag("meta", charset="utf-8"),
        w.tag("meta", http_equiv="Content-Security-Policy", content=policy([style], scripts)),
        w.tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        w.tag("meta", name="color-scheme", content="light dark"),
        w.tag("meta", name="referrer", content="no-referrer"),
        w.tag("title", f"{title(figures)[lang]} · {PRODUCT[lang]}"),
        w.tag("link", rel="icon", href="data:,"),
        w.tag("style", Html(style)),
    )
    inert = w.tag("script", Html(data), type="application/json", id="report-data")
    code = join([w.tag("script", Html(s)) for s in scripts])
    whole = w.tag("body", body(w, figures, len(rows)), inert, code)
    page = w.tag("html", head, whole, lang="zh-Hans" if lang == "zh" else "en")
    return f"<!doctype html>\n{page}\n".encode("utf-8", "replace").decode("utf-8")
