"""An interval drawn with characters, for terminals."""

from __future__ import annotations

import math

WIDTH = 16
AXIS = "0       ½       1"
"""Heading of a column of intervals on [0, 1]: where its ends and its middle are."""


def interval(value: float, lower: float, upper: float) -> str:
    """The interval as a line and the value as a dot on it, on a rule from 0 to 1.

    A value outside is drawn at the end; without an interval there is only the dot, without a value
    nothing.
    """
    if math.isnan(value):
        return ""
    cells = [" "] * (WIDTH + 1)
    if not (math.isnan(lower) or math.isnan(upper)):
        first, last = _place(lower), _place(upper)
        cells[first : last + 1] = "─" * (last + 1 - first)
    cells[_place(value)] = "●"
    return "".join(cells)


def _place(value: float) -> int:
    return round(min(1.0, max(0.0, value)) * WIDTH)
