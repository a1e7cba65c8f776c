"""The section on what varied between sessions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from vaar.report.groups import collect
from vaar.report.inputs import ReportInputs
from vaar.report.render import render
from vaar.report.varied import varied

HOSTILE = "</svg><script>alert(1)</script>"
ORDERS = ("iuipc8 psa aods", "psa iuipc8 aods")


def by_level(inputs: ReportInputs, factor: str, levels: tuple[str, ...]) -> pd.DataFrame:
    rows = [
        dict(
            group=group, factor=factor, level=level, scale=scale, n=99, mean=3.1 + k,
            sd=0.6, ci_lower=3.0 + k, ci_upper=3.2 + k, n_sessions=100,
            instrument=scale.split("_")[0], title=scale,
        )
        for group in inputs.vaar["group"]
        for k, level in enumerate(levels)
        for scale in ("privacy", "privacy_control", "psa", "aods")
    ]  # fmt: skip
    return pd.DataFrame(rows)


def test_nothing_varied(inputs: ReportInputs) -> None:
    assert varied(inputs, collect(inputs)) is None
    page = render(inputs)
    assert "What varied" not in page and 'id="varied"' not in page


@pytest.fixture(scope="module")
def ordered(inputs: ReportInputs) -> ReportInputs:
    return replace(inputs, profile_by_factor=by_level(inputs, "order", ORDERS))


def test_a_picture_for_each_scale_and_a_row_for_each_group_and_level(ordered: ReportInputs) -> None:
    section = varied(ordered, collect(ordered))
    assert section is not None
    assert [f.title for f in section.figures] == [
        f"{scale} by order: mean and 95 % interval" for scale in ("privacy", "psa", "aods")
    ]
    n = len(ordered.vaar)
    assert len(section.sessions.rows) == 2 * n
    assert len(section.profiles.rows) == 2 * 3 * n
    assert "iuipc8 psa aods · human-like" in section.figures[0].svg
    assert not section.personas.rows and not section.history.paths.rows


def test_the_section_stands_in_the_page_picture_first(ordered: ReportInputs) -> None:
    page = render(ordered)
    section = page[page.index('<section id="varied"') : page.index('<section id="measurement"')]
    assert 0 < section.index("<svg") < section.index("<table")
    assert '<a href="#varied">' in page


def test_personas_are_counted(ordered: ReportInputs) -> None:
    sessions = ordered.sessions.assign(persona=["p1", "p1", "p2"] * len(ordered.vaar))
    section = varied(replace(ordered, sessions=sessions), collect(ordered))
    assert section is not None
    assert [cell.text for cell in section.personas.rows[0].cells[1:]] == ["2", "3", "2"]


def test_items_in_an_order_of_their_own_are_said(inputs: ReportInputs) -> None:
    items = ["shuffled", "shuffled", "fixed"] * len(inputs.vaar)
    page = render(replace(inputs, sessions=inputs.sessions.assign(items=items)))
    assert f"In {2 * len(inputs.vaar)} sessions the items of each questionnaire" in page


def test_hostile_factors_and_levels_are_shown_harmless(hostile_inputs: ReportInputs) -> None:
    table = by_level(hostile_inputs, HOSTILE, (HOSTILE, "evil\u202e"))
    page = render(replace(hostile_inputs, profile_by_factor=table))
    assert HOSTILE not in page and "\u202e" not in page
    assert "&lt;/svg&gt;&lt;script&gt;" in page


def with_histories(new_inputs: Callable[..., ReportInputs], framing: str = "") -> ReportInputs:
    inputs = new_inputs(["m [default]", "m [fresh]"], not_estimable=(), simulated=())
    carried = inputs.study.conditions[0]
    isolated = replace(
        carried, name="fresh", history="isolated", framing=framing or carried.framing
    )
    sessions = inputs.sessions.assign(respondent="m", condition=["default"] * 3 + ["fresh"] * 3)
    study = replace(inputs.study, conditions=(carried, isolated))
    paths: Any = inputs.paths.assign(
        std_estimate=[-0.5, 0.4, -0.1, 0.4], std_se=[0.06, 0.05, 0.08, 0.05]
    )
    return replace(inputs, study=study, sessions=sessions, paths=paths)


def test_carried_and_isolated_history_stand_side_by_side(
    new_inputs: Callable[..., ReportInputs],
) -> None:
    inputs = with_histories(new_inputs)
    section = varied(inputs, collect(inputs))
    assert section is not None and section.history.figure is not None
    first, second = section.history.paths.rows
    assert [c.text for c in first.cells] == [
        *("m", "aods ~ privacy", "−.50", "−.10", "−.40 [−.60, −.20]", ".10"),
    ]
    assert second.cells[4].text.startswith(".00 [")
    (row,) = section.history.vaar.rows
    assert len(row.cells) == 3
    page = render(inputs)
    assert "History carried and isolated" in page


def test_groups_by_factor_are_set_against_those_of_the_same_level(
    new_inputs: Callable[..., ReportInputs],
) -> None:
    names = [f"m [{c}] [options: {o}]" for c in ("default", "fresh") for o in ("up", "down")]
    inputs = with_histories(new_inputs)
    table = new_inputs(names, not_estimable=(), simulated=names)
    conditions = [c for c in ("default", "fresh") for _ in range(6)]
    sessions = table.sessions.assign(respondent="m", condition=conditions)
    inputs = replace(table, study=inputs.study, sessions=sessions)
    section = varied(inputs, collect(inputs))
    assert section is not None
    assert [row.cells[0].text for row in section.history.vaar.rows] == [
        "m [options: up] (simulated)",
        "m [options: down] (simulated)",
    ]


def test_conditions_that_differ_in_more_are_not_set_against_each_other(
    new_inputs: Callable[..., ReportInputs],
) -> None:
    inputs = with_histories(new_inputs, framing="Answer as a judge.")
    assert varied(inputs, collect(inputs)) is None


def test_a_group_without_estimates_is_said_to_have_none(
    new_inputs: Callable[..., ReportInputs],
) -> None:
    inputs = with_histories(new_inputs)
    lost = inputs.vaar["group"] == "m [fresh]"
    vaar = inputs.vaar.assign(status=inputs.vaar["status"].mask(lost, "not_estimable"))
    paths = inputs.paths.copy()
    paths.loc[paths["group"] == "m [fresh]", ["std_estimate", "std_se"]] = float("nan")
    inputs = replace(inputs, vaar=vaar, paths=paths)
    section = varied(inputs, collect(inputs))
    assert section is not None
    assert section.history.figure is None
    assert section.history.vaar.rows[0].cells[2].text == "not estimable"
    assert section.history.paths.rows[0].cells[4].text == "—"
