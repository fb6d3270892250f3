"""Parts that every section is made of: class marks, tables, chart frames, the bar that says "not enough data"."""

from __future__ import annotations

from collections.abc import Sequence

from regulars.report.markup import Html, Node, Writer, join
from regulars.report.wording import CLASS_STYLE, NOT_ENOUGH, SECTIONS, TABLE
from regulars.segment import MATRIX_NAMES, matrix_name
from regulars.words import T

SHAPES = {
    "pt": Html('<path d="M5 0l5 5-5 5-5-5z"/>'),
    "au": Html('<circle cx="5" cy="5" r="4.6"/>'),
    "fe": Html('<rect x=".6" y=".6" width="8.8" height="8.8" rx="1"/>'),
    "pb": Html('<path d="M5 .6l4.8 8.8H.2z"/>'),
}


def mark(w: Writer, style: str) -> Html:
    """Return the shape of a class: diamond, circle, square, triangle."""
    return w.tag("svg", SHAPES[style], viewBox="0 0 10 10", aria_hidden="true")


def class_chip(w: Writer, key: str | None, *, pick: bool = False) -> Html:
    """Return a class of the matrix with shape, numeral and name; `pick` makes it a button that lists its customers."""
    if key not in MATRIX_NAMES:
        return w.tag("span", NOT_ENOUGH, class_="cls na")
    style = CLASS_STYLE[key]
    inside = join([mark(w, style), w.tag("span", matrix_name(key))])
    if not pick:
        return w.tag("span", inside, class_=f"cls {style}")
    return w.tag("button", inside, class_=f"cls {style}", type="button", data_class=key)


def not_enough(w: Writer, why: T | None = None) -> Html:
    """Return the dashed empty bar with the reason: never 0, never a dash alone."""
    bar = w.tag(
        "svg", Html('<rect x=".5" y=".5" width="47" height="9" rx="4.5"/>'), viewBox="0 0 48 10", aria_hidden="true"
    )
    said = NOT_ENOUGH if why is None else T(zh=f"{NOT_ENOUGH.zh}：{why.zh}", en=f"{NOT_ENOUGH.en}: {why.en}")
    return w.tag("span", bar, w.tag("span", said), class_="nodata")


def table(
    w: Writer,
    head: Sequence[T],
    rows: Sequence[Sequence[Node]],
    *,
    left: Sequence[int] = (0,),
    class_: str = "tight",
    hide: Sequence[int] = (),
    caption: T | None = None,
) -> Html:
    """Return a table; columns in `left` are text, the others numbers; those in `hide` stay away on a phone."""

    def style(i: int) -> str | None:
        return " ".join(filter(None, ("" if i in left else "r", "hide-p" if i in hide else ""))) or None

    top = w.tag("thead", w.tag("tr", *(w.tag("th", h, class_=style(i), scope="col") for i, h in enumerate(head))))
    body = w.tag("tbody", *(w.tag("tr", *(w.tag("td", c, class_=style(i)) for i, c in enumerate(row))) for row in rows))
    said = w.tag("caption", caption, class_="vh") if caption else None
    return w.tag("table", said, top, body, class_=f"rg-table {class_}")


def chart(w: Writer, name: str, label: T, figures_table: Html, *, size: str = "") -> Html:
    """Return a chart's place with the same figures as a table behind a button; without script the table shows."""
    button = w.tag("button", TABLE, class_="link no-print", type="button", data_act="table", aria_pressed="false")
    place = w.tag("div", class_=f"chart {size}".strip(), data_chart=name, role="img", aria_label=label)
    box = w.tag("div", figures_table, class_="chart-t", tabindex="0", role="region", aria_label=label)
    return w.tag("figure", w.tag("div", button, class_="fig-bar"), place, box, class_="fig", id=f"fig-{name}")


def section(w: Writer, key: str, lead: T | None, *body: Html) -> Html:
    """Return a section with its title and its finding."""
    said = w.tag("p", lead, class_="lead") if lead else None
    return w.tag("section", w.tag("h2", SECTIONS[key]), said, *body, id=key)


def note(w: Writer, words: T) -> Html:
    """Return a footnote."""
    return w.tag("p", words, class_="xs mut")
