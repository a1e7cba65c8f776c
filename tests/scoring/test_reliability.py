from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import special, stats

from vaar.scoring.reliability import Flaw, Reliability, alpha, omega

REFERENCE = json.loads(
    (Path(__file__).parents[1] / "reference" / "reliability.json").read_text(encoding="utf-8")
)
CASES = sorted(REFERENCE["cases"])


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest) -> dict[str, Any]:
    found: dict[str, Any] = REFERENCE["cases"][request.param]
    return found


def one_factor_rows(seed: int, n: int = 120, k: int = 6) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return rng.normal(size=(n, 1)) * np.linspace(0.6, 1.2, k) + rng.normal(size=(n, k))


def test_the_reference_holds_its_five_cases() -> None:
    assert CASES == ["attitude", "nine", "ordinal", "reversed", "visual"]


def test_alpha_agrees_with_psych(case: dict[str, Any]) -> None:
    assert alpha(case["items"]).estimate == pytest.approx(case["alpha"], rel=1e-12)


def test_the_interval_of_alpha_is_lavaans_error_on_the_logarithm(case: dict[str, Any]) -> None:
    found = alpha(case["items"])
    gap = 1 - case["alpha"]
    reach = stats.t.ppf(0.975, len(case["items"]) - 1) * case["alpha_se"] / gap
    ends = 1 - gap * np.exp([reach, -reach])
    np.testing.assert_allclose([found.lower, found.upper], ends, atol=1e-6)


def test_alpha_of_the_attitude_data_is_the_published_one() -> None:
    assert alpha(REFERENCE["cases"]["attitude"]["items"]).estimate == pytest.approx(0.84, abs=0.005)


def test_omega_agrees_with_lavaan(case: dict[str, Any]) -> None:
    """Looser than α, for lavaan stops its search at 1e-7 of the estimate."""
    assert omega(case["items"]).estimate == pytest.approx(case["omega"], abs=1e-6)


def test_the_interval_of_omega_is_lavaans_error_on_the_logit(case: dict[str, Any]) -> None:
    found = omega(case["items"])
    spread = case["omega_se"] / (case["omega"] * (1 - case["omega"]))
    reach = stats.t.ppf(0.975, len(case["items"]) - 1) * spread
    ends = special.expit(special.logit(case["omega"]) + np.array([-reach, reach]))
    np.testing.assert_allclose([found.lower, found.upper], ends, atol=1e-6)


def test_two_items_have_one_reliability() -> None:
    rows = one_factor_rows(1, k=2)
    assert omega(rows) == alpha(rows)
    covariance = np.cov(rows, rowvar=False)
    assert alpha(rows).estimate == pytest.approx(4 * covariance[0, 1] / covariance.sum())


def test_incomplete_rows_are_left_out() -> None:
    rows = one_factor_rows(2)
    holes = np.vstack([rows, rows[:5]])
    holes[-5:, 0] = np.nan
    assert alpha(holes) == alpha(rows)
    assert omega(holes) == omega(rows)


def repeated(column: np.ndarray, k: int) -> np.ndarray:
    return np.repeat(column[:, None], k, axis=1)


NORMAL = np.random.default_rng(3).normal(size=(50, 4))
DEGENERATE = {
    "no rows": (np.empty((0, 4)), Flaw.FEW_ROWS, Flaw.FEW_ROWS),
    "one row": (NORMAL[:1], Flaw.FEW_ROWS, Flaw.FEW_ROWS),
    "all missing": (np.full((9, 4), np.nan), Flaw.FEW_ROWS, Flaw.FEW_ROWS),
    "one item": (NORMAL[:, :1], Flaw.SINGLE_ITEM, Flaw.SINGLE_ITEM),
    "no items": (NORMAL[:, :0], Flaw.SINGLE_ITEM, Flaw.SINGLE_ITEM),
    "all constant": (np.full((9, 4), 3.0), Flaw.CONSTANT_ITEM, Flaw.CONSTANT_ITEM),
    "one constant": (
        np.column_stack([NORMAL, np.ones(50)]),
        Flaw.CONSTANT_ITEM,
        Flaw.CONSTANT_ITEM,
    ),
    "constant total": (
        np.column_stack([NORMAL[:, 0], -NORMAL[:, 0]]),
        Flaw.CONSTANT_TOTAL,
        Flaw.CONSTANT_TOTAL,
    ),
    "fewer rows than items": (NORMAL[:4], None, Flaw.SINGULAR),
    "two opposed": (
        np.column_stack([NORMAL[:, 0], NORMAL[:, 1] - NORMAL[:, 0]]),
        None,
        Flaw.NEGATIVE_COVARIANCE,
    ),
}


@pytest.mark.parametrize("name", DEGENERATE)
def test_what_cannot_be_estimated_says_why(name: str) -> None:
    rows, of_alpha, of_omega = DEGENERATE[name]
    for found, flaw in ((alpha(rows), of_alpha), (omega(rows), of_omega)):
        assert found.flaw is flaw
        assert np.isnan(found.estimate) == (flaw is not None)
        assert np.isnan(found.lower) == np.isnan(found.upper) == (flaw is not None)


def test_items_that_determine_one_another_cost_alpha_its_interval() -> None:
    copies = alpha(repeated(NORMAL[:, 0], 3))
    assert copies.estimate == pytest.approx(1)
    multiples = alpha(np.column_stack([NORMAL[:, 0], 3 * NORMAL[:, 0]]))
    assert multiples.estimate == pytest.approx(2 * (1 - 10 / 16))
    for found in (copies, multiples):
        assert found.flaw is Flaw.NO_INTERVAL
        assert np.isnan([found.lower, found.upper]).all()


def test_a_residual_variance_at_zero_costs_the_interval_only() -> None:
    rng = np.random.default_rng(0)
    root = np.linalg.cholesky([[1, 0.9, 0.9], [0.9, 1, 0.65], [0.9, 0.65, 1]])
    found = omega(rng.normal(size=(400, 3)) @ root.T)
    assert found.flaw is Flaw.IMPROPER
    assert 0 < found.estimate < 1
    assert np.isnan(found.lower)


def test_loadings_at_zero_cost_the_interval_only() -> None:
    rows = np.full((10, 3), 2.0)
    rows[0, 0] = rows[3, 1] = rows[8, 2] = 1.0
    found = omega(rows)
    assert found.flaw in (Flaw.UNIDENTIFIED, Flaw.NO_FACTOR, Flaw.IMPROPER)
    assert np.isnan(found.lower)


@settings(deadline=None, max_examples=100)
@given(
    rows=hnp.arrays(
        float,
        st.tuples(st.integers(0, 12), st.integers(1, 5)),
        elements=st.sampled_from([1.0, 2.0, 3.0, 4.0, 5.0, np.nan]),
    )
)
def test_no_small_table_of_answers_raises(rows: np.ndarray) -> None:
    for found in (alpha(rows), omega(rows)):
        assert isinstance(found, Reliability)
        assert (found.flaw is None) == bool(np.isfinite([found.lower, found.upper]).all())
        if found.flaw is None:
            assert found.lower <= found.estimate + 1e-12
            assert found.estimate <= found.upper + 1e-12
            assert found.estimate <= 1 + 1e-12


@settings(deadline=None, max_examples=25)
@given(seed=st.integers(0, 10_000), factor=st.floats(0.01, 100), shift=st.floats(-50, 50))
def test_unit_origin_and_order_do_not_matter(seed: int, factor: float, shift: float) -> None:
    rows = one_factor_rows(seed)
    changed = factor * rows[:, ::-1] + shift
    for estimate in (alpha, omega):
        there, back = estimate(rows), estimate(changed)
        assert back.estimate == pytest.approx(there.estimate, abs=1e-5)
        assert back.lower == pytest.approx(there.lower, abs=1e-5)


def test_a_wider_confidence_gives_a_wider_interval() -> None:
    rows = one_factor_rows(4)
    for estimate in (alpha, omega):
        assert estimate(rows, 0.99).lower < estimate(rows, 0.9).lower
        assert estimate(rows, 0.99).upper > estimate(rows, 0.9).upper


@pytest.mark.parametrize(
    "cuts", [(-1.2, -0.4, 0.4, 1.2), (-2.0, -1.5, -1.0, -0.3)], ids=["symmetric", "skewed"]
)
def test_intervals_cover_the_true_reliability_about_as_often_as_they_say(
    cuts: tuple[float, ...],
) -> None:
    """500 simulated data sets of 200 five-point answers to 8 items with loadings .4 to .8."""
    rng = np.random.default_rng(1)
    loadings = np.array([0.8, 0.7, 0.6, 0.7, 0.5, 0.65, 0.75, 0.4])

    def rows(n: int) -> np.ndarray:
        noise = rng.normal(size=(n, 8)) * np.sqrt(1 - loadings**2)
        return np.digitize(rng.normal(size=(n, 1)) * loadings + noise, cuts).astype(float)

    population = rows(200_000)
    truths = alpha(population).estimate, omega(population).estimate
    covered = np.zeros(2)
    for _ in range(500):
        sample = rows(200)
        found = alpha(sample), omega(sample)
        covered += [f.lower <= truth <= f.upper for f, truth in zip(found, truths, strict=True)]
    assert (covered / 500 >= 0.91).all()
    assert (covered / 500 <= 0.98).all()
