from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import pytest

from vaar.report import charts
from vaar.report.charts import Figure
from vaar.report.groups import Groups, collect
from vaar.report.inputs import ReportInputs

LEADERBOARD_WIDTH = 280
FOREST_WIDTH = 200
RED, BLUE = "#b3261e", "#1f5f99"
NUMBER = r"(-?[\d.]+)"


@pytest.fixture(scope="module")
def groups(inputs: ReportInputs) -> Groups:
    return collect(inputs)


def drawn(figure: Figure | None) -> str:
    assert figure is not None
    return str(figure.svg)


def dots(svg: str) -> list[tuple[float, float]]:
    """Places of the dots, in the coordinates of the plot."""
    marks = re.search(r'<g class="mark-symbol role-mark.*?</g>', svg, re.S)
    assert marks is not None
    places = re.findall(rf'transform="translate\({NUMBER},{NUMBER}\)"', marks[0])
    return [(float(x), float(y)) for x, y in places]


def test_a_dot_stands_at_its_vaar_highest_on_top(inputs: ReportInputs, groups: Groups) -> None:
    places = dots(drawn(charts.leaderboard(inputs.vaar, groups)))
    expected = sorted(inputs.vaar["vaar"].dropna(), reverse=True)
    assert [x / LEADERBOARD_WIDTH for x, _ in places] == pytest.approx(expected, abs=1e-3)
    assert [y for _, y in places] == sorted(y for _, y in places)


def test_intervals_run_from_lower_to_upper(inputs: ReportInputs, groups: Groups) -> None:
    svg = drawn(charts.leaderboard(inputs.vaar, groups))
    lines = re.findall(
        rf'<line transform="translate\({NUMBER},{NUMBER}\)" x2="{NUMBER}" y2="0" stroke="{BLUE}"',
        svg,
    )
    lower = [float(x) / LEADERBOARD_WIDTH for x, _, _ in lines]
    upper = [(float(x) + float(length)) / LEADERBOARD_WIDTH for x, _, length in lines]
    shown = groups.sort(inputs.vaar).dropna(subset=["vaar"])
    assert lower == pytest.approx(list(shown["vaar_lower"]), abs=1e-3)
    assert upper == pytest.approx(list(shown["vaar_upper"]), abs=1e-3)


def test_a_group_that_is_not_estimable_is_never_drawn(
    new_inputs: Callable[..., ReportInputs],
) -> None:
    run = new_inputs(["good", "silent"], ["silent"], [])
    run.vaar.loc[run.vaar["group"] == "silent", ["vaar", "vaar_lower", "vaar_upper"]] = 0.5
    run.paths.loc[run.paths["group"] == "silent", ["std_estimate", "std_se"]] = 0.0
    groups = collect(run)
    figures = [charts.leaderboard(run.vaar, groups)]
    figures += [charts.forest(path, run.paths, groups) for path in run.paths["path"].unique()]
    figures.append(charts.vaar_by_n(run.vaar_by_n, groups))
    assert all("good" in drawn(figure) and "silent" not in drawn(figure) for figure in figures)


def test_a_partly_estimable_group_is_hollow(inputs: ReportInputs, groups: Groups) -> None:
    vaar = inputs.vaar.copy()
    assert 'fill="white"' not in drawn(charts.leaderboard(vaar, groups)).split("role-mark")[1]
    vaar.loc[vaar["group"] == "noisy", "status"] = "partly_estimable"
    assert drawn(charts.leaderboard(vaar, groups)).count(f'fill="white" stroke="{BLUE}"') == 1


def test_forest_tells_agreement_doubt_and_contradiction_apart(
    inputs: ReportInputs, groups: Groups
) -> None:
    svg = drawn(charts.forest("aods ~ privacy", inputs.paths, groups))
    assert svg.count(f'fill="{RED}" stroke="{RED}"') == 2
    assert svg.count(f'fill="white" stroke="{BLUE}"') == 2
    assert svg.count(f'fill="{BLUE}" stroke="{BLUE}"') == 1
    assert "−.34 [−.48, −.20]" in svg


def test_an_estimate_far_outside_is_drawn_at_the_edge_and_told_exactly(
    inputs: ReportInputs, groups: Groups
) -> None:
    paths = inputs.paths.copy()
    wild = (paths["group"] == "noisy") & (paths["path"] == "aods ~ psa")
    paths.loc[wild, ["std_estimate", "std_se"]] = [-7.8, 16.5]
    svg = drawn(charts.forest("aods ~ psa", paths, groups))
    assert "−7.80 [−40.14, 24.54]" in svg
    assert min(x for x, _ in dots(svg)) == 0
    assert all(0 <= x <= FOREST_WIDTH for x, _ in dots(svg))


def test_an_estimate_without_standard_error_has_a_dot_and_no_interval(
    inputs: ReportInputs, groups: Groups
) -> None:
    paths = inputs.paths.assign(std_se=np.nan)
    svg = drawn(charts.forest("aods ~ psa", paths, groups))
    assert len(dots(svg)) == 5
    assert 'stroke-width="2.5"' in drawn(charts.forest("aods ~ psa", inputs.paths, groups))
    assert 'stroke-width="2.5"' not in svg and ".29<" in svg


def test_profile_places_a_mean_between_the_ends_of_its_scale(
    inputs: ReportInputs, groups: Groups
) -> None:
    profile = inputs.profile.assign(mean=4.0, ci_lower=3.9, ci_upper=4.1)
    scale = inputs.study.instrument["privacy"].scale
    figure = charts.profile("privacy", scale, profile, groups)
    assert {round(x / FOREST_WIDTH, 3) for x, _ in dots(drawn(figure))} == {0.5}
    assert "0 = strongly disagree, 1 = strongly agree" in drawn(figure)
    assert "4.00 [3.90, 4.10]" in drawn(figure)


def test_nothing_to_draw_is_no_figure(inputs: ReportInputs, groups: Groups) -> None:
    none = inputs.vaar.assign(status="not_estimable")
    scale = inputs.study.instrument["psa"].scale
    assert charts.leaderboard(none, groups) is None
    assert charts.forest("aods ~ psa", inputs.paths.assign(std_estimate=np.nan), groups) is None
    assert charts.profile("psa", scale, inputs.profile.iloc[:0], groups) is None
    assert charts.vaar_by_n(inputs.vaar_by_n.assign(vaar=np.nan), groups) is None


def test_descriptions_tell_the_figures_in_words(inputs: ReportInputs, groups: Groups) -> None:
    svg = drawn(charts.leaderboard(inputs.vaar, groups))
    description = svg.split("<desc")[1].split("</desc>")[0]
    assert "human-like (simulated): &gt;.99 [.94, &gt;.99]" in description
