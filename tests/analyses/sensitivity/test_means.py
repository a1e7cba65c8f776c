import numpy as np
import pandas as pd
import pytest
from scipy import stats

from vaar.analyses.sensitivity.means import FEWEST, mean_difference


@pytest.fixture(scope="module")
def pair():
    rng = np.random.default_rng(1)
    one = pd.Series(rng.normal(1, 1, 30), range(30))
    other = pd.Series(rng.normal(0, 3, 50), range(30, 80))
    return one, other


def test_sessions_alone_have_welchs_test(pair):
    one, other = pair
    found, wanted = mean_difference(one, other, None), stats.ttest_ind(*pair, equal_var=False)
    assert found.p == pytest.approx(wanted.pvalue)
    ends = wanted.confidence_interval(0.95)
    assert (found.lower, found.upper) == pytest.approx((ends.low, ends.high))
    alone = pd.Series([f"p{k}" for k in range(80)])
    assert mean_difference(one, other, alone).p == found.p


def test_personas_in_both_levels_are_pairs():
    """With a session of each level per persona it is the paired t-test."""
    rng = np.random.default_rng(2)
    person = rng.normal(0, 2, 40)
    one = pd.Series(person + rng.normal(0.3, 1, 40))
    other = pd.Series(person + rng.normal(0, 1, 40), range(40, 80))
    shared = pd.Series([f"p{k % 40}" for k in range(80)])
    found = mean_difference(one, other, shared)
    wanted = stats.ttest_rel(one.to_numpy(), other.to_numpy())
    assert found.se == pytest.approx(float(wanted.statistic**-1) * float(found.value))
    assert found.p == pytest.approx(wanted.pvalue)


def test_few_sessions_have_no_difference(pair):
    one, other = pair
    assert np.isnan(mean_difference(one.iloc[: FEWEST - 1], other, None).value)
    assert np.isfinite(mean_difference(one.iloc[:FEWEST], other, None).value)
