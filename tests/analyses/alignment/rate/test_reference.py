import numpy as np
import pytest
from scipy.stats import norm

from vaar.analyses.alignment.rate.published import PublishedPaths
from vaar.analyses.alignment.rate.reference import reference
from vaar.study.model import Hypothesis

HYPOTHESES = (Hypothesis("y", "a", -1), Hypothesis("y", "b", 1, weight=3.0))


def of_people(estimate, se):
    """q from people, beside a model whose paths do not matter."""
    b, error = (np.array([[9.0, 9.0], own]) for own in (estimate, se))
    return reference(HYPOTHESES, ["model", "human"], error).probability(b)


def test_literature_is_certain_of_its_signs():
    got = reference(HYPOTHESES)
    assert got.signs.tolist() == [-1, 1]
    assert got.weights.tolist() == [1, 3]
    assert got.probability(np.zeros((1, 2))).tolist() == [[1, 1]]


def test_people_do_not_turn_the_sign_of_a_hypothesis():
    assert of_people([0.2, 0.3], [0.1, 0.1])[0] == pytest.approx(norm.cdf([-2, 3]))


def test_people_whose_path_is_not_estimable_give_no_number():
    got = of_people([np.nan, 0.0], [np.nan, 0.1])
    assert np.isnan(got[0, 0])
    assert got[0, 1] == 0.5


def test_people_are_found_among_the_groups_in_every_replicate():
    estimate = np.array([[[0.5, 0.5], [-0.3, 0.2]], [[0.5, 0.5], [0.3, 0.1]]])  # 2 replicates
    got = reference(HYPOTHESES, ["model", "human"], np.full((2, 2), 0.1))
    assert got.probability(estimate)[:, 0] == pytest.approx(norm.cdf([[3, 2], [-3, 1]]))
    without = reference(HYPOTHESES, ["model", "other"], np.full((2, 2), 0.1))
    assert without.probability(estimate).tolist() == [[1, 1]]


def test_people_lie_as_far_from_their_estimates_as_their_replicates_and_given_signs_do_not():
    b, replicates = np.array([[0.5, 0.5], [-0.3, 0.2]]), np.zeros((4, 2, 2))
    people = reference(HYPOTHESES, ["model", "human"], np.full((2, 2), 0.1))
    assert people.errors(b, replicates)[:, 0] == pytest.approx(np.tile([0.3, -0.2], (4, 1)))
    told = PublishedPaths(np.array([-0.1, np.nan]), np.array([0.05, np.nan]))
    published = reference(HYPOTHESES, published=told)
    errors = published.errors(b, replicates)[:, 0]
    assert errors[:, 0] == pytest.approx(told.drawn(4)[:, 0] + 0.1)
    assert (errors[:, 1] == 0).all(), "of this path nothing is published"
    assert (reference(HYPOTHESES).errors(b, replicates) == 0).all()
