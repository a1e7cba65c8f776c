import pandas as pd
import pytest

from vaar.analyses.shifted_sessions.pairs import ShiftedPair
from vaar.analyses.shifted_sessions.paths import paths_table, untold
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


def test_the_correction_is_for_these_changes_alone():
    contrasts = pd.DataFrame(
        [
            {**ROW, "one": "pushed", "other": "m", "p": 0.01},
            {**ROW, "one": "pushed", "other": "m", "p": 0.04, "path": "aods ~ prosocial"},
            *({**ROW, "one": "x", "other": name} for name in "abc"),
        ]
    )
    table = paths_table(contrasts, [ShiftedPair("pushed", "m", Shift("privacy"))])
    assert table["p_holm"].tolist() == pytest.approx([0.02, 0.04])


def rates(**status):
    rows = [(group, one, why) for group, (one, why) in status.items()]
    return pd.DataFrame(rows, columns=["group", "status", "reason"])


@pytest.mark.parametrize(
    ("plain", "pushed", "said"),
    [
        (
            ("not_estimable", "it is flat"),
            ("estimated", ""),
            [("plain", "it is flat")],
        ),
        (
            ("not_estimable", ""),
            ("partly_estimable", "few replicates"),
            [("plain", "its paths could not be estimated"), ("pushed", "few replicates")],
        ),
    ],
)
def test_who_has_no_paths_is_named_with_the_reason(plain, pushed, said):
    pair = ShiftedPair("pushed", "plain", Shift("privacy"))
    found = list(untold(pd.DataFrame(), rates(plain=plain, pushed=pushed), [pair]))
    assert [(one["group"], one["why"]) for one in found] == said
    assert {one["shift"] for one in found} == {"towards privacy"}


def test_a_pair_with_a_change_needs_no_reason_and_a_group_without_sessions_has_one():
    pair = ShiftedPair("pushed", "plain", Shift("privacy"))
    table = pd.DataFrame({"group": ["pushed"]})
    assert not list(untold(table, rates(plain=("not_estimable", "")), [pair]))
    gone = list(untold(pd.DataFrame(), rates(plain=("estimated", "")), [pair]))
    assert [(one["group"], one["why"]) for one in gone] == [("pushed", "it has no sessions left")]
