"""Small curves with their bands, a panel each."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import altair as alt

from vaar.report.figures.figure import Figure, draw
from vaar.report.figures.intervals import chart
from vaar.report.figures.theme import BLUE, INK, SHADE
from vaar.tables.text import listing, visible

MOST_PANELS = 30

_WIDTH, _HEIGHT, _ABREAST, _TOLD = 150, 110, 3, 12


@dataclass(frozen=True)
class Point:
    """One point of a curve: the panel it stands in, its place, and its interval."""

    label: str
    x: float
    value: float
    lower: float
    upper: float


def curves(
    name: str,
    title: str,
    points: Sequence[Point],
    x_axis: str,
    y_axis: str,
    *,
    domain: tuple[float, float],
    logarithmic: bool = False,
    reference: float | None = None,
    caption: str = "",
) -> Figure | None:
    """Draw one small curve for each label, in the order of the points; None where there is none."""
    known = [p for p in points if math.isfinite(p.value) and (p.x > 0 or not logarithmic)]
    if not known:
        return None
    every = list(dict.fromkeys(visible(point.label) for point in known))
    labels = every[:MOST_PANELS]
    if len(every) > MOST_PANELS:
        known = [point for point in known if visible(point.label) in set(labels)]
        caption = f"{caption} The first {MOST_PANELS} of {len(every):,} panels are drawn.".strip()
    base = alt.Chart()
    places = sorted({point.x for point in known})
    x = alt.X(
        "x:Q",
        scale=alt.Scale(type="log" if logarithmic else "linear", nice=False),
        title=x_axis,
        axis=alt.Axis(values=places, format="~g") if logarithmic else alt.Axis(),
    )
    y = alt.Y("value:Q", scale=alt.Scale(domain=domain), title=y_axis)
    layers = [
        base.mark_area(color=SHADE).encode(x, alt.Y("lower:Q", title=y_axis), alt.Y2("upper:Q")),
        base.mark_line(color=BLUE, point={"color": BLUE, "size": 30}).encode(x, y),
    ]
    if reference is not None:
        line = base.mark_rule(color=INK, strokeDash=[4, 3])
        layers.insert(1, line.encode(y="mean(reference):Q"))
    data = chart([vars(point) | {"reference": reference} for point in known]).data
    panel = alt.layer(*layers, data=data).properties(width=_WIDTH, height=_HEIGHT)
    faceted = panel.facet(alt.Facet("label:N", sort=labels), columns=_ABREAST)
    return draw(name, title, faceted, f"One panel each: {listing(every, _TOLD)}.", caption)
