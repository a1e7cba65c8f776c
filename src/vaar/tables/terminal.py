"""A table for a terminal, by rich: foreign text is never markup and holds no control characters."""

from __future__ import annotations

from typing import TYPE_CHECKING

from vaar.tables.table import Cell, Table
from vaar.tables.text import on_one_line

if TYPE_CHECKING:
    import rich.table


def render(table: Table) -> rich.table.Table:
    """The table as something that a rich console prints; a marked row is bold."""
    import rich.table
    from rich.box import SIMPLE_HEAD
    from rich.text import Text

    shown = rich.table.Table(
        title=Text(on_one_line(table.caption)), title_justify="left", box=SIMPLE_HEAD
    )
    for column in table.headings:
        figures = column.kind == "number"
        shown.add_column(
            Text(on_one_line(column.heading)),
            justify="right" if figures else "left",
            no_wrap=figures,
            overflow="fold",
        )
    for row in table.rows:
        style = "bold" if row.marked else ""
        shown.add_row(*(Text(_words(cell)) for cell in row.cells), style=style)
    return shown


def _words(cell: Cell) -> str:
    return on_one_line(cell.tagged)
