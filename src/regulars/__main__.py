"""``python -m regulars``."""

from regulars.cli.main import run

run()
