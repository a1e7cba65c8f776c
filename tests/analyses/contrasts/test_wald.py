import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from vaar.analyses.contrasts.wald import difference, holm


def test_the_normal_case_in_closed_form():
    found = difference(0.5, 0.3, 0.1, 0.4)
    assert [float(found.value), float(found.se)] == pytest.approx([0.4, 0.5])
    assert [float(found.lower), float(found.upper)] == pytest.approx(
        [0.4 - 0.98, 0.4 + 0.98], abs=1e-4
    )
    assert found.p == pytest.approx(2 * stats.norm.sf(0.8))


def test_few_clusters_as_in_welchs_test():
    rng = np.random.default_rng(1)
    x, y = rng.normal(size=8), rng.normal(0.7, 2, size=13)
    found = difference(x.mean(), stats.sem(x), y.mean(), stats.sem(y), 7, 12)
    welch = stats.ttest_ind(x, y, equal_var=False)
    assert [float(found.p), float(found.df)] == pytest.approx([welch.pvalue, welch.df])
    interval = welch.confidence_interval()
    assert [float(found.lower), float(found.upper)] == pytest.approx([interval.low, interval.high])


def test_missing_degrees_of_freedom_are_infinite():
    assert difference(1.0, 1.0, 0.0, 1.0, np.nan, np.inf).df == np.inf
    assert difference(1.0, 1.0, 0.0, 0.0, 5.0).df == pytest.approx(5.0)


def test_holm_as_in_r():
    # R 4.3: p.adjust(c(.01, .04, .03, .005), "holm")
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])


@given(st.lists(st.floats(0, 1), min_size=1, max_size=8))
def test_holm_keeps_the_order_and_lies_between_p_and_bonferroni(p):
    found = holm(p)
    assert np.all(found >= np.asarray(p) - 1e-12)
    assert np.all(found <= np.minimum(1, np.asarray(p) * len(p)) + 1e-12)
    assert np.all(np.diff(found[np.argsort(p, kind="stable")]) >= -1e-12)


def test_what_is_missing_does_not_count():
    assert holm([0.02, np.nan, 0.01])[[0, 2]] == pytest.approx([0.02, 0.02])
