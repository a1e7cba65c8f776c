"""What is left out, counted and told, before anything is fitted."""

import numpy as np
import pandas as pd
import pytest

from vaar.analyses.alignment.notes import Kind
from vaar.analyses.alignment.screening.screen import screen, unscreened
from vaar.respondents.simulated.answer_model import answers
from vaar.respondents.simulated.populations import POPULATIONS


@pytest.fixture(scope="module")
def items(bundled):
    codes = [item.code for part in bundled.instruments for item in part.items]
    values = answers(POPULATIONS["human-like"], bundled, range(120))
    return pd.DataFrame(values, columns=codes).astype(float)


def test_sound_sessions_all_stay(items, bundled):
    scores = items.assign(group="m")
    found = screen(scores, bundled)
    pd.testing.assert_frame_equal(found.scores, scores)
    assert not found.refused and found.n_sessions.to_dict() == {"m": 120}
    assert unscreened(scores).scores is scores


def test_copies_are_refused_of_models_and_of_people(items, bundled):
    copies = items.iloc[np.repeat(range(12), 25)]
    scores = pd.concat([items.assign(group="m"), copies.assign(group="copies")])
    scores = pd.concat([scores, copies.assign(group="human")], ignore_index=True)
    found = screen(scores, bundled)
    assert list(found.refused) == ["copies", "human"]
    assert "its 300 people hold only 12 different patterns" in found.refused["human"]
    assert set(found.scores["group"]) == {"m"}
    assert found.n_sessions["copies"] == 300


def test_one_answer_throughout_is_told(items, bundled):
    lined = items.copy()
    lined.iloc[:6] = 4.0
    found = screen(lined.assign(group="m"), bundled)
    (note,) = found.notes["m"]
    assert note.kind in (Kind.STRAIGHT_LINED, Kind.CONSTANT_ONE_WAY)
    assert note.facts["sessions"] == 6
