"""A table as the page shows it: a caption, headings, and cells that are already text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from vaar.report.groups import Groups
from vaar.report.text import NO_VALUE, words

Record = Mapping[Any, Any]
Kind = Literal["text", "name", "number", "raw"]


@dataclass(frozen=True)
class Cell:
    """One cell.

    Attributes
    ----------
    kind : {'text', 'name', 'number', 'raw'}
        How it is set: words, a group's name, right-aligned figures, or a quoted reply.
    share : float, optional
        In [0, 1]: shades the cell, beside its text.
    simulated : bool
        Marks the name of a simulated group.
    """

    text: str
    kind: Kind = "text"
    share: float | None = None
    simulated: bool = False

    @property
    def empty(self) -> bool:
        return self.text == NO_VALUE


@dataclass(frozen=True)
class Column:
    """A heading and how its cell is made from one record."""

    heading: str
    cell: Callable[[Record], Cell]


@dataclass(frozen=True)
class Row:
    """The cells of one record; ``marked`` sets the row apart from the others."""

    cells: tuple[Cell, ...]
    marked: bool = False


@dataclass(frozen=True)
class Table:
    """A captioned table; its first column heads the rows."""

    caption: str
    headings: tuple[Column, ...]
    rows: tuple[Row, ...]


def tabulate(
    caption: str,
    columns: Sequence[Column],
    records: Iterable[Record],
    marked: Callable[[Record], bool] = lambda record: False,
) -> Table:
    """Lay records out in columns."""
    rows = (Row(tuple(c.cell(record) for c in columns), marked(record)) for record in records)
    return Table(caption, tuple(columns), tuple(rows))


def text(heading: str, field: str) -> Column:
    """A column of words."""
    return Column(heading, lambda record: Cell(words(record[field])))


def number(heading: str, field: str, form: Callable[[Any], str]) -> Column:
    """A column of figures, each written by `form`."""
    return Column(heading, lambda record: Cell(form(record[field]), "number"))


def figures(heading: str, form: Callable[[Record], str]) -> Column:
    """A column of figures made from several fields of a record."""
    return Column(heading, lambda record: Cell(form(record), "number"))


def group_column(groups: Groups) -> Column:
    """The column that names the group and marks it where it is simulated."""

    def cell(record: Record) -> Cell:
        group = groups.by_name[record["group"]]
        return Cell(group.name, "name", simulated=group.simulated)

    return Column("Group", cell)
