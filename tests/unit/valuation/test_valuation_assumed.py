"""What a model card says its model ignores is true of that model."""

from regulars.measure.lifetime import GammaGamma, NormalNormal
from regulars.measure.margin import Margins
from regulars.prove.candidates import CANDIDATES, new_model
from regulars.valuation.assumed import ignored
from regulars.valuation.worth import worth_of

SPEND = GammaGamma.from_params(p=6.0, q=4.0, v=15.0)


def said(name, worth=None):
    return ignored(name, worth or worth_of(SPEND, None), k=getattr(new_model(name, 3), "k", None)).en


def test_each_model_that_competes_says_its_own():
    assert len({said(name) for name in CANDIDATES}) == len(CANDIDATES)


def test_only_regular_buyers_models_claim_a_regularity():
    assert "as regularly as everybody else (k = 3)" in said("MBG/CNBD-k")
    assert {name for name in CANDIDATES if "at random" not in said(name)} == {"MBG/CNBD-k", "BG/CNBD-k"}


def test_only_the_model_in_which_nobody_leaves_says_so():
    assert [name for name in CANDIDATES if "nobody ever leaves" in said(name)] == ["NBD"]
    assert "bought once counts as active" in said("BG/CNBD-k")


def test_what_is_said_of_money_is_true_of_how_it_was_forecast():
    revenue, margin = said("MBG/NBD"), said("MBG/NBD", worth_of(SPEND, Margins(0.3, 50.0)))
    profit = said("MBG/NBD", worth_of(NormalNormal.from_params(mu=1.0, tau=2.0, sigma=3.0), None))
    assert "unit of revenue leaves" in margin
    assert "unit of revenue leaves" not in revenue + profit
    assert "may be a loss" in profit
    assert "may be a loss" not in revenue + margin
