import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vaar.pipeline.people.reversed_keys import FEWEST_PEOPLE, ItemDirections


def answers(n, turned=(), items=5, seed=0):
    rng = np.random.default_rng(seed)
    x = rng.normal(size=(n, 1)) + rng.normal(size=(n, items))
    x[:, list(turned)] *= -1
    return x


def against(x):
    directions = ItemDirections([f"i{n}" for n in range(x.shape[1])])
    for part in np.array_split(x, 3):
        directions.add(part)
    return {one.item: one for one in directions.against_the_rest()}


@given(st.sets(st.integers(0, 4), max_size=2), st.integers(0, 50))
@settings(max_examples=25, deadline=None)
def test_items_turned_round_are_found_and_no_others(turned, seed):
    assert set(against(answers(200, turned, seed=seed))) == {f"i{n}" for n in turned}


def test_the_correlation_is_that_with_the_others_in_their_direction():
    x = answers(80, {1, 3})
    found = against(x)["i1"]
    rest = x[:, 0] + x[:, 2] + x[:, 4] - x[:, 3]
    assert found.r == pytest.approx(np.corrcoef(x[:, 1], rest)[0, 1])
    assert found.people == 80


def test_rows_with_a_blank_do_not_count_and_few_people_say_nothing():
    x = answers(FEWEST_PEOPLE, {1})
    assert against(x)
    x[0, 0] = np.nan
    assert not against(x)


def test_an_item_without_variance_is_left_aside():
    x = answers(100, {1})
    x[:, 4] = 3
    assert set(against(x)) == {"i1"}
