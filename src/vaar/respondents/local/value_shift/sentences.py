"""The sentences by which a value is known: pairs that hold it and its opposite."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from vaar.errors import RespondentError, StudyError
from vaar.study.bundle import LIBRARY
from vaar.study.source.csv_rows import csv_rows

_FOLDER = LIBRARY / "value_control"
_ENDING = "_pairs.csv"
_COLUMNS = ("positive", "negative")
_DIGITS = 12

FEWEST_PAIRS = 20
"""Pairs below which no probe is fitted."""


@dataclass(frozen=True)
class Pairs:
    """Sentences of a value, each with its minimally changed opposite.

    Attributes
    ----------
    positive, negative : tuple of str
        Of equal length.
    digest : str
        Twelve hexadecimal digits of the file that holds them.
    """

    value: str
    positive: tuple[str, ...]
    negative: tuple[str, ...]
    digest: str


def bundled_values() -> list[str]:
    """Names of the values whose sentences come with vaar."""
    return sorted(path.name.removesuffix(_ENDING) for path in _FOLDER.glob(f"*{_ENDING}"))


def pairs_of(value: str, files: Mapping[str, str]) -> Pairs:
    """The sentences of a value.

    Parameters
    ----------
    files : mapping of str to str
        CSV files of further values, by name, with the columns ``positive`` and ``negative``.

    Raises
    ------
    RespondentError
        There is no such value, or its file is no table of pairs.
    """
    if value in files:
        return _read(value, Path(files[value]).expanduser())
    if value not in bundled_values():
        known = sorted({*bundled_values(), *files})
        raise RespondentError(
            f"no sentences of the value {value!r}; there are those of {', '.join(known)}. Name a "
            "CSV file with the columns positive and negative under value_pairs in a models file"
        )
    return _read(value, _FOLDER / f"{value}{_ENDING}")


def neutral_sentences() -> tuple[str, ...]:
    """Sentences of the same form that concern no value."""
    return tuple(row[0] for _, row in csv_rows(_text(_FOLDER / "neutral.csv"), "neutral.csv")[1:])


def _read(value: str, path: Path) -> Pairs:
    text = _text(path)
    try:
        rows = csv_rows(text, str(path))
    except StudyError as error:
        raise RespondentError(str(error)) from None
    names = rows[0][1] if rows else []
    if any(name not in names for name in _COLUMNS):
        raise RespondentError(
            f"{path}: has the columns {', '.join(names) or 'none'}; positive and negative are "
            "needed, a pair of sentences a line"
        )
    places = [names.index(name) for name in _COLUMNS]
    pairs = [_pair(path, line, row, places) for line, row in rows[1:]]
    if len(pairs) < FEWEST_PAIRS:
        raise RespondentError(
            f"{path}: has {len(pairs)} pairs of sentences; give at least {FEWEST_PAIRS}, better 100"
        )
    digest = hashlib.sha256(text.encode()).hexdigest()[:_DIGITS]
    positive, negative = (tuple(pair[side] for pair in pairs) for side in (0, 1))
    return Pairs(value, positive, negative, digest)


def _pair(path: Path, line: int, row: list[str], places: list[int]) -> tuple[str, str]:
    positive, negative = (row[at] if at < len(row) else "" for at in places)
    if not positive or not negative or positive == negative:
        raise RespondentError(
            f"{path}, line {line}: a pair needs two different sentences; fill in both"
        )
    return positive, negative


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise RespondentError(
            f"{path}: cannot be read as a CSV file in UTF-8 ({error}); name one that can"
        ) from None
