"""Columns that the tables of several analyses have."""

from __future__ import annotations

from vaar.tables.column import ColumnSpec

GROUP = ColumnSpec("group", "text", "", "the group: see groups.csv")


def share_column(name: str, meaning: str, added: bool = False) -> ColumnSpec:
    """A column of shares or probabilities; ``added`` where files of earlier versions lack it."""
    return ColumnSpec(name, "number", "share", meaning, least=0, most=1, added=added)


def number_column(name: str, meaning: str) -> ColumnSpec:
    """A column of numbers without a unit or bounds."""
    return ColumnSpec(name, "number", "", meaning)
