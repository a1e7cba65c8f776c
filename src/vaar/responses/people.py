"""People's answers, from a wide table, as rows of the table of responses."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from vaar.errors import DataError
from vaar.responses.table import FACTS, VARIED
from vaar.study.model import Study

UNANSWERED = "unanswered"


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
        The file cannot be read, lacks an item, or holds something that is not on the scale.
    """
    try:
        wide = pd.read_csv(path)
    except (OSError, ValueError) as error:
        raise DataError(f"{path}: cannot be read as CSV ({error}).") from error
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


def _on_scale(column: pd.Series, allowed: list[int], path: Path) -> pd.Series:
    numbers = pd.to_numeric(column, errors="coerce")
    wrong = (column.notna() & ~numbers.isin(allowed)).to_numpy()
    if wrong.any():
        row = int(wrong.argmax())
        raise DataError(
            f"{path}, row {row + 2}, column {column.name}: {column.iloc[row]!r} is not on the "
            f"scale {allowed[0]}–{allowed[-1]}. Give one of its numbers, or leave the cell blank."
        )
    return numbers.astype("Int64")
