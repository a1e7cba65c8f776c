"""Rank intervals: closed cases, and their joint coverage by simulation."""

import numpy as np
import pytest

from vaar.analyses.alignment.rate.ranks import rank_intervals


def test_groups_far_apart_have_their_own_ranks_and_equal_ones_share_theirs():
    noise = np.random.default_rng(1).standard_normal((400, 4))
    far = np.array([0.0, 9.0, 18.0, 18.1])
    found = rank_intervals(far, far + noise)
    assert found.lower.tolist() == [4, 3, 1, 1]
    assert found.upper.tolist() == [4, 3, 2, 2]


def test_without_replicates_every_rank_is_possible():
    found = rank_intervals(np.array([1.0, 5.0]), np.full((3, 2), np.nan))
    assert (found.lower.tolist(), found.upper.tolist()) == ([1, 1], [2, 2])


@pytest.mark.parametrize("n_groups", [2, 6])
def test_equal_groups_are_told_apart_in_five_percent_of_cases(n_groups):
    rng = np.random.default_rng(n_groups)
    wrong = 0
    for _ in range(600):
        b = rng.standard_normal(n_groups)
        found = rank_intervals(b, b + rng.standard_normal((300, n_groups)))
        wrong += bool((found.lower > 1).any())
    assert wrong / 600 <= 0.085  # .05, and four Monte Carlo errors of .009


def test_a_larger_difference_than_the_joint_bound_is_needed():
    """Two groups: the bound is the .95 quantile of |N(0, 2)|, 1.96·√2."""
    noise = np.random.default_rng(2).standard_normal((20_000, 2))
    for difference, upper in ((2.68, 2), (2.86, 1)):  # 2.77, ± three errors of the quantile
        b = np.array([difference, 0.0])
        assert rank_intervals(b, b + noise).upper[0] == upper


def test_it_does_not_matter_how_many_pairs_are_held_in_memory(monkeypatch):
    noise = np.random.default_rng(3).standard_normal((50, 7))
    noise[:, 5] = noise[:, 4]  # always alike: no difference, and none that is sure
    b = np.array([3.0, 2.0, 1.0, 0.5, 0.0, 0.0, -4.0])
    found = []
    for at_once in (1, 3, 7, 100):
        monkeypatch.setattr("vaar.analyses.alignment.rate.ranks._AT_ONCE", at_once)
        ranks = rank_intervals(b, b + noise)
        found.append((ranks.lower.tolist(), ranks.upper.tolist()))
    assert found == found[:1] * 4
    assert found[0][0][4] == found[0][0][5]
