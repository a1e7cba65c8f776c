"""Assigned values in the report: what was taken up, what was followed, and what that shows."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd
from markupsafe import Markup

from vaar.analyses.induction.effects import Role, Said
from vaar.report.figures.intervals import Dot, Mark, forest
from vaar.report.groups import Groups, group_column
from vaar.report.section import Block, Caution, Prose, Section
from vaar.tables.numbers import coefficient, count, decimal, estimate_named
from vaar.tables.table import Record, Table, figures, number, tabulate, text

PLACE = 13
_SHOWS = (
    "Values were assigned to sessions at random. What follows shows whether a respondent follows a "
    "value that it was told to hold. It does not show which values it holds when none is assigned, "
    "nor that these move what it does; that holds for the paths and the VAAR of this study too."
)
_METHOD = (
    "Effects are those of the first level of a fact less the second, cells weighing alike, in "
    "standard deviations within cells with Welch's interval; as a path, d / √(d² + 4). "
    "An effect on the value's own questionnaire tells whether the assignment was taken up, one on "
    "an outcome whether it was followed. Where the outcome was asked first, nothing said in other "
    "questionnaires can have been carried over to it; elsewhere balanced forms keep yes-saying and "
    "carried answers out, and consistency of meaning is not removed."
)


def induction_section(table: pd.DataFrame, groups: Groups) -> Section:
    """Arrange the table of effects."""
    rows = groups.sort(table)
    return Section(
        "induction",
        "Following an assigned value",
        _lead(rows),
        tuple(_blocks(rows, groups)),
        method=(Prose(_METHOD),),
        cautions=(Caution("assigned values", _SHOWS),),
        summary=(Prose(_lead(rows)),),
        place=PLACE,
    )


def _lead(rows: pd.DataFrame) -> str:
    taken = _counted(rows[rows["role"] == str(Role.TAKEN_UP)])
    followed = rows[rows["role"] == str(Role.FOLLOWED)]
    first = followed[followed["asked_first"].fillna(False).astype(bool)]
    told = f"Assigned values were taken up in {taken}, and followed in {_counted(followed)}"
    told += f"; where the outcome was asked first, in {_counted(first)}" if len(first) else ""
    return f"{told}. This shows following an assigned value, not holding one."


def _counted(rows: pd.DataFrame) -> str:
    known = rows[rows["d"].notna()]
    against = int((known["said"] == str(Said.AGAINST)).sum())
    told = f"{int((known['said'] == str(Said.AS_ASSIGNED)).sum())} of {len(known)} cases"
    return f"{told} ({against} went the other way)" if against else told


def _blocks(rows: pd.DataFrame, groups: Groups) -> Iterator[Block]:
    yield Prose(Markup("<b>{}</b>").format(_SHOWS))
    followed = rows[rows["role"] == str(Role.FOLLOWED)]
    for (fact, instrument), own in followed.groupby(["assigned", "instrument"], sort=False):
        chart = forest(
            f"induction-{fact}-{instrument}",
            f"Effect of {fact} on {instrument}",
            [_dot(row, groups) for row in own.to_dict("records")],
            float(own["expected_sign"].iloc[0]),
            "standardised path of the assigned value",
        )
        if chart:
            yield chart
    yield _table(rows, groups)


def _dot(row: Record, groups: Groups) -> Dot:
    marks: dict[str, Mark] = {str(Said.AS_ASSIGNED): "solid", str(Said.AGAINST): "opposite"}
    ends = row["path"], row["path_lower"], row["path_upper"]
    label = groups[str(row["group"])].label
    return Dot(label, *ends, _path(row), marks.get(str(row["said"]), "hollow"))


def _table(rows: pd.DataFrame, groups: Groups) -> Table:
    columns = [
        group_column(groups),
        text("Assigned", "assigned"),
        text("effect on", "instrument"),
        text("tells whether it was", "role"),
        figures("asked first", lambda r: "yes" if r["asked_first"] else "no"),
        number("sessions", "n", count),
        figures("d [95 %]", lambda r: estimate_named(r, decimal, "d")),
        figures("as a path [95 %]", _path),
        text("is", "said"),
    ]
    return tabulate("Effects of assigned values", columns, rows.to_dict("records"))


def _path(row: Record) -> str:
    return estimate_named(row, coefficient, "path")
