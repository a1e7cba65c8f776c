"""People's answers, from a wide table, as rows of the table of responses."""

from __future__ import annotations

import warnings
from collections import Counter
from io import BytesIO
from pathlib import Path

import pandas as pd

from vaar.errors import DataError
from vaar.files.plain import read_plain
from vaar.responses.schema import FACTS, VARIED
from vaar.study.model import Study

UNANSWERED = "unanswered"
LONGEST_NUMBER = 20
LARGEST = 2**30
"""Bytes of a file of people's answers."""

MOST_COLUMNS = 20_000


def read_people(path: Path, study: Study, group: str) -> pd.DataFrame:
    """Read a CSV with one row a person and one column an item code.

    Parameters
    ----------
    group : str
        The group that the rows get.

    Returns
    -------
    DataFrame
        As :func:`vaar.responses.table.read_table` gives it; sessions are numbered from −1 down.
        Cells left blank have the reason ``unanswered``. Columns that are no item code are ignored.

    Raises
    ------
    DataError
        The file cannot be read, holds nobody, lacks an item, or holds something that is not on the
        scale.
    """
    wide = read_wide(path)
    blocks = []
    items = [(part, item) for part in study.instruments for item in part.coded_items]
    absent = [item.code for _, item in items if item.code not in wide.columns]
    if absent:
        raise DataError(
            f"{path}: lacks the items {', '.join(absent[:8])}{' …' if len(absent) > 8 else ''}. "
            "Give one column for each item code of the study (vaar study show lists them)."
        )
    for position, (instrument, item) in enumerate(items, start=1):
        answers = _on_scale(wide[item.code], list(instrument.scale_of(item).values), path)
        reason = pd.Series(pd.NA, wide.index, dtype="string").mask(answers.isna(), UNANSWERED)
        blocks.append(
            pd.DataFrame(
                {
                    "group": group,
                    "session": -1 - wide.index.to_numpy(),
                    "condition": group,
                    "replicate": pd.array([pd.NA] * len(wide), dtype="Int64"),
                    **dict.fromkeys((*VARIED, FACTS, "direction"), ""),
                    "instrument": instrument.code,
                    "item": item.code,
                    "position": position,
                    "raw": answers.astype("string"),
                    "value": answers,
                    "reason": reason,
                    "attempts": 1,
                    "first_reason": reason,
                    "tokens": 0,
                    "latency": 0.0,
                    "distribution": None,
                    "mass": float("nan"),
                    "expected": float("nan"),
                }
            )
        )
    return pd.concat(blocks, ignore_index=True)


def read_wide(path: Path) -> pd.DataFrame:
    """Read a CSV with one row a person as text, no column taken for row names.

    Raises
    ------
    DataError
        It cannot be read, has no row, names two columns alike, or has a row longer than its header.
    """
    try:
        content = read_plain(path, LARGEST)
        if (columns := content.partition(b"\n")[0].count(b",") + 1) > MOST_COLUMNS:
            raise ValueError(f"it has {columns:,} columns; {MOST_COLUMNS:,} are read at most")
        with warnings.catch_warnings():
            warnings.simplefilter("error", pd.errors.ParserWarning)
            wide = pd.read_csv(
                BytesIO(content), index_col=False, dtype="string", encoding="utf-8-sig", header=None
            )
    except (OSError, ValueError, OverflowError, pd.errors.ParserWarning) as error:
        raise DataError(f"{path}: cannot be read as CSV ({error}).") from error
    names = [str(name).strip() if pd.notna(name) else "" for name in wide.iloc[0]]
    if twice := sorted(name for name, count in Counter(names).items() if name and count > 1):
        raise DataError(f"{path}: two columns are named {twice[0]!r}. Rename or remove one.")
    if len(wide) < 2:
        raise DataError(f"{path}: holds nobody's answers. Give one row a person.")
    return wide.iloc[1:].set_axis(names, axis=1).reset_index(drop=True)


def _on_scale(column: pd.Series, allowed: list[int], path: Path) -> pd.Series:
    short = column.where(column.str.len() <= LONGEST_NUMBER)  # no number of a scale is longer
    numbers = pd.to_numeric(short, errors="coerce").astype("Float64")
    wrong = (column.notna() & ~numbers.isin(allowed)).to_numpy()
    if wrong.any():
        row = int(wrong.argmax())
        raise DataError(
            f"{path}, row {row + 2}, column {column.name}: {column.iloc[row]!r} is not on the "
            f"scale {allowed[0]}–{allowed[-1]}. Give one of its numbers, or leave the cell blank."
        )
    return numbers.astype("Int64")
