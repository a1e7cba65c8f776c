"""Dots with their intervals: a row each, its figures in words at the right."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import altair as alt

from vaar.report.figures.figure import Figure, draw
from vaar.report.figures.theme import BLUE, INK, MUTED, RED, SHADE
from vaar.tables.text import listing, on_one_line

Mark = Literal["solid", "hollow", "opposite"]

WIDE, NARROW = 280, 200
"""Widths of a plot in CSS pixels: alone, and beside another."""

MOST_ROWS = 60
"""Rows that are drawn of one chart: the first half of them, and the last."""

_ROW = 27
_TOLD = 12
_MARKS: dict[Mark, tuple[str, str, str]] = {
    "solid": ("circle", BLUE, BLUE),
    "hollow": ("circle", "white", BLUE),
    "opposite": ("square", RED, RED),
}


@dataclass(frozen=True)
class Dot:
    """One row of the chart.

    Attributes
    ----------
    value, lower, upper : float
        NaN for an end that is not known: then no interval is drawn.
    words : str
        The figures as they are told beside the dot.
    mark : {'solid', 'hollow', 'opposite'}
        A filled dot, a hollow one, or a square.
    """

    label: str
    value: float
    lower: float
    upper: float
    words: str
    mark: Mark = "solid"

    @property
    def bounded(self) -> bool:
        """Whether both ends of the interval are known."""
        return math.isfinite(self.lower) and math.isfinite(self.upper)

    def within(self, low: float, high: float) -> Dot:
        """The same drawn no farther out than these ends; the words stay exact."""

        def clipped(x: float) -> float:
            return x if math.isnan(x) else min(high, max(low, x))

        value, lower, upper = map(clipped, (self.value, self.lower, self.upper))
        return replace(self, value=value, lower=lower, upper=upper)


def intervals(
    name: str,
    title: str,
    dots: Sequence[Dot],
    domain: tuple[float, float],
    axis: str,
    *,
    width: int = NARROW,
    reference: float | None = None,
    reference_words: str = "",
    shaded: tuple[float, float] | None = None,
    caption: str = "",
) -> Figure | None:
    """Draw dots with their intervals from top to bottom; None where there is none.

    Parameters
    ----------
    domain : (float, float)
        Ends of the axis; what lies beyond is drawn at the end and told exactly.
    axis : str
        Title of the axis.
    reference : float, optional
        Where a dashed line stands, and in `reference_words` what it means.
    shaded : (float, float), optional
        A part of the axis that is set off.
    """
    every = [dot for dot in dots if math.isfinite(dot.value)]
    if not every:
        return None
    known = every
    if len(every) > MOST_ROWS:
        known = [*every[: MOST_ROWS // 2], *every[-MOST_ROWS // 2 :]]
        caption = f"{caption} {_few_of(len(every))}".strip()
    drawn = [dot.within(*domain) for dot in told_apart(known)]
    layers = [
        *([_plane(shaded)] if shaded else []),
        *(_line(reference, reference_words) if reference is not None else []),
        *_layers(drawn, domain, axis, width),
    ]
    return draw(name, title, alt.layer(*layers), told(every), caption)


def forest(
    name: str,
    title: str,
    dots: Sequence[Dot],
    expected: float,
    axis: str,
    *,
    farthest: float = 2.0,
    caption: str = "",
) -> Figure | None:
    """Draw estimates around zero, the half where the expected sign lies shaded.

    Parameters
    ----------
    expected : float
        Negative, positive, or 0 where no sign is expected: then nothing is shaded.
    farthest : float
        The axis reaches as far as the estimates do, at least to ±1 and at most to ±`farthest`.
    """
    edge = reach(dots, 1.0, farthest)
    half = math.copysign(edge, expected)
    return intervals(
        name,
        title,
        dots,
        (-edge, edge),
        axis,
        reference=0.0,
        shaded=(0.0, half) if expected else None,
        caption=caption,
    )


def _few_of(rows: int) -> str:
    half = MOST_ROWS // 2
    return f"Of {rows:,} rows the first {half} and the last {half} are drawn."


def reach(dots: Sequence[Dot], least: float, most: float) -> float:
    """Half the width of an axis around zero that holds all dots, between `least` and `most`."""
    ends = [abs(x) for dot in dots for x in (dot.value, dot.lower, dot.upper) if math.isfinite(x)]
    return min(most, max([least, *ends]))


def told(dots: Sequence[Dot]) -> str:
    """The first rows in words, and how many more there are."""
    return listing([f"{dot.label}: {dot.words}" for dot in dots], _TOLD) + "."


def told_apart(dots: Sequence[Dot]) -> list[Dot]:
    """Dots whose labels differ, as one label is one row of a chart."""
    plain = [replace(dot, label=on_one_line(dot.label)) for dot in dots]
    count = Counter(dot.label for dot in plain)
    return [
        replace(dot, label=f"{dot.label} #{n}") if count[dot.label] > 1 else dot
        for n, dot in enumerate(plain, start=1)
    ]


def _layers(
    dots: Sequence[Dot], domain: tuple[float, float], axis: str, width: int
) -> list[alt.Chart]:
    side = alt.Axis(grid=False, ticks=False, labelPadding=10)
    y = alt.Y("label:N", sort=None, title=None, axis=side)

    def x(field: str) -> alt.X:
        scale = alt.Scale(domain=domain, nice=False)
        return alt.X(f"{field}:Q", scale=scale, title=axis, axis=alt.Axis(grid=True))

    bounded = [dot for dot in dots if dot.bounded]
    points = chart(dots).mark_point(size=70, opacity=1, strokeWidth=2)
    layers = (
        chart(bounded).mark_rule(strokeWidth=2.5).encode(x("lower"), alt.X2("upper:Q"), y),
        points.encode(x("value"), y, *_styles()),
        chart(dots).mark_text(align="left").encode(y, x=alt.value(width + 12), text="words:N"),
    )
    return [layer.properties(width=width, height=alt.Step(_ROW)) for layer in layers]


def _styles() -> tuple[alt.Shape, alt.Fill, alt.Stroke]:
    shapes, fills, strokes = zip(*_MARKS.values(), strict=True)

    def styled(values: Sequence[str]) -> dict[str, Any]:
        return {"scale": alt.Scale(domain=list(_MARKS), range=list(values)), "legend": None}

    return (
        alt.Shape("mark:N", **styled(shapes)),
        alt.Fill("mark:N", **styled(fills)),
        alt.Stroke("mark:N", **styled(strokes)),
    )


def _line(at: float, words: str) -> tuple[alt.Chart, ...]:
    line = chart([{}]).mark_rule(color=INK, strokeDash=[4, 3]).encode(x=alt.datum(at))
    note = chart([{}]).mark_text(baseline="bottom", color=MUTED, dy=-4)
    return (line, note.encode(x=alt.datum(at), y=alt.value(0), text=alt.value(words)))


def _plane(ends: tuple[float, float]) -> alt.Chart:
    plane: alt.Chart = chart([{}]).mark_rect(color=SHADE)
    return plane.encode(alt.XDatum(ends[0]), alt.X2Datum(ends[1]))


def chart(rows: Sequence[Any]) -> alt.Chart:
    """A chart of these rows, without what is not finite."""
    return alt.Chart(alt.InlineData(values=[_finite(row) for row in rows]))


def _finite(row: Any) -> dict[str, Any]:
    values = row if isinstance(row, dict) else vars(row)
    return {
        name: value
        for name, value in values.items()
        if not isinstance(value, float) or math.isfinite(value)
    }
