from __future__ import annotations

from collections.abc import Callable

import pytest

from vaar.report.groups import collect
from vaar.report.inputs import ReportInputs
from vaar.report.vaar_tables import drawable, not_estimable, path_table, sign, vaar_table
from vaar.tables.table import Table


def cells(table: Table, row: int) -> dict[str, str]:
    shown = zip(table.headings, table.rows[row].cells, strict=True)
    return {column.heading: cell.text for column, cell in shown}


@pytest.fixture
def one_silent(new_inputs: Callable[..., ReportInputs]) -> ReportInputs:
    run = new_inputs(["human-like", "silent"], ["silent"], [])
    run.vaar.loc[run.vaar["group"] == "silent", ["vaar", "vaar_lower", "vaar_upper"]] = 0.5
    run.paths.loc[run.paths["group"] == "silent", ["std_estimate", "std_se"]] = 0.0
    return run


def test_a_group_with_figures_but_not_estimable_shows_none(one_silent: ReportInputs) -> None:
    last = cells(vaar_table(one_silent.vaar, collect(one_silent)), -1)
    assert last["Group"] == "silent"
    assert last["status"] == "not estimable: every answer is the same"
    assert last["VAAR [95 % interval]"] == last["VAAR at equal N"] == last["log-loss"] == "—"
    assert last["paths estimated"] == "0 of 2"


def test_a_path_that_is_not_estimable_shows_no_estimate(one_silent: ReportInputs) -> None:
    table = path_table(one_silent.paths, collect(one_silent))
    silent = [cells(table, k) for k in range(4) if cells(table, k)["Group"] == "silent"]
    assert [row["standardised (SE)"] for row in silent] == ["—", "—"]


def test_the_figures_of_a_group(inputs: ReportInputs) -> None:
    first = cells(vaar_table(inputs.vaar, collect(inputs)), 0)
    assert first["VAAR [95 % interval]"] == ".999 [.939, .999]"
    assert first["sessions (equal N)"] == "200 (180)"


def test_a_group_of_just_the_equal_size_has_no_spread_over_subsamples(
    inputs: ReportInputs,
) -> None:
    subsampled = cells(vaar_table(inputs.vaar, collect(inputs)), 0)["VAAR at equal N"]
    whole = inputs.vaar.assign(equal_n=inputs.vaar["n_sessions"])
    alone = cells(vaar_table(whole, collect(inputs)), 0)["VAAR at equal N"]
    assert "[" in subsampled
    assert alone == subsampled.split(" [")[0]


def test_the_figures_of_a_path(inputs: ReportInputs) -> None:
    first = cells(path_table(inputs.paths, collect(inputs)), 0)
    assert first["Path"] == "aods ~ privacy"
    assert first["expected sign"] == "− negative"
    assert first["standardised (SE)"] == "−0.340 (0.070)"


def test_tables_leave_their_frames_alone(one_silent: ReportInputs) -> None:
    before = one_silent.vaar.copy()
    vaar_table(one_silent.vaar, collect(one_silent))
    assert one_silent.vaar.equals(before)


def test_a_group_absent_from_the_vaar_table_is_listed_with_a_reason(inputs: ReportInputs) -> None:
    vaar = inputs.vaar[inputs.vaar["group"] != "noisy"]
    excluded = {e.name: e.reason for e in not_estimable(vaar, collect(inputs))}
    assert excluded == {"constant": "every answer is the same", "noisy": "never fitted"}


def test_an_estimated_group_without_a_figure_is_not_drawable(inputs: ReportInputs) -> None:
    assert len(drawable(inputs.vaar)) == 5
    assert drawable(inputs.vaar.assign(vaar=float("nan"))).empty


def test_sign_in_words() -> None:
    assert (sign(1), sign(-1)) == ("+ positive", "− negative")
