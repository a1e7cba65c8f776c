from __future__ import annotations

import pandas as pd

from vaar.report import measurement_tables
from vaar.report.groups import collect
from vaar.report.inputs import ReportInputs
from vaar.report.measurement_tables import SCREENING_ROWS
from vaar.tables.table import Table


def column(table: Table, heading: str) -> list[str]:
    at = [c.heading for c in table.headings].index(heading)
    return [row.cells[at].text for row in table.rows]


def test_the_level_read_from_is_marked_in_words(inputs: ReportInputs) -> None:
    table = measurement_tables.invariance_table(inputs.invariance)
    assert column(table, "verdict") == ["—", "tenable; paths read here"]
    assert [row.marked for row in table.rows] == [False, True]
    assert column(table, "Δχ² (Δdf)") == ["—", "47.89 (21)"]
    assert column(table, "ΔCFI") == ["—", "−.002"]


def test_a_level_that_failed_is_not_tenable(inputs: ReportInputs) -> None:
    ladder = inputs.invariance.assign(tenable=["", "False"], chosen=["True", "False"])
    table = measurement_tables.invariance_table(ladder)
    assert column(table, "verdict") == ["—; paths read here", "not tenable"]


def test_measures_are_whole_or_to_three_places() -> None:
    table = measurement_tables.measure_table({"df": 281, "cfi": 0.97912, "note": "scaled"})
    assert column(table, "value") == ["281", ".979", "scaled"]


def test_screening_is_capped(inputs: ReportInputs) -> None:
    many = pd.concat([inputs.screening] * 100, ignore_index=True)
    assert len(many) > SCREENING_ROWS
    assert len(measurement_tables.screening_table(many, collect(inputs)).rows) == SCREENING_ROWS


def test_only_groups_that_lost_replicates_are_listed(inputs: ReportInputs) -> None:
    table = measurement_tables.replicate_table({"noisy": 0, "contrarian": 7}, collect(inputs))
    assert column(table, "Group") == ["contrarian"]
    assert column(table, "replicates lost") == ["7"]


def test_dropped_groups_have_their_reason(inputs: ReportInputs) -> None:
    table = measurement_tables.dropped_table(inputs.fit["dropped"], collect(inputs))
    assert column(table, "reason") == ["every answer is the same"]
    assert table.rows[0].cells[0].tag == "simulated"
