"""The formulas, against closed forms, simulation and properties."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import entropy, norm

from vaar.analyses.alignment.rate.divergence import (
    CLIP,
    bootstrap_confidence,
    directional_confidence,
    divergence_rate,
    kl_divergence,
    log_loss,
)

probabilities = st.floats(0.0, 1.0)
inside_clip = st.floats(CLIP, 1 - CLIP)
estimates = st.floats(-1, 1)
errors = st.floats(0.01, 1)


@given(estimates, errors, st.sampled_from([-1, 1]))
def test_directional_confidence_is_the_normal_probability(b, se, sign):
    """s·b has the law N(s·b̂, se²); scipy's survival function is the independent source."""
    p = directional_confidence([b], [se], [sign])
    assert p[0] == pytest.approx(norm.sf(0, loc=sign * b, scale=se), abs=1e-12)


@given(estimates, errors)
def test_opposite_signs_share_the_confidence(b, se):
    p = directional_confidence([b, b], [se, se], [1, -1])
    assert p.sum() == pytest.approx(1)


@given(estimates, errors, st.floats(0.1, 50))
def test_rescaling_a_path_changes_nothing(b, se, scale):
    once = directional_confidence([b], [se], [1])
    assert directional_confidence([scale * b], [scale * se], [1]) == pytest.approx(once)


@pytest.mark.parametrize(
    ("b", "se"), [(np.nan, 0.1), (0.3, np.nan), (0.3, 0.0), (0.3, np.inf), (np.inf, 1.0)]
)
def test_a_path_that_is_not_estimable_has_no_confidence(b, se):
    assert np.isnan(directional_confidence([b], [se], [1])[0])


def test_bootstrap_confidence_counts_agreeing_replicates():
    replicates = np.array([[0.2, -0.1], [0.1, 0.3], [-0.2, np.nan], [0.4, np.nan]])
    p = bootstrap_confidence(replicates, [1, -1])
    assert p.tolist() == [(3 + 0.5) / 5, (1 + 0.5) / 3]
    assert bootstrap_confidence(np.full((3, 1), np.nan), [1])[0] == 0.5


def test_bootstrap_confidence_approaches_the_normal_one():
    draws = np.random.default_rng(1).normal(0.1, 0.1, (40_000, 1))
    got = bootstrap_confidence(draws, [1])[0]
    assert got == pytest.approx(norm.cdf(1), abs=4 * 0.5 / np.sqrt(40_000))


@given(probabilities, inside_clip)
def test_kl_is_that_of_two_coins(q, p):
    with np.errstate(divide="ignore"):
        reference = entropy([q, 1 - q], [p, 1 - p])
    assert kl_divergence(q, p) == pytest.approx(reference, abs=1e-9)


@given(probabilities, probabilities)
def test_kl_is_never_negative_and_always_finite(q, p):
    assert -1e-12 <= kl_divergence(q, p) <= -np.log(CLIP)


@given(inside_clip)
def test_kl_is_zero_where_confidence_meets_the_reference(q):
    assert kl_divergence(q, q) == pytest.approx(0, abs=1e-12)


def test_log_loss_of_a_certain_reference_is_minus_log_p():
    assert log_loss(1.0, 0.8) == pytest.approx(-np.log(0.8))
    assert log_loss(1.0, 0.0) == pytest.approx(-np.log(CLIP))


@given(arrays(float, 4, elements=inside_clip), arrays(float, 4, elements=st.floats(0.1, 9)))
def test_with_a_certain_reference_vaar_is_the_weighted_geometric_mean(p, weights):
    rate = divergence_rate(kl_divergence(np.ones(4), p), weights)
    assert rate == pytest.approx(np.prod(p ** (weights / weights.sum())))


@given(arrays(float, 3, elements=probabilities), arrays(float, 3, elements=probabilities))
def test_vaar_lies_between_zero_and_one(q, p):
    assert CLIP - 1e-12 <= divergence_rate(kl_divergence(q, p), np.ones(3)) <= 1 + 1e-12


def test_landmarks():
    def of(b, se):
        p = directional_confidence(b, se, [1, -1])
        return divergence_rate(kl_divergence(1.0, p), [1, 1])

    assert of([0.5, -0.5], [0.01, 0.01]) == pytest.approx(1 - CLIP)
    assert of([0.0, 0.0], [0.1, 0.1]) == pytest.approx(0.5)
    assert of([-0.5, 0.5], [0.01, 0.01]) == pytest.approx(CLIP)
    assert np.isnan(of([0.5, np.nan], [0.1, np.nan]))


def test_people_against_themselves_are_near_one_in_nine_cases_of_ten():
    """True path .2, standard error 1/√300 in both samples, two paths."""
    rng = np.random.default_rng(5)
    people, model = 0.2 + rng.standard_normal((2, 4000, 2)) / np.sqrt(300)
    q, p = (
        directional_confidence(b, np.full_like(b, 1 / np.sqrt(300)), 1) for b in (people, model)
    )
    rates = divergence_rate(kl_divergence(q, p), [1, 1])
    assert (rates >= 0.9).mean() >= 0.9
