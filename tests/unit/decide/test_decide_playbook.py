"""Table 3-4 and its overrides."""

import pyarrow as pa
import pytest

from regulars import engine
from regulars.decide import DEFAULT, GRADES, Playbook, assign, strategy, strategy_line
from regulars.errors import InputError


@pytest.mark.parametrize(
    ("matrix", "grade", "zh"),
    [("I", "none", "不投入"), ("II", "suitable", "适当"), ("III", "heavy", "重点"), ("IV", "heaviest", "重中之重")],
)
def test_the_grade_of_each_class_is_the_tables(matrix, grade, zh):
    assert strategy(matrix).resource_grade == grade
    assert strategy(matrix).grade.zh == zh


def test_the_strategies_carry_the_tables_words():
    assert "极力保持" in strategy("IV").title.zh
    assert "关系再造" in strategy("II").title.zh
    assert "关系解除" in strategy("I").title.zh
    assert any("一户一策" in action.zh for action in strategy("IV").actions)
    assert any("超过期望" in action.zh for action in strategy("III").actions)


@pytest.mark.parametrize(
    ("cause", "code", "grade"),
    [
        ("early", "nurture", "moderate"),
        ("decline", "win_back_if_worth", "moderate"),
        ("price", "automate", "low"),
        ("credit", "propose_ending", "none"),
    ],
)
def test_a_diagnosed_cause_overrides_the_lowest_class_only(cause, code, grade):
    assert (strategy("I", cause).code, strategy("I", cause).resource_grade) == (code, grade)
    assert strategy("IV", cause) == strategy("IV")


def test_low_credit_limits_what_gold_gets():
    assert strategy("III", low_credit=True).resource_grade == "limited"
    assert strategy("IV", low_credit=True) == strategy("IV")


def test_ending_is_proposed_and_a_person_decides():
    assert strategy("I").person_decides
    assert strategy("I", "credit").person_decides
    assert not strategy("I", "early").person_decides
    assert "由人决定" in strategy("I").title.zh


def test_no_price_follows_from_the_class_of_a_natural_person():
    for found in (*DEFAULT.classes.values(), *DEFAULT.causes.values(), DEFAULT.low_credit):
        said = " ".join(action.en + action.zh for action in found.actions_for())
        assert "above the market" not in said
        assert "高于市场" not in said
    assert any("高于市场" in action.zh for action in strategy("I").actions_for(organisation=True))


def test_an_unknown_class_or_cause_names_the_known_ones():
    with pytest.raises(InputError, match="IV, III, II, I"):
        strategy("V")
    with pytest.raises(InputError, match="early"):
        strategy("I", "boredom")


def assigned(table, **options):
    return engine.to_arrow(assign(engine.frame(pa.table(table)), **options)).to_pylist()


def test_every_customer_gets_a_strategy_or_a_reason_why_not():
    rows = {row["matrix"]: row for row in assigned({"matrix": ["IV", "III", "II", "I", None]})}
    assert {k: (r["strategy"], r["resource_grade"]) for k, r in rows.items()} == {
        "IV": ("enhance", "heaviest"),
        "III": ("keep", "heavy"),
        "II": ("rebuild", "suitable"),
        "I": ("release", "none"),
        None: (None, None),
    }
    assert rows[None]["strategy_reason"] == "not_enough_data"
    assert rows["IV"]["strategy_reason"] == "class_IV"


def test_a_cause_column_is_heeded_where_there_is_one():
    rows = assigned({"matrix": ["I", "I", "I", "IV"], "cause": ["early", None, "unheard of", "early"]})
    assert sorted(row["strategy"] for row in rows) == ["enhance", "nurture", "release", "release"]


def test_a_house_may_have_its_own_playbook():
    own = Playbook({**DEFAULT.classes, "I": strategy("I", "early")}, DEFAULT.causes, DEFAULT.low_credit)
    assert assigned({"matrix": ["I"]}, playbook=own)[0]["strategy"] == "nurture"


def test_the_line_says_why_and_what():
    (row,) = assigned({"matrix": ["IV"]})
    assert strategy_line(row).zh == "Ⅳ 白金：现在多，以后多。极力保持，再增强关系，重中之重投入"
    assert strategy_line({"strategy": None, "strategy_reason": "not_enough_data"}).zh == "数据不足，先不定打法"
    (row,) = assigned({"matrix": ["I"], "cause": ["price"]})
    assert (
        strategy_line(row).en
        == "buys by price and is loyal to nobody. Buys by price alone: automate; low cost investment"
    )


def test_every_grade_used_has_words():
    used = {s.resource_grade for s in (*DEFAULT.classes.values(), *DEFAULT.causes.values(), DEFAULT.low_credit)}
    assert used <= set(GRADES)
