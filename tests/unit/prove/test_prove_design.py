"""Before the start: sizes, power, looks, households."""

from __future__ import annotations

import pytest

from regulars.errors import InputError
from regulars.prove.experiments import Looks, design_effect, required_size
from regulars.prove.experiments.looks import MOST_LOOKS


def test_cohens_example():
    """A standardised difference of 0.5 at 80 %: 63 in each arm by the normal law (64 by Student's, Cohen 1988)."""
    plan = required_size(sd=10, difference=5)
    assert (plan.per_arm, plan.control, plan.customers) == (63, 63, 126)


def test_size_power_and_detectable_difference_agree():
    plan = required_size(sd=40, difference=2.5, control_share=0.1, power=0.9, explained=0.3, arms=2, looks=4)
    assert plan.power_of(plan.customers) == pytest.approx(0.9, abs=0.001)
    assert plan.detectable() == pytest.approx(2.5, rel=0.001)
    assert plan.per_arm * 2 + plan.control == plan.customers
    assert plan.power_of(plan.customers // 2) < 0.7


def test_what_earlier_data_explain_and_households_change_the_size():
    plain = required_size(sd=40, difference=2).customers
    assert required_size(sd=40, difference=2, explained=0.5).customers == pytest.approx(plain / 2, abs=2)
    homes = design_effect(2.0, 0.3)
    assert required_size(sd=40, difference=2, design_effect=homes).customers == pytest.approx(plain * 1.3, abs=2)


@pytest.mark.parametrize(
    "wrong", [{"sd": 0}, {"difference": 0}, {"control_share": 1}, {"power": 0.01}, {"explained": 1}, {"arms": 0}]
)
def test_what_is_no_experiment_is_refused(wrong):
    with pytest.raises(InputError, match="cannot be"):
        required_size(**({"sd": 1.0, "difference": 0.1} | wrong))


@pytest.mark.parametrize("times", [(), (0.5,), (0.5, 0.4, 1), (0, 1), tuple(range(1, MOST_LOOKS + 2))])
def test_looks_that_do_not_ascend_to_the_end_are_refused(times):
    with pytest.raises(InputError, match="ascend"):
        Looks(times)


@pytest.mark.parametrize("look", [None, 0, 6])
def test_a_look_that_was_not_declared_is_refused(look):
    with pytest.raises(InputError, match="declared"):
        Looks.equal(5).at(look)


@pytest.mark.parametrize("spending", ["obrien-fleming", "pocock", "bonferroni"])
def test_many_looks_together_raise_no_more_false_alarms(spending):
    looks = Looks.equal(60, spending=spending)
    assert looks.power(0.0) <= 0.05 + 1e-9
