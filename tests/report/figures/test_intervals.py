from __future__ import annotations

import math
import re

import pytest

from vaar.report.figures.figure import Figure
from vaar.report.figures.intervals import (
    MOST_ROWS,
    NARROW,
    Dot,
    forest,
    intervals,
    reach,
    told_apart,
)
from vaar.report.figures.theme import BLUE, SHADE

NAN = math.nan
NUMBER = r"(-?[\d.]+)"


def places(figure: Figure | None) -> list[float]:
    assert figure is not None
    marks = re.search(r'<g class="mark-symbol role-mark.*?</g>', figure.drawing, re.S)
    assert marks is not None
    found = re.findall(rf'transform="translate\({NUMBER},{NUMBER}\)"', marks[0])
    return [float(x) / NARROW for x, _ in found]


def lines(figure: Figure | None) -> list[tuple[float, float]]:
    """Ends of the intervals, as shares of the width."""
    assert figure is not None
    found = re.findall(
        rf'<line transform="translate\({NUMBER},{NUMBER}\)" x2="{NUMBER}" y2="0" stroke="{BLUE}"',
        figure.drawing,
    )
    return [(float(x) / NARROW, (float(x) + float(w)) / NARROW) for x, _, w in found]


def test_dots_and_intervals_stand_where_their_figures_are() -> None:
    dots = [Dot("a", 0.25, 0.1, 0.5, "x"), Dot("b", 0.75, NAN, NAN, "y")]
    figure = intervals("n", "T", dots, (0, 1), "axis")
    assert places(figure) == pytest.approx([0.25, 0.75], abs=1e-3)
    assert lines(figure) == [pytest.approx((0.1, 0.5), abs=1e-3)]


def test_one_unknown_end_is_no_interval() -> None:
    figure = intervals("n", "T", [Dot("a", 0.5, NAN, 0.9, "x")], (0, 1), "axis")
    assert places(figure) == pytest.approx([0.5]) and lines(figure) == []


def test_what_is_outside_is_drawn_at_the_end_and_told_exactly() -> None:
    figure = intervals("n", "T", [Dot("a", 7.0, -9.0, 9.0, "7 [−9, 9]")], (-1, 1), "axis")
    assert places(figure) == [1.0]
    assert lines(figure) == [pytest.approx((0.0, 1.0))]
    assert figure is not None and "7 [−9, 9]" in figure.drawing
    assert figure.description == "a: 7 [−9, 9]."


def test_unknown_values_are_left_out_and_nothing_is_no_figure() -> None:
    figure = intervals("n", "T", [Dot("a", NAN, NAN, NAN, "—"), Dot("b", 0, 0, 0, "0")], (0, 1), "")
    assert len(places(figure)) == 1
    assert intervals("n", "T", [Dot("a", NAN, NAN, NAN, "—")], (0, 1), "") is None


def test_equal_labels_are_told_apart() -> None:
    dots = [Dot("a", 0, 0, 0, ""), Dot("b", 0, 0, 0, ""), Dot("a", 0, 0, 0, "")]
    assert [dot.label for dot in told_apart(dots)] == ["a #1", "b", "a #3"]


@pytest.mark.parametrize(("expected", "shaded"), [(1.0, True), (-1.0, True), (0.0, False)])
def test_a_forest_shades_the_half_where_the_sign_is_expected(expected: float, shaded: bool) -> None:
    figure = forest("n", "T", [Dot("a", 0.2, 0.1, 0.3, "x")], expected, "axis")
    assert figure is not None
    planes = re.findall(rf'd="M{NUMBER},0h{NUMBER}v[^"]*" fill="{SHADE}"', figure.drawing)
    half = NARROW / 2
    assert [(float(x), float(w)) for x, w in planes] == (
        [(half if expected > 0 else 0, half)] if shaded else []
    )


def test_an_axis_reaches_as_far_as_its_dots_within_bounds() -> None:
    assert reach([Dot("a", 0.2, 0.1, 0.3, "")], 1.0, 2.0) == 1.0
    assert reach([Dot("a", -1.5, NAN, NAN, "")], 1.0, 2.0) == 1.5
    assert reach([Dot("a", 0.0, -9.0, 9.0, "")], 1.0, 2.0) == 2.0


def test_of_many_rows_the_first_and_the_last_are_drawn_and_that_is_said() -> None:
    rows = [Dot(f"row {n}", n / 200, NAN, NAN, "x") for n in range(MOST_ROWS + 2)]
    figure = intervals("n", "T", rows, (0, 1), "axis", caption="How to read.")
    assert figure is not None
    assert len(places(figure)) == MOST_ROWS
    assert ">row 29<" in figure.drawing and ">row 30<" not in figure.drawing
    assert ">row 31<" not in figure.drawing and ">row 32<" in figure.drawing
    assert figure.caption == "How to read. Of 62 rows the first 30 and the last 30 are drawn."
    assert "and 50 more" in figure.description
