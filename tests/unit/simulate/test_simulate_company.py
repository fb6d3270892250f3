"""Settings are refused when they make no sense, and the presets are what their names promise."""

from __future__ import annotations

from datetime import date

import pytest

from regulars.errors import InputError
from regulars.simulate import Company, Dirt, arrivals_and_counts, bench_company, demo_company


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("n_customers", 0),
        ("weeks", 0),
        ("process", "poisson"),
        ("alpha", 0.0),
        ("r", float("nan")),
        ("spend_q", 1.0),
        ("season", 1.0),
        ("regular", 0),
        ("rate_spend_correlation", 1.0),
        ("return_share", -0.1),
    ],
)
def test_a_setting_out_of_range_is_named_with_its_remedy(name: str, value: object) -> None:
    with pytest.raises(InputError) as caught:
        Company(**{name: value})
    assert name in caught.value.message("en")
    assert name in caught.value.message("zh")
    assert caught.value.remedy is not None


def test_a_share_of_dirt_is_a_share() -> None:
    with pytest.raises(InputError, match=r"dirt\.tests"):
        Dirt(tests=1.5)


def test_the_last_business_date_closes_the_last_week() -> None:
    assert Company(start=date(2024, 1, 1), weeks=1).end == date(2024, 1, 7)
    assert demo_company().end == date(2026, 11, 15)


def test_the_default_company_looks_like_a_shop() -> None:
    counts = arrivals_and_counts(Company(n_customers=20_000))
    assert 0.4 <= (counts.x == 0).mean() <= 0.6
    assert counts.x.max() > 40


def test_the_bench_company_has_two_purchases_a_customer() -> None:
    counts = arrivals_and_counts(bench_company(20_000))
    assert 1.9 <= (counts.x + 1).mean() <= 2.2
    assert 0.4 <= (counts.x == 0).mean() <= 0.61
