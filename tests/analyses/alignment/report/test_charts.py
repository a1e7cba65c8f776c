from __future__ import annotations

import re

import numpy as np
import pandas as pd
import pytest

from support.made_up_run import MadeUp, made_up
from vaar.analyses.alignment.report import charts
from vaar.report.figures.figure import Figure
from vaar.report.groups import Groups

LEADERBOARD_WIDTH = 280
FOREST_WIDTH = 200
RED, BLUE = "#b3261e", "#1f5f99"
NUMBER = r"(-?[\d.]+)"


@pytest.fixture(scope="module")
def groups(made: MadeUp) -> Groups:
    return made.ranked


def drawn(figure: Figure | None) -> str:
    assert figure is not None
    return str(figure.inline("x"))


def dots(svg: str) -> list[tuple[float, float]]:
    """Places of the dots, in the coordinates of the plot."""
    marks = re.search(r'<g class="mark-symbol role-mark.*?</g>', svg, re.S)
    assert marks is not None
    places = re.findall(rf'transform="translate\({NUMBER},{NUMBER}\)"', marks[0])
    return [(float(x), float(y)) for x, y in places]


def test_a_dot_stands_at_its_vaar_in_the_order_of_the_ranks(made: MadeUp, groups: Groups) -> None:
    places = dots(drawn(charts.leaderboard(made.vaar, groups)))
    expected = sorted(made.vaar["vaar"].dropna(), reverse=True)
    assert [x / LEADERBOARD_WIDTH for x, _ in places] == pytest.approx(expected, abs=1e-3)
    assert [y for _, y in places] == sorted(y for _, y in places)


def test_intervals_run_from_lower_to_upper(made: MadeUp, groups: Groups) -> None:
    svg = drawn(charts.leaderboard(made.vaar, groups))
    lines = re.findall(
        rf'<line transform="translate\({NUMBER},{NUMBER}\)" x2="{NUMBER}" y2="0" stroke="{BLUE}"',
        svg,
    )
    lower = [float(x) / LEADERBOARD_WIDTH for x, _, _ in lines]
    upper = [(float(x) + float(length)) / LEADERBOARD_WIDTH for x, _, length in lines]
    shown = groups.sort(made.vaar).dropna(subset=["vaar"])
    assert lower == pytest.approx(list(shown["vaar_lower"]), abs=1e-3)
    assert upper == pytest.approx(list(shown["vaar_upper"]), abs=1e-3)


def test_a_group_that_is_not_estimable_is_never_drawn() -> None:
    run = made_up(["good", "silent"], ["silent"], [])
    run.vaar.loc[run.vaar["group"] == "silent", ["vaar", "vaar_lower", "vaar_upper"]] = 0.5
    run.paths.loc[run.paths["group"] == "silent", ["std_estimate", "std_se"]] = 0.0
    groups = run.ranked
    figures = [charts.leaderboard(run.vaar, groups)]
    figures += [charts.path_forest(path, run.paths, groups) for path in run.paths["path"].unique()]
    figures.append(charts.vaar_by_n(run.vaar_by_n, run.vaar, groups))
    assert all("good" in drawn(figure) and "silent" not in drawn(figure) for figure in figures)


def test_a_flagged_group_is_hollow(made: MadeUp, groups: Groups) -> None:
    vaar = made.vaar.copy()
    assert 'fill="white"' not in drawn(charts.leaderboard(vaar, groups)).split("role-mark")[1]
    vaar.loc[vaar["group"] == "noisy", "flag"] = "the model does not fit"
    assert drawn(charts.leaderboard(vaar, groups)).count(f'fill="white" stroke="{BLUE}"') == 1


def test_a_partly_estimable_group_is_not_drawn(made: MadeUp, groups: Groups) -> None:
    vaar = made.vaar.copy()
    vaar.loc[vaar["group"] == "noisy", "status"] = "partly_estimable"
    assert "noisy" not in drawn(charts.leaderboard(vaar, groups))


def test_forest_tells_agreement_doubt_and_contradiction_apart(made: MadeUp, groups: Groups) -> None:
    svg = drawn(charts.path_forest("aods ~ privacy", made.paths, groups))
    assert svg.count(f'fill="{RED}" stroke="{RED}"') == 2
    assert svg.count(f'fill="white" stroke="{BLUE}"') == 2
    assert svg.count(f'fill="{BLUE}" stroke="{BLUE}"') == 1
    assert "−.34 [−.48, −.20]" in svg


def test_an_estimate_far_outside_is_drawn_at_the_edge_and_told_exactly(
    made: MadeUp, groups: Groups
) -> None:
    paths = made.paths.copy()
    wild = (paths["group"] == "noisy") & (paths["path"] == "aods ~ psa")
    paths.loc[wild, ["std_estimate", "std_se"]] = [-7.8, 16.5]
    svg = drawn(charts.path_forest("aods ~ psa", paths, groups))
    assert "−7.80 [−40.14, 24.54]" in svg
    assert min(x for x, _ in dots(svg)) == 0
    assert all(0 <= x <= FOREST_WIDTH for x, _ in dots(svg))


def test_an_estimate_without_standard_error_has_a_dot_and_no_interval(
    made: MadeUp, groups: Groups
) -> None:
    paths = made.paths.assign(std_se=np.nan)
    svg = drawn(charts.path_forest("aods ~ psa", paths, groups))
    assert len(dots(svg)) == 5
    assert 'stroke-width="2.5"' in drawn(charts.path_forest("aods ~ psa", made.paths, groups))
    assert 'stroke-width="2.5"' not in svg and ".29<" in svg


def test_nothing_to_draw_is_no_figure(made: MadeUp, groups: Groups) -> None:
    none = made.vaar.assign(status="not_estimable")
    assert charts.leaderboard(none, groups) is None
    assert charts.path_forest("aods ~ psa", made.paths.assign(std_estimate=np.nan), groups) is None
    assert charts.history_chart(made.history, []) is None
    assert charts.vaar_by_n(made.vaar_by_n.assign(vaar=np.nan), made.vaar, groups) is None


def test_descriptions_tell_the_figures_in_words(made: MadeUp, groups: Groups) -> None:
    svg = drawn(charts.leaderboard(made.vaar, groups))
    description = svg.split("<desc")[1].split("</desc>")[0]
    assert "human-like (simulated): .99 [.94, &gt;.99]" in description


def test_many_rates_have_an_overview_from_the_lowest_to_the_highest(made: MadeUp) -> None:
    assert charts.overview(made.vaar) is None
    rated = made.vaar.dropna(subset=["vaar", "vaar_lower"]).head(1)
    many = pd.concat([rated.assign(vaar=k / 200, group=f"g{k}") for k in range(150, 80, -1)])
    svg = drawn(charts.overview(many))
    heights = [y for _, y in dots(svg)]
    assert len(heights) == 70
    assert heights == sorted(heights, reverse=True)
