import numpy as np
import pytest
from scipy.stats import norm

from vaar.analyses.alignment.rate.reference import expectation, from_literature
from vaar.study.model import Hypothesis

HYPOTHESES = (Hypothesis("y", "a", -1), Hypothesis("y", "b", 1, weight=3.0))


def of_people(estimate, se):
    """People, and a model whose paths do not matter."""
    b, error = (np.array([[9.0, 9.0], own]) for own in (estimate, se))
    return expectation(HYPOTHESES, ["model", "human"], b, error)


def test_literature_is_certain_of_its_signs():
    got = from_literature(HYPOTHESES)
    assert got.signs.tolist() == [-1, 1]
    assert got.probability.tolist() == [1, 1]
    assert got.weights.tolist() == [1, 3]


def test_people_do_not_turn_the_sign_of_a_hypothesis():
    got = of_people([0.2, 0.3], [0.1, 0.1])
    assert got.signs.tolist() == [-1, 1]
    assert got.probability[0] == pytest.approx(norm.cdf([-2, 3]))


def test_people_whose_path_is_not_estimable_give_no_number():
    got = of_people([np.nan, 0.0], [np.nan, 0.1])
    assert np.isnan(got.probability[0, 0])
    assert got.probability[0, 1] == 0.5


def test_people_are_found_among_the_groups_in_every_replicate():
    estimate = np.array([[[0.5, 0.5], [-0.3, 0.2]], [[0.5, 0.5], [0.3, 0.1]]])  # 2 replicates
    got = expectation(HYPOTHESES, ["model", "human"], estimate, np.full((2, 2), 0.1))
    assert got.signs.tolist() == [-1, 1]
    assert got.probability[:, 0] == pytest.approx(norm.cdf([[3, 2], [-3, 1]]))
    without = expectation(HYPOTHESES, ["model", "other"], estimate, np.full((2, 2), 0.1))
    assert without.probability.tolist() == [1, 1]
