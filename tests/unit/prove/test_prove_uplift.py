"""For whom it works: learners, their ranking, whom to treat; and comparisons without an experiment."""

from __future__ import annotations

import narwhals as nw
import numpy as np
import pyarrow as pa
import pytest

from regulars import engine
from regulars.errors import InputError, NotEnoughData
from regulars.prove.experiments import analyse
from regulars.prove.experiments.observational import ASSUMPTIONS, compare_observed, e_value
from regulars.prove.experiments.policy import effect_scores, policy_value, worth_treating
from regulars.prove.experiments.projection import project
from regulars.prove.experiments.qini import compare_scores, qini_curve
from regulars.prove.experiments.uplift import SLearner, TLearner, XLearner, boosted, cross_fitted

N = 4000


class Line:
    """Least squares with an interaction of the last column, in the manner of scikit-learn."""

    def fit(self, X, y):
        self.beta = np.linalg.lstsq(self.design(X), y, rcond=None)[0]
        return self

    def predict(self, X):
        return self.design(X) @ self.beta

    @staticmethod
    def design(X):
        return np.column_stack([np.ones(len(X)), X, X[:, :-1] * X[:, -1:]])


@pytest.fixture(scope="module")
def trial():
    """Customers of whom those with a positive first column gain 2, the others lose 1; the second only adds spread."""
    rng = np.random.default_rng(3)
    X = rng.normal(size=(N, 2))
    treated = rng.random(N) < 0.5
    effect = np.where(X[:, 0] > 0, 2.0, -1.0)
    return X, treated, 3 * X[:, 1] + effect * treated + rng.normal(size=N), effect


@pytest.mark.parametrize("learner", [TLearner, SLearner, XLearner])
def test_learners_tell_gainers_from_losers(trial, learner):
    X, treated, y, effect = trial
    scores = cross_fitted(lambda: learner(Line), X, treated, y)
    assert np.corrcoef(scores, effect)[0, 1] > 0.7
    assert scores.mean() == pytest.approx(0.5, abs=0.15)


def test_the_usual_model_needs_no_settings_and_gives_the_same_again(trial):
    pytest.importorskip("sklearn")
    X, treated, y, effect = trial
    first, again = (cross_fitted(lambda: TLearner(boosted), X, treated, y, folds=2) for _ in range(2))
    assert (first == again).all()
    assert np.corrcoef(first, effect)[0, 1] > 0.7


def test_the_qini_curve_of_four_customers_by_hand():
    """Best first: treated 1, control 0, treated 0, control 1. Gains a treated: 1/2, 1/2, 1/2, (1 − 1)/2."""
    curve = qini_curve([4, 3, 2, 1], [True, False, True, False], [1.0, 0.0, 0.0, 1.0])
    assert curve.share.tolist() == [0, 0.25, 0.5, 0.75, 1]
    assert curve.gain.tolist() == [0, 0, 0.5, 0.5, 0]
    assert curve.auuc == pytest.approx(0.25)
    assert curve.qini == pytest.approx(0.25)


def test_equal_scores_come_in_together():
    curve = qini_curve([1, 1, 1, 1], [True, False, True, False], [1.0, 0.0, 0.0, 1.0])
    assert curve.share.tolist() == [0, 1]
    assert curve.qini == 0


def test_the_truth_ranks_better_than_chance_and_the_interval_says_so(trial):
    _, treated, y, effect = trial
    rng = np.random.default_rng(5)
    found = compare_scores({"chance": rng.random(N), "truth": effect}, treated, y, draws=200)
    assert found["truth"]["qini"].low > 0
    assert found["truth"]["difference"].low > 0
    assert found["chance"]["qini"].low < 0 < found["chance"]["qini"].high
    assert found["chance"]["difference"].value == 0


def test_whom_to_treat_at_what_cost(trial):
    """Half of the list gains 2: at a cost of 0.5 treating them is worth 0.75 a customer, treating all nothing."""
    X, treated, y, _ = trial
    scores = cross_fitted(lambda: TLearner(Line), X, treated, y)
    gamma = effect_scores(X, treated, y, propensity=0.5, model=Line)
    assert gamma.mean() == pytest.approx(0.5, abs=0.15)
    best = policy_value(worth_treating(scores, cost=0.5), gamma, cost=0.5)
    assert best.low < 0.75 < best.high
    assert best.over_all_low > 0.5
    assert worth_treating(scores, cost=0.5, budget=0.1).sum() == N // 10
    assert not worth_treating(scores, cost=1e6).any()


def test_too_few_to_learn_from_is_said():
    with pytest.raises(InputError, match="smaller arm has only 3"):
        cross_fitted(TLearner, np.zeros((50, 1)), np.arange(50) < 3, np.zeros(50))


def test_an_observed_difference_comes_with_its_assumptions_and_bound():
    rng = np.random.default_rng(11)
    X = rng.normal(size=(N, 2))
    treated = rng.random(N) < 1 / (1 + np.exp(-X[:, 0]))
    y = 2 * X[:, 0] + 1.0 * treated + rng.normal(size=N)
    found = compare_observed(X, treated, y, model=Line)
    assert found.low < 1 < found.high
    assert found.naive > 2
    assert found.e_value > found.e_value_interval > 1
    assert found.assumptions == ASSUMPTIONS
    assert all(f"{found.e_value:.2f}" in found.says[lang] for lang in ("zh", "en"))


def test_without_counterparts_there_is_no_comparison():
    rng = np.random.default_rng(11)
    X = rng.normal(size=(N, 1))
    with pytest.raises(NotEnoughData, match="counterparts"):
        compare_observed(X, X[:, 0] + 0.05 * rng.normal(size=N) > 0, X[:, 0], model=Line)


def test_the_e_value_of_the_papers_example():
    """VanderWeele & Ding (2017): a risk ratio of 3.9 has the E-value 7.26."""
    assert e_value(np.log(3.9) / 0.91, 1.0) == pytest.approx(7.26, abs=0.005)


def test_the_e_value_of_nothing_is_one():
    assert e_value(0.0, 2.0) == 1
    assert e_value(-0.5, 1.0) == e_value(0.5, 1.0)


def test_a_projection_never_sees_the_arms_and_passes_no_verdict():
    rng = np.random.default_rng(13)
    table = pa.table(
        {"customer": np.arange(400), "arm": np.repeat(["mail", "none"], 200), "orders": rng.poisson(2, 400)}
    )  # fmt: skip
    seen = []

    def model(customers):
        seen.extend(customers.collect_schema().names())
        return customers.with_columns(projected=nw.col("orders") * 10)

    found = project(table, arm="arm", control="none", key="customer", model=model)
    assert seen == ["customer", "orders"]
    same = analyse(table, arm="arm", control="none", outcomes=["orders"]).effect("mail")
    assert found.reading.effect("mail").difference == pytest.approx(10 * same.difference)
    assert "verdict" not in found.as_dict()
    assert "projection" in found.label.en.lower()
    with pytest.raises(InputError, match="every customer"):
        project(
            table, arm="arm", control="none", key="customer",
            model=lambda customers: engine.frame(engine.to_arrow(model(customers)).slice(1)),
        )  # fmt: skip
