import numpy as np
import pytest

from vaar.analyses.social_value_orientation.consistency import (
    inequality_aversion,
    is_transitive,
    winner,
)

EQUAL_SHARES = (6, 5, 4, 7, 5, 8, 5, 3, 2)
LARGEST_SUM = (9, None, 1, 9, None, 9, None, 1, 1)
OWN_GAIN = (1, 9, 1, 1, 9, 9, 9, 1, 9)
OTHERS_GAIN = (9, 1, 9, 9, 1, 1, 1, 9, 1)


def placed(secondary, options):
    """Positions by item from numbers of options; any position where a motive has none."""
    return {
        one.code: (4 if option is None else option - 1)
        for one, option in zip(secondary, options, strict=True)
    }


def distance(one, other):
    """Mean distance of two rows of options, as published, dashes left out."""
    pairs = [(a, b) for a, b in zip(one, other, strict=True) if b is not None]
    return np.mean([abs(a - b) / 8 for a, b in pairs])


def test_the_nearer_end_wins_and_the_middle_is_a_tie(primary):
    won = [winner(primary[0], place) for place in range(9)]
    assert won == ["prosocial"] * 4 + [""] + ["competitive"] * 4


def test_values_that_can_be_ranked_are_transitive(primary):
    def winners(*ranking):
        return [min((one.left, one.right), key=ranking.index) for one in primary]

    ranking = ("prosocial", "altruistic", "individualistic", "competitive")
    assert is_transitive(primary, winners(*ranking))
    circle = winners(*ranking)
    turned = [
        k
        for k, one in enumerate(primary)
        if {one.left, one.right} == {"prosocial", "individualistic"}
    ]
    circle[turned[0]] = "individualistic"  # prosocial > altruistic > individualistic > prosocial
    assert not is_transitive(primary, circle)
    circle[turned[0]] = ""
    assert is_transitive(primary, circle)


def test_the_index_runs_from_equal_shares_to_the_largest_sum(secondary):
    assert inequality_aversion(secondary, placed(secondary, EQUAL_SHARES)) == 0
    assert inequality_aversion(secondary, placed(secondary, LARGEST_SUM)) == 1
    assert np.isnan(inequality_aversion(secondary, placed(secondary, OWN_GAIN)))
    assert np.isnan(inequality_aversion(secondary, placed(secondary, OTHERS_GAIN)))


def test_it_is_the_published_formula_for_any_choices(secondary):
    generator = np.random.default_rng(5)
    defined = 0
    for _ in range(300):
        options = tuple(int(k) for k in generator.integers(1, 10, size=9))
        equal, joint = distance(options, EQUAL_SHARES), distance(options, LARGEST_SUM)
        others = distance(options, OWN_GAIN), distance(options, OTHERS_GAIN)
        found = inequality_aversion(secondary, placed(secondary, options))
        if max(equal, joint) < min(others):
            defined += 1
            assert found == pytest.approx(equal / (equal + joint))
        else:
            assert np.isnan(found)
    assert 20 < defined < 280


def test_it_needs_every_secondary_item(secondary):
    places = placed(secondary, EQUAL_SHARES)
    del places["secondary_9"]
    assert np.isnan(inequality_aversion(secondary, places))
    assert np.isnan(inequality_aversion((), {}))
