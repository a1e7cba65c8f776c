"""Where fewer sessions tell of the paths than the promises were tried with, that is said."""

import csv
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from vaar.analyses.alignment.report.cautions import _FEW_SESSIONS
from vaar.analyses.alignment.screening.few_sessions import ENOUGH_SESSIONS, few_sessions

MODEL = "f =~ x1 + x2\ng =~ y1 + y2\ng ~ f"
RATES = Path(__file__).parents[4] / "docs" / "quality" / "rates.csv"


def answered(n, without=0):
    """Sessions of one group, of which some have no answer to what measures `g`."""
    rows = pd.DataFrame(1.0, range(n), ["x1", "x2", "y1", "y2"]).assign(group="m")
    rows.loc[: without - 1, ["y1", "y2"]] = np.nan
    rows.loc[without:, "x1"] = np.nan  # one answer to `f` is enough
    return rows


@pytest.mark.parametrize(("n", "without"), [(ENOUGH_SESSIONS - 1, 0), (ENOUGH_SESSIONS + 40, 41)])
def test_sessions_without_an_answer_to_a_variable_do_not_tell(n, without):
    (note,) = few_sessions(answered(n, without), MODEL, ["m"])["m"]
    assert note.facts == {"sessions": ENOUGH_SESSIONS - 1, "wanted": ENOUGH_SESSIONS}
    assert "rest on 99 sessions (below 100 verdicts may err" in note.text


@pytest.mark.parametrize(("n", "without"), [(ENOUGH_SESSIONS, 0), (ENOUGH_SESSIONS + 40, 40)])
def test_enough_sessions_need_no_words(n, without):
    assert few_sessions(answered(n, without), MODEL, ["m"]) == {}


def test_a_group_that_was_not_fitted_has_its_own_reason():
    assert few_sessions(answered(20), MODEL, ["other"]).keys() == {"other"}


def test_the_bound_is_where_simulated_verdicts_keep_their_promise():
    with RATES.open() as file:
        rows = [row for row in csv.DictReader(file) if row["source"] == "study"]
    worst = {
        n: max(float(row["wrong"]) for row in rows if int(row["sessions"]) == n)
        for n in sorted({int(row["sessions"]) for row in rows})
    }
    assert min(n for n, wrong in worst.items() if wrong <= 0.075) == ENOUGH_SESSIONS
    fewest = min(worst)
    assert f"with {fewest} sessions" in _FEW_SESSIONS.replace("\n", " ")
    assert f"up to {worst[fewest]:.0%} of verdicts".replace("%", " %") in _FEW_SESSIONS
