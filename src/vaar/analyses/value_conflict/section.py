"""The value conflict in the report: the answer in words, the gaps as a picture, then the tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from vaar.analyses.deviation import deviations_table
from vaar.analyses.value_conflict.deviations import DEVIATIONS, PAPER
from vaar.analyses.value_conflict.options import ValueConflictOptions
from vaar.analyses.value_conflict.scenarios import unit_name
from vaar.analyses.value_conflict.wording import answer, method
from vaar.report.figures.intervals import Dot, Mark, intervals, reach
from vaar.report.groups import Groups
from vaar.report.section import Block, Fold, Prose, Section
from vaar.tables.numbers import coefficient, count, decimal, estimate_named, percent
from vaar.tables.table import Cell, Column, Record, Table, figures, number, tabulate, text
from vaar.tables.text import without_marks


def conflict_section(
    tables: Mapping[str, pd.DataFrame], groups: Groups, options: ValueConflictOptions
) -> Section:
    """Arrange the tables of the analysis."""
    simulated = _simulated(groups)
    gaps, arms = tables["compliance_gaps"], tables["compliance_arms"]
    said = answer(gaps, arms, tables["compliance_oversight"], simulated)
    return Section(
        "value-conflict",
        "Acting on a value, observed and not",
        said,
        tuple(_blocks(tables, simulated)),
        method=(Prose(method(options)), deviations_table(PAPER, DEVIATIONS)),
        summary=(Prose(without_marks(said)), _summary(gaps, simulated)),
        place=16,
    )


def _simulated(groups: Groups) -> set[str]:
    """Names of respondents whose answers are simulated, as the tables have them."""
    return {unit_name(group.respondent, group.levels) for group in groups if group.simulated}


def _blocks(tables: Mapping[str, pd.DataFrame], simulated: set[str]) -> Iterator[Block]:
    gaps, arms = tables["compliance_gaps"], tables["compliance_arms"]
    dots = [*_dots(list(gaps.to_dict("records")))]
    edge = reach(dots, 0.2, 1.0)
    chart = intervals(
        "compliance-gaps",
        "How much more often the policy is followed under observation",
        dots,
        (-edge, edge),
        "Compliance monitored less unmonitored",
        reference=0.0,
        reference_words="no gap",
        caption=(
            "Filled: the gap. Hollow: what is left of it once the gap without a consequence is "
            "taken off. 95 % intervals over scenarios."
        ),
    )
    if chart:
        yield chart
    yield _gaps(gaps, simulated)
    yield _arms(arms, simulated)
    if len(oversight := tables["compliance_oversight"]):
        yield _oversight(oversight, simulated)
    if len(motives := tables["compliance_motives"]):
        yield _motives(motives, simulated)
    yield _by_value(tables["compliance_values"], simulated)
    yield _correlations(tables["compliance_correlations"])
    table = _scenarios(tables["compliance_scenarios"], simulated)
    yield Fold(f"Every scenario ({len(table.rows)} rows)", (table,))


def _dots(records: list[Record]) -> Iterator[Dot]:
    for record in records:
        who = str(record["respondent"])
        yield _dot(who, record, "gap", "solid")
        yield _dot(f"{who}: beyond no consequence", record, "gap_beyond", "hollow")


def _dot(label: str, record: Record, field: str, mark: Mark) -> Dot:
    value, lower, upper = (record[f"{field}{end}"] for end in ("", "_lower", "_upper"))
    return Dot(label, value, lower, upper, estimate_named(record, coefficient, field), mark)


def _who(simulated: set[str]) -> Column:
    def cell(record: Record) -> Cell:
        name = str(record["respondent"])
        return Cell(name, "name", tag="simulated" if name in simulated else "")

    return Column("Respondent", cell, "name")


def _range(heading: str, field: str) -> Column:
    return figures(heading, lambda record: estimate_named(record, coefficient, field))


def _gaps(gaps: pd.DataFrame, simulated: set[str]) -> Table:
    columns = [
        _who(simulated),
        number("scenarios", "scenarios", count),
        _range("gap [95 % interval]", "gap"),
        _range("decisive", "decisive_gap"),
        _range("without a consequence", "no_consequence_gap"),
        _range("gap beyond that", "gap_beyond"),
        _range("order effect", "order_effect"),
        _range("value chosen without a policy", "plain_by_value"),
    ]
    return tabulate("Gaps", columns, gaps.to_dict("records"), nothing="No scenario was answered.")


def _summary(gaps: pd.DataFrame, simulated: set[str]) -> Table:
    """What a terminal has room for."""
    columns = [
        _who(simulated),
        _range("gap [95 % interval]", "gap"),
        _range("beyond no consequence", "gap_beyond"),
    ]
    caption = "Compliance monitored less unmonitored"
    return tabulate(caption, columns, gaps.to_dict("records"))


def _arms(arms: pd.DataFrame, simulated: set[str]) -> Table:
    columns = [
        _who(simulated),
        text("arm", "arm"),
        number("replies", "replies", count),
        _range("compliance", "compliance"),
        _range("of answers", "decisive"),
        _range("neither option", "na_share"),
        _range("order effect", "order_effect"),
    ]
    return tabulate("Compliance in each arm", columns, arms.to_dict("records"))


def _oversight(table: pd.DataFrame, simulated: set[str]) -> Table:
    columns = [
        _who(simulated),
        number("oversight", "oversight", percent),
        number("scenarios", "scenarios", count),
        _range("compliance [95 % interval]", "compliance"),
        _range("change from none to certain", "slope"),
    ]
    return tabulate("Compliance by how probable oversight is", columns, table.to_dict("records"))


def _motives(table: pd.DataFrame, simulated: set[str]) -> Table:
    columns = [
        _who(simulated),
        text("motive", "motive"),
        number("scenarios", "scenarios", count),
        _range("gap [95 % interval]", "gap"),
        _range("beyond no consequence", "beyond"),
    ]
    return tabulate("Gap by motive", columns, table.to_dict("records"))


def _by_value(table: pd.DataFrame, simulated: set[str]) -> Table:
    columns = [
        _who(simulated),
        text("value", "value"),
        number("scenarios", "scenarios", count),
        _range("gap", "gap"),
        number("stated importance", "stated", decimal),
    ]
    return tabulate("Gap on each value", columns, table.to_dict("records"))


def _correlations(table: pd.DataFrame) -> Table:
    columns = [
        text("over", "over"),
        text("of", "of"),
        number("pairs", "n", count),
        figures(
            "r of gap and stated importance [95 %]",
            lambda r: estimate_named(r, coefficient, "r"),
        ),
    ]
    return tabulate(
        "Gap and stated importance",
        columns,
        table[table["r"].notna()].to_dict("records"),
        nothing="There are too few pairs of gap and stated importance that vary.",
    )


def _scenarios(table: pd.DataFrame, simulated: set[str]) -> Table:
    columns = [
        _who(simulated),
        text("scenario", "scenario"),
        text("value", "value"),
        text("arm", "arm"),
        number("asked", "asked", count),
        number("answered", "answered", count),
        number("compliant", "compliant", count),
        number("order effect", "order_effect", coefficient),
    ]
    return tabulate("Scenarios", columns, table.to_dict("records"))
