"""A table of personas, as CSV text, and the sentence that tells a respondent who it is."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from vaar.errors import StudyError
from vaar.study.conditions import Persona
from vaar.study.source.csv_rows import csv_rows
from vaar.study.source.files import read_text
from vaar.study.source.issues import raise_together
from vaar.study.templates import filled, wrong_template

ID = "id"
"""Column that names each persona."""

FACTORS = (
    *("group", "session", "respondent", "condition", "replicate", "seed"),
    *("persona", "order", "items", "options", "wording"),
)
"""What a session is told apart by; no attribute may take one of these names."""

LARGEST_TABLE = 100_000  # bytes; a run keeps the table in its one study file
_COLUMN = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


def is_table(written: str) -> bool:
    """Whether what stands under ``personas`` is the table itself rather than a file's name."""
    return "\n" in written


def read_personas(path: Path) -> tuple[Persona, ...]:
    """Read a CSV file with a column ``id`` and a column for each attribute.

    Raises
    ------
    StudyError
        With file, line, what was found, what is allowed and what to do.
    """
    return parse_personas(read_text(path, LARGEST_TABLE), str(path))


def parse_personas(text: str, file: str, offset: int = 0) -> tuple[Persona, ...]:
    """Read the table from its text.

    Parameters
    ----------
    file : str
        Where it stands, for messages.
    offset : int
        Lines of the file before the table.
    """
    found = csv_rows(text, file, offset)
    raise_together([StudyError(message, file, line) for line, message in _wrong(found)])
    (_, header), *body = found
    return tuple(_persona(dict(zip(header, row, strict=True))) for _, row in body)


def _persona(row: dict[str, str]) -> Persona:
    return Persona(row[ID], tuple((name, value) for name, value in row.items() if name != ID))


def _wrong(found: Sequence[tuple[int, list[str]]]) -> Iterator[tuple[int | None, str]]:
    """Lines and what is wrong on them."""
    if len(found) < 2:
        yield None, f'a table of personas has a first line with "{ID}" and a line for each persona'
        return
    (first, header), *body = found
    yield from ((first, message) for message in _wrong_header(header))
    for line, row in body:
        if len(row) != len(header):
            yield line, f"has {len(row)} values, and the first line has {len(header)} columns"
        blank = [name for name, cell in zip(header, row, strict=False) if not cell and name != ID]
        if blank:
            yield line, f"has nothing under {', '.join(blank)}; give every persona each attribute"
        if any(_CONTROL.search(cell) for cell in row):
            yield line, "holds a control character or a line break; take it out"
    if ID in header:
        at = header.index(ID)
        yield from _wrong_ids([(line, row[at]) for line, row in body if len(row) > at])


def _wrong_ids(ids: Sequence[tuple[int, str]]) -> Iterator[tuple[int, str]]:
    seen: dict[str, int] = {}
    for line, name in ids:
        if not name:
            yield line, "has no id; give every persona one"
        elif name in seen:
            yield line, f'the id "{name[:60]}" stands on line {seen[name]} already; change one'
        seen.setdefault(name, line)


def _wrong_header(header: Sequence[str]) -> Iterator[str]:
    if ID not in header:
        yield f'has no column "{ID}"; its columns are {", ".join(header)[:200]}'
    for position, name in enumerate(header):
        if not _COLUMN.fullmatch(name):
            yield (
                f'the column "{name[:60]}" cannot be named in the text or the analysis; write a '
                "letter, then letters, digits or underscores"
            )
        elif name in header[:position]:
            yield f'two columns are named "{name}"; rename one'
        elif name in FACTORS:
            yield f'a column is named "{name}", which every session has already; rename it'


def wrong_text(text: str, columns: Sequence[str]) -> Iterator[str]:
    """What is wrong with the text of personas, given the columns of their table."""
    return wrong_template(text, columns, "column of the personas")


def persona_prompt(text: str, persona: Persona) -> str:
    """The text with the attributes of a persona in place of their names."""
    return filled(text, {ID: persona.id, **dict(persona.attributes)})


def to_csv(personas: Sequence[Persona]) -> str:
    """The table as text; :func:`parse_personas` reads it back."""
    written = io.StringIO()
    names = [name for name, _ in personas[0].attributes]
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow([ID, *names])
    writer.writerows([p.id, *(value for _, value in p.attributes)] for p in personas)
    return written.getvalue()
