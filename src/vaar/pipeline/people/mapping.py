"""The MAP file: which columns are which items, and what their cells mean."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import BeforeValidator, Field, ValidationError

from vaar.errors import DataError, StudyError
from vaar.files.write import write_bytes
from vaar.pipeline.people.source import Source
from vaar.study.explain import explain
from vaar.study.model import Study
from vaar.study.schema.entry import Entry
from vaar.study.source.files import read_document
from vaar.study.source.issues import raise_together, suggestion
from vaar.study.source.yaml_lines import Document
from vaar.tables.text import printable_line

HEAD = """\
# How a table of people becomes their answers to the study {study}. Edit it and give it again:
#   vaar import people {file} --map {map}
# items: the column of each item. values: for a questionnaire, what a cell means on its scale.
# shift: added to the numbers of a questionnaire, as 1 where cells run from 0 and the scale from 1.
# reversed: items whose cells run the other way. missing: cells that are no answer.
# keep: columns to keep as attributes of people (for --covariate), by their new names.
# id: a column by which a person who stands there twice is found; only the first row counts.
# leave_out: rows that are no finished answers, by column and cell.
"""


def _as_text(value: Any) -> Any:
    """Numbers as text, where cells are meant: ``-99`` is ``"-99"``."""
    return str(value) if isinstance(value, int | float) else value


def _with_text_keys(value: Any) -> Any:
    return {_as_text(key): v for key, v in value.items()} if isinstance(value, dict) else value


Cell = Annotated[str, BeforeValidator(_as_text)]
Meanings = Annotated[dict[str, int], BeforeValidator(_with_text_keys)]


class MapFile(Entry):
    """How a table of people is read."""

    items: dict[str, str] = Field(default={}, description="The column of each item, by its code.")
    values: dict[str, Meanings] = Field(
        default={}, description="What a cell means, by questionnaire."
    )
    shift: dict[str, int] = Field(
        default={}, description="Added to the numbers of a questionnaire's cells."
    )
    reversed: list[str] = Field(default=[], description="Items whose cells run the other way.")
    missing: list[Cell] = Field(default=[], description="Cells that are no answer, beside blanks.")
    keep: dict[str, str] = Field(
        default={}, description="Columns kept as attributes of people, by their new names."
    )
    id: str = Field(default="", description="Column that says who a row is.")
    leave_out: dict[str, list[Cell]] = Field(
        default={}, description="Cells that mark rows to leave out, by column."
    )


def read_map(path: Path, study: Study, source: Source) -> MapFile:
    """Read a MAP file.

    Raises
    ------
    StudyError
        With file and line: what was found, what is allowed, what to do.
    """
    document = read_document(path)
    try:
        found = MapFile.model_validate(document.data or {})
    except ValidationError as error:
        raise_together(explain(error, document, MapFile))
        raise
    raise_together([*_problems(found, document, study, source)])
    return found


def write_map(path: Path, text: str) -> None:
    """Write a MAP file.

    Raises
    ------
    DataError
        It cannot be written.
    """
    try:
        write_bytes(path, text.encode())
    except OSError as error:
        raise DataError(f"{path}: cannot be written ({error.strerror}).") from error


def map_text(
    path: Path, chosen: MapFile, study: Study, source: Source, doubts: Sequence[str]
) -> str:
    """A MAP file, with what must be looked at as comments at its top."""
    head = HEAD.format(study=study.name, file=_shown(source.path), map=_shown(str(path)))
    head += "".join(f"# LOOK: {printable_line(doubt)}\n" for doubt in doubts)
    body = yaml.safe_dump(chosen.model_dump(), sort_keys=False, allow_unicode=True, width=100)
    return f"{head}\n{body}"


def _shown(text: str) -> str:
    return f"'{printable_line(text)}'" if set(text) & set(" '\"") else printable_line(text)


def _problems(found: MapFile, document: Document, study: Study, source: Source) -> list[StudyError]:
    items = [item.code for part in study.instruments for item in part.coded_items]
    wanted: list[tuple[str, Mapping[str, object] | Sequence[str], Sequence[str], str]] = [
        ("items", found.items, items, "item of the study"),
        ("reversed", found.reversed, items, "item of the study"),
        ("values", found.values, list(study.instrument), "questionnaire of the study"),
        ("shift", found.shift, list(study.instrument), "questionnaire of the study"),
        ("leave_out", found.leave_out, source.names, "column of the table"),
    ]
    problems = [
        document.problem(f'no {what} is called "{name}"{suggestion(name, known)}', place, name)
        for place, names, known, what in wanted
        for name in names
        if name not in known
    ]
    columns = [*found.items.items(), *found.keep.items(), *([("id", found.id)] if found.id else [])]
    problems += [
        document.problem(
            f'no column of the table is called "{column}"{suggestion(column, source.names)}',
            "items" if name in found.items else "keep",
            name,
        )
        for name, column in columns
        if column not in source.names
    ]
    taken = list(found.items.values())
    problems += [
        document.problem(f'the column "{column}" is given to two items', "items")
        for column in sorted({one for one in taken if taken.count(one) > 1})
    ]
    problems += [
        document.problem(
            f'"{name}" is the name of an item; keep the column as another', "keep", name
        )
        for name in found.keep
        if name in items
    ]
    return problems
