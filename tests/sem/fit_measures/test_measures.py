import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from vaar.sem.fit_measures.measures import (
    ChiSquare,
    incremental,
    rmsea,
    robust_incremental,
    upper_tail,
)


@pytest.mark.parametrize(("value", "df"), [(3.0, 2), (50.0, 40), (0.0, 1), (1e3, 900)])
def test_upper_tail(value: float, df: float) -> None:
    assert upper_tail(value, df) == pytest.approx(stats.chi2.sf(value, df), rel=1e-10)


def test_no_tail_without_degrees_of_freedom() -> None:
    assert np.isnan(upper_tail(3.0, 0))


@settings(deadline=None, max_examples=50)
@given(st.floats(0.1, 500), st.integers(1, 300), st.integers(50, 5000), st.integers(1, 30))
def test_the_rmsea_interval_has_its_probabilities(
    value: float, df: int, n: int, groups: int
) -> None:
    found = rmsea(value, df, n, groups)
    assert 0 <= found["ci_lower"] <= found["rmsea"] + 1e-9 or found["rmsea"] == 0
    unit = n * df / groups
    for bound, probability in (("ci_lower", 0.95), ("ci_upper", 0.05)):
        if found[bound] > 1e-6:
            noncentrality = found[bound] ** 2 * unit
            assert stats.ncx2.cdf(value, df, noncentrality) == pytest.approx(probability, abs=1e-6)


def test_a_saturated_model_has_no_misfit() -> None:
    found = rmsea(0.0, 0, 100, 1)
    assert (found["rmsea"], found["ci_lower"], found["ci_upper"]) == (0.0, 0.0, 0.0)
    assert np.isnan(found["pvalue"])


def test_perfect_and_baseline_fit() -> None:
    baseline = ChiSquare(500.0, 10)
    assert incremental(ChiSquare(2.0, 5), baseline, False)[0] == 1.0
    assert incremental(ChiSquare(500.0, 10), baseline, False)[0] == pytest.approx(0.0)


def test_scaling_divides() -> None:
    test = ChiSquare(30.0, 10, 1.5)
    assert test.scaled == 20.0
    assert test.scaled_p_value == pytest.approx(stats.chi2.sf(20, 10))


MISSING = float("nan")


@pytest.mark.parametrize(
    ("test", "baseline"),
    [
        (ChiSquare(MISSING, 5), ChiSquare(500.0, 10)),
        (ChiSquare(2.0, 5), ChiSquare(MISSING, 10)),
        (ChiSquare(MISSING, 5), ChiSquare(MISSING, 10)),
        (ChiSquare(30.0, 5, MISSING), ChiSquare(500.0, 10, 1.1)),
        (ChiSquare(30.0, 5, 1.1), ChiSquare(500.0, 10, MISSING)),
        (ChiSquare(30.0, 5, 1.1), ChiSquare(float("inf"), 10, 1.1)),
        (ChiSquare(0.0, -1), ChiSquare(500.0, 10)),
    ],
)
@pytest.mark.parametrize("variant", ["plain", "scaled", "robust"])
def test_a_missing_statistic_is_no_perfect_fit(
    test: ChiSquare, baseline: ChiSquare, variant: str
) -> None:
    if variant == "robust":
        found = robust_incremental(test, baseline)
    else:
        found = incremental(test, baseline, variant == "scaled")
    needs_factor = variant == "plain" and np.isfinite([test.value, baseline.value]).all()
    assert np.isnan(found).all() or (needs_factor and test.df > 0)
    assert found != (1.0, 1.0)


@pytest.mark.parametrize("value", [MISSING, float("inf")])
def test_a_missing_statistic_has_no_rmsea(value: float) -> None:
    assert np.isnan(list(rmsea(value, 5, 100, 1).values())).all()
    assert np.isnan(list(rmsea(3.0, 5, 100, 1, MISSING).values()))[[0, 1, 2]].all()
    assert np.isnan(list(rmsea(3.0, -1, 100, 1).values())).all()
