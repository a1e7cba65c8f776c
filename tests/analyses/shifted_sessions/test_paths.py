import pandas as pd
import pytest

from vaar.analyses.shifted_sessions.pairs import ShiftedPair
from vaar.analyses.shifted_sessions.paths import paths_table
from vaar.study.conditions import Shift

ROW = {
    **{"path": "aods ~ privacy", "std_one": -0.1, "std_other": -0.4, "difference": 0.3},
    **{"lower": 0.1, "upper": 0.5, "p": 0.01, "p_holm": 0.02},
}


@pytest.mark.parametrize(("one", "sign"), [("pushed", 1), ("m", -1)])
def test_changes_are_shifted_less_unshifted_however_the_contrast_stands(one, sign):
    other = "m" if one == "pushed" else "pushed"
    contrasts = pd.DataFrame(
        [{**ROW, "one": one, "other": other}, {**ROW, "one": "x", "other": "m"}]
    )
    row = paths_table(contrasts, [ShiftedPair("pushed", "m", Shift("privacy"))]).iloc[0]
    assert row["change"] == pytest.approx(sign * 0.3)
    assert (row["change_lower"], row["change_upper"]) == pytest.approx(
        (0.1, 0.5) if sign > 0 else (-0.5, -0.1)
    )
    assert row["shifted"] - row["unshifted"] == pytest.approx(row["change"])


def test_no_contrast_no_row():
    contrasts = pd.DataFrame([{**ROW, "one": "x", "other": "m"}])
    assert paths_table(contrasts, [ShiftedPair("pushed", "m", Shift("privacy"))]).empty
