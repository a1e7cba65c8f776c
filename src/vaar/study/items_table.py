"""Items from a CSV file: one a line, with their own labels and what is known of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path

from vaar.errors import StudyError
from vaar.study.schema.entry import IDENTIFIER
from vaar.study.schema.instrument_file import ColumnsEntry, ItemEntry, ScaleEntry
from vaar.study.source.csv_rows import CsvRow, csv_rows
from vaar.study.source.files import read_text
from vaar.study.source.issues import listed, raise_together, suggestion
from vaar.study.source.yaml_lines import Document

LARGEST_TABLE = 100_000
"""Bytes of items that a run keeps, in its one study file."""

LARGEST_FILE = 100_000_000
"""Bytes of a table of which items are drawn."""

_CODE = re.compile(IDENTIFIER)
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def read_items(
    path: Path, columns: ColumnsEntry, instrument: str, draw: int | None = None
) -> tuple[list[ItemEntry], Document]:
    """Read the items of an instrument.

    A code that is a whole number gets the instrument's code in front: ``choices_17``. Columns that
    hold neither code, text, keying nor labels are facts of the items.

    Parameters
    ----------
    draw : int, optional
        Draw so many items of the table by chance: those whose codes have the least SHA-256, in the
        order of the table. The same items whatever else it holds, and in whatever order.

    Returns
    -------
    list of ItemEntry, Document
        And the file, for messages about an item to name its line.

    Raises
    ------
    StudyError
        With file, line, what was found, what is allowed and what to do.
    """
    text = read_text(path, LARGEST_FILE)
    rows = csv_rows(text, str(path))
    raise_together([StudyError(said, str(path), line) for line, said in _wrong(rows, columns)])
    (_, header), *body = rows
    body = _drawn(body, header.index(columns.code), draw, path)
    _require_kept(body, len(rows) - 1, path)
    items = [_item(dict(zip(header, row, strict=True)), columns, instrument) for _, row in body]
    document = Document(str(path))
    for i, (line, _) in enumerate(body):
        document.lines["items", i] = line
    return items, document


def _drawn(body: list[CsvRow], code: int, draw: int | None, path: Path) -> list[CsvRow]:
    if draw is None:
        return body
    if draw > len(body):
        raise StudyError(f"has {len(body):,} items, and {draw:,} are to be drawn", str(path))
    hashes = [sha256(row[code].encode()).digest() for _, row in body]
    places = sorted(range(len(body)), key=hashes.__getitem__)[:draw]
    return [body[place] for place in sorted(places)]


def _require_kept(body: Sequence[CsvRow], there: int, path: Path) -> None:
    """Refuse more items than a run keeps, and say how many it would."""
    size = sum(len(",".join(row).encode()) + 1 for _, row in body)
    if size > LARGEST_TABLE:
        some = max(1, int(len(body) * LARGEST_TABLE / size * 0.9))
        raise StudyError(
            f"{len(body):,} of its {there:,} items have {size:,} bytes, and a run keeps "
            f"{LARGEST_TABLE:,} at most: draw some by chance with `--draw {some}`, or ask parts of "
            "the table in several runs",
            str(path),
        )


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
