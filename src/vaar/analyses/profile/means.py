"""Scale means as charts and tables."""

from __future__ import annotations

import pandas as pd

from vaar.analyses.profile.scale_range import normalised, scale_of
from vaar.report.figures.figure import Figure
from vaar.report.figures.intervals import Dot, intervals
from vaar.report.groups import Groups, group_column
from vaar.study.model import Instrument, ResponseScale, Study
from vaar.tables.numbers import count, decimal, estimate, interval
from vaar.tables.numbers import share as proportion
from vaar.tables.table import Column, Record, Table, figures, number, tabulate, text
from vaar.tables.text import NO_VALUE, is_missing


def mean_columns() -> tuple[Column, ...]:
    """Columns of a mean: sessions, mean, interval, standard deviation."""
    return (
        number("sessions", "n", count),
        number("mean", "mean", decimal),
        figures(
            "95 % interval", lambda r: interval(decimal(r["ci_lower"]), decimal(r["ci_upper"]))
        ),
        number("standard deviation", "sd", decimal),
    )


def mean_chart(instrument: Instrument, table: pd.DataFrame, groups: Groups) -> Figure | None:
    """Means of one questionnaire, placed between the ends of its response scale."""
    scale = instrument.score_scale
    if scale is None:
        return None
    own = groups.sort(table[table["scale"] == instrument.code]).to_dict("records")
    code = instrument.code
    return intervals(
        f"means-{code}",
        f"{code}: mean and 95 % interval",
        [mean_dot(groups[str(r["group"])].label, r, scale) for r in own],
        (0.0, 1.0),
        ends(scale),
    )


def mean_dot(label: str, record: Record, scale: ResponseScale) -> Dot:
    """A mean between the ends of its scale, told in scale points."""
    points = [float(record[name]) for name in ("mean", "ci_lower", "ci_upper")]
    value, lower, upper = (normalised(point, scale) for point in points)
    return Dot(label, value, lower, upper, estimate(*map(decimal, points)))


def ends(scale: ResponseScale) -> str:
    """What the ends of a normalised axis stand for."""
    return f"0 = {scale.labels[0]}, 1 = {scale.labels[-1]}"


def mean_table(caption: str, profile: pd.DataFrame, study: Study, groups: Groups) -> Table:
    """Scale means with their intervals, in scale points and as a share of the scale's range."""
    scales = scale_of(study)

    def position(record: Record) -> str:
        scale = scales.get(record["scale"])
        known = scale is not None and not is_missing(record["mean"])
        return proportion(normalised(record["mean"], scale)) if known and scale else NO_VALUE

    columns = [
        text("Scale", "scale"),
        group_column(groups),
        *mean_columns(),
        figures("share of the range", position),
    ]
    return tabulate(
        caption, columns, by_scale(profile, groups), nothing="No scale could be scored."
    )


def by_scale(profile: pd.DataFrame, groups: Groups) -> list[Record]:
    """Records of the profile, scale after scale, groups in their order."""
    ranked = groups.sort(profile)
    order = {scale: rank for rank, scale in enumerate(profile["scale"].unique())}
    ranks = ranked["scale"].map(order).astype(int)
    return list(ranked.iloc[ranks.argsort(kind="stable").to_numpy()].to_dict("records"))
