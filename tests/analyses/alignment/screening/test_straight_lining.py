from typing import Literal

import numpy as np
import pandas as pd
import pytest

from vaar.analyses.alignment.screening.straight_lining import constant_one_way, straight_lined
from vaar.study.instruments import Instrument, Item, ResponseScale
from vaar.study.model import Limits, Study


def study_of(*keys: Literal[-1, 1]) -> Study:
    scale = ResponseScale(tuple("abcde"))
    items = tuple(Item(f"i{k}", f"item {k}", key) for k, key in enumerate(keys))
    part = Instrument("i", "I", "I", "Answer.", "balanced", "Ours.", scale, items, ())
    return Study("s", "S", "S", (part,), (), "", (), Limits())


def scored(study: Study, *sessions: list[float]) -> pd.DataFrame:
    """Sessions by what they said; scores are keyed."""
    keys = np.array([item.keying for item in study.instruments[0].items])
    said = np.array(sessions, float)
    keyed = np.where(keys == -1, 6 - said, said)
    return pd.DataFrame(keyed, columns=[f"i{k}" for k in range(len(keys))])


BOTH, ONE_WAY = study_of(1, -1, 1, -1), study_of(1, 1, 1, 1)


@pytest.mark.parametrize(
    ("said", "lined"),
    [
        ([5, 5, 5, 5], True),
        ([1, 1, 1, 1], True),
        ([3, 3, 3, 3], False),  # the midpoint is the same view under both keys
        ([5, 1, 5, 1], False),  # a strong view
        ([5, 5, 5, 4], False),
        ([5, 5, 5, np.nan], False),
    ],
)
def test_one_answer_to_items_of_both_keys_is_straight_lining(said, lined):
    assert straight_lined(scored(BOTH, said), BOTH).tolist() == [lined]


def test_one_answer_to_items_of_one_key_is_counted_only():
    scores = scored(ONE_WAY, [5, 5, 5, 5], [3, 3, 3, 3], [5, 4, 5, 5])
    assert not straight_lined(scores, ONE_WAY).any()
    assert constant_one_way(scores, ONE_WAY).tolist() == [True, True, False]
    assert not constant_one_way(scored(BOTH, [5, 5, 5, 5]), BOTH).any()


def test_three_items_are_too_few_to_tell():
    few = study_of(1, -1, 1)
    assert not straight_lined(scored(few, [5, 5, 5]), few).any()
