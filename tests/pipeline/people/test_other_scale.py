import numpy as np
import pytest

from vaar.pipeline.people.other_scale import ItemBelongings
from vaar.pipeline.people.reversed_keys import FEWEST_PEOPLE

SCALES = {"a": ("a1", "a2", "a3", "a4"), "b": ("b1", "b2", "b3", "b4")}


def answers(n=200, shared=0.4, seed=0):
    """Two scales whose traits correlate."""
    rng = np.random.default_rng(seed)
    traits = rng.multivariate_normal([0, 0], [[1, shared], [shared, 1]], n)
    return np.repeat(traits, 4, axis=1) + 0.8 * rng.standard_normal((n, 8))


def found(x, but=()):
    gathered = ItemBelongings(SCALES)
    for part in np.array_split(x, 3):
        gathered.add(part)
    return {one.item: one for one in gathered.elsewhere(but)}


@pytest.mark.parametrize("seed", range(20))
def test_items_in_their_own_columns_are_left_alone(seed):
    assert found(answers(seed=seed)) == {}


def test_exchanged_columns_are_found_with_their_correlations():
    x = answers()
    x[:, [1, 6]] = x[:, [6, 1]]
    told = found(x)
    assert set(told) == {"a2", "b3"}
    own, others = x[:, [0, 2, 3]].mean(axis=1), x[:, 4:].mean(axis=1)
    assert told["a2"].scale == "b"
    assert told["a2"].own == pytest.approx(np.corrcoef(x[:, 1], own)[0, 1])
    assert told["a2"].others == pytest.approx(np.corrcoef(x[:, 1], others)[0, 1])


def test_headings_that_moved_by_one_column_are_found_at_the_edge():
    assert set(found(np.roll(answers(shared=0.2), -1, axis=1))) == {"a4", "b4"}


def test_the_direction_of_an_item_does_not_matter_here():
    x = answers()
    x[:, 1] *= -1
    assert found(x) == {}


def test_a_missing_answer_leaves_the_others_of_the_row():
    x = answers()
    x[:, [1, 6]] = x[:, [6, 1]]
    x[::3, 0] = np.nan
    x[::5, 1] = np.nan
    assert set(found(x)) == {"a2", "b3"}


def test_few_people_and_scales_whose_sums_mean_nothing_say_nothing():
    x = answers()
    x[:, [1, 6]] = x[:, [6, 1]]
    assert found(x[: FEWEST_PEOPLE - 1]) == {}
    assert found(x, but={"a"}) == {}
    constant = answers()
    constant[:, 4:] = 3.0
    assert found(constant) == {}
