"""Cells of facts with fewer than 150 sessions have no paths within or between personas either."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from vaar.analyses.base import Coded, Status, Work
from vaar.analyses.groups import AskedGroup, groups_table
from vaar.analyses.persona_paths.analysis import PersonaPathsAnalysis
from vaar.analyses.persona_paths.options import PersonaPathsOptions
from vaar.study.conditions import Fact
from vaar.study.model import Persona

OPTIONS = PersonaPathsOptions()


@pytest.fixture(scope="module")
def study(bundled):
    fact = Fact("benefit", ("high", "low"), (("purpose", ("much", "little")),))
    personas = tuple(Persona(f"p{k}", ()) for k in range(40))
    return replace(bundled, personas=personas, variation=replace(bundled.variation, facts=(fact,)))


def cells(study, drawn, high, low):
    paths = (-0.4, 0.3), (0.5, -0.3)
    parts = [
        drawn(1, personas, 5, *paths, group=f"m [{level}]")
        for level, personas in (("high", high), ("low", low))
    ]
    scores = pd.concat(parts, ignore_index=True)
    for part in study.instruments:
        for item in part.coded_items:
            if item.code not in scores:
                scores[item.code] = np.random.default_rng(1).normal(size=len(scores))
    split = {"m": {f"m [{level}]": {"benefit": level} for level in ("high", "low")}}
    about = groups_table([AskedGroup("m", "m", "carried", True)], split, [])
    factors = pd.DataFrame({"order": "a", "options": "b", "wording": "c"}, scores.index)
    return Coded(study, pd.DataFrame(), scores, factors, about, ("benefit",))


def test_a_small_cell_has_no_paths_and_says_how_many_sessions_it_takes(study, drawn):
    found = PersonaPathsAnalysis().run(cells(study, drawn, 40, 29), OPTIONS, {}, Work())
    table = found.tables["persona_paths"].set_index("group")
    small = table.loc["m [low]"]
    assert small["why_not"].str.contains("ask 300 sessions").all()
    assert small["std_estimate"].isna().all() and set(small["n_sessions"]) == {145}
    assert table.loc["m [high]", "why_not"].str.contains("sessions a cell").sum() == 0
    assert found.status is Status.DONE


def test_where_every_cell_is_small_nothing_is_estimable(study, drawn):
    found = PersonaPathsAnalysis().run(cells(study, drawn, 29, 29), OPTIONS, {}, Work())
    assert found.status is Status.NOT_ESTIMABLE and "150 sessions a cell" in found.reason
