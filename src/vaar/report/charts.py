"""The charts, drawn with altair as SVG that needs no script and no network.

Every chart of intervals is one form: a row a group, a dot, its interval, its figures in words at
the right. What a mark means is told by its shape and filling, not by colour alone.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Any, Literal

import altair as alt
import pandas as pd
import vl_convert
from markupsafe import Markup

from vaar.report.answer_tables import normalised
from vaar.report.groups import Groups
from vaar.report.vaar_tables import drawable, sign
from vaar.study.model import Instrument, ResponseScale
from vaar.tables.numbers import coefficient, decimal, estimate, share
from vaar.tables.text import is_missing, listing, shorten, visible

Mark = Literal["solid", "hollow", "opposite"]
Row = dict[str, Any]

NO_INFORMATION = 0.5
FARTHEST_COEFFICIENT = 2.0
Z_95 = NormalDist().inv_cdf(0.975)
_WIDE, _NARROW, _ROW, _CURVE = 280, 200, 27, 150
_CURVES_ABREAST = 3
_SHORT = 24

_INK, _MUTED, _GRID, _BLUE, _RED, _SHADE = (
    "#1c2733",
    "#5b6773",
    "#e3e7eb",
    "#1f5f99",
    "#b3261e",
    "#e4eef7",
)
_FONT = "Arial, Helvetica, 'Liberation Sans', Roboto, sans-serif"
_THEME = {
    "aria": False,
    "background": "white",
    "font": _FONT,
    "padding": 8,
    "view": {"stroke": None},
    "axis": {
        "domain": False,
        "labelFlush": False,
        "tickCount": 5,
        "gridColor": _GRID,
        "labelColor": _INK,
        "labelFontSize": 14,
        "labelLimit": 320,
        "tickColor": _GRID,
        "titleColor": _MUTED,
        "titleFontSize": 13,
        "titleFontWeight": "normal",
    },
    "header": {"labelColor": _INK, "labelFontSize": 14, "labelLimit": 190, "title": None},
    "rule": {"color": _BLUE},
    "text": {"color": _INK, "fontSize": 14},
}
_MARKS: dict[Mark, tuple[str, str, str]] = {
    "solid": ("circle", _BLUE, _BLUE),
    "hollow": ("circle", "white", _BLUE),
    "opposite": ("square", _RED, _RED),
}


@dataclass(frozen=True)
class Figure:
    """A chart as inline SVG, with its title and description inside."""

    title: str
    svg: Markup


def leaderboard(vaar: pd.DataFrame, groups: Groups) -> Figure | None:
    """VAAR of each group with an estimate; a hollow dot where some paths were not estimable."""
    rows = [
        _row(
            groups.by_name[record["group"]].label,
            (record["vaar"], record["vaar_lower"], record["vaar_upper"]),
            share,
            "solid" if record["status"] == "estimated" else "hollow",
        )
        for record in groups.sort(drawable(vaar)).to_dict("records")
    ]
    if not rows:
        return None
    reference = _reference(NO_INFORMATION, "no directional information")
    chart = alt.layer(*reference, *_intervals(rows, (0, 1), "VAAR", _WIDE))
    return _figure("leaderboard", "VAAR by group, with 95 % intervals", chart, _told(rows))


def forest(path: str, paths: pd.DataFrame, groups: Groups) -> Figure | None:
    """Standardised estimates of one path; the expected half-plane is shaded.

    Estimates and interval ends beyond ±2 are drawn at the edge; the words beside them are exact.
    """
    rows = [
        _path_row(groups.by_name[record["group"]].label, record)
        for record in groups.sort(paths).to_dict("records")
        if record["path"] == path
        and record["status"] == "estimated"
        and not is_missing(record["std_estimate"])
    ]
    if not rows:
        return None
    expected = float(paths.loc[paths["path"] == path, "expected_sign"].iloc[0])
    edge = min(FARTHEST_COEFFICIENT, max(1.0, *(abs(r[k]) for r in rows for k in _ENDS if k in r)))
    drawn = [_within(row, edge) for row in rows]
    title = f"Standardised estimate, expected sign {sign(expected)}"
    chart = alt.layer(
        _half_plane(expected * edge),
        *_reference(0.0),
        *_intervals(drawn, (-edge, edge), title, _NARROW),
    )
    return _figure(f"path-{path}", f"{path}: estimates and 95 % intervals", chart, _told(rows))


def profile(
    scale: str, response_scale: ResponseScale, table: pd.DataFrame, groups: Groups
) -> Figure | None:
    """Means of one scale, placed between the ends of its response scale."""
    rows = [
        _scale_row(groups.by_name[record["group"]].label, record, response_scale)
        for record in groups.sort(table).to_dict("records")
        if record["scale"] == scale and not is_missing(record["mean"])
    ]
    if not rows:
        return None
    ends = f"0 = {response_scale.labels[0]}, 1 = {response_scale.labels[-1]}"
    chart = alt.layer(*_intervals(rows, (0, 1), ends, _NARROW))
    return _figure(f"profile-{scale}", f"{scale}: mean and 95 % interval", chart, _told(rows))


def by_level(
    factor: str, instrument: Instrument, table: pd.DataFrame, groups: Groups
) -> Figure | None:
    """Means of one scale at each level of a factor, group after group."""
    own = table[(table["factor"] == factor) & (table["scale"] == instrument.code)]
    scale = instrument.scale
    rows = [
        _scale_row(_level_label(record, groups), record, scale)
        for record in groups.sort(own).to_dict("records")
        if not is_missing(record["mean"])
    ]
    if not rows:
        return None
    ends = f"0 = {scale.labels[0]}, 1 = {scale.labels[-1]}"
    title = f"{instrument.code} by {factor}: mean and 95 % interval"
    chart = alt.layer(*_intervals(_told_apart(rows), (0, 1), ends, _NARROW))
    return _figure(f"varied-{factor}-{instrument.code}", title, chart, _told(rows))


def differences(name: str, records: Sequence[Row]) -> Figure | None:
    """Differences of standardised paths between two ways of running the same sessions."""
    rows = [
        _row(
            f"{record['path']} · {record['label']}",
            (record["difference"], record["lower"], record["upper"]),
            coefficient,
            "solid" if abs(record["difference"]) > Z_95 * record["se"] else "hollow",
        )
        for record in records
        if not is_missing(record["se"])
    ]
    if not rows:
        return None
    edge = min(FARTHEST_COEFFICIENT, max(0.5, *(abs(r[k]) for r in rows for k in _ENDS if k in r)))
    drawn = [_within(row, edge) for row in _told_apart(rows)]
    chart = alt.layer(
        *_reference(0.0, "no difference"),
        *_intervals(drawn, (-edge, edge), "Carried less isolated, standardised", _NARROW),
    )
    title = f"What {name} did to the paths, with 95 % intervals"
    return _figure(f"difference-{name}", title, chart, _told(rows))


def vaar_by_n(curves: pd.DataFrame, groups: Groups) -> Figure | None:
    """One small curve a group: VAAR and its interval at each number of sessions."""
    rows = [
        {
            "label": groups.by_name[record["group"]].label,
            "n": float(record["n"]),
            "no_information": NO_INFORMATION,
            **_ends((record["vaar"], record["vaar_lower"], record["vaar_upper"])),
        }
        for record in groups.sort(curves).to_dict("records")
        if record["n"] > 0 and not is_missing(record["vaar"])
    ]
    if not rows:
        return None
    labels = list(dict.fromkeys(row["label"] for row in rows))
    title = "VAAR against the number of sessions"
    return _figure(
        "vaar-by-n", title, _curves(rows, labels), f"One panel each: {listing(labels, 12)}."
    )


_ENDS = ("value", "lower", "upper")


def _row(label: str, figures: Sequence[float], form: Any, mark: Mark) -> Row:
    return {"label": label, "mark": mark, "words": estimate(*map(form, figures)), **_ends(figures)}


def _scale_row(label: str, record: Any, scale: ResponseScale) -> Row:
    """A mean between the ends of its scale, told in scale points."""
    figures = [record[field] for field in ("mean", "ci_lower", "ci_upper")]
    placed = [normalised(value, scale) for value in figures]
    return _row(label, placed, share, "solid") | {"words": estimate(*map(decimal, figures))}


def _level_label(record: Any, groups: Groups) -> str:
    group = groups.by_name[record["group"]].label
    return f"{shorten(visible(record['level']), _SHORT)} · {shorten(group, _SHORT)}"


def _told_apart(rows: list[Row]) -> list[Row]:
    """Rows whose labels differ: one label is one line of a chart."""
    count = Counter(row["label"] for row in rows)
    return [
        row | {"label": f"{row['label']} #{n}"} if count[row["label"]] > 1 else row
        for n, row in enumerate(rows, start=1)
    ]


def _ends(figures: Sequence[float]) -> Row:
    known = {name: float(v) for name, v in zip(_ENDS, figures, strict=True) if not is_missing(v)}
    return known if len(known) == len(_ENDS) else {"value": float(figures[0])}


def _path_row(label: str, record: Any) -> Row:
    value, margin = record["std_estimate"], Z_95 * record["std_se"]
    nearest = record["expected_sign"] * value
    mark: Mark = "hollow"
    if abs(value) > margin:
        mark = "solid" if nearest > 0 else "opposite"
    return _row(label, (value, value - margin, value + margin), coefficient, mark)


def _within(row: Row, edge: float) -> Row:
    return row | {k: max(-edge, min(edge, row[k])) for k in _ENDS if k in row}


def _told(rows: list[Row]) -> str:
    return listing([f"{row['label']}: {row['words']}" for row in rows], 12) + "."


def _intervals(
    rows: list[Row], domain: tuple[float, float], title: str, width: int
) -> tuple[alt.Chart, ...]:
    y = alt.Y(
        "label:N", sort=None, title=None, axis=alt.Axis(grid=False, ticks=False, labelPadding=10)
    )

    def x(field: str) -> alt.X:
        scale = alt.Scale(domain=domain, nice=False)
        return alt.X(f"{field}:Q", scale=scale, title=title, axis=alt.Axis(grid=True))

    bounded = [row for row in rows if "lower" in row]
    layers = (
        _chart(bounded).mark_rule(strokeWidth=2.5).encode(x("lower"), alt.X2("upper:Q"), y),
        _chart(rows)
        .mark_point(size=70, opacity=1, strokeWidth=2)
        .encode(x("value"), y, *_styles()),
        _chart(rows).mark_text(align="left").encode(y, x=alt.value(width + 12), text="words:N"),
    )
    return tuple(layer.properties(width=width, height=alt.Step(_ROW)) for layer in layers)


def _styles() -> tuple[alt.Shape, alt.Fill, alt.Stroke]:
    shapes, fills, strokes = zip(*_MARKS.values(), strict=True)

    def styled(values: Sequence[str]) -> dict[str, Any]:
        return {"scale": alt.Scale(domain=list(_MARKS), range=list(values)), "legend": None}

    return (
        alt.Shape("mark:N", **styled(shapes)),
        alt.Fill("mark:N", **styled(fills)),
        alt.Stroke("mark:N", **styled(strokes)),
    )


def _reference(at: float, words: str = "") -> tuple[alt.Chart, ...]:
    line = _chart([{}]).mark_rule(color=_INK, strokeDash=[4, 3]).encode(x=alt.datum(at))
    note = _chart([{}]).mark_text(baseline="bottom", color=_MUTED, dy=-4)
    return (line, note.encode(x=alt.datum(at), y=alt.value(0), text=alt.value(words)))


def _half_plane(edge: float) -> alt.Chart:
    plane: alt.Chart = _chart([{}]).mark_rect(color=_SHADE)
    return plane.encode(alt.XDatum(0.0), alt.X2Datum(edge))


def _curves(rows: list[Row], labels: list[str]) -> alt.FacetChart:
    base = alt.Chart()
    scale = alt.Scale(type="log", nice=False)
    x = alt.X(
        "n:Q",
        scale=scale,
        title="sessions",
        axis=alt.Axis(values=sorted({r["n"] for r in rows}), format="d"),
    )
    y = alt.Y("value:Q", scale=alt.Scale(domain=(0, 1)), title="VAAR")
    layers = (
        base.mark_area(color=_SHADE).encode(x, alt.Y("lower:Q", title="VAAR"), alt.Y2("upper:Q")),
        base.mark_rule(color=_INK, strokeDash=[4, 3]).encode(y="mean(no_information):Q"),
        base.mark_line(color=_BLUE, point={"color": _BLUE, "size": 30}).encode(x, y),
    )
    panel = alt.layer(*layers, data=alt.InlineData(values=rows)).properties(
        width=_CURVE, height=110
    )
    return panel.facet(alt.Facet("label:N", sort=labels), columns=_CURVES_ABREAST)


def _chart(rows: list[Row]) -> alt.Chart:
    return alt.Chart(alt.InlineData(values=rows))


def _figure(name: str, title: str, chart: alt.TopLevelMixin, description: str) -> Figure:
    version = ".".join(alt.SCHEMA_VERSION.split(".")[:2])
    svg = vl_convert.vegalite_to_svg(
        chart.to_dict(validate=False), vl_version=version, config=_THEME, allowed_base_urls=[]
    )
    return Figure(title, _inline(svg, re.sub(r"\W+", "-", name), title, description))


def _inline(svg: str, name: str, title: str, description: str) -> Markup:
    opening, _, drawing = svg.partition(">")
    box = opening.split('viewBox="')[1].split('"')[0]
    head = Markup(
        '<svg viewBox="{box}" style="--width:{width}px" role="img" '
        'aria-labelledby="{name}-title {name}-desc">'
        '<title id="{name}-title">{title}</title><desc id="{name}-desc">{description}</desc>'
    )
    named = head.format(
        box=box,
        width=box.split()[2],
        name=name,
        title=visible(title),
        description=visible(description),
    )
    return named + Markup(visible(drawing))
