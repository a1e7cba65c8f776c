"""Horizontal bars from zero: a row each, its figure in words at the right."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt

from vaar.report.figures.figure import Figure, draw
from vaar.report.figures.intervals import NARROW, Dot, chart, told, told_apart
from vaar.report.figures.theme import BLUE

_ROW = 27


@dataclass(frozen=True)
class Bar:
    """One bar: a value of at least zero, and how it is told."""

    label: str
    value: float
    words: str


def bars(
    name: str,
    title: str,
    rows: Sequence[Bar],
    axis: str,
    *,
    most: float | None = None,
    width: int = NARROW,
    caption: str = "",
) -> Figure | None:
    """Draw bars from top to bottom; None where there is none.

    Parameters
    ----------
    most : float, optional
        End of the axis; default: the longest bar.
    """
    dots = [
        Dot(bar.label, bar.value, math.nan, math.nan, bar.words)
        for bar in rows
        if math.isfinite(bar.value)
    ]
    if not dots:
        return None
    end = most or max(dot.value for dot in dots) or 1.0
    drawn = [dot.within(0.0, end) for dot in told_apart(dots)]
    side = alt.Axis(grid=False, ticks=False, labelPadding=10)
    y = alt.Y("label:N", sort=None, title=None, axis=side)
    x = alt.X("value:Q", scale=alt.Scale(domain=(0, end), nice=False), title=axis)
    layers = (
        chart(drawn).mark_bar(color=BLUE, size=15).encode(x, y),
        chart(drawn).mark_text(align="left").encode(y, x=alt.value(width + 12), text="words:N"),
    )
    sized = [layer.properties(width=width, height=alt.Step(_ROW)) for layer in layers]
    return draw(name, title, alt.layer(*sized), told(dots), caption)
