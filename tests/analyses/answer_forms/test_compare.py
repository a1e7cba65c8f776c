import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import ttest_rel, wasserstein_distance

from vaar.analyses.answer_forms.compare import LEAST_PAIRS, compare

ANSWERS = st.lists(
    st.tuples(st.integers(1, 7), st.integers(1, 7)), min_size=LEAST_PAIRS, max_size=60
)


def compared(words, forced, seed=1):
    return compare(np.asarray(words, float), np.asarray(forced, float), np.random.default_rng(seed))


@given(ANSWERS)
@settings(max_examples=30, deadline=None)
def test_against_scipy(pairs):
    words, forced = np.array(pairs, float).T
    found = compared(words, forced)
    assert found.distance == pytest.approx(wasserstein_distance(words, forced), abs=1e-9)
    assert found.difference == pytest.approx(forced.mean() - words.mean())
    if (forced - words).std() > 0:
        interval = ttest_rel(forced, words).confidence_interval(0.95)
        assert (found.difference_lower, found.difference_upper) == pytest.approx(tuple(interval))
    if words.std() > 0:
        assert found.sd_ratio == pytest.approx(forced.std() / words.std())


@given(ANSWERS)
@settings(max_examples=20, deadline=None)
def test_a_shift_moves_the_distance_by_as_much(pairs):
    words, _ = np.array(pairs, float).T
    found = compared(words, words + 2)
    assert found.distance == pytest.approx(2) and found.difference == pytest.approx(2)
    assert (found.distance_lower, found.distance_upper) == pytest.approx((2, 2))


def test_equal_answers_are_no_distance_apart():
    found = compared([1, 2, 3, 4], [1, 2, 3, 4])
    assert (found.distance, found.distance_chance, found.sd_ratio) == (0, 0, 1)


def test_where_nothing_varies_there_is_no_ratio():
    found = compared([3, 3, 3, 3], [1, 2, 3, 4])
    assert np.isnan([found.sd_ratio, found.sd_ratio_lower, found.sd_ratio_upper]).all()
    assert found.distance == pytest.approx(1)


def test_too_few_pairs_tell_nothing():
    found = compared([1] * (LEAST_PAIRS - 1), [2] * (LEAST_PAIRS - 1))
    assert found.n == LEAST_PAIRS - 1 and np.isnan(found.difference)
    assert not np.isnan(compared([1, 2, 3], [2, 3, 3]).difference)


def test_intervals_hold_their_level_and_chance_its_share():
    """Of 200 pairs of samples: within four binomial standard errors of what is promised."""
    random, n = np.random.default_rng(3), 60
    shares = np.array([0.1, 0.2, 0.4, 0.2, 0.1])
    inside, above = 0, 0
    for seed in range(200):
        words, forced = random.choice(5, size=(2, n), p=shares) + 1.0
        found = compared(words, forced * 1.5, seed)
        inside += found.sd_ratio_lower <= 1.5 <= found.sd_ratio_upper
        equal = compared(words, forced, seed)
        above += equal.distance > equal.distance_chance
    assert inside / 200 == pytest.approx(0.95, abs=4 * np.sqrt(0.95 * 0.05 / 200))
    assert above / 200 == pytest.approx(0.05, abs=4 * np.sqrt(0.95 * 0.05 / 200))
