"""What was said: a few raw replies of each group, with what they were coded as."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from vaar.report.groups import Group, Groups
from vaar.tables.table import Cell, Column, Record, Table, tabulate, text
from vaar.tables.text import excerpt, is_missing


@dataclass(frozen=True)
class Examples:
    """One group's example replies."""

    group: Group
    table: Table


def examples(responses: pd.DataFrame, groups: Groups) -> tuple[Examples, ...]:
    """For each group: the first coded reply to each instrument, the first of each missing kind."""
    coded = responses[responses["reason"].isna()]
    firsts = pd.concat(
        [
            coded.drop_duplicates(["group", "instrument"]),
            responses[responses["reason"].notna()].drop_duplicates(["group", "reason"]),
        ]
    )
    return tuple(
        _examples(groups.by_name[str(name)], rows.to_dict("records"))
        for name, rows in groups.sort(firsts).groupby("group", sort=False)
    )


def _examples(group: Group, records: Iterable[Record]) -> Examples:
    columns = [text("Item", "item"), Column("reply", _reply), Column("coded as", _coded)]
    return Examples(group, tabulate(f"Replies of {group.name}", columns, records))


def _reply(record: Record) -> Cell:
    raw = record["raw"]
    return Cell("(no text)", "text") if is_missing(raw) else Cell(excerpt(str(raw)), "quote")


def _coded(record: Record) -> Cell:
    if is_missing(record["reason"]):
        return Cell(f"{record['value']:g}")
    return Cell(f"missing: {record['reason']}".replace("_", " "))
