from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaar.tables.drawn import AXIS, WIDTH, interval


@pytest.mark.parametrize(
    ("value", "lower", "upper", "drawn"),
    [
        (0.5, 0.25, 0.75, "    ────●────    "),
        (0.0, 0.0, 0.0, "●" + " " * 16),
        (1.0, 0.5, 1.0, "        ────────●"),
        (0.5, math.nan, math.nan, "        ●        "),
        (math.nan, math.nan, math.nan, ""),
    ],
)
def test_a_line_from_end_to_end_and_a_dot(
    value: float, lower: float, upper: float, drawn: str
) -> None:
    assert interval(value, lower, upper) == drawn


@given(st.lists(st.floats(-1, 2), min_size=3, max_size=3))
def test_a_drawing_is_never_wider_than_its_rule(values: list[float]) -> None:
    lower, value, upper = sorted(values)
    drawn = interval(value, lower, upper)
    assert len(drawn) == WIDTH + 1 == len(AXIS)
    assert drawn.count("●") == 1


def test_the_heading_marks_the_ends_and_the_middle() -> None:
    assert interval(0.5, 0.5, 0.5).index("●") == AXIS.index("½")
