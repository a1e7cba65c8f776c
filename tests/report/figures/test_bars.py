from __future__ import annotations

import math
import re

import pytest

from vaar.report.figures.bars import Bar, bars
from vaar.report.figures.intervals import NARROW


def test_bars_are_as_long_as_their_values() -> None:
    figure = bars("n", "T", [Bar("a", 0.5, "50 %"), Bar("b", 0.25, "25 %")], "share", most=1.0)
    assert figure is not None
    marks = re.search(r'<g class="mark-rect role-mark.*?</g>', figure.drawing, re.S)
    assert marks is not None
    widths = [float(w) / NARROW for w in re.findall(r'd="M0,[^h]*h([\d.]+)v', marks[0])]
    assert widths == pytest.approx([0.5, 0.25], abs=1e-3)
    assert figure.description == "a: 50 %, b: 25 %."


def test_the_longest_bar_fills_the_axis_and_unknown_ones_are_left_out() -> None:
    figure = bars("n", "T", [Bar("a", 8.0, "8"), Bar("b", math.nan, "—")], "count")
    assert figure is not None and f"h{NARROW}v" in figure.drawing
    assert "—" not in figure.drawing
    assert bars("n", "T", [Bar("b", math.nan, "—")], "count") is None
    assert bars("n", "T", [Bar("b", 0.0, "0")], "count") is not None
