from __future__ import annotations

import math

from vaar.report.figures.curves import MOST_PANELS, Point, curves
from vaar.report.figures.figure import Figure


def draw(points: list[Point], **more: object) -> Figure | None:
    return curves("n", "T", points, "sessions", "VAAR", domain=(0, 1), **more)  # type: ignore[arg-type]


def test_a_panel_for_each_label() -> None:
    points = [Point(label, n, 0.5, 0.4, 0.6) for label in ("one", "two") for n in (10, 100)]
    figure = draw(points, logarithmic=True, reference=0.5)
    assert figure is not None
    assert figure.description == "One panel each: one, two."
    assert figure.drawing.count("role-mark") >= 2 * 3
    assert ">100<" in figure.drawing


def test_what_has_no_value_or_no_place_is_left_out() -> None:
    assert draw([Point("a", 10, math.nan, math.nan, math.nan)]) is None
    assert draw([Point("a", 0, 0.5, 0.4, 0.6)], logarithmic=True) is None
    assert draw([Point("a", 0, 0.5, 0.4, 0.6), Point("a", 1, 0.5, 0.4, 0.6)]) is not None


def test_a_reference_is_a_dashed_line() -> None:
    points = [Point("a", n, 0.5, 0.4, 0.6) for n in (1, 2)]
    plain, marked = draw(points), draw(points, reference=0.5)
    assert plain is not None and marked is not None
    assert "stroke-dasharray" in marked.drawing and "stroke-dasharray" not in plain.drawing


def test_of_many_panels_the_first_are_drawn_and_that_is_said() -> None:
    every = [Point(f"panel {k}", n, 0.5, 0.4, 0.6) for k in range(MOST_PANELS + 1) for n in (1, 2)]
    figure = draw(every, caption="Bands.")
    assert figure is not None
    assert ">panel 29<" in figure.drawing and ">panel 30<" not in figure.drawing
    assert figure.caption == "Bands. The first 30 of 31 panels are drawn."
