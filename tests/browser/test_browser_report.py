"""The report as a reader meets it: in a real browser, from the disk, in both languages, light, dark and on a phone."""

from __future__ import annotations

import runpy
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from regulars.report import write_html

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
MADE_UP = runpy.run_path(str(Path(__file__).parents[1] / "report_figures.py"))
CHARTS = ["concentration", "pyramid", "matrix", "rfm", "cohort", "alive", "tracking", "pit"]
DESK, PHONE = {"width": 1440, "height": 900}, {"width": 390, "height": 844}
REFUSALS = "document.addEventListener('securitypolicyviolation', e => console.error('policy: ' + e.violatedDirective))"
# A cell away from the marks of key customers, with somebody of the list in it.
LISTED_CELL = """regulars.data.charts.matrix.cells.findIndex(c => {
  const m = regulars.data.charts.matrix, within = (v, es, i) => v >= es[i] && v < es[i + 1];
  return m.keys.every(k => Math.hypot(k[0] - c[0] - .5, k[1] - c[1] - .5) > 1)
    && regulars.data.customers.some(r => r[1] === c[4] && within(r[5], m.xEdges, c[0]) && within(r[6], m.yEdges, c[1]));
})"""
# Drawn or not, and in which colours, is seen in the pixels of the canvas alone.
PAINTED = """name => {
  const canvas = document.querySelector(`[data-chart="${name}"] canvas`);
  const bytes = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data;
  const seen = new Set();
  for (let i = 0; i < bytes.length; i += 4) {
    if (bytes[i + 3]) seen.add(bytes[i] << 16 | bytes[i + 1] << 8 | bytes[i + 2]);
  }
  return seen.size;
}"""


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("report")
    paths = {name: folder / f"{name}.html" for name in ("whole", "thin", "crowded")}
    write_html(MADE_UP["sample_figures"](), paths["whole"], "zh")
    write_html(MADE_UP["thin_figures"](), paths["thin"], "en")
    write_html(crowded(), paths["crowded"], "zh")
    return paths


def crowded() -> dict[str, Any]:
    """A shop whose best customers are all alike: their marks lie side by side in the upper corner of the matrix."""
    figures: dict[str, Any] = MADE_UP["sample_figures"]()
    for k, key in enumerate(figures["matrix"]["key_customers"]):
        key |= {
            "customer_id": f"悦栖客户{k:03d}号店",
            "current": 52_000 + 9_000 * (k % 4),
            "future": 60_000 + 7_000 * k,
            "key": "IV",
        }
    return figures


# Every name and mark that the matrix draws, where it stands: [left, top, right, bottom, text].
WRITTEN = """() => {
  const node = document.querySelector('[data-chart="matrix"]'), chart = echarts.getInstanceByDom(node);
  const texts = chart.getZr().storage.getDisplayList(true).filter(e => e.type === "tspan" && e.style.text.trim());
  return texts.filter(e => !e.ignore).map(e => {
    const box = e.getBoundingRect().clone(); box.applyTransform(e.getComputedTransform() || [1, 0, 0, 1, 0, 0]);
    return [box.x, box.y, box.x + box.width, box.y + box.height, e.style.text];
  }).concat([[0, 0, node.clientWidth, node.clientHeight, null]]);
}"""


Open = Callable[..., "Page"]


@pytest.fixture
def visit(chromium: Browser, files: dict[str, Path]) -> Iterator[Open]:
    """Open a report; afterwards nothing may have been logged, refused or fetched."""
    contexts, faults, requests = [], [], []

    def opened(name: str = "whole", *, size: dict[str, int] = DESK, scheme: Any = "light", query: str = "") -> Page:
        context = chromium.new_context(viewport=size, color_scheme=scheme, reduced_motion="reduce", offline=True)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: faults.append(message.text))
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("dialog", lambda dialog: faults.append(f"dialog: {dialog.message}"))
        page.on("request", lambda request: requests.append(request.url))
        page.add_init_script(REFUSALS)
        page.goto(files[name].as_uri() + query)
        page.wait_for_function("document.documentElement.classList.contains('js')")
        return page

    yield opened
    for context in contexts:
        context.close()
    assert faults == []
    assert [url for url in requests if not url.startswith(("file:", "data:"))] == []


def rows(page: Page) -> int:
    return page.locator(".people tbody tr").count()


def found(page: Page) -> str:
    return page.locator("#found").inner_text()


def test_all_charts_are_drawn(visit: Open) -> None:
    page = visit()
    page.wait_for_timeout(500)
    for name in CHARTS:
        assert page.evaluate(PAINTED, name) > 20, name


@pytest.mark.parametrize("size", [DESK, PHONE], ids=["desk", "phone"])
@pytest.mark.parametrize("name", ["whole", "crowded"])
def test_names_in_the_matrix_never_lie_on_each_other(visit: Open, name: str, size: dict[str, int]) -> None:
    page = visit(name, size=size)
    page.wait_for_timeout(500)
    *written, room = page.evaluate(WRITTEN)
    texts = [text for *_, text in written]
    assert {"Ⅳ 白金", "Ⅲ 黄金", "Ⅱ 铁", "Ⅰ 铅"} <= set(texts)
    named = page.evaluate("regulars.data.charts.matrix.keys.map(k => k[3])")
    assert set(named) & set(texts)  # some of them have room; the others say who they are when pointed at
    for i, a in enumerate(written):
        assert a[0] >= room[0] - 1, a
        assert a[2] <= room[2] + 1, a
        for b in written[i + 1 :]:
            apart = a[2] <= b[0] + 0.5 or b[2] <= a[0] + 0.5 or a[3] <= b[1] + 0.5 or b[3] <= a[1] + 0.5
            assert apart, (a, b)


def test_what_is_wider_than_a_phone_says_so_and_keeps_its_names_in_sight(visit: Open) -> None:
    page = visit(size=PHONE, query="?lang=en")
    table = page.locator("#trust .scroll-x").first
    assert page.locator("#trust .swipe").first.inner_text() == "Swipe sideways for the rest"
    table.evaluate("n => { n.scrollLeft = 9999; }")
    name = table.locator("tbody tr").first.locator("td").first
    assert name.bounding_box()["x"] >= 0
    assert name.inner_text() == "The model used"
    assert not visit(query="?lang=en").locator("#trust .swipe").first.is_visible()


def test_the_language_turns_everywhere_and_back(visit: Open) -> None:
    page = visit()
    assert page.locator("h1").inner_text().startswith("8,420 位客户")
    page.click("[data-act=lang]")
    assert page.locator("h1").inner_text() == "What 8,420 customers are worth, and what to do"
    assert page.title().endswith("Regulars")
    assert page.locator("html").get_attribute("lang") == "en"
    assert page.get_by_placeholder("Search customers").is_visible()
    assert "Platinum" in page.locator(".people tbody").inner_text()
    left = page.evaluate(r"""[...document.querySelectorAll("h1, h2, h3, th, .lead, .kpi, .nodata")]
        .filter(n => n.checkVisibility() && /[\u4e00-\u9fff]/.test(n.innerText)).map(n => n.innerText)""")
    assert left == []
    page.click("[data-act=lang]")
    assert page.locator("#contact h2").inner_text() == "先联系这些客户"


def test_the_language_can_be_asked_for(visit: Open) -> None:
    assert visit(query="?lang=en").locator("#contact h2").inner_text() == "Contact these first"


def test_the_theme_follows_the_system_and_the_button(visit: Open) -> None:
    page = visit(scheme="dark")
    ground = "getComputedStyle(document.body).backgroundColor"
    dark = page.evaluate(ground)
    page.click("[data-act=theme]")
    light = page.evaluate(ground)
    assert dark != light
    assert visit(scheme="light").evaluate(ground) == light


def test_search_narrows_the_list_and_says_so(visit: Open) -> None:
    page = visit()
    assert rows(page) == 25
    page.fill("#find", "悦栖")
    assert rows(page) == 1
    assert "悦栖酒店集团（华东）" in page.locator(".people tbody").inner_text()
    assert "1 位符合" in found(page)
    page.fill("#find", "</script>")
    assert rows(page) == 1
    page.fill("#find", "nobody at all")
    assert "没有符合的客户" in page.locator(".people tbody").inner_text()


def test_classes_tiers_and_visits_filter(visit: Open) -> None:
    page = visit(query="?lang=en")
    page.click("#pick-class [data-pick=II]")
    assert set(page.locator(".people tbody .k-cls").all_inner_texts()) == {"Ⅱ Iron"}
    page.click("#pick-class [data-pick='']")
    page.select_option("#pick-visit", "A")
    assert all("Visit A" in text for text in page.locator(".people tbody .k-id").all_inner_texts())
    page.click(".classes button[data-class=III], #matrix button[data-class=III]")
    assert set(page.locator(".people tbody .k-cls").all_inner_texts()) == {"Ⅲ Gold"}
    assert page.input_value("#pick-visit") == ""


def test_heads_sort_both_ways(visit: Open) -> None:
    page = visit(query="?lang=en")

    def current() -> list[float]:
        texts = page.locator(".people tbody .k-cv").all_inner_texts()
        return [float(t.replace("¥", "").replace(",", "").replace("−", "-")) for t in texts]

    page.click("[data-sort=current]")
    assert current() == sorted(current(), reverse=True)
    assert page.locator("th[data-key=current]").get_attribute("aria-sort") == "descending"
    page.click("[data-sort=current]")
    assert current() == sorted(current())
    assert current()[0] < 0


def test_pages_turn(visit: Open) -> None:
    page = visit(query="?lang=en")
    assert found(page) == "1 – 25 of 1,000"
    page.click("[data-page='1']")
    assert found(page) == "26 – 50 of 1,000"
    assert page.locator("[data-page='-1']").is_enabled()


def click_mark(page: Page, chart: str, series: int, index: int) -> None:
    """Click a mark of a chart where it was drawn."""
    box = page.locator(f"[data-chart={chart}]")
    box.scroll_into_view_if_needed()
    page.wait_for_timeout(400)
    x, y = page.evaluate(
        """([name, series, index]) => {
          const node = document.querySelector(`[data-chart="${name}"]`), chart = echarts.getInstanceByDom(node);
          const item = chart.getModel().getSeriesByIndex(series).getData().getItemGraphicEl(index);
          const box = item.getBoundingRect().clone();
          box.applyTransform(item.getComputedTransform() || [1, 0, 0, 1, 0, 0]);
          const at = node.getBoundingClientRect(); return [at.x + box.x + box.width / 2, at.y + box.y + box.height / 2];
        }""",
        [chart, series, index],
    )
    page.mouse.click(x, y)


def test_a_cell_of_the_matrix_lists_its_customers(visit: Open) -> None:
    page = visit(query="?lang=en")
    cells = page.evaluate("regulars.data.charts.matrix.cells")
    at = page.evaluate(LISTED_CELL)
    i = cells[at][0]
    click_mark(page, "matrix", 0, at)
    said = found(page)
    assert f"{cells[at][2]} in this cell" in said
    assert rows(page) >= 1
    assert "Matrix cell" in page.locator("#active").inner_text()
    texts = page.locator(".people td.k-cv").all_inner_texts()
    values = [float(v.replace("¥", "").replace(",", "")) for v in texts]
    low, high = page.evaluate(f"regulars.data.charts.matrix.xEdges.slice({i}, {i + 2})")
    assert all(low - 0.5 <= v <= high + 0.5 for v in values)
    page.click("#active button")
    assert found(page) == "1 – 25 of 1,000"


def test_a_cell_of_rfm_and_a_bar_list_their_customers(visit: Open) -> None:
    page = visit(query="?lang=en")
    cells = page.evaluate("regulars.data.charts.rfm.cells")
    at = next(k for k, c in enumerate(cells) if c[0] == 4 and c[1] == 1)
    click_mark(page, "rfm", 0, at)
    assert page.locator("#active").inner_text().startswith("R4 F5")
    assert all("RFM 45" in text for text in page.locator(".people tbody .k-id").all_inner_texts())
    click_mark(page, "alive", 0, 7)
    shares = [int(t.strip("%")) for t in page.locator(".people td.k-pa").all_inner_texts() if "%" in t]
    assert shares
    assert all(70 <= share <= 80 for share in shares)


def test_the_curve_lists_the_top(visit: Open) -> None:
    page = visit(query="?lang=en")
    page.locator("[data-chart=concentration]").scroll_into_view_if_needed()
    page.wait_for_timeout(400)
    box = page.locator("[data-chart=concentration]").bounding_box()
    assert box is not None
    page.mouse.click(box["x"] + 46 + (box["width"] - 66) * 0.05, box["y"] + box["height"] * 0.7)
    assert "by current value" in page.locator("#active").inner_text()
    assert page.locator("th[data-key=current]").get_attribute("aria-sort") == "descending"


def test_a_name_to_contact_opens_in_the_list(visit: Open) -> None:
    page = visit()
    page.click(".contact [data-find='麦野烘焙连锁']")
    assert rows(page) == 1
    assert page.locator(".people .k-id .b").inner_text() == "麦野烘焙连锁"
    page.click(".people [data-why]")
    assert "近 12 个月净利" in page.locator(".people tr.more").inner_text()
    assert page.locator(".people [data-why]").get_attribute("aria-expanded") == "true"


def test_every_chart_turns_into_its_table(visit: Open) -> None:
    page = visit(query="?lang=en")
    for name in CHARTS:
        figure = page.locator(f"#fig-{name}")
        assert not figure.locator(".chart-t").is_visible()
        figure.locator("[data-act=table]").click()
        assert figure.locator(".chart-t td").first.is_visible()
        assert not figure.locator(".chart").is_visible()
        assert figure.locator("[data-act=table]").inner_text() == "Chart"
    page.locator("#fig-rfm [data-act=table]").click()
    assert page.locator("#fig-rfm .chart").is_visible()


@pytest.mark.parametrize("name", ["whole", "thin"])
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_phone_never_scrolls_sideways(visit: Open, name: str, lang: str) -> None:
    page = visit(name, size=PHONE, scheme="dark", query=f"?lang={lang}")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.evaluate("document.querySelectorAll('[data-act=table]').forEach(b => b.click())")
    page.evaluate("document.querySelectorAll('details').forEach(d => { d.open = true; })")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_too_little_data_is_said_and_the_page_still_works(visit: Open) -> None:
    page = visit("thin")
    assert (
        page.locator("[data-kpi=future] .nodata").inner_text()
        == "Not enough data: No customer has bought a second time."
    )
    assert rows(page) == 3
    assert not page.locator(".people tbody .k-fv").first.is_visible()
    page.fill("#find", "10070")
    assert rows(page) == 1
    page.click("[data-act=lang]")
    assert "数据不足：没有一位客户买过第二次。" in page.locator("[data-kpi=future]").inner_text()


def test_hostile_names_stay_names(visit: Open) -> None:
    page = visit()
    assert page.locator("img").count() == 0
    assert MADE_UP["HOSTILE"] in page.locator(".contact").inner_text()


def test_without_script_the_figures_are_there(chromium: Browser, files: dict[str, Path]) -> None:
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(files["whole"].as_uri())
    assert page.locator("#fig-rfm .chart-t").is_visible()
    assert not page.locator("#fig-rfm .chart").is_visible()
    assert page.locator("h1").inner_text().startswith("8,420 位客户")
    context.close()


def test_paper_is_light(visit: Open) -> None:
    page = visit(scheme="dark")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    assert not page.locator(".rep-top").is_visible()
    assert page.evaluate("getComputedStyle(document.querySelector('h1')).color") == "rgb(24, 33, 43)"
