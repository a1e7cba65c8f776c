"""Effects of cells, held against scipy's Welch interval and against regression by hand."""

import numpy as np
import pytest
from scipy import stats

from vaar.analyses.conflict.contrasts import cells_of, effects


def drawn(n, seed, slopes):
    generator = np.random.default_rng(seed)
    signs = generator.choice([1.0, -1.0], (n, len(slopes)))
    return signs @ np.array(slopes) + generator.standard_normal(n), signs


def test_of_one_fact_it_is_welchs_interval():
    values, signs = drawn(60, 1, [0.4])
    values[signs[:, 0] > 0] *= 2
    first, second = values[signs[:, 0] > 0], values[signs[:, 0] < 0]
    known = stats.ttest_ind(first, second, equal_var=False)
    low, high = known.confidence_interval()
    pooled = (len(first) - 1) * first.var(ddof=1) + (len(second) - 1) * second.var(ddof=1)
    sd = np.sqrt(pooled / (len(values) - 2))
    (found,) = effects(cells_of(values, signs), ["benefit"])
    assert found.estimate * sd == pytest.approx(first.mean() - second.mean(), rel=1e-12)
    assert (found.lower * sd, found.upper * sd) == pytest.approx((low, high), rel=1e-10)
    assert found.p == pytest.approx(known.pvalue, rel=1e-10)


def test_main_effects_and_interaction_are_those_of_the_saturated_regression():
    values, signs = drawn(400, 2, [0.3, -0.2])
    product = signs.prod(axis=1)
    values += 0.5 * product
    design = np.column_stack([np.ones(400), signs, product])
    slopes, *_ = np.linalg.lstsq(design, values, rcond=None)
    residual = values - design @ slopes
    sd = np.sqrt(residual @ residual / (400 - 4))
    found = list(effects(cells_of(values, signs), ["benefit", "risk"]))
    assert [one.names for one in found] == [("benefit",), ("risk",), ("benefit", "risk")]
    estimates = [one.estimate * sd / 2 for one in found]
    assert estimates == pytest.approx(list(slopes[1:]), rel=1e-10)


def test_no_answer_is_left_out():
    values, signs = drawn(80, 3, [0.2])
    with_gap = np.append(values, np.nan), np.vstack([signs, [1.0]])
    assert list(effects(cells_of(*with_gap), ["a"])) == list(
        effects(cells_of(values, signs), ["a"])
    )


def test_a_cell_of_one_session_or_without_variation_has_no_effect():
    signs = np.array([[1.0], [1.0], [-1.0]])
    assert not list(effects(cells_of(np.array([1.0, 2.0, 3.0]), signs), ["a"]))
    assert not list(effects(cells_of(np.ones(4), np.array([[1.0], [1.0], [-1.0], [-1.0]])), ["a"]))


def test_intervals_cover_at_the_nominal_rate():
    true, covered, rounds = 0.4, 0, 1000  # ± .014 at 2 standard errors
    generator = np.random.default_rng(4)
    signs = np.tile([[1.0, 1.0], [1.0, -1.0], [-1.0, 1.0], [-1.0, -1.0]], (12, 1))
    for _ in range(rounds):
        values = signs @ np.array([true / 2, 0.0]) + generator.standard_normal(len(signs))
        first = next(iter(effects(cells_of(values, signs), ["a", "b"])))
        covered += first.lower <= true <= first.upper
    assert 0.93 <= covered / rounds <= 0.97
