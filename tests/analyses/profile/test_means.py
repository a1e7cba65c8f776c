from __future__ import annotations

import re

from support.made_up_run import MadeUp
from vaar.analyses.profile.means import mean_chart, mean_table
from vaar.analyses.profile.scale_range import whole_scales
from vaar.report.figures.intervals import NARROW
from vaar.tables.table import Table

PLACE = re.compile(r'transform="translate\((-?[\d.]+),(-?[\d.]+)\)"')


def column(table: Table, heading: str) -> list[str]:
    at = [c.heading for c in table.headings].index(heading)
    return [row.cells[at].text for row in table.rows]


def test_a_mean_is_placed_between_the_ends_of_its_scale(made: MadeUp) -> None:
    profile = made.profile.assign(mean=4.0, ci_lower=3.9, ci_upper=4.1)
    figure = mean_chart(made.study.instrument["privacy"], profile, made.groups)
    assert figure is not None
    marks = re.search(r'<g class="mark-symbol role-mark.*?</g>', figure.drawing, re.S)
    assert marks is not None
    assert {round(float(x) / NARROW, 3) for x, _ in PLACE.findall(marks[0])} == {0.5}
    assert "0 = strongly disagree, 1 = strongly agree" in figure.drawing
    assert "4.00 [3.90, 4.10]" in figure.drawing


def test_a_scale_without_scores_is_not_drawn(made: MadeUp) -> None:
    instrument = made.study.instrument["psa"]
    assert mean_chart(instrument, made.profile.iloc[:0], made.groups) is None
    assert mean_chart(instrument, made.profile.assign(mean=float("nan")), made.groups) is None


def test_rows_are_grouped_by_scale_groups_in_their_order(made: MadeUp) -> None:
    whole = whole_scales(made.profile, made.study)
    table = mean_table("Means", whole, made.study, made.ranked)
    assert column(table, "Scale") == ["privacy"] * 6 + ["psa"] * 6 + ["aods"] * 6
    assert column(table, "Group")[:6] == [group.name for group in made.ranked]


def test_a_scale_the_study_does_not_know_has_no_place(made: MadeUp) -> None:
    table = mean_table("Means", made.profile.assign(scale="other"), made.study, made.groups)
    assert set(column(table, "share of the range")) == {"—"}
