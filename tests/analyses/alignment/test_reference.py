import numpy as np
import pytest
from scipy.stats import norm

from vaar.analyses.alignment.reference import expectation, from_human_data, from_literature
from vaar.study.model import Hypothesis

HYPOTHESES = (Hypothesis("y", "a", -1), Hypothesis("y", "b", 1, weight=3.0))


def test_literature_is_certain_of_its_signs():
    got = from_literature(HYPOTHESES)
    assert got.signs.tolist() == [-1, 1]
    assert got.confidence.tolist() == [1, 1]
    assert got.weights.tolist() == [1, 3]


def test_people_give_sign_and_confidence():
    got = from_human_data(HYPOTHESES, [0.2, 0.3], [0.1, 0.1])
    assert got.signs.tolist() == [1, 1], "the sign in the data replaces the one in the table"
    assert got.confidence == pytest.approx(norm.cdf([2, 3]))


def test_people_without_a_direction_are_worth_one_half():
    got = from_human_data(HYPOTHESES, [np.nan, 0.0], [np.nan, 0.1])
    assert got.signs.tolist() == [-1, 1]
    assert got.confidence.tolist() == [0.5, 0.5]


def test_people_are_found_among_the_groups_in_every_replicate():
    estimate = np.array([[[0.5, 0.5], [-0.3, 0.2]], [[0.5, 0.5], [0.3, 0.1]]])  # 2 replicates
    got = expectation(HYPOTHESES, ["model", "human"], estimate, np.full((2, 2, 2), 0.1))
    assert got.signs[:, 0].tolist() == [[-1, 1], [1, 1]]
    assert got.confidence[0, 0] == pytest.approx(norm.cdf([3, 2]))
    without = expectation(HYPOTHESES, ["model", "other"], estimate, np.full((2, 2, 2), 0.1))
    assert without.signs.tolist() == [-1, 1]
