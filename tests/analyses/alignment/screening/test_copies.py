import numpy as np
import pandas as pd
import pytest

from vaar.analyses.alignment.screening.copies import (
    FEWEST_PATTERNS,
    LEAST_DISTINCT,
    LEAST_OWN,
    distinct_patterns,
    refused_for_copies,
)

ITEMS = ["a", "b", "c", "d", "e"]


def sessions(distinct, times=1):
    rows = np.random.default_rng(1).permutation(5**5)[:distinct]
    answers = np.stack([rows // 5**k % 5 for k in range(5)], axis=1).astype(float)
    return pd.DataFrame(np.repeat(answers, times, axis=0), columns=ITEMS).assign(group="m")


def test_the_bounds():
    assert (FEWEST_PATTERNS, LEAST_DISTINCT) == (50, 0.25)
    assert refused_for_copies(sessions(50), ITEMS) == {}
    assert "50 at least are needed" in refused_for_copies(sessions(49), ITEMS)["m"]
    assert refused_for_copies(sessions(60, 4), ITEMS) == {}
    assert "60 different patterns" in refused_for_copies(sessions(60, 5), ITEMS)["m"]


def test_twelve_sessions_copied_are_refused_in_words():
    (reason,) = refused_for_copies(sessions(12, 25), ITEMS).values()
    assert reason.startswith("its 300 sessions hold only 12 different patterns of answers, the oth")
    (reason,) = refused_for_copies(sessions(1, 200), ITEMS).values()
    assert reason.startswith("its 200 sessions are all the same pattern of answers: 50 patterns, a")


@pytest.mark.parametrize("share", [0.1, 0.4])
def test_answers_that_are_missing_make_no_new_pattern_of_copies(share):
    copies = sessions(1, 200)
    holes = np.random.default_rng(2).random((200, 5)) < share
    assert distinct_patterns(copies[ITEMS].mask(holes)) == 1
    assert distinct_patterns(copies[ITEMS][:0]) == 0


def many_items(distinct, n=200, items=40, modal=0.0):
    """Sessions of 5-point items, each the most frequent answer with this probability."""
    rng = np.random.default_rng(5)
    drawn = rng.integers(1, 6, (distinct, items))
    drawn = np.where(rng.random(drawn.shape) < modal, 3, drawn).astype(float)
    codes = [f"i{k}" for k in range(items)]
    rows = drawn[np.arange(n) % distinct]
    return pd.DataFrame(rows, columns=codes).assign(group="m"), codes


@pytest.mark.parametrize(("distinct", "kept"), [(169, False), (170, True), (200, True)])
def test_in_long_questionnaires_at_most_15_in_100_sessions_are_copies(distinct, kept):
    assert LEAST_OWN == 0.85
    refused = refused_for_copies(*many_items(distinct))
    assert (refused == {}) is kept
    assert kept or ("200 sessions" in refused["m"] and "31 repeat another one" in refused["m"])


def test_a_model_that_nearly_always_answers_alike_is_no_copy():
    rows, codes = many_items(400, 400, modal=0.97)
    assert distinct_patterns(rows[codes]) < 0.85 * 400
    assert refused_for_copies(rows, codes) == {}


def test_in_short_questionnaires_sessions_coincide_by_chance():
    assert refused_for_copies(*many_items(100, items=19)) == {}
    assert refused_for_copies(*many_items(100, items=20)) != {}


def test_groups_are_told_apart():
    both = pd.concat([sessions(60), sessions(20).assign(group="few")], ignore_index=True)
    assert list(refused_for_copies(both, ITEMS)) == ["few"]
