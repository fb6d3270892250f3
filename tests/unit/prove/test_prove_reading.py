"""An experiment read: what counts, what is refused, and the one of four words it ends in."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from regulars.errors import InputError
from regulars.prove.experiments import Evidence, Kind, Looks, analyse, judge, mismatch
from regulars.prove.experiments.arrays import moments_of
from regulars.prove.experiments.comparing import compare
from regulars.prove.experiments.corrections import adjusted
from regulars.simulate.campaigns import Campaign, run_campaign

RNG = np.random.default_rng(7)
N = 600
ARM = RNG.permutation(np.repeat(["mail", "none"], N // 2))
BEFORE = RNG.gamma(2, 10, N)
PROFIT = BEFORE * 0.8 + RNG.gamma(1, 8, N) + 7 * (ARM == "mail")
TABLE = {"customer": np.arange(N), "arm": ARM, "profit": PROFIT, "before": BEFORE, "half": np.arange(N) % 2}


def read(columns=None, **options):
    table = pa.table(TABLE | (columns or {}))
    return analyse(table, **({"arm": "arm", "control": "none", "outcomes": ["profit"]} | options))


def evidence(**changes):
    usual = {"net": 1.0, "se": 0.4, "p_adjusted": 0.0124, "alpha": 0.05, "units": 100, "nonzero": 50, "customers": 200}
    return Evidence(**(usual | changes))


@pytest.mark.parametrize(
    ("found", "kind"),
    [
        ({}, Kind.PROVED),
        ({"net": -1.0}, Kind.LOST),
        ({"p_adjusted": 0.06}, Kind.INCONCLUSIVE),
        ({"suspicious": True}, Kind.INCONCLUSIVE),
        ({"units": 29}, Kind.NOT_ENOUGH),
        ({"nonzero": 9}, Kind.NOT_ENOUGH),
        ({"se": 0.0}, Kind.NOT_ENOUGH),
        ({"se": float("nan")}, Kind.NOT_ENOUGH),
    ],
)
def test_four_words_and_no_other(found, kind):
    assert judge(evidence(**found)).kind is kind


def test_how_many_more_would_settle_it():
    """Half the standard errors that 80 % power needs: four times the customers in all, three times as many more."""
    reach = 1.959964 + 0.841621
    assert judge(evidence(p_adjusted=0.2, se=2 / reach)).more == pytest.approx(600, abs=1)
    assert judge(evidence(p_adjusted=0.2, se=2 / reach, worthwhile=0.5)).more == pytest.approx(3000, abs=1)
    hopeless = judge(evidence(p_adjusted=0.99, net=1e-6))
    assert hopeless.more is None
    assert "close to nothing" in hopeless.why.en


def test_costs_stand_in_the_net_difference_and_its_verdict():
    free, dear = read(), read(costs={"mail": 14.0})
    assert free.verdict.kind is Kind.PROVED
    assert dear.verdict.kind is Kind.LOST
    effect = dear.effect("mail")
    assert effect.net == pytest.approx(effect.difference - 14)
    assert (effect.total_low, effect.total_high) == (300 * effect.low, 300 * effect.high)


def test_what_was_known_before_takes_variance_away():
    plain, adjusted_reading = read().effect("mail"), read(covariates=["before"]).effect("mail")
    assert adjusted_reading.se < 0.7 * plain.se
    assert adjusted_reading.explained == pytest.approx(1 - (adjusted_reading.se / plain.se) ** 2)


def test_with_a_covariate_it_is_least_squares_with_robust_errors():
    """Arm and covariate in one regression, White's standard error (HC1)."""
    found = read(covariates=["before"]).effect("mail")
    rows = np.column_stack([np.ones(N), ARM == "mail", BEFORE]).astype(float)
    slopes = np.linalg.lstsq(rows, PROFIT, rcond=None)[0]
    left, bread = PROFIT - rows @ slopes, np.linalg.inv(rows.T @ rows)
    robust = bread @ (rows.T * left**2) @ rows @ bread * N / (N - 3)
    assert found.difference == pytest.approx(slopes[1], rel=1e-6)
    assert found.se == pytest.approx(robust[1, 1] ** 0.5, rel=0.005)


def test_a_covariate_twice_changes_nothing():
    once = read(covariates=["before"]).effect("mail")
    twice = read({"again": BEFORE * 2 + 1}, covariates=["before", "again"]).effect("mail")
    assert twice.difference == pytest.approx(once.difference)


def test_households_are_no_wider_sample_than_they_are():
    """Each customer doubled, with its twin in one household: the interval stays, read one by one it would shrink."""
    doubled = {name: np.concatenate([column, column]) for name, column in TABLE.items()}
    home = {"home": np.concatenate([np.arange(N), np.arange(N)]).astype(str)}
    together = analyse(
        pa.table(doubled | home), arm="arm", control="none", outcomes=["profit"], covariates=["before"],
        household="home",
    ).effect("mail")  # fmt: skip
    single = read(covariates=["before"]).effect("mail")
    assert together.difference == pytest.approx(single.difference)
    assert together.se == pytest.approx(single.se)


def test_strata_too_small_are_put_together_and_said():
    strata = np.where(np.arange(N) < 3, [f"s{i}" for i in range(N)], "rest")
    found = read({"stratum": strata}, strata="stratum")
    assert "strata had too few" in " ".join(each.en for each in found.warnings)
    assert found.effect("mail").se > 0


def test_looks_ask_for_more_early_on():
    late, early = read(looks=4, look=4), read(looks=4, look=1)
    assert early.level > late.level > 0.95
    assert early.effect("mail").p_adjusted > late.effect("mail").p_adjusted
    assert early.effect("mail").high > late.effect("mail").high


def test_looks_bring_their_own_rate_of_false_alarms():
    found = read(looks=Looks((0.5, 1.0), alpha=0.1), look=2)
    assert (found.alpha, found.looks) == (0.1, 2)
    assert 0.9 < found.level < 0.95


@pytest.mark.parametrize("options", [{"looks": 4}, {"looks": 4, "look": 5}, {"look": 1}])
def test_looks_that_were_not_declared_are_refused(options):
    with pytest.raises(InputError, match="declared"):
        read(**options)


def test_segments_are_declared_or_exploratory_and_counted():
    declared, explored = read(declared_segments=["half"]), read(segments=["half"])
    assert [each.declared for each in declared.segments] == [True, True]
    assert not any("exploratory" in each.en for each in declared.warnings)
    assert any("exploratory" in each.en for each in explored.warnings)
    assert explored.segments[0].effect.p_adjusted >= explored.segments[0].effect.p_value
    assert 0 <= explored.segments[0].p_differs <= 1


def test_arms_of_other_sizes_than_planned_silence_the_verdict():
    found = read(shares={"mail": 0.9, "none": 0.1})
    assert found.mismatch.suspicious
    assert found.verdict.kind is Kind.INCONCLUSIVE


def test_few_customers_are_counted_exactly():
    assert mismatch({"a": 0, "b": 8}, {"a": 0.5, "b": 0.5}).p_value == pytest.approx(2 / 2**8)
    assert mismatch({"a": 5, "b": 5, "x": 1}, {"a": 1, "b": 1}).suspicious


@pytest.mark.parametrize(
    ("columns", "options", "said"),
    [
        ({}, {"arm": "nowhere"}, "no column"),
        ({}, {"control": "nobody"}, "no control group"),
        ({"arm": ["none"] * N}, {}, "nobody beside"),
        ({"profit": ["a"] * N}, {}, "does not hold numbers"),
        ({"profit": [None, *PROFIT[1:]]}, {}, "without a value"),
        ({"flat": [1.0] * N}, {"covariates": ["flat"]}, "same for everybody"),
        ({"flat": pa.nulls(N, pa.float64())}, {"covariates": ["flat"]}, "no period before"),
        ({"customer": [1, 1, *range(2, N)], "arm": ["mail", "none", *ARM[2:]]}, {"key": "customer"}, "two arms"),
        ({"customer": [1, 1, *range(2, N)], "arm": ["mail", "mail", *ARM[2:]]}, {"key": "customer"}, "more than once"),
        ({"on": ["2026-01-02"] * N, "came": ["2026-01-01"] * N}, {"assigned_on": "on", "outcome_on": "came"}, "before"),
        ({}, {"costs": {"call": 1}}, "no arm"),
        ({}, {"shares": {"mail": 0.5, "none": 0.4, "call": 0.1}}, "nobody is in the arm 'call'"),
        ({}, {"shares": {"mail": 0.5}}, "no planned share"),
        ({}, {"outcomes": []}, "no outcome"),
        ({}, {"alpha": 0}, "cannot be"),
        ({}, {"correction": "hope"}, "no correction"),
    ],
)  # fmt: skip
def test_what_is_no_experiment_is_refused_in_words(columns, options, said):
    with pytest.raises(InputError, match=said):
        read(columns, **options)


def test_holms_correction():
    assert adjusted([0.01, 0.04, 0.03], "holm") == pytest.approx([0.03, 0.06, 0.06])
    assert adjusted([0.01, 0.6], "bonferroni") == pytest.approx([0.02, 1.0])
    assert adjusted([0.01], "none") == [0.01]


def test_arrays_and_tables_give_the_same():
    """A campaign with newcomers, strata and households, by the engine and by NumPy."""
    lived = run_campaign(Campaign(household=2, customers=900))
    columns = {"arm": lived.contacted.astype(str), "profit": lived.profit, "stratum": lived.stratum}
    columns |= {"before": np.where(np.isnan(lived.before), None, lived.before), "home": lived.household}
    table = pa.table({name: pa.array(values) for name, values in columns.items()})
    found = analyse(
        table, arm="arm", control="False", outcomes=["profit"], covariates=["before"], strata="stratum",
        household="home",
    ).effect("True")  # fmt: skip
    moments = moments_of(
        lived.contacted, {"profit": lived.profit}, {"before": lived.before}, strata=lived.stratum,
        household=lived.household,
    )  # fmt: skip
    same = compare(moments, arm="True", control="False", outcome="profit")
    assert (found.difference, found.se) == pytest.approx((same.estimate, same.se), rel=1e-6)
