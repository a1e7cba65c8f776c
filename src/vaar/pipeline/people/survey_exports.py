"""Exports of survey programs: headings in several rows, question texts, and how each was made."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from pathlib import Path

from vaar.errors import DataError
from vaar.pipeline.people.source import Row, Source
from vaar.pipeline.people.text_table import TextTable, read_text_table, require_different

_IMPORT_ID = re.compile(r'\s*\{\s*"+ImportId"+')
_QUALTRICS = ("ResponseId", "RecordedDate", "DistributionChannel")
_LIMESURVEY = ("submitdate", "lastpage", "startlanguage")
_CODE_AND_TEXT = re.compile(r"([A-Za-z]\w*(?:\[[^\]]*\])*)\. (.*)", re.DOTALL)


def read_source(path: Path) -> Source:
    """Read the head of a table of people.

    Raises
    ------
    DataError
        It cannot be read, is no table, or two columns have one name.
    """
    if path.exists() and not path.is_file():
        raise DataError(
            f"{path}: is a pipe, a device or a folder, and is read more than once. Save the table "
            "in a file and give that."
        )
    if path.suffix.lower() in (".sav", ".zsav"):
        from vaar.pipeline.people.spss import read_spss

        return read_spss(path)
    table = read_text_table(path)
    first = list(islice(_cells(table.rows()), 2))
    if len(first) == 2 and any(map(_IMPORT_ID.match, first[1])):
        return _qualtrics(table, first[0], 2)
    if first and set(_QUALTRICS) & set(table.header) and _is_text_row(table.header, first[0]):
        return _qualtrics(table, first[0], 1)
    return _limesurvey(table) or _plain(table)


def _cells(rows: Iterator[Row]) -> Iterator[list[str]]:
    return (row for _, row in rows if not isinstance(row, str))


def _is_text_row(header: Sequence[str], row: Sequence[str]) -> bool:
    """Whether a row repeats the headings in words, as Qualtrics' second row does."""
    told = {
        name.casefold(): cell.replace(" ", "").casefold()
        for name, cell in zip(header, row, strict=True)
    }
    return any(told.get(name.casefold()) == name.casefold() for name in _QUALTRICS)


def _qualtrics(table: TextTable, texts: Sequence[str], heads: int) -> Source:
    return Source(
        str(table.path),
        "qualtrics",
        table.form,
        table.header,
        tuple(texts),
        _without(table.rows, heads),
        decimal_comma=table.decimal_comma,
    )


def _without(rows: Callable[[], Iterator[Row]], heads: int) -> Callable[[], Iterator[Row]]:
    return lambda: islice(rows(), heads, None)


def _limesurvey(table: TextTable) -> Source | None:
    """The table as one of LimeSurvey: headings are codes, or ``code. text``."""
    split = [_CODE_AND_TEXT.fullmatch(name) for name in table.header]
    codes = [found[1] if found else name for found, name in zip(split, table.header, strict=True)]
    if sum(name in codes for name in _LIMESURVEY) < 2:
        return None
    require_different(codes, str(table.path))
    return Source(
        str(table.path),
        "limesurvey",
        table.form,
        tuple(codes),
        tuple(found[2].strip() if found else "" for found in split),
        table.rows,
        decimal_comma=table.decimal_comma,
    )


def _plain(table: TextTable) -> Source:
    """The table as it stands; headings may be codes or, as online forms write them, questions."""
    if not table.header:
        raise DataError(f"{table.path}: its headings are blank. Name its columns in the first row.")
    names = table.header
    return Source(
        str(table.path),
        "csv",
        table.form,
        names,
        names,
        table.rows,
        decimal_comma=table.decimal_comma,
    )
