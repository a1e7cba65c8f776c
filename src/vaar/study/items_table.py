"""Items from a CSV file: one a line, with their own labels and what is known of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from vaar.errors import StudyError
from vaar.study.schema import IDENTIFIER, ColumnsEntry, ItemEntry, ScaleEntry
from vaar.study.source.csv_rows import CsvRow, csv_rows
from vaar.study.source.files import read_text
from vaar.study.source.issues import listed, raise_together, suggestion
from vaar.study.source.yaml_lines import Document

LARGEST_TABLE = 100_000
"""Bytes; a run keeps the items in its one study file."""

_CODE = re.compile(IDENTIFIER)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def read_items(
    path: Path, columns: ColumnsEntry, instrument: str
) -> tuple[list[ItemEntry], Document]:
    """Read the items of an instrument.

    A code that is a whole number gets the instrument's code in front: ``choices_17``. Columns that
    hold neither code, text, keying nor labels are facts of the items.

    Returns
    -------
    list of ItemEntry, Document
        And the file, for messages about an item to name its line.

    Raises
    ------
    StudyError
        With file, line, what was found, what is allowed and what to do.
    """
    rows = csv_rows(read_text(path, LARGEST_TABLE), str(path))
    raise_together([StudyError(said, str(path), line) for line, said in _wrong(rows, columns)])
    (_, header), *body = rows
    items = [_item(dict(zip(header, row, strict=True)), columns, instrument) for _, row in body]
    document = Document(str(path))
    for i, (line, _) in enumerate(body):
        document.lines["items", i] = line
    return items, document


def _item(row: dict[str, str], columns: ColumnsEntry, instrument: str) -> ItemEntry:
    labels = [row[name] for name in columns.labels]
    used = {columns.code, columns.text, columns.keying, *columns.labels}
    return ItemEntry(
        code=_code(row[columns.code], instrument, columns.prefix),
        text=row[columns.text],
        keying="-" if row.get(columns.keying) == "-" else "+",
        kind=columns.kind,
        scale=ScaleEntry(labels=labels, numbering=columns.numbering) if labels else None,
        facts={name: cell for name, cell in row.items() if name not in used and cell},
    )


def _code(written: str, instrument: str, prefix: bool) -> str:
    number = written.isascii() and written.isdigit()
    return f"{instrument}_{written}" if number or prefix else written


def _needed(columns: ColumnsEntry) -> tuple[str, ...]:
    """Columns that must be there, filled on every line."""
    return (columns.code, columns.text, *columns.labels, *columns.facts)


def _wrong(rows: Sequence[CsvRow], columns: ColumnsEntry) -> Iterator[tuple[int | None, str]]:
    """Lines and what is wrong on them."""
    if len(rows) < 2:
        yield None, "a table of items has a first line with their columns and a line for each item"
        return
    (first, header), *body = rows
    yield from ((first, said) for said in _wrong_header(header, columns))
    needed = [name for name in _needed(columns) if name in header]
    for line, row in body:
        if len(row) != len(header):
            yield line, f"has {len(row)} values, and the first line has {len(header)} columns"
            continue
        cells = dict(zip(header, row, strict=True))
        if blank := [name for name in needed if not cells[name]]:
            yield line, f"has nothing under {listed(blank)}; every item has that"
        if any(_CONTROL.search(cell) for cell in row):
            yield line, "holds a control character; take it out"
        code, keying = cells.get(columns.code, ""), cells.get(columns.keying, "")
        if code and not (_CODE.fullmatch(code) or code.isdigit()):
            yield (
                line,
                f'the code "{code[:60]}" is none; write a letter, then letters, digits or '
                "underscores, or a whole number",
            )
        if keying not in ("", "+", "-"):
            yield line, f'the keying is "{keying[:60]}"; allowed are "+" and "-"'


def _wrong_header(header: Sequence[str], columns: ColumnsEntry) -> Iterator[str]:
    for name in _needed(columns):
        if name not in header:
            yield (
                f'has no column "{name}"{suggestion(name, header)}; its columns are '
                f'{listed(header)}: name one of them under "columns"'
            )
    used = {columns.code, columns.text, columns.keying, *columns.labels}
    for place, name in enumerate(header):
        if name in header[:place]:
            yield f'two columns are named "{name[:60]}"; rename one'
        elif name not in used and not _CODE.fullmatch(name):
            yield (
                f'the column "{name[:60]}" cannot be a fact of items; write a letter, then '
                "letters, digits or underscores"
            )
