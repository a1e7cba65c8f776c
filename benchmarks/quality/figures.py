"""Draw the figures of docs/sem-quality.md from docs/sem-quality/results.csv.

python benchmarks/quality/figures.py
"""

from __future__ import annotations

import altair as alt
import pandas as pd
from summarise import RESULTS

_STYLES = (
    ("ML", "#1f5f99", "circle"),
    ("MLR", "#d1701f", "square"),
    ("FIML", "#2b8a5f", "triangle-up"),
    ("FIML-MLR", "#8c4fa8", "diamond"),
    ("WLSMV", "#b3261e", "cross"),
)
_INK, _MUTED, _GRID = "#1c2733", "#5b6773", "#e3e7eb"
_FONT = "Arial, Helvetica, 'Liberation Sans', sans-serif"
_SHAPES = {"normal": "continuous normal items", "skewed": "skewed five-point items"}
_FIGURES = {
    "bias": (
        {("loading", "bias"): "loadings", ("path", "bias"): "paths"},
        "bias (standardised)",
        0.0,
        ".2f",
    ),
    "coverage": (
        {("loading", "coverage"): "loadings", ("path", "coverage"): "paths"},
        "coverage of 95 % intervals",
        0.95,
        ".0%",
    ),
    "tests": (
        {
            ("metric", "rejected"): "χ² of the metric model",
            ("difference", "rejected"): "metric against configural",
        },
        "rejected at 5 %, the null being true",
        0.05,
        ".0%",
    ),
}


def main() -> None:
    results = pd.read_csv(RESULTS)
    for name, (panels, axis, nominal, number) in _FIGURES.items():
        path = RESULTS.with_name(f"{name}.svg")
        figure(results, panels, axis, nominal, number).save(path)
        print(f"wrote {path}")


def figure(
    results: pd.DataFrame,
    panels: dict[tuple[str, str], str],
    axis: str,
    nominal: float,
    number: str,
) -> alt.VConcatChart:
    """One row for each quantity, one column for each shape of items."""
    table = results.assign(
        low=results["value"] - 1.96 * results["mc_error"],
        high=results["value"] + 1.96 * results["mc_error"],
        nominal=nominal,
    )
    drawn = set(table["estimator"])
    rows = []
    for (kind, quantity), title in panels.items():
        part = table[(table["kind"] == kind) & (table["quantity"] == quantity)]
        domain = _domain(part, nominal)
        columns = [
            _panel(part[part["shape"] == shape], f"{title}: {words}", axis, domain, number, drawn)
            for shape, words in _SHAPES.items()
        ]
        rows.append(alt.hconcat(*columns))
    return _themed(alt.vconcat(*rows))


def _domain(part: pd.DataFrame, nominal: float) -> list[float]:
    low, high = min(part["low"].min(), nominal), max(part["high"].max(), nominal)
    room = 0.06 * (high - low)
    return [low - room, high + room]


def _panel(
    part: pd.DataFrame, title: str, axis: str, domain: list[float], number: str, drawn: set[str]
) -> alt.LayerChart:
    """Estimates with Monte-Carlo intervals, in the styles of the estimators that are drawn."""
    y = alt.Y(
        "value:Q",
        title=axis,
        scale=alt.Scale(domain=domain, nice=False, zero=False),
        axis=alt.Axis(format=number, tickCount=6),
    )
    styles = {name: look for name, *look in _STYLES if name in drawn}
    colours, marks = zip(*styles.values(), strict=True)
    colour = alt.Color(
        "estimator:N", title=None, scale=alt.Scale(domain=list(styles), range=list(colours))
    )
    shape = alt.Shape(
        "estimator:N", title=None, scale=alt.Scale(domain=list(styles), range=list(marks))
    )
    x = alt.X("n:O", title="rows a group", axis=alt.Axis(labelAngle=0, grid=False))
    offset = alt.XOffset("estimator:N", sort=list(styles))
    base = alt.Chart(part)
    line = base.mark_rule(color=_MUTED, strokeDash=[4, 3]).encode(y="mean(nominal):Q")
    spread = base.mark_rule(strokeWidth=1.5).encode(
        x=x, xOffset=offset, y=alt.Y("low:Q"), y2="high:Q", color=colour
    )
    dots = base.mark_point(filled=True, size=60, opacity=1).encode(
        x=x, xOffset=offset, y=y, color=colour, shape=shape
    )
    return (line + spread + dots).properties(width=300, height=170, title=title)


def _themed(chart: alt.VConcatChart) -> alt.VConcatChart:
    return (
        chart.configure(background="white", font=_FONT, padding=8)
        .configure_view(stroke=None)
        .configure_axis(
            domain=False,
            gridColor=_GRID,
            tickColor=_GRID,
            labelColor=_INK,
            titleColor=_MUTED,
            titleFontWeight="normal",
            labelFontSize=12,
            titleFontSize=12,
        )
        .configure_title(color=_INK, fontSize=13, fontWeight="bold", anchor="start")
        .configure_legend(labelColor=_INK, labelFontSize=12, orient="bottom")
    )


if __name__ == "__main__":
    main()
