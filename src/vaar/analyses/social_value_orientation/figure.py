"""The allocation plane: where each arm's divisions lie, seen from fifty coins for both."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import altair as alt

from vaar.analyses.social_value_orientation.orientation import CENTRE, CUTS, VALUES
from vaar.report.figures.figure import Figure, draw
from vaar.report.figures.intervals import Dot, chart, told_apart
from vaar.report.figures.intervals import told as told_of
from vaar.report.figures.theme import BLUE, GRID, INK, MUTED

_DOMAIN = (30.0, 106.0)
_SIZE = 440
_REACH = 51.0
_NAMES_AT = 21.0
_LABELS_AT = 108.0
_LABEL_GAP = 3.2
_STEPS = 24
_CAPTION = (
    "Mean coins for oneself and for the other. The angle is seen from 50 coins for both; dashed "
    "lines part the categories. Dots are arms, arcs the 95 % intervals of their mean angles. "
    "Squares are what choices without any value give."
)


@dataclass(frozen=True)
class Spot:
    """One arm, or one way to choose without a value.

    Attributes
    ----------
    own, other : float
        Mean coins.
    lower, upper : float
        Ends of the interval of the angle; NaN where there is none.
    words : str
        Its figures in words.
    null : bool
        Whether it follows no value.
    """

    label: str
    own: float
    other: float
    lower: float
    upper: float
    words: str
    null: bool = False

    @property
    def radius(self) -> float:
        """Distance from fifty coins for both."""
        return math.hypot(self.own - CENTRE, self.other - CENTRE)


def plane(name: str, title: str, spots: Sequence[Spot]) -> Figure | None:
    """Draw arms and nulls; None where no arm has an angle."""
    known = [spot for spot in spots if math.isfinite(spot.own)]
    if not any(not spot.null for spot in known):
        return None
    layers = [*_labels(known), *_categories(), *_arcs(known), *_points(known)]
    figure = alt.layer(*layers).properties(width=_SIZE, height=_SIZE)
    dots = [Dot(s.label, s.own, s.lower, s.upper, s.words) for s in known]
    return draw(name, title, figure, told_of(told_apart(dots)), _CAPTION)


def _x(field: str = "x") -> alt.X:
    return alt.X(
        f"{field}:Q", scale=alt.Scale(domain=_DOMAIN, nice=False), title="coins for oneself"
    )


def _y(field: str = "y") -> alt.Y:
    return alt.Y(
        f"{field}:Q", scale=alt.Scale(domain=_DOMAIN, nice=False), title="coins for the other"
    )


def _at(angle: float, radius: float) -> dict[str, float]:
    turned = math.radians(angle)
    return {"x": CENTRE + radius * math.cos(turned), "y": CENTRE + radius * math.sin(turned)}


def _categories() -> Iterator[alt.Chart]:
    rays = [{"ray": n, "x": CENTRE, "y": CENTRE, "step": 0} for n, _ in enumerate(CUTS)]
    rays += [{"ray": n, "step": 1, **_at(cut, _REACH)} for n, cut in enumerate(CUTS)]
    line = chart(rays).mark_line(color=MUTED, strokeDash=[4, 3], strokeWidth=1)
    yield line.encode(_x(), _y(), detail="ray:N", order="step:Q")
    edges = (90.0, *CUTS, -40.0)
    names = [
        {"name": value, **_at((above + below) / 2, _NAMES_AT)}
        for value, (above, below) in zip(VALUES, pairwise(edges), strict=True)
    ]
    yield chart(names).mark_text(color=MUTED, fontStyle="italic").encode(_x(), _y(), text="name:N")


def _arcs(spots: Sequence[Spot]) -> Iterator[alt.Chart]:
    rows = [
        {"arm": spot.label, "step": k, **_at(angle, spot.radius)}
        for spot in spots
        if math.isfinite(spot.lower) and math.isfinite(spot.upper)
        for k in range(_STEPS + 1)
        for angle in [spot.lower + (spot.upper - spot.lower) * k / _STEPS]
    ]
    if rows:
        arc = chart(rows).mark_line(color=BLUE, strokeWidth=2.5)
        yield arc.encode(_x(), _y(), detail="arm:N", order="step:Q")


def _points(spots: Sequence[Spot]) -> Iterator[alt.Chart]:
    for null in (False, True):
        rows = [{"x": spot.own, "y": spot.other} for spot in spots if spot.null is null]
        if not rows:
            continue
        shape, fill, stroke = ("square", GRID, INK) if null else ("circle", BLUE, BLUE)
        points = chart(rows).mark_point(
            shape=shape, fill=fill, stroke=stroke, size=70, opacity=1, strokeWidth=2
        )
        yield points.encode(_x(), _y())


def _labels(spots: Sequence[Spot]) -> Iterator[alt.Chart]:
    """Names at the right, one below the other, each with a line to its spot."""
    placed = _side_by_side(spots)
    lines = [
        {"arm": n, "x": x, "y": y}
        for n, (spot, height) in enumerate(placed)
        for x, y in ((spot.own, spot.other), (_LABELS_AT - 1, height))
    ]
    yield chart(lines).mark_line(color=GRID, strokeWidth=1).encode(_x(), _y(), detail="arm:N")
    named = [
        {"label": f"{spot.label}  {spot.words}", "x": _LABELS_AT, "y": height}
        for spot, height in placed
    ]
    text = chart(named).mark_text(align="left", fontSize=13, clip=False)
    yield text.encode(_x(), _y(), text="label:N")


def _side_by_side(spots: Sequence[Spot]) -> list[tuple[Spot, float]]:
    """Heights for the names of spots, as near to them as their names leave room."""
    placed: list[tuple[Spot, float]] = []
    height = math.inf
    for spot in sorted(spots, key=lambda one: -one.other):
        height = min(spot.other, height - _LABEL_GAP)
        placed.append((spot, height))
    below = max(0.0, _DOMAIN[0] + 2 - height)
    return [(spot, height + below) for spot, height in placed]
