"""The formulas, against closed forms, simulation and properties."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.stats import entropy, norm

from vaar.analyses.alignment.vaar import (
    CLIP,
    Expectation,
    bootstrap_confidence,
    directional_confidence,
    kl_divergence,
    log_loss,
    value_action_alignment_rate,
    weigh,
)

probabilities = st.floats(0.0, 1.0)
inside_clip = st.floats(CLIP, 1 - CLIP)
estimates = st.floats(-1, 1)
errors = st.floats(0.01, 1)


def expected(signs, q=1.0, weights=None, delta=0.0):
    signs = np.asarray(signs, float)
    return Expectation(
        signs,
        np.full(signs.shape, q),
        np.ones(len(signs)) if weights is None else np.asarray(weights, float),
        delta,
    )


@given(estimates, errors, st.sampled_from([-1, 1]), st.floats(0, 0.3))
def test_directional_confidence_is_the_normal_probability(b, se, sign, delta):
    """s·b has the law N(s·b̂, se²); scipy's survival function is the independent source."""
    p = directional_confidence([b], [se], [sign], delta)
    assert p[0] == pytest.approx(norm.sf(delta, loc=sign * b, scale=se), abs=1e-12)


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
def test_a_path_that_is_not_estimable_has_confidence_one_half(b, se):
    assert directional_confidence([b], [se], [1])[0] == 0.5


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
    rate = value_action_alignment_rate(kl_divergence(np.ones(4), p), weights)
    assert rate == pytest.approx(np.prod(p ** (weights / weights.sum())))


@given(arrays(float, 3, elements=probabilities), arrays(float, 3, elements=probabilities))
def test_vaar_lies_between_zero_and_one(q, p):
    assert CLIP - 1e-12 <= value_action_alignment_rate(kl_divergence(q, p), np.ones(3)) <= 1 + 1e-12


def test_landmarks():
    sure = weigh([0.5, -0.5], [0.01, 0.01], expected([1, -1]))
    assert sure.vaar == pytest.approx(1 - CLIP)
    blind = weigh([0.0, 0.0], [0.1, 0.1], expected([1, -1]))
    assert blind.vaar == pytest.approx(0.5)
    against = weigh([-0.5, 0.5], [0.01, 0.01], expected([1, -1]))
    assert against.vaar == pytest.approx(CLIP)


def test_evidence_of_one_group_by_hand():
    """b/se = 3, −1, and one path lost; p = Φ(3), Φ(−1), ½."""
    evidence = weigh(
        [0.3, 0.1, np.nan], [0.1, 0.1, np.nan], expected([1, -1, 1], weights=[2, 1, 1])
    )
    p = norm.cdf([3, -1, 0]).clip(CLIP, 1 - CLIP)
    weights = np.array([0.5, 0.25, 0.25])
    assert evidence.vaar == pytest.approx(np.exp(weights @ np.log(p)))
    assert evidence.log_loss == pytest.approx(-(weights @ np.log(p)))
    assert evidence.sign_agreement == 0.5
    assert evidence.decided_95 == pytest.approx(1 / 3)
    assert evidence.contradicted_95 == 0
    assert evidence.n_not_estimable == 1


def test_contradiction_is_counted_by_its_interval():
    evidence = weigh([0.3, 0.1], [0.1, 0.1], expected([-1, -1]))
    assert evidence.contradicted_95 == 0.5
    assert evidence.decided_95 == 0.5


def test_nothing_estimable_gives_one_half_and_no_sign_agreement():
    evidence = weigh([[np.nan, np.nan]], [[np.nan, np.nan]], expected([1, -1]))
    assert evidence.vaar.tolist() == [0.5]
    assert np.isnan(evidence.sign_agreement[0])


@settings(deadline=None)
@given(
    arrays(float, (5, 3), elements=estimates),
    arrays(float, (5, 3), elements=errors),
    st.permutations(range(3)),
)
def test_groups_are_weighed_alone_and_order_of_paths_does_not_matter(b, se, order):
    signs = np.array([1.0, -1.0, 1.0])
    together = weigh(b, se, expected(signs))
    alone = np.array([weigh(b[g], se[g], expected(signs)).vaar for g in range(5)])
    assert together.vaar == pytest.approx(alone)
    shuffled = weigh(b[:, order], se[:, order], expected(signs[order]))
    assert shuffled.vaar == pytest.approx(together.vaar)


@given(estimates, estimates, errors)
def test_more_agreement_never_lowers_vaar(low, high, se):
    low, high = sorted((low, high))
    rates = weigh([[low], [high]], [[se], [se]], expected([1])).vaar
    assert rates[0] <= rates[1] + 1e-12
