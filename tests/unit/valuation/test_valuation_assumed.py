"""What a model card says its model ignores is true of that model."""

from regulars.prove.candidates import CANDIDATES, new_model
from regulars.valuation.assumed import ignored


def said(name):
    return ignored(name, k=getattr(new_model(name, 3), "k", None)).en


def test_each_model_that_competes_says_its_own():
    assert len({said(name) for name in CANDIDATES}) == len(CANDIDATES)


def test_only_regular_buyers_models_claim_a_regularity():
    assert "as regularly as everybody else (k = 3)" in said("MBG/CNBD-k")
    assert {name for name in CANDIDATES if "at random" not in said(name)} == {"MBG/CNBD-k", "BG/CNBD-k"}


def test_only_the_model_in_which_nobody_leaves_says_so():
    assert [name for name in CANDIDATES if "nobody ever leaves" in said(name)] == ["NBD"]
    assert "bought once counts as active" in said("BG/CNBD-k")
