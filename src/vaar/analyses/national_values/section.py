"""Agreement with statements in the report: the answer in words, a picture, then the tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from vaar.analyses.deviation import deviations_table
from vaar.analyses.national_values.agreement import ALL
from vaar.analyses.national_values.deviations import DEVIATIONS, PAPER
from vaar.analyses.national_values.options import NationalValuesOptions
from vaar.analyses.national_values.wording import answer, method
from vaar.report.figures.intervals import Dot, intervals
from vaar.report.groups import Groups, group_column
from vaar.report.section import Block, Fold, Prose, Section
from vaar.tables.numbers import count, estimate_named, share
from vaar.tables.table import Column, Record, Table, figures, number, tabulate, text
from vaar.tables.text import without_marks


def national_section(
    tables: Mapping[str, pd.DataFrame], groups: Groups, options: NationalValuesOptions
) -> Section:
    """Arrange the tables of the analysis."""
    table = groups.sort(tables["national_agreement"])
    said = answer(table, groups)
    return Section(
        "national-values",
        "Agreement with statements of nations",
        said,
        tuple(_blocks(table, groups.sort(tables["national_items"]), groups)),
        method=(Prose(method(options)), deviations_table(PAPER, DEVIATIONS)),
        summary=(Prose(without_marks(said)), _summary(table[table["nation"].eq(ALL)], groups)),
        place=17,
    )


def _blocks(table: pd.DataFrame, items: pd.DataFrame, groups: Groups) -> Iterator[Block]:
    chart = intervals(
        "national-agreement",
        "Agreement with the statements",
        [_dot(record, groups) for record in table[table["source"].eq(ALL)].to_dict("records")],
        (0.0, 1.0),
        "Share that takes the statement",
        reference=0.5,
        reference_words="neither side",
        caption=(
            "95 % intervals over topics. Filled: chosen between the two. Hollow: the nearer of the "
            "two to an answer in words."
        ),
    )
    if chart:
        yield chart
    yield _agreement(table, groups)
    listed = _items(items, groups)
    yield Fold(f"Every item ({len(listed.rows)} rows)", (listed,))


def _dot(record: Record, groups: Groups) -> Dot:
    of = "" if record["nation"] == ALL else f": {record['nation']}"
    label = f"{groups[record['group']].label}{of}"
    value, lower, upper = (record[f"agreement{end}"] for end in ("", "_lower", "_upper"))
    mark = estimate_named(record, share, "agreement")
    return Dot(label, value, lower, upper, mark, "hollow" if record["form"] == "free" else "solid")


def _range(heading: str, field: str) -> Column:
    return figures(heading, lambda record: estimate_named(record, share, field))


def _agreement(table: pd.DataFrame, groups: Groups) -> Table:
    columns = [
        group_column(groups),
        text("asked as", "form"),
        text("nation", "nation"),
        text("source", "source"),
        number("items", "items", count),
        number("complete", "complete", count),
        number("topics", "topics", count),
        _range("agreement [95 % interval]", "agreement"),
        _range("order consistency", "consistency"),
        _range("undecided", "undecided"),
        _range("first listed taken", "first"),
    ]
    return tabulate(
        "Agreement by nation and source",
        columns,
        table.to_dict("records"),
        nothing="No item was answered.",
    )


def _summary(table: pd.DataFrame, groups: Groups) -> Table:
    """What a terminal has room for."""
    columns = [
        group_column(groups),
        _range("agreement [95 % interval]", "agreement"),
        number("undecided", "undecided", share),
    ]
    return tabulate("Agreement with the statements", columns, table.to_dict("records"))


def _items(items: pd.DataFrame, groups: Groups) -> Table:
    columns = [
        group_column(groups),
        text("item", "item"),
        text("nation", "nation"),
        text("topic", "topic"),
        number("replies", "replies", count),
        number("agreement", "agreement", share),
        number("order consistency", "consistency", share),
        number("undecided", "undecided", share),
    ]
    return tabulate("Items", columns, items.to_dict("records"))
