"""Covariance or correlation matrices that were given where rows of answers should be."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from vaar.errors import DataError
from vaar.sem.arrays import Floats

if TYPE_CHECKING:
    import pandas as pd

_EXTRA = 3  # rows that may stand beside a matrix: means, standard deviations, N
_ROUNDING = 1e-6  # of a printed matrix, relative


def refuse_moments(data: pd.DataFrame, columns: Sequence[str], group: str | None) -> None:
    """See that a data frame, or the part of every group, is no square symmetric matrix.

    Without rows that bear the names of columns, whole numbers are answers, and so are variables
    that would correlate perfectly: a few rows of answers can be symmetric by chance.

    Raises
    ------
    DataError
        It is one, whole or as a triangle, for the variables of a model or for all that are numbers.
    """
    whole = _is_labelled(data) or (group is None and len(data) <= data.shape[1] + _EXTRA)
    size = _matrix_size(data, columns) if whole else 0
    parts = list(_parts(data, group))
    if not size and parts:
        sizes = [_matrix_size(part, columns) for part in parts]
        size = max(sizes) if all(sizes) else 0
    if size:
        raise DataError(
            f"the data look like a covariance or correlation matrix ({size} × {size}, "
            "symmetric): data has one row for each case; give a matrix as sample_cov="
        )


def _is_labelled(data: pd.DataFrame) -> bool:
    return bool(data.index.dtype.kind not in "iuf" and data.columns.isin(data.index).any())


def _parts(data: pd.DataFrame, group: str | None) -> Iterator[pd.DataFrame]:
    """The data of each group, where they are as few as the rows of matrices, on average, or
    labelled by variables."""
    if group is None or not len(data):
        return
    most = data.shape[1] + _EXTRA
    place = [str(name) for name in data.columns].index(group)
    labels = data.iloc[:, place].astype(str)
    few = len(data) <= most * most and len(data) <= most * labels.nunique()
    if few or _is_labelled(data):
        for _, part in data.groupby(labels.to_numpy(), sort=False):
            yield part.drop(columns=data.columns[place])


def _matrix_size(data: pd.DataFrame, columns: Sequence[str]) -> int:
    """Of how many variables a table is a matrix of moments, 0 where it is none."""
    found = [
        square.shape[1]
        for square, named in _candidates(data, list(columns))
        if _is_moment_matrix(square, named)
    ]
    return found[0] if found else 0


def _candidates(data: pd.DataFrame, columns: list[str]) -> Iterator[tuple[Floats, bool]]:
    """Rows labelled as the columns of a model are; all rows; all rows of all numbers. Each with
    whether rows bear the names of columns."""
    import pandas as pd

    known = [str(name) for name in data.columns]
    wanted = data.iloc[:, [known.index(name) for name in columns]]
    table = wanted.apply(pd.to_numeric, errors="coerce").to_numpy(dtype=float)
    place = {str(label): i for i, label in enumerate(data.index)}
    if all(name in place for name in columns):
        yield table[[place[name] for name in columns]], True
    numbers = data.select_dtypes("number")
    yield table, False
    yield numbers.to_numpy(dtype=float), all(str(name) in place for name in numbers)


def _is_moment_matrix(values: Floats, named: bool) -> bool:
    """Whether the first or last rows of a table are a symmetric matrix with a positive diagonal,
    or a triangle of one."""
    n, size = values.shape
    if size < 2 or not size <= n <= size + _EXTRA:
        return False
    parts = (values[:size], values[-size:])
    return any(_is_symmetric(part) and (named or _is_plausible(part)) for part in parts)


def _is_symmetric(square: Floats) -> bool:
    filled = np.where(np.isnan(square), square.T, square)
    diagonal = np.diagonal(filled)
    if not np.isfinite(filled).all() or not (diagonal > 0).all():
        return False
    scale = np.sqrt(np.outer(diagonal, diagonal))
    within = (np.abs(filled) <= scale * (1 + _ROUNDING)).all()
    return bool(within and (np.abs(filled - filled.T) <= _ROUNDING * scale).all())


def _is_plausible(square: Floats) -> bool:
    """Whether the numbers of a symmetric matrix can be moments rather than answers."""
    known = square[~np.isnan(square)]
    filled = np.where(np.isnan(square), square.T, square)
    diagonal = np.diagonal(filled)
    apart = np.abs(filled) < np.sqrt(np.outer(diagonal, diagonal)) * (1 - _ROUNDING)
    np.fill_diagonal(apart, True)
    return bool(apart.all() and (known != np.round(known)).any())
