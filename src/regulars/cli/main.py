"""The command `regulars`: reads the arguments, runs one command, turns errors into one message and an exit code."""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import signal
import sys
import traceback
from collections.abc import Sequence
from typing import NoReturn

from regulars.cli import contract_arguments, data_arguments, experiment_arguments, workspace_arguments
from regulars.cli.parser import parser
from regulars.words import Lang, T

# The matrices here are tiny: more threads only wait for each other, and sums would depend on their number.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

LAZY = (
    dict.fromkeys(workspace_arguments.COMMANDS, workspace_arguments.run_workspace)
    | dict.fromkeys(data_arguments.COMMANDS, data_arguments.run_data)
    | {experiment_arguments.COMMAND: experiment_arguments.run_experiment}
    | {contract_arguments.COMMAND: contract_arguments.run_contracts}
)
"""Commands that import what they need by themselves."""

EXIT_INPUT = 2
EXIT_STOPPED = 130
STOPPED = T(zh="已停止，什么都没有写下。", en="stopped; nothing was written.")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code: 0 done, 2 the input cannot be used, 130 stopped by the user."""
    arguments = list(sys.argv[1:] if argv is None else argv)
    lang = chosen_language(arguments)
    try:
        options = parser(lang).parse_args(arguments)
        options.lang = lang
        return _run(options)
    except BrokenPipeError:
        # The reader of our output has gone (`regulars … | head`): not an error of ours.
        with contextlib.suppress(io.UnsupportedOperation):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return _stopped(lang)
    except Exception as error:
        return _refused(error, lang)


def _run(options: argparse.Namespace) -> int:
    # Imported here: `--help` must not wait for the numerical libraries.
    if options.command == "value":
        from regulars.cli.value import run_value

        return run_value(options)
    if options.command == "backtest":
        from regulars.cli.backtest import run_backtest

        return run_backtest(options)
    if options.command == "whatif":
        from regulars.cli.whatif import run_whatif

        return run_whatif(options)
    if options.command in LAZY:
        return LAZY[options.command](options)
    if options.serve:
        from regulars.cli.demo_workspace import run_demo_workspace

        return run_demo_workspace(options)
    from regulars.cli.demo import run_demo

    return run_demo(options)


def _stopped(lang: Lang) -> int:
    print(f"\nregulars: {STOPPED[lang]}", file=sys.stderr)
    return EXIT_STOPPED


def _refused(error: Exception, lang: Lang) -> int:
    """Print what the user can do about `error`; raise it again where that is nothing: then the fault is ours."""
    from regulars.cli import troubles

    if troubles.is_stop(error):
        return _stopped(lang)
    known = troubles.explained(error)
    if known is None:
        raise error
    print(f"regulars: {known.message(lang)}", file=sys.stderr)
    return EXIT_INPUT


def chosen_language(arguments: Sequence[str]) -> Lang:
    """Return the language that ``--lang`` or else the locale asks for."""
    for position, argument in enumerate(arguments):
        if argument == "--lang" and arguments[position + 1 : position + 2] == ["zh"]:
            return "zh"
        if argument == "--lang=zh":
            return "zh"
        if argument.startswith("--lang"):
            return "en"
    locale = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or ""
    return "zh" if locale.startswith("zh") else "en"


def run() -> NoReturn:
    """Run as a program of its own.

    Ends without Python's teardown: with PyArrow and Narwhals loaded, DuckDB's types outlive their module and it
    complains about that on stderr, which belongs to the user's errors.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal without "→" or Chinese is no reason to fail
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # told to end: leave nothing half-written either
    try:
        code = main()
    except SystemExit as leaving:
        code = leaving.code if isinstance(leaving.code, int) else 1
    except BaseException:
        traceback.print_exc()
        code = 1
    with contextlib.suppress(OSError):
        sys.stdout.flush()
        sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    run()
