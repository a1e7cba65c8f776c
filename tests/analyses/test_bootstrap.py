import numpy as np
import pytest
from scipy import stats

from vaar.analyses.bootstrap import (
    FEWEST,
    interval,
    mean,
    resampled,
    statistic_interval,
    with_intervals,
)


def test_resampled_means_have_the_standard_error_of_a_mean():
    values = np.random.default_rng(2).normal(size=(60, 2))
    draws = resampled(values, 20_000, seed=1)
    expected = values.std(axis=0) / np.sqrt(60)
    assert draws.mean(axis=0) == pytest.approx(values.mean(axis=0), abs=4 * expected[0] / 141)
    assert draws.std(axis=0) == pytest.approx(expected, rel=0.03)  # SE of an SD: 1 / √(2·20,000)


def test_whole_clusters_are_drawn():
    clusters = np.repeat(np.arange(12), 5)
    values = np.repeat(np.random.default_rng(3).normal(size=12), 5)[:, None]
    whole = resampled(values, 4000, 1, clusters).std()
    assert whole == pytest.approx(values[::5].std() / np.sqrt(12), rel=0.06)
    assert whole > 1.8 * resampled(values, 4000, 1).std()


def test_what_is_missing_is_left_out_of_its_own_column_alone():
    values = np.array([[1.0, np.nan], [3.0, np.nan], [np.nan, np.nan]])
    draws = resampled(values, 500, 1)
    assert np.isnan(draws[:, 1]).all()
    assert set(np.unique(draws[np.isfinite(draws[:, 0]), 0])) <= {1, 1.5, 5 / 3, 2, 7 / 3, 2.5, 3}
    assert mean(values[:, 0]) == 2 and np.isnan(mean(values[:, 1]))


def test_there_is_no_interval_where_nothing_varies():
    assert np.isnan(interval(np.ones(100), 10)).all()
    assert np.isnan(interval(np.array([]), 10)).all()


def test_an_interval_takes_as_many_units_as_could_hold_the_truth_often_enough():
    """Of fewer, all lie to one side of it too often."""
    draws = np.random.default_rng(3).normal(size=400)
    assert np.isnan(interval(draws, FEWEST - 1)).all()
    assert np.isfinite(interval(draws, FEWEST)).all()
    assert 2 * 0.5**FEWEST < 0.05 < 2 * 0.5 ** (FEWEST - 1)


def test_few_units_have_wider_intervals():
    """Of normal draws the ends are those of Student's t, widened from n to n − 1."""
    draws = stats.norm.ppf(np.linspace(0.00005, 0.99995, 10_000))
    assert interval(draws, 100_000) == pytest.approx((-1.96, 1.96), abs=0.01)
    expected = stats.t.ppf(0.975, 9) * np.sqrt(10 / 9)
    assert interval(draws, 10) == pytest.approx((-expected, expected), abs=0.01)


def test_a_mean_and_any_statistic_are_resampled_alike():
    values = np.random.default_rng(4).exponential(size=50)
    found = with_intervals({"x": values}, 4000, seed=5)
    other = statistic_interval(50, lambda rows: float(values[rows].mean()), 4000, seed=6)
    assert found["x"] == pytest.approx(values.mean())
    assert (found["x_lower"], found["x_upper"]) == pytest.approx(other, rel=0.05)
    normal = stats.norm.ppf([0.025, 0.975], values.mean(), values.std() / np.sqrt(50))
    assert other == pytest.approx(normal, rel=0.15)


def test_nothing_to_resample_gives_no_interval():
    assert np.isnan(statistic_interval(0, lambda rows: 1.0, 100, 1)).all()
    assert np.isnan(with_intervals({"x": np.array([])}, 100, 1)["x_lower"])
