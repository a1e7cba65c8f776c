"""Sessions that are another one but for a few items are no independent evidence, and it is said."""

import numpy as np
import pandas as pd
import pytest

from vaar.analyses.alignment.notes import UNRANKED, Kind
from vaar.analyses.alignment.screening import near_copies as module
from vaar.analyses.alignment.screening.near_copies import near_copies
from vaar.respondents.simulated.answer_model import answers
from vaar.respondents.simulated.populations import KNOWN

ITEMS = [f"i{n}" for n in range(36)]


def sessions(bundled, population, n):
    return np.array(answers(KNOWN[population], bundled, range(n)), float)


def changed(values, items, seed=1):
    """Every session with other answers to so many items."""
    rng = np.random.default_rng(seed)
    values = values.copy()
    for row in values:
        for column in rng.choice(values.shape[1], items, replace=False):
            row[column] = row[column] % 5 + 1
    return values


def told(values, group="m", **more):
    return near_copies(pd.DataFrame(values, columns=ITEMS).assign(group=group, **more), ITEMS)


@pytest.mark.parametrize("population", ["human-like", "null", "yes-saying", "ceiling", "noisy"])
def test_sessions_drawn_one_by_one_are_left_alone(bundled, population):
    assert told(sessions(bundled, population, 400)) == {}


def test_pairs_that_differ_at_one_item_are_told_and_keep_no_rank(bundled):
    twice = np.repeat(sessions(bundled, "human-like", 75), 2, axis=0)
    note = told(changed(twice, 1))["m"]
    assert note.kind is Kind.NEAR_COPIES and note.kind in UNRANKED
    assert 60 <= note.facts["sessions"] <= 75 and 140 <= note.facts["of"] <= 150
    assert "an earlier one but for a few items" in note.text


@pytest.mark.parametrize("spread", [0.2, 0.3, 0.5])
@pytest.mark.parametrize("patterns", [1, 2, 4])
def test_a_model_whose_answers_hang_on_an_order_is_left_alone(patterns, spread):
    rng = np.random.default_rng(1)
    middle = rng.uniform(1, 5, (patterns, 36))[np.arange(400) % patterns]
    assert told(np.clip(np.round(middle + spread * rng.standard_normal((400, 36))), 1, 5)) == {}


def test_few_of_them_may_be_there(bundled):
    values = sessions(bundled, "human-like", 150)
    few = np.vstack([values[:130], changed(values[:20], 1)])
    assert told(few) == {}
    assert told(np.vstack([values[:110], changed(values[:40], 1)]))


def test_sessions_of_one_persona_may_be_alike(bundled):
    twice = changed(np.repeat(sessions(bundled, "human-like", 75), 2, axis=0), 1)
    alike, other = np.repeat(np.arange(75), 2), np.arange(150)
    assert told(twice, persona=[f"p{n}" for n in alike]) == {}
    assert told(twice, persona=[f"p{n}" for n in other])
    assert told(twice, persona="")


def test_people_and_short_questionnaires_are_left_aside(bundled):
    twice = changed(np.repeat(sessions(bundled, "human-like", 75), 2, axis=0), 1)
    assert told(twice, group="human") == {}
    scores = pd.DataFrame(twice, columns=ITEMS).assign(group="m")
    assert near_copies(scores, ITEMS[:19]) == {}


def test_of_very_many_sessions_the_first_are_compared(bundled, monkeypatch):
    monkeypatch.setattr(module, "MOST_COMPARED", 60)
    twice = changed(np.repeat(sessions(bundled, "human-like", 75), 2, axis=0), 1)
    assert told(twice)["m"].facts["of"] == 60
