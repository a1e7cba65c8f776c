"""The rows of a CSV text, each with the line on which it ends."""

from __future__ import annotations

import csv
import io

from vaar.errors import StudyError

CsvRow = tuple[int, list[str]]


def csv_rows(text: str, file: str, offset: int = 0) -> list[CsvRow]:
    """Read CSV text strictly; empty lines are left out, blanks around cells too.

    Parameters
    ----------
    file : str
        Where it stands, for messages.
    offset : int
        Lines of the file before it.

    Raises
    ------
    StudyError
        It is no CSV; with the line.
    """
    rows = csv.reader(io.StringIO(text, newline=""), strict=True)
    found: list[CsvRow] = []
    try:
        for row in rows:
            if row:
                found.append((offset + rows.line_num, [cell.strip() for cell in row]))
    except csv.Error as error:
        raise StudyError(f"is no CSV ({error})", file, offset + rows.line_num) from None
    return found
