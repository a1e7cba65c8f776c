"""Reading a data frame into arrays: the columns asked for, as numbers, and the groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from vaar.errors import DataError
from vaar.sem.arrays import Bools, Floats, Ints
from vaar.sem.data.columns import numbers_of
from vaar.sem.data.moment_matrices import refuse_moments
from vaar.sem.data.screening import Finding

if TYPE_CHECKING:
    import pandas as pd

LARGEST = 1e60  # number that is computed with; its inverse is the smallest difference
SINGLE = "all"  # name of the only group where no group column is given


@dataclass(frozen=True)
class Table:
    """The columns of a model, as read.

    Attributes
    ----------
    values : (N, p) array
        NaN where there is no answer.
    group : (N,) array
        Group of each row, 0 … G − 1.
    names : tuple of str
        Group names in the order they first appear (or of their categories).
    row_index : (N,) array
        Position of each row in the data frame.
    row_labels : Index
        The data frame's labels of all its rows; None without rows.
    group_column, cluster_column, weight_column : str or None
        Columns with the groups, the clusters and the sampling weights.
    """

    columns: tuple[str, ...]
    values: Floats
    group: Ints
    names: tuple[str, ...]
    row_index: Ints
    findings: tuple[Finding, ...]
    row_labels: pd.Index[Any] | None = None
    group_column: str | None = None
    cluster_column: str | None = None
    weight_column: str | None = None


def read_table(
    data: pd.DataFrame, columns: Sequence[str], group: str | None, ordinal: bool = False
) -> Table:
    """Read the columns of a model from a data frame.

    Parameters
    ----------
    ordinal : bool
        Whether only the order of the answers matters.

    Raises
    ------
    DataError
        Not a data frame, an unknown column, text where numbers are needed, a matrix of moments
        where there should be rows of answers, or no rows.
    """
    _check_columns(data, columns, group)
    refuse_moments(data, columns, group)
    findings: list[Finding] = []
    values = _matrix(data, columns, ordinal, findings)
    codes, names = _groups(data, group)
    grouped = codes >= 0
    if not grouped.all():
        findings.append(
            Finding(
                "",
                str(group),
                "group missing",
                "rows left out",
                f"{int((~grouped).sum())} rows have no entry in the group column",
            )
        )
    infinite = np.isinf(values)
    if infinite.any():
        findings += _infinite_findings(infinite, codes, names, columns)
        values[infinite] = np.nan
    _check_magnitude(values, columns)
    if not grouped.any():
        raise DataError("the data have no rows that belong to a group: give at least one")
    return Table(
        tuple(columns),
        values[grouped],
        codes[grouped],
        names,
        np.flatnonzero(grouped),
        tuple(findings),
        data.index,
        group,
    )


def _check_magnitude(values: Floats, columns: Sequence[str]) -> None:
    """Refuse numbers whose products are beyond those that a computer knows."""
    if not len(values):
        return
    low, high = np.fmin.reduce(values, axis=0), np.fmax.reduce(values, axis=0)
    largest, spread = np.fmax(-low, high), np.where(high > low, high / 2 - low / 2, 1.0)
    wrong = np.flatnonzero((largest > LARGEST) | (spread < 1 / LARGEST))
    if wrong.size:
        j = int(wrong[0])
        raise DataError(
            f"column {columns[j]!r} has numbers from {low[j]:g} to {high[j]:g}, too large or too "
            "close to each other to compute with: give them in another unit"
        )


def _infinite_findings(
    infinite: Bools, codes: Ints, names: Sequence[str], columns: Sequence[str]
) -> list[Finding]:
    counts = np.zeros((len(names), len(columns)), dtype=np.int64)
    np.add.at(counts, codes[codes >= 0], infinite[codes >= 0])
    return [
        Finding(names[g], columns[j], "infinite value", "read as missing", f"{counts[g, j]} values")
        for g, j in np.argwhere(counts)
    ]


def _check_columns(data: pd.DataFrame, columns: Sequence[str], group: str | None) -> None:
    if not hasattr(data, "columns") or not hasattr(data, "iloc"):
        raise DataError(f"data must be a pandas DataFrame, got {type(data).__name__}: convert it")
    known = [str(name) for name in data.columns]
    wanted = [*columns, *([group] if group is not None else [])]
    unknown = [name for name in wanted if name not in known]
    if unknown:
        raise DataError(
            f"the data have no column {', '.join(map(repr, unknown))}; they have "
            f"{', '.join(known[:30])}{' …' if len(known) > 30 else ''}: "
            "correct the model or the data"
        )
    if group in columns:
        raise DataError(
            f"column {group!r} is a variable of the model and names the groups, where it does not "
            "vary: take it out of the model, or name another column in group="
        )
    repeated = [name for name in wanted if known.count(name) > 1]
    if repeated:
        raise DataError(f"column {repeated[0]!r} is there twice in the data: keep one of them")


def _matrix(
    data: pd.DataFrame, columns: Sequence[str], ordinal: bool, findings: list[Finding]
) -> Floats:
    """(N, p) numbers of the columns of these names."""
    known = [str(name) for name in data.columns]
    places = [known.index(name) for name in columns]
    first, count = min(places, default=0), len(places)
    if sorted(places) == list(range(first, first + count)):  # side by side: no copy is made of them
        wanted, order = data.iloc[:, first : first + count], [place - first for place in places]
    else:
        wanted, order = data.iloc[:, places], list(range(count))
    if all(isinstance(dtype, np.dtype) and dtype.kind in "iufb" for dtype in wanted.dtypes):
        return np.array(wanted.to_numpy(dtype=float)[:, order], order="C")
    return np.column_stack(
        [
            numbers_of(wanted.iloc[:, at], name, ordinal, findings)
            for at, name in zip(order, columns, strict=True)
        ]
    )


def _name(label: object) -> str:
    """What a group is called: 2 where a gap among whole numbers made them 2.0."""
    whole = isinstance(label, float) and label.is_integer()
    return f"{label:.0f}" if whole else str(label)


def _groups(data: pd.DataFrame, group: str | None) -> tuple[Ints, tuple[str, ...]]:
    import pandas as pd

    if group is None:
        return np.zeros(len(data), dtype=np.int64), (SINGLE,)
    column = data.iloc[:, [str(name) for name in data.columns].index(group)]
    if isinstance(column.dtype, pd.CategoricalDtype):
        column = column.cat.remove_unused_categories()
        codes, labels = column.cat.codes.to_numpy(), list(column.cat.categories)
    else:
        try:
            codes, found = pd.factorize(column)
        except TypeError:
            raise DataError(
                f"group column {group!r} holds entries that are no names, such as lists: give each "
                "row the name of its group"
            ) from None
        labels = list(found)
    names = tuple(_name(label) for label in labels)
    if len(set(names)) < len(names):
        raise DataError(
            f"group column {group!r} has different entries that are written alike, such as 1 and "
            "'1': give each group one name"
        )
    return np.asarray(codes, dtype=np.int64), names
