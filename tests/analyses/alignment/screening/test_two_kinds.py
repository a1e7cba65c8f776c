"""One pattern again and again beside sessions that vary widely makes paths of its own."""

import numpy as np
import pandas as pd
import pytest

from vaar.analyses.alignment.notes import UNRANKED, Kind
from vaar.analyses.alignment.screening.two_kinds import two_kinds
from vaar.respondents.simulated.answer_model import answers
from vaar.respondents.simulated.populations import KNOWN

ITEMS = [f"i{n}" for n in range(36)]


def told(values, group="m"):
    return two_kinds(pd.DataFrame(values, columns=ITEMS).assign(group=group), ITEMS)


def beside(bundled, same, n=150, seed=0):
    """Sessions of which the last ones are one session over again."""
    values = np.array(answers(KNOWN["null"], bundled, range(seed, seed + n)), float)
    values[n - same :] = values[n - same]
    return values


@pytest.mark.parametrize("seed", [0, 1000, 2000])
@pytest.mark.parametrize("same", [30, 45, 75, 100])
def test_one_pattern_beside_others_is_told_and_keeps_no_rank(bundled, same, seed):
    note = told(beside(bundled, same, seed=seed))["m"]
    assert note.kind is Kind.TWO_KINDS and note.kind in UNRANKED
    assert note.facts == {"same": same, "of": 150}


def test_a_few_repeats_are_left_alone(bundled):
    assert told(beside(bundled, 1)) == {}
    assert told(beside(bundled, 20)) == {}


@pytest.mark.parametrize("spread", [0.1, 0.2, 0.3, 0.6])
def test_a_model_that_nearly_always_answers_alike_is_left_alone(spread):
    rng = np.random.default_rng(1)
    middle = rng.uniform(1, 5, 36)
    noise = spread * rng.gamma(1.0, 1.0, (400, 1)) * rng.standard_normal((400, 36))
    assert told(np.clip(np.round(middle + noise), 1, 5)) == {}


def test_sessions_in_which_hardly_anything_is_answered_are_not_the_same(bundled):
    values = beside(bundled, 1)
    values[:60, 2:] = np.nan
    assert told(values) == {}


def test_people_are_left_aside(bundled):
    assert told(beside(bundled, 75), group="human") == {}
