"""What varied between sessions: how many of each kind, and what it did to the means."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from vaar.analyses.profile.means import ends, mean_columns, mean_dot
from vaar.analyses.profile.scale_range import whole_scales
from vaar.report.figures.figure import Figure
from vaar.report.figures.intervals import intervals
from vaar.report.groups import Groups, group_column
from vaar.report.section import Block, Fold, Heading, Panels, Prose
from vaar.study.model import Instrument, Study
from vaar.tables.numbers import count
from vaar.tables.table import Record, Table, number, tabulate, text
from vaar.tables.text import shorten, visible

FOLDED = 40
"""A table with more rows is folded."""

_SHORT = 24
_NOTE = (
    "One factor at a time, over whatever else varied. The intervals take sessions as independent; "
    "where personas repeat, they are too narrow for differences between attributes of personas. "
    "Factors with more than twelve levels are not shown."
)


def variation_blocks(
    by_factor: pd.DataFrame, personas: pd.DataFrame, n_shuffled: int, study: Study, groups: Groups
) -> Iterator[Block]:
    """What varied, or nothing where nothing did."""
    factors = [str(name) for name in by_factor["factor"].unique()]
    if not factors and not n_shuffled and personas.empty:
        return
    yield Heading("What varied", "varied")
    if factors:
        yield from _levels(factors, by_factor, study, groups)
    if n_shuffled:
        yield Prose(
            f"In {count(n_shuffled)} sessions the items of each questionnaire came in an order "
            "drawn for that session."
        )
    if not personas.empty:
        yield persona_table(personas, groups)


def _levels(
    factors: list[str], by_factor: pd.DataFrame, study: Study, groups: Groups
) -> Iterator[Block]:
    whole = whole_scales(by_factor, study)
    yield Prose(
        f"Sessions of one group differed in {', '.join(factors)}. Where the means of two levels "
        "lie far apart, the factor moved the answers, whatever was asked; of many such pairs some "
        "lie apart by chance alone."
    )
    charts = (
        level_chart(factor, instrument, whole, groups)
        for factor in factors
        for instrument in study.instruments
    )
    yield Panels(tuple(chart for chart in charts if chart))
    sessions = session_table(by_factor, groups)
    rows = len(sessions.rows)
    yield Fold(f"Sessions at each level ({rows} rows)", (sessions,), rows <= FOLDED)
    means = level_table(whole, groups)
    yield Fold(f"Scale means at each level ({len(means.rows)} rows)", (means,))
    yield Prose(_NOTE, "note")


def level_chart(
    factor: str, instrument: Instrument, table: pd.DataFrame, groups: Groups
) -> Figure | None:
    """Means of one questionnaire at each level of a factor, group after group."""
    scale = instrument.score_scale
    if scale is None:
        return None
    own = table[(table["factor"] == factor) & (table["scale"] == instrument.code)]
    return intervals(
        f"levels-{factor}-{instrument.code}",
        f"{instrument.code} by {factor}: mean and 95 % interval",
        [
            mean_dot(_level_label(record, groups), record, scale)
            for record in groups.sort(own).to_dict("records")
        ],
        (0.0, 1.0),
        ends(scale),
    )


def session_table(by_factor: pd.DataFrame, groups: Groups) -> Table:
    """How many sessions there are at each level."""
    once = by_factor.drop_duplicates(["factor", "level", "group"])
    columns = [
        text("Factor", "factor"),
        text("level", "level"),
        group_column(groups),
        number("sessions", "n_sessions", count),
    ]
    return tabulate("Sessions at each level", columns, _in_order(once, groups))


def level_table(whole: pd.DataFrame, groups: Groups) -> Table:
    """Means of whole questionnaires at each level."""
    columns = [
        text("Factor", "factor"),
        text("scale", "scale"),
        group_column(groups),
        text("level", "level"),
        *mean_columns(),
    ]
    return tabulate("Scale means at each level", columns, _in_order(whole, groups))


def persona_table(personas: pd.DataFrame, groups: Groups) -> Table:
    """How often each group's personas were asked."""
    columns = [
        group_column(groups),
        number("personas", "personas", count),
        number("sessions", "sessions", count),
        number("most sessions of one", "most_sessions", count),
    ]
    return tabulate("Personas", columns, groups.sort(personas).to_dict("records"))


def _in_order(table: pd.DataFrame, groups: Groups) -> list[Record]:
    """By factor, scale and group; levels keep their order."""
    ranked = table.assign(
        _factor=pd.factorize(table["factor"])[0],
        _scale=pd.factorize(table["scale"])[0],
        _group=table["group"].map(lambda name: groups.rank.get(name, len(groups))),
    )
    in_order = ranked.sort_values(["_factor", "_scale", "_group"], kind="stable")
    return list(in_order.to_dict("records"))


def _level_label(record: Record, groups: Groups) -> str:
    group = groups[str(record["group"])].label
    return f"{shorten(visible(record['level']), _SHORT)} · {shorten(group, _SHORT)}"
