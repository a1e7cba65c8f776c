"""A table as Markdown (the GitHub dialect): no text in it is markup, a link or a new column."""

from __future__ import annotations

import re
from collections.abc import Iterable

from vaar.tables.table import Cell, Row, Table
from vaar.tables.text import on_one_line

_SIGN = re.compile(r"[\\`*_{}\[\]<>#|~$&@!^=]|:(?=//)|(?<=[Ww]{3})\.")


def escape(text: str) -> str:
    """Text that Markdown shows as it reads, on one line."""
    return _SIGN.sub(lambda found: f"\\{found[0]}", on_one_line(text))


def render(table: Table) -> str:
    """The caption in bold, then the table; figures are aligned at the right."""
    heading = _line(escape(column.heading) for column in table.headings)
    rule = _line("--:" if column.kind == "number" else ":--" for column in table.headings)
    rows = map(_row, table.rows)
    caption = f"**{escape(table.caption).strip()}**"
    if not table.rows:
        return f"{caption}: {escape(table.nothing)}\n"
    return "\n".join([caption, "", heading, rule, *rows]) + "\n"


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _row(row: Row) -> str:
    return _line(map(_bold if row.marked else _cell, row.cells))


def _cell(cell: Cell) -> str:
    return escape(cell.tagged)


def _bold(cell: Cell) -> str:
    return f"**{escape(cell.tagged).strip()}**"
