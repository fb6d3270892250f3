"""The one-standard-error rule: the default stays unless another model is clearly better, and the reason says which."""

import numpy as np
import pytest

from regulars.errors import NotEnoughData
from regulars.prove import origins, selection
from regulars.prove.history import simulated_history
from regulars.simulate import Company
from regulars.words import T

FAR_OFF = 9.0


class Known:
    """A candidate whose forecast is a Poisson law with one mean for everyone, alive for sure."""

    def __init__(self, mean):
        self.law = self
        self.mean = mean

    def probability_alive(self, x, t_x, age):
        return np.ones(x.shape)

    def given_alive(self, x, t_x, age):
        return self, np.zeros(x.size, dtype=np.int64)

    def survival(self, n, rows, t):
        from scipy.stats import poisson

        return poisson(self.mean).sf(n - 1)


def cells(n=400, mean=1.0, seed=1):
    rng = np.random.default_rng(seed)
    ones = np.ones(n)
    return origins.Cells(ones, ones * 5, ones * 10, rng.poisson(mean, n).astype(float), ones, 70)


def fits(means):
    def fit(name, at):
        if isinstance(means[name], T):
            raise NotEnoughData(means[name])
        return Known(means[name])

    return fit


def choose(mbg, pareto, bg, *parts):
    means = dict.fromkeys(selection.PREFERENCE, FAR_OFF) | {"MBG/NBD": mbg, "Pareto/NBD": pareto, "BG/NBD": bg}
    return selection.choose(parts or (cells(),), fit=fits(means))


def test_the_default_stays_where_another_is_better_by_less_than_its_error():
    found = choose(1.02, 1.0, 0.98)
    assert found.model == "MBG/NBD"


@pytest.mark.parametrize(
    ("means", "model"),
    [((1.0, 2.0, 2.0), "MBG/NBD"), ((2.0, 1.0, 1.0), "Pareto/NBD"), ((2.0, 2.0, 1.0), "BG/NBD")],
)
def test_the_first_in_order_within_one_error_of_the_best_wins(means, model):
    found = choose(*means)
    assert found.model == model
    assert model in found.reason["en"]
    assert model in found.reason["zh"]


def test_the_deficit_is_paired_and_its_error_the_textbook_one():
    part = cells()
    found = choose(2.0, 1.0, 1.5, part)
    from scipy.stats import poisson

    gap = poisson(1.0).logpmf(part.actual) - poisson(2.0).logpmf(part.actual)
    worst = found.scores[0]
    assert worst.deficit == pytest.approx(gap.mean(), rel=1e-6)
    assert worst.standard_error == pytest.approx(gap.std(ddof=1) / np.sqrt(gap.size), rel=1e-6)
    assert found.scores[1].deficit == 0.0


def test_origins_pool_by_their_customers_and_their_errors_do_not_shrink():
    one, two = cells(300, seed=2), cells(100, seed=3)
    found = choose(2.0, 1.0, 1.5, one, two)
    apart = [choose(2.0, 1.0, 1.5, part).scores[0] for part in (one, two)]
    assert found.scores[0].deficit == pytest.approx(0.75 * apart[0].deficit + 0.25 * apart[1].deficit)
    assert found.scores[0].standard_error == pytest.approx(
        0.75 * apart[0].standard_error + 0.25 * apart[1].standard_error
    )


def test_a_model_that_cannot_be_fitted_is_passed_over_and_said():
    why = T(zh="数据不足", en="too little")
    found = choose(why, 1.0, 1.0)
    assert found.model == "Pareto/NBD"
    assert found.scores[0].failed == why
    assert "could not be fitted" in found.reason["en"]


def test_one_impossible_customer_does_not_decide():
    part = cells()
    part.actual[0] = 500.0
    assert choose(1.0, 2.0, 2.0, part).model == "MBG/NBD"


def test_without_earlier_origins_or_customers_the_default_stands_and_says_why():
    none = selection.choose_model([])
    few = selection.choose([cells(20)], fit=fits({}))
    for found in (none, few):
        assert (found.model, found.scores) == ("MBG/NBD", ())
        assert "Default MBG/NBD" in found.reason["en"]


@pytest.mark.parametrize(("process", "unlike"), [("pareto_nbd", "BG/NBD"), ("bg_nbd", "Pareto/NBD")])
def test_a_world_is_not_given_to_the_model_that_it_contradicts(process, unlike):
    company = Company(n_customers=3000, seed=5, process=process, weeks=104, r=0.8, alpha=4.0, s=0.6, beta=6.0)
    history = simulated_history(company).by_day()
    found = selection.choose([history.cells(52.0, 26.0), history.cells(78.0, 26.0)])
    assert found.model != unlike
    assert found.as_dict()["origins"] == 2


def test_models_that_cannot_be_told_apart_are_named_the_chosen_first():
    found = choose(1.02, 1.0, 0.98)
    assert found.alike == ("MBG/NBD", "Pareto/NBD", "BG/NBD")
    assert choose(1.0, 2.0, 2.0).alike == ("MBG/NBD",)
