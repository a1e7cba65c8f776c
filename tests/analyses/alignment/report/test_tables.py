from __future__ import annotations

import pytest

from support.made_up_run import MadeUp, made_up
from vaar.analyses.alignment.report.tables import path_table, vaar_table
from vaar.tables.table import Table


def cells(table: Table, row: int) -> dict[str, str]:
    shown = zip(table.headings, table.rows[row].cells, strict=True)
    return {column.heading: cell.text for column, cell in shown}


@pytest.fixture
def one_silent() -> MadeUp:
    run = made_up(["human-like", "silent"], ["silent"], [])
    run.vaar.loc[run.vaar["group"] == "silent", ["vaar", "vaar_lower", "vaar_upper"]] = 0.5
    run.paths.loc[run.paths["group"] == "silent", ["std_estimate", "std_se"]] = 0.0
    return run


def test_a_group_with_figures_but_not_estimable_shows_none(one_silent: MadeUp) -> None:
    last = cells(vaar_table(one_silent.vaar, one_silent.ranked), -1)
    assert last["Group"] == "silent"
    assert last["status"] == "not estimable: every answer is the same"
    assert last["VAAR [95 % interval]"] == last["at equal N (spread)"] == "—"
    assert last["first definition"] == last["bias that was removed"] == "—"
    assert last["verdicts"] == "2 not estimable"


def test_a_path_that_is_not_estimable_shows_no_estimate(one_silent: MadeUp) -> None:
    table = path_table(one_silent.paths, one_silent.ranked)
    silent = [cells(table, k) for k in range(4) if cells(table, k)["Group"] == "silent"]
    assert [row["standardised (SE)"] for row in silent] == ["—", "—"]


def test_the_figures_of_a_group(made: MadeUp) -> None:
    first = cells(vaar_table(made.vaar, made.ranked), 0)
    assert first["VAAR [95 % interval]"] == ".995 [.935, .999]"
    assert first["rank [95 % interval]"] == "1–1 of 5"
    assert first["κ"] == ".10" and first["verdicts"] == "2 as in people"
    assert first["sessions (equal N)"] == "200 (180)"


def test_a_group_of_just_the_equal_size_has_no_spread_over_subsamples(
    made: MadeUp,
) -> None:
    subsampled = cells(vaar_table(made.vaar, made.ranked), 0)["at equal N (spread)"]
    whole = made.vaar.assign(equal_n=made.vaar["n_sessions"])
    alone = cells(vaar_table(whole, made.ranked), 0)["at equal N (spread)"]
    assert "(" in subsampled
    assert alone == subsampled.split(" (")[0]


def test_an_estimated_kappa_is_shown_with_the_rate_at_both_ends_of_its_interval(
    made: MadeUp,
) -> None:
    ends = dict(kappa_lower=0.05, kappa_upper=0.2)
    rates = dict(vaar_at_kappa_lower=0.99, vaar_at_kappa_upper=0.8)
    shown = cells(vaar_table(made.vaar.assign(**ends, **rates), made.ranked), 0)["κ"]
    assert shown == ".10 [.05, .20]; VAAR at its ends .990 and .800"


def test_the_figures_of_a_path(made: MadeUp) -> None:
    first = cells(path_table(made.paths, made.ranked), 0)
    assert first["Path"] == "aods ~ privacy"
    assert first["expected sign"] == "− negative"
    assert first["standardised (SE)"] == "−0.340 (0.070)"
    assert first["verdict"] == "as in people"


def test_tables_leave_their_frames_alone(one_silent: MadeUp) -> None:
    before = one_silent.vaar.copy()
    vaar_table(one_silent.vaar, one_silent.ranked)
    assert one_silent.vaar.equals(before)
