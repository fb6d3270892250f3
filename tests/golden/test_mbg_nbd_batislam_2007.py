"""MBG/NBD on CDNOW against lifetimes' test and Batislam, Denizel & Filiztekin (2007)."""

from __future__ import annotations

from typing import Any

import pytest

from regulars.measure.lifetime import ModifiedBetaGeoNBD


@pytest.mark.real_data
def test_mbg_nbd_estimates_on_the_published_summary(cdnow_rounded: Any) -> None:
    model = ModifiedBetaGeoNBD().fit(cdnow_rounded)
    assert model.r_ == pytest.approx(0.52484, abs=5e-6)
    assert model.alpha_ == pytest.approx(6.18309, abs=1.5e-4)  # 6.18309 on unrounded days, 6.18299 on this summary
    assert model.a_ == pytest.approx(0.89136, abs=5e-6)
    assert model.b_ == pytest.approx(1.614, abs=5e-6)


@pytest.mark.real_data
def test_mbg_nbd_estimates_on_cdnow(cdnow: Any) -> None:
    model = ModifiedBetaGeoNBD().fit(cdnow)
    assert [round(v, 5) for v in (model.r_, model.alpha_, model.a_, model.b_)] == [0.52484, 6.18309, 0.89136, 1.614]
    assert model.boundary_ is None
