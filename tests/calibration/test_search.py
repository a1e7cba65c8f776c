import numpy as np
import pytest
from scipy import stats

from vaar.calibration.search import Tried, first_guess, root

SLOPE = 0.2  # |β| / σ: with 196 sessions 2.8 standard errors, which is a chance of 80 %


def power(sessions):
    return stats.norm.cdf(SLOPE * np.sqrt(sessions) - stats.norm.ppf(0.975))


def needed(chance):
    return ((stats.norm.ppf(0.975) + stats.norm.ppf(chance)) / SLOPE) ** 2


@pytest.mark.parametrize("chance", [0.5, 0.8, 0.95])
def test_the_root_of_exact_shares(chance):
    tried = [Tried(n, round(100_000 * power(n)), 100_000) for n in (100, 200, 400)]
    found = root(tried, chance)
    assert found.sessions == pytest.approx(needed(chance), rel=0.01)
    assert found.lower < needed(chance) < found.upper


def test_its_interval_has_the_root_in_19_of_20_cases():
    rng = np.random.default_rng(1)
    hits = 0
    for _ in range(400):
        tried = [Tried(n, rng.binomial(200, power(n)), 200) for n in (150, 200, 260)]
        found = root(tried, 0.8)
        hits += found.lower <= needed(0.8) <= found.upper
    assert stats.binom(400, 0.95).ppf(0.001) <= hits <= stats.binom(400, 0.95).ppf(0.9999)


def test_shares_that_do_not_tell():
    assert np.isnan(root([Tried(100, 50, 100)], 0.8).sessions)
    falling = [Tried(100, 90, 100), Tried(400, 10, 100)]
    assert np.isnan(root(falling, 0.8).sessions)


def test_the_first_guess_is_the_closed_form():
    se = 1 / np.sqrt(200)
    assert first_guess(-0.2, se, 200, 0.8) == pytest.approx((1.959964 + 0.841621) ** 2 / 0.04)
