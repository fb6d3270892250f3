"""The HTML report: one file, nothing from outside, hostile names harmless, gaps shown as gaps."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from regulars.errors import OutputError
from regulars.report import write_html
from regulars.report.page import MAX_BYTES, render
from regulars.report.wording import SECTIONS

VOID = {"meta", "link", "input", "br"}


class Page(HTMLParser):
    """Elements of a page as a browser would see them."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.raw: dict[str, list[str]] = {"script": [], "style": []}
        self.texts: list[str] = []
        self._inside: str | None = None
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._inside = tag if tag in self.raw else self._inside
        if tag in self.raw:
            self.raw[tag].append("")

    def handle_endtag(self, tag: str) -> None:
        if tag == self._inside:
            self._inside = None

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.raw[self._inside][-1] += data
        else:
            self.texts.append(data)

    def all(self, name: str) -> Iterator[dict[str, str | None]]:
        return (attributes for tag, attributes in self.elements if tag == name)

    @property
    def data(self) -> dict[str, Any]:
        at = [i for i, a in enumerate(self.all("script")) if a.get("id") == "report-data"]
        return json.loads(self.raw["script"][at[0]])


@pytest.fixture
def page(figures: dict[str, Any]) -> Page:
    return Page(render(figures, "zh"))


def test_the_policy_allows_exactly_the_inline_parts_by_hash(page: Page) -> None:
    policy = next(str(a["content"]) for a in page.all("meta") if a.get("http-equiv") == "Content-Security-Policy")
    assert "unsafe" not in policy
    assert policy.startswith("default-src 'none'")
    kinds = [a.get("type") for a in page.all("script")]
    running = [body for kind, body in zip(kinds, page.raw["script"], strict=True) if kind is None]
    for body in [*running, *page.raw["style"]]:
        digest = base64.b64encode(hashlib.sha256(body.encode()).digest()).decode()
        assert f"'sha256-{digest}'" in policy
    assert policy.count("sha256-") == len(running) + 1


def test_nothing_comes_from_outside_and_nothing_is_styled_or_scripted_inline(page: Page) -> None:
    for tag, attributes in page.elements:
        assert not [a for a in attributes if a == "style" or a.startswith("on")], (tag, attributes)
        assert "src" not in attributes
        assert str(attributes.get("href") or "#").startswith(("#", "data:,"))
    assert "@import" not in page.raw["style"][0]
    assert "url(" not in page.raw["style"][0]


def test_hostile_names_are_text_everywhere(page: Page, hostile: tuple[str, str]) -> None:
    assert not list(page.all("img"))
    assert hostile[0] in page.texts
    assert hostile[0] in [row[0] for row in page.data["customers"]]
    assert len(page.raw["script"]) == 6


def test_the_text_of_the_data_block_cannot_close_it(figures: dict[str, Any]) -> None:
    figures["top"][0]["customer_id"] = "</script><!-- ]]> \u2028 & \ud800"
    figures["meta"]["source"] = "<b>x</b>"
    text = render(figures, "en")
    block = text[text.index('id="report-data"') :]
    block = block[: block.index("</script>")]
    assert "<" not in block[block.index(">") + 1 :]
    assert Page(text).data["customers"][0][0].startswith("</script>")
    assert "<b>x</b>" not in text


def test_sections_come_in_their_order(page: Page) -> None:
    wanted = [key for key in SECTIONS if key != "groups"]  # that one only where groups were asked for
    found = [a["id"] for a in page.all("section") if a.get("id")]
    assert found == wanted


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_both_languages_are_inside_and_the_chosen_one_shows(lang: Any, figures: dict[str, Any]) -> None:
    page = Page(render(figures, lang))
    assert next(page.all("html"))["lang"] == ("zh-Hans" if lang == "zh" else "en")
    shown = "先联系这些客户" if lang == "zh" else "Contact these first"
    hidden = "Contact these first" if lang == "zh" else "先联系这些客户"
    assert shown in page.texts
    assert hidden not in page.texts
    twins = [a for _, a in page.elements if a.get("data-zh") is not None]
    assert all(a.get("data-en") for a in twins)
    assert any(a["data-en"] == "Contact these first" for a in twins)


def test_models_go_by_name_in_the_model_card_only(figures: dict[str, Any]) -> None:
    text = render(figures, "en")
    before, card = text.split('<details class="card"', 1)
    body = before[before.index("<body") :]
    assert "NBD" not in body
    assert "MBG/NBD" in card.split("</details>")[0]
    assert "NBD" not in json.dumps(Page(text).data)


def test_what_is_not_known_is_said_never_zero(thin: dict[str, Any]) -> None:
    text = render(thin, "en")
    page = Page(text)
    assert "Not enough data: No customer has bought a second time." in page.texts
    assert [a["data-chart"] for a in page.all("div") if a.get("data-chart")] == ["concentration"]
    assert page.data["future"] is False
    assert text.count('class="nodata"') >= 8


@pytest.mark.parametrize("key", ["matrix", "rfm", "cohort", "p_alive", "tracking", "holdout"])
def test_any_one_part_may_be_missing(key: str, figures: dict[str, Any]) -> None:
    figures[key] = None
    assert 'class="nodata"' in render(figures, "zh") or key in {"tracking", "holdout"}


@pytest.mark.parametrize("key", ["future_value", "still_buying", "value_at_risk", "alive80", "current_value"])
def test_any_total_may_be_missing(key: str, figures: dict[str, Any]) -> None:
    figures["totals"][key] = None
    render(figures, "zh")


def test_empty_lists_everywhere_still_make_a_page(figures: dict[str, Any]) -> None:
    for key in ("contact", "pyramid", "tiers", "crosstab", "top", "left_out", "mapping", "notes", "weak"):
        figures[key] = []
    figures["visits"] = figures["concentration"] = None
    page = Page(render(figures, "en"))
    assert "No line was left out." in page.texts
    assert page.data["customers"] == []


def test_the_size_is_capped_whatever_comes(sample: Callable[..., dict[str, Any]]) -> None:
    figures = sample(n_top=1000)
    for person in figures["top"]:
        person["customer_id"] = f"{person['customer_id']}" + "客" * 5_000
        person["why"] = {"zh": "因" * 10_000, "en": "w" * 10_000}
    text = render(figures, "zh")
    assert len(text.encode()) <= MAX_BYTES


def test_a_cut_list_says_so(sample: Callable[..., dict[str, Any]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("regulars.report.page.MAX_BYTES", 830_000)
    page = Page(render(sample(n_top=1000), "en"))
    listed = len(page.data["customers"])
    assert listed < 1000
    assert any(f"{listed} customers listed, of 8,420" in t for t in page.texts)


def test_the_same_figures_give_the_same_bytes(figures: dict[str, Any], tmp_path: Path) -> None:
    write_html(figures, tmp_path / "a.html", "zh")
    write_html(figures, tmp_path / "b.html", "zh")
    assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()
    assert [p.name for p in sorted(tmp_path.iterdir())] == ["a.html", "b.html"]


def test_a_folder_that_is_not_there_is_the_users_error(figures: dict[str, Any], tmp_path: Path) -> None:
    with pytest.raises(OutputError, match="cannot be written"):
        write_html(figures, tmp_path / "no" / "report.html", "zh")


def test_every_chart_has_its_figures_as_a_table(page: Page, figures: dict[str, Any]) -> None:
    text = render(figures, "zh")
    boxes = re.findall(r'<div class="chart-t".*?</div>', text, re.DOTALL)
    drawn = [a["data-chart"] for a in page.all("div") if a.get("data-chart")]
    assert len(boxes) == len(drawn) == 8
    assert all("<td" in box for box in boxes)


def test_visit_classes_name_the_months_that_they_judge(figures: dict[str, Any]) -> None:
    page = render(figures, "en")
    for said in (
        "By purchases in June",
        "in May, not in June",
        "May ↓ June →",
        "5 月来过，6 月没来",
        "按 6 月的购买次数",
    ):
        assert said in page
    assert "not this" not in page
    assert "本月没来" not in page


def test_what_has_to_be_decided_comes_before_all_sections_and_among_the_weaknesses(figures: dict[str, Any]) -> None:
    assert 'class="asks"' not in render(figures, "en")
    figures["asks"] = [{"zh": "金额像是整单的。", "en": "Amounts look like the <order's>."}]
    page = render(figures, "en")
    assert page.index('class="asks"') < page.index('id="contact"')
    assert page.count("Amounts look like the &lt;order&#x27;s&gt;.</span>") == 2
    assert page.index('id="weak"') < page.rindex("Amounts look like the &lt;order")


def test_rows_with_several_reasons_are_shown_where_they_were_not_counted(figures: dict[str, Any]) -> None:
    text = {"zh": "零金额", "en": "zero amounts"}
    figures["left_out"] = [
        {"reason": "zero_price", "text": text, "rows": 0, "money": 0.0, "overlaps": {"no_customer": 2_510, "test": 5}}
    ]
    page = render(figures, "en")
    section = page[page.index('<section id="left-out"') :].split("</section>")[0]
    assert "zero amounts" in section
    assert "2,515" in section
