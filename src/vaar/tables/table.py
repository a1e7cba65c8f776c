"""A table as it is shown, wherever that is: a caption, headings, and cells that are text.

One noun for the page, the terminal and the files of an export; :mod:`vaar.tables.html`,
:mod:`~vaar.tables.terminal`, :mod:`~vaar.tables.csv`, :mod:`~vaar.tables.latex` and
:mod:`~vaar.tables.markdown` set it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from vaar.tables.text import NO_VALUE, is_missing, words

Record = Mapping[Any, Any]
CellKind = Literal["text", "name", "number", "quote", "drawing"]


@dataclass(frozen=True)
class Cell:
    """One cell.

    Attributes
    ----------
    text : str
        What is shown. May be foreign: every renderer makes it harmless.
    kind : {'text', 'name', 'number', 'quote', 'drawing'}
        How it is set: words, a group's name, right-aligned figures, a quoted reply, or a drawing
        made of characters.
    share : float, optional
        In [0, 1]: shades the cell, beside its text.
    tag : str
        A word that marks the cell, such as ``simulated``; shown after the text.
    value : float, optional
        The number behind the text in full precision; goes into CSV.
    """

    text: str
    kind: CellKind = "text"
    share: float | None = None
    tag: str = ""
    value: float | None = None

    @property
    def empty(self) -> bool:
        """Whether the cell holds nothing."""
        return self.text == NO_VALUE

    @property
    def tagged(self) -> str:
        """The text with its tag in brackets, for renderers that have no other way to mark it."""
        return f"{self.text} ({self.tag})" if self.tag and self.tag not in self.text else self.text


@dataclass(frozen=True)
class ColumnHead:
    """What stands over a column, and how its cells are set."""

    heading: str
    kind: CellKind = "text"


@dataclass(frozen=True)
class Column:
    """How a column is made: its heading, its cell from one record, and how cells are set."""

    heading: str
    cell: Callable[[Record], Cell]
    kind: CellKind = "text"


@dataclass(frozen=True)
class Row:
    """The cells of one record; ``marked`` sets the row apart from the others."""

    cells: tuple[Cell, ...]
    marked: bool = False


@dataclass(frozen=True)
class Table:
    """A captioned table; its first column heads the rows.

    Attributes
    ----------
    nothing : str
        What is said in place of a table without rows.
    """

    caption: str
    headings: tuple[ColumnHead, ...]
    rows: tuple[Row, ...]
    nothing: str = field(default="Nothing to show.", kw_only=True)

    def __len__(self) -> int:
        return len(self.rows)


def tabulate(
    caption: str,
    columns: Sequence[Column],
    records: Iterable[Record],
    marked: Callable[[Record], bool] = lambda record: False,
    nothing: str = "Nothing to show.",
) -> Table:
    """Lay records out in columns."""
    rows = (Row(tuple(c.cell(record) for c in columns), marked(record)) for record in records)
    heads = tuple(ColumnHead(column.heading, column.kind) for column in columns)
    return Table(caption, heads, tuple(rows), nothing=nothing)


def text(heading: str, field: str) -> Column:
    """A column of words."""
    return Column(heading, lambda record: Cell(words(record[field])))


def number(heading: str, field: str, form: Callable[[Any], str]) -> Column:
    """A column of figures, each written by `form`."""

    def cell(record: Record) -> Cell:
        value = record[field]
        known = not is_missing(value) and not isinstance(value, str)
        return Cell(form(value), "number", value=float(value) if known else None)

    return Column(heading, cell, "number")


def figures(heading: str, form: Callable[[Record], str]) -> Column:
    """A column of figures made from several fields of a record."""
    return Column(heading, lambda record: Cell(form(record), "number"), "number")
