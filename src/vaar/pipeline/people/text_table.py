"""Tables in text: their separator, their header, and their rows, one at a time."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from vaar.errors import DataError
from vaar.pipeline.people.encoding import detect_encoding
from vaar.pipeline.people.source import Row

SEPARATORS = (",", ";", "\t", "|")
_NAMES = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars"}
_SAMPLE = 50
_COMMA_NUMBER = re.compile(r"-?\d+,\d+")
_POINT_NUMBER = re.compile(r"-?\d+\.\d+")
_SEP_LINE = re.compile(r"\s*\"?sep=(.)\"?\s*", re.IGNORECASE)


@dataclass(frozen=True)
class TextTable:
    """A table in text.

    Attributes
    ----------
    separator : str
        What stands between its cells.
    header : tuple of str
        Cells of its first row that is not blank, those without a name at the end left out.
    head_lines : int
        Lines of the file up to the header's end.
    decimal_comma : bool
        Whether numbers have a comma where others have a point.
    """

    path: Path
    encoding: str
    separator: str
    header: tuple[str, ...]
    head_lines: int
    decimal_comma: bool

    @property
    def form(self) -> str:
        """How it is read, in words."""
        sign = "comma" if self.decimal_comma else "point"
        return f"{self.encoding}, {_NAMES[self.separator]} between cells, decimal {sign}"

    def rows(self) -> Iterator[Row]:
        """Rows below the header: cells as many as it has, or why they are not.

        Blank rows are passed over; blank cells too many at the end of a row are cut off.

        Raises
        ------
        DataError
            A row has more cells than the header.
        """
        width = len(self.header)
        with _opened(self.path, self.encoding, self.separator) as reader:
            for row in reader:
                if reader.line_num <= self.head_lines or not any(map(str.strip, row)):
                    continue
                while len(row) > width and not row[-1].strip():
                    row.pop()
                if len(row) > width:
                    raise DataError(
                        f"{self.path}, line {reader.line_num}: has {len(row)} cells, and there "
                        f"are {width} headings, so that answers could move to another item. Put "
                        "texts in quotation marks, or name every column."
                    )
                if len(row) < width:
                    yield reader.line_num, "fewer cells than headings"
                else:
                    yield reader.line_num, row


def read_text_table(path: Path) -> TextTable:
    """Find out how a table in text is to be read.

    Raises
    ------
    DataError
        It is no text, has no header, or two columns have one name.
    """
    encoding = detect_encoding(path)
    told = _told_separator(path, encoding)
    separator = told or max(SEPARATORS, key=lambda one: _fit(path, encoding, one))
    with _opened(path, encoding, separator) as reader:
        for row in reader:
            if any(map(str.strip, row)) and not (told and reader.line_num == 1):
                header, lines = row, reader.line_num
                break
        else:
            raise DataError(f"{path}: has no row of headings. Name its columns in the first.")
        sample = [cell.strip() for row in islice(reader, _SAMPLE) for cell in row]
    names = [" ".join(name.split()) for name in header]
    while names and not names[-1]:
        names.pop()
    require_different(names, str(path))
    points = any(map(_POINT_NUMBER.fullmatch, sample))
    comma = not points and any(map(_COMMA_NUMBER.fullmatch, sample))
    return TextTable(path, encoding, separator, tuple(names), lines, comma)


def require_different(names: list[str], path: str) -> None:
    """Refuse two columns of one name.

    Raises
    ------
    DataError
    """
    if twice := [name for name, n in Counter(filter(None, names)).items() if n > 1]:
        more = f" and {len(twice) - 3} others" if len(twice) > 3 else ""
        raise DataError(
            f"{path}: two columns are named {', '.join(map(repr, twice[:3]))}{more}: which of them "
            "holds the answers cannot be told. Rename or remove one."
        )


def _fit(path: Path, encoding: str, separator: str) -> tuple[float, int]:
    """How well a separator cuts the first rows into as many cells each, and into how many."""
    rows = []
    with suppress(DataError), _opened(path, encoding, separator) as reader:
        for row in islice(reader, _SAMPLE):
            rows += [row] if any(map(str.strip, row)) else []
    widths = Counter(len(row) for row in rows)
    if not widths:
        return 0.0, 0
    width, n = widths.most_common(1)[0]
    return (n / len(rows) if width > 1 else 0.0), width


def _told_separator(path: Path, encoding: str) -> str | None:
    """The separator that a first line ``sep=;`` names, as Excel writes it."""
    with path.open(encoding=encoding, newline="") as file:
        found = _SEP_LINE.fullmatch(file.readline(1000))
    return found[1] if found and found[1] in SEPARATORS else None


@contextmanager
def _opened(path: Path, encoding: str, separator: str) -> Iterator[csv._reader]:  # type: ignore[name-defined]
    with path.open(encoding=encoding, newline="") as file:
        reader = csv.reader(file, delimiter=separator, strict=True)
        try:
            yield reader
        except csv.Error as error:
            raise _no_table(path, reader.line_num, error) from error


def _no_table(path: Path, line: int, error: csv.Error) -> DataError:
    return DataError(
        f"{path}, line {line}: cannot be cut into cells ({error}). Export it again, with every "
        "text in quotation marks."
    )
