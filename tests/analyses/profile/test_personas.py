from __future__ import annotations

import pandas as pd

from vaar.analyses.profile.personas import PERSONAS, personas_table


def test_personas_of_each_group_are_counted_and_sessions_without_one_are_not() -> None:
    groups = pd.Series(["m", "m", "m", "m", "n", "human"])
    persona = pd.Series(["p1", "p1", "p2", "", "p1", None])
    found = PERSONAS.checked(personas_table(groups, persona))
    assert found.to_numpy().tolist() == [["m", 2, 3, 2], ["n", 1, 1, 1]]


def test_a_run_without_personas_has_no_rows() -> None:
    found = PERSONAS.checked(personas_table(pd.Series(["m", "n"]), pd.Series(["", None])))
    assert found.empty and list(found) == list(PERSONAS.names)
