from __future__ import annotations

import pandas as pd

from support.made_up_run import MadeUp
from vaar.analyses.alignment.report import measurement
from vaar.analyses.alignment.report.measurement import SCREENING_ROWS
from vaar.report.section import Prose
from vaar.tables.table import Table


def column(table: Table, heading: str) -> list[str]:
    at = [c.heading for c in table.headings].index(heading)
    return [row.cells[at].text for row in table.rows]


def test_the_level_read_from_is_marked_in_words(made: MadeUp) -> None:
    table = measurement.invariance_table(made.invariance)
    assert column(table, "verdict") == ["—", "tenable; paths read here"]
    assert [row.marked for row in table.rows] == [False, True]
    assert column(table, "Δχ² (Δdf)") == ["—", "47.89 (21)"]
    assert column(table, "ΔCFI") == ["—", "−.002"]


def test_a_level_that_failed_is_not_tenable(made: MadeUp) -> None:
    ladder = made.invariance.assign(tenable=["", "False"], chosen=["True", "False"])
    table = measurement.invariance_table(ladder)
    assert column(table, "verdict") == ["—; paths read here", "not tenable"]


def test_measures_are_whole_or_to_three_places() -> None:
    table = measurement.measure_table({"df": 281, "cfi": 0.97912, "note": "scaled"})
    assert column(table, "value") == ["281", ".979", "scaled"]


def test_screening_is_capped(made: MadeUp) -> None:
    many = pd.concat([made.screening] * 100, ignore_index=True)
    assert len(many) > SCREENING_ROWS
    assert len(measurement.screening_table(many, made.groups).rows) == SCREENING_ROWS


def test_only_groups_that_lost_replicates_are_listed(made: MadeUp) -> None:
    table = measurement.replicate_table({"noisy": 0, "contrarian": 7}, made.groups)
    assert column(table, "Group") == ["contrarian"]
    assert column(table, "replicates lost") == ["7"]


def test_dropped_groups_have_their_reason(made: MadeUp) -> None:
    table = measurement.dropped_table(made.record["dropped"], made.groups)
    assert column(table, "reason") == ["every answer is the same"]
    assert table.rows[0].cells[0].tag == "simulated"


def test_a_finding_in_all_groups_names_none(made: MadeUp) -> None:
    everywhere = made.screening.assign(group="")
    table = measurement.screening_table(everywhere, made.groups)
    assert set(column(table, "Group")) == {"—"}


def said(made: MadeUp, **changed: object) -> str:
    blocks = measurement.measurement_blocks(
        made.record | changed, made.invariance, made.screening, made.groups
    )
    return " ".join(block.text for block in blocks if isinstance(block, Prose))


def test_the_bounds_of_the_ladder_are_those_in_force(
    made: MadeUp,
) -> None:
    assert "CFI falls by at most .010 and RMSEA rises by at most .015" in said(made)


def test_where_nothing_was_fitted_only_the_reason_is_said(made: MadeUp) -> None:
    told = said(made, groups=[], why="No group can carry the model.")
    assert told.startswith("No group can carry the model.")
    assert "Paths were read" not in told
