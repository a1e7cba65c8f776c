"""CSV that no text can break, and that gives every text back exactly.

Two rules make a text harmless and can be undone:

- A character that ends a line, that a terminal would obey, that turns the direction of what stands
  around it, or that UTF-8 cannot hold is written as its code point, ``‹U+000A›``.
- A text that a spreadsheet would take for a formula, or that begins with a quotation mark, gets one
  quotation mark more in front.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import Any

from vaar.errors import TableError
from vaar.tables.table import Cell, Table

_HARMFUL = re.compile(
    "[\\x00-\\x1f\\x7f-\\x9f\\u2028-\\u202e\\u2066-\\u2069\\ud800-\\udfff]|‹(?=U\\+[0-9A-F]{4,6}›)"
)
_CODE_POINT = re.compile("‹U\\+([0-9A-F]{4,6})›")
_FORMULA_STARTS = (*"=+-@", *"＝＋－＠")
_QUOTE = "'"


def escape(text: str) -> str:
    """Make a text harmless in a CSV file; :func:`unescape` gives it back."""
    plain = _HARMFUL.sub(lambda found: f"‹U+{ord(found[0]):04X}›", text)
    taken = text.lstrip().startswith(_FORMULA_STARTS) or plain.startswith(_QUOTE)
    return f"{_QUOTE}{plain}" if taken else plain


def unescape(cell: str) -> str:
    """The text that :func:`escape` made this cell from."""
    return _CODE_POINT.sub(_character, cell.removeprefix(_QUOTE))


def _character(found: re.Match[str]) -> str:
    point = int(found[1], 16)
    return chr(point) if point <= 0x10FFFF else found[0]


def write_rows(rows: Iterable[Sequence[Any]]) -> str:
    """CSV of rows: strings escaped, ``None`` a blank, numbers written to their last bit."""
    file = io.StringIO(newline="")
    csv.writer(file, lineterminator="\n").writerows(
        [escape(value) if isinstance(value, str) else value for value in row] for row in rows
    )
    return file.getvalue()


def read_rows(content: str, source: str) -> list[list[str]]:
    """Cells of a CSV text as they stand there, all rows as long as the first.

    Parameters
    ----------
    source : str
        Where the text is from; begins the error message.

    Raises
    ------
    TableError
        It is no CSV, is empty, or a row has more or fewer cells than the first.
    """
    csv.field_size_limit(max(csv.field_size_limit(), len(content)))
    reader = csv.reader(io.StringIO(content.removeprefix("\ufeff"), newline=""), strict=True)
    try:
        rows = list(reader)
    except csv.Error as error:
        raise TableError(f"{source}: is no CSV file ({error}).") from error
    if not rows:
        raise TableError(f"{source}: is empty; it must have a row of headings.")
    for number, row in enumerate(rows, start=1):
        if len(row) != len(rows[0]):
            raise TableError(
                f"{source}: row {number} has {len(row)} cells; there are {len(rows[0])} headings."
            )
    return rows


def render(table: Table) -> str:
    """A shown table as CSV: numbers in full precision where known, blanks where there is none."""
    headings = [column.heading for column in table.headings]
    return write_rows([headings, *([_value(cell) for cell in row.cells] for row in table.rows)])


def _value(cell: Cell) -> Any:
    if cell.empty:
        return None
    if cell.value is None:
        return cell.tagged
    return int(cell.value) if cell.value.is_integer() else cell.value
