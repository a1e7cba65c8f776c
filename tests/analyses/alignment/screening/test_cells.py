"""Cells of facts with fewer than 150 sessions have no paths, and it is said how many it takes."""

from dataclasses import replace

import pandas as pd
import pytest

from vaar.analyses.alignment.screening.cells import FEWEST_PER_CELL, without_small_cells
from vaar.analyses.alignment.screening.screen import unscreened
from vaar.analyses.base import Coded
from vaar.analyses.groups import AskedGroup, groups_table
from vaar.study.load import load_study


@pytest.fixture(scope="module")
def study():
    return load_study("privacy_prosocial")


def cells(study, by, high, low):
    scores = pd.DataFrame({"group": ["m [high]"] * high + ["m [low]"] * low + ["human"] * 20})
    split = {"m": {f"m [{level}]": {"benefit": level} for level in ("high", "low")}}
    about = groups_table([AskedGroup("m", "m", "carried", False)], split, ["human"])
    return Coded(study, pd.DataFrame(), scores, pd.DataFrame(), about, by)


def test_a_cell_below_150_is_refused_with_the_number_needed(study):
    data = cells(study, ("benefit",), FEWEST_PER_CELL, FEWEST_PER_CELL - 1)
    found = without_small_cells(unscreened(data.scores), data)
    assert found.refused == {
        "m [low]": "paths by benefit take 150 sessions a cell, and this one has 149: ask 300 "
        "sessions of the respondent for its 2 cells"
    }
    assert set(found.scores["group"]) == {"m [high]", "human"}
    assert found.n_sessions["m [low]"] == 149


def test_groups_by_other_things_stay(study):
    data = cells(study, ("order",), 60, 60)
    screened = unscreened(data.scores)
    assert without_small_cells(screened, data) is screened
    assert without_small_cells(screened, replace(data, by=())) is screened
