"""Every class has one name in each language, and everybody shows that one."""

import datetime as dt
import re
from pathlib import Path

import pytest

import regulars
from regulars.segment import (
    MATRIX_CLASSES,
    MATRIX_NAMES,
    TIER_NAMES,
    TIERS,
    VISIT_CLASSES,
    matrix_name,
    visit_meaning,
)

SOURCE = Path(regulars.__file__).parent
JUNE, JANUARY = dt.date(2026, 6, 1), dt.date(2026, 1, 1)


def test_every_class_has_a_name_best_first():
    assert [matrix_name(key).zh for key in MATRIX_CLASSES] == ["Ⅳ 白金", "Ⅲ 黄金", "Ⅱ 铁", "Ⅰ 铅"]
    assert [matrix_name(key).en for key in MATRIX_CLASSES] == ["Ⅳ Platinum", "Ⅲ Gold", "Ⅱ Iron", "Ⅰ Lead"]
    assert [TIER_NAMES[key].zh for key in TIERS] == ["金牌", "银牌", "铜牌"]
    assert VISIT_CLASSES == ("A", "B", "C", "D")


@pytest.mark.parametrize("name", [t for names in (MATRIX_NAMES, TIER_NAMES) for t in names.values()], ids=str)
def test_a_name_is_written_down_once(name):
    spelled = re.compile(rf'T\(zh="{name.zh}", en="{name.en}"\)')
    places = [path for path in SOURCE.rglob("*.py") if spelled.search(path.read_text(encoding="utf-8"))]
    assert [path.parent.name for path in places] == ["segment"]


@pytest.mark.parametrize(
    ("key", "month", "zh", "en"),
    [
        ("A", JUNE, "10 次以上", "10 or more"),
        ("B", JUNE, "6–9 次", "6–9"),
        ("C", JUNE, "1–5 次", "1–5"),
        ("D", JUNE, "5 月来过，6 月没来", "in May, not in June"),
        ("D", JANUARY, "12 月来过，1 月没来", "in December, not in January"),
    ],
)
def test_a_visit_class_says_what_it_means_in_the_month_judged(key, month, zh, en):
    assert visit_meaning(key, month).as_dict() == {"zh": zh, "en": en}
