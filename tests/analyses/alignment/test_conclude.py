"""The interval of a rate of one path is that of the path, carried over: known in closed form."""

import numpy as np
import pytest
from scipy.stats import norm, t

from vaar.analyses.alignment.collect import MANY_PERSONAS, Collected
from vaar.analyses.alignment.conclude import conclude
from vaar.analyses.alignment.options import AlignmentOptions
from vaar.analyses.alignment.paths import PathEstimates, PathIndex
from vaar.analyses.alignment.rate.contexts import Kappa, stated
from vaar.analyses.alignment.rate.published import PublishedPaths
from vaar.study.model import Hypothesis

NORMAL = norm.ppf((np.arange(4000) + 0.5) / 4000)
HYPOTHESES = (Hypothesis("aods", "prosocial", 1),)
ESTIMATE, SE = 0.1, 0.08


def collected(estimates=(ESTIMATE,), groups=("a",), personas=None, published=None, spread=SE):
    b = np.array(estimates)[:, None]
    se = np.full_like(b, SE)
    errors = [np.random.default_rng(g).permutation(NORMAL) for g in range(len(b))]
    replicated = b + spread * np.array(errors).T[..., None]
    index = PathIndex(groups, np.zeros((len(groups), 1), int))
    full = PathEstimates(b, se, b, se)
    return Collected(index, full, replicated, {}, personas or {}, published)


def interval(of, kappa=None):
    kappa = kappa or stated(len(of.groups))
    found = conclude(of, HYPOTHESES, kappa, AlignmentOptions())
    return np.array([found.vaar, found.lower, found.upper]).T


def carried_over(reach=1.96):
    return norm.cdf((ESTIMATE + reach * SE * np.array([0, -1, 1])) / 0.1)


def test_signs_as_given_leave_the_uncertainty_of_the_path():
    assert interval(collected())[0] == pytest.approx(carried_over(), abs=2e-3)


def test_of_few_personas_it_is_as_wide_as_the_interval_of_the_path():
    """Replicates a fifth too narrow, and t with P − 1 degrees of freedom."""
    few = collected(personas={"a": 20}, spread=0.8 * SE)
    assert interval(few)[0] == pytest.approx(carried_over(t(19).ppf(0.975)), abs=2e-3)


def test_from_a_hundred_personas_on_it_is_that_of_the_replicates():
    many = collected(personas={"a": MANY_PERSONAS}, spread=0.8 * SE)
    assert interval(many)[0] == pytest.approx(carried_over(0.8 * 1.96), abs=2e-3)


@pytest.mark.parametrize("where", ["among the groups", "published"])
def test_people_known_from_a_sample_might_be_surer_than_they_seem(where):
    if where == "published":
        published = PublishedPaths(np.array([0.15]), np.array([0.08]))
        sampled = interval(collected(published=published))[0]
        agreed = norm.cdf(0.15 / 0.08)
    else:
        sampled = interval(collected((ESTIMATE, 0.15), ("a", "human")))[0]
        agreed = norm.cdf(0.15 / SE)
    p = norm.cdf(ESTIMATE / 0.1)
    # estimates lie below the truth in the median, as the rate bends; that is taken out
    assert 0 < sampled[0] - (agreed * p + (1 - agreed) * (1 - p)) < 0.06
    assert sampled[1] < sampled[0]
    assert agreed < sampled[2] < 1  # a rate cannot be higher than q is


def test_a_published_path_that_is_unknown_has_its_sign_as_given():
    unknown = PublishedPaths(np.array([np.nan]), np.array([np.nan]))
    assert interval(collected(published=unknown)) == pytest.approx(interval(collected()))


def test_the_rate_at_both_ends_of_an_estimated_kappa():
    kappa = Kappa(np.array([0.1]), np.array([0.05]), np.array([0.2]), 12)
    found = conclude(collected(), HYPOTHESES, kappa, AlignmentOptions())
    assert found.at_kappa[:, 0] == pytest.approx(norm.cdf([2.0, 0.5]), abs=2e-3)
    assert np.isnan(conclude(collected(), HYPOTHESES, stated(1), AlignmentOptions()).at_kappa).all()
