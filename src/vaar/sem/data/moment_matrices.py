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
    """See that a data frame, or the part of a group, is no square symmetric matrix.

    Raises
    ------
    DataError
        It is one, whole or as a triangle, for the variables of a model or for all that are numbers.
    """
    for part in _parts(data, group):
        for square in _candidates(part, list(columns)):
            if _is_moment_matrix(square):
                size = square.shape[1]
                raise DataError(
                    f"the data look like a covariance or correlation matrix ({size} × {size}, "
                    "symmetric): data has one row for each case; give a matrix as sample_cov="
                )


def _parts(data: pd.DataFrame, group: str | None) -> Iterator[pd.DataFrame]:
    """The data and those of each group, where they are as few as the rows of matrices or labelled
    by variables."""
    most = data.shape[1] + _EXTRA
    labelled = data.index.dtype.kind not in "iuf" and data.columns.isin(data.index).any()
    if labelled or len(data) <= most:
        yield data
    if group is None or not len(data):
        return
    if labelled or _few(data, group, most):
        for _, part in data.groupby(data[group].astype(str), sort=False):
            yield part.drop(columns=group)


def _few(data: pd.DataFrame, group: str, most: int) -> bool:
    """Whether groups have no more rows than a matrix could have, on average."""
    return len(data) <= most * most and len(data) <= most * data[group].nunique()


def _candidates(data: pd.DataFrame, columns: list[str]) -> Iterator[Floats]:
    """Rows labelled as the columns of a model are; all rows; all rows of all numbers."""
    import pandas as pd

    table = data[columns].apply(pd.to_numeric, errors="coerce").to_numpy(dtype=float)
    place = {str(label): i for i, label in enumerate(data.index)}
    if all(name in place for name in columns):
        yield table[[place[name] for name in columns]]
    yield table
    yield data.select_dtypes("number").to_numpy(dtype=float)


def _is_moment_matrix(values: Floats) -> bool:
    """Whether the first or last rows of a table are a symmetric matrix with a positive diagonal,
    or a triangle of one."""
    n, size = values.shape
    if size < 2 or not size <= n <= size + _EXTRA:
        return False
    return any(_is_symmetric(part) for part in (values[:size], values[-size:]))


def _is_symmetric(square: Floats) -> bool:
    filled = np.where(np.isnan(square), square.T, square)
    diagonal = np.diagonal(filled)
    if not np.isfinite(filled).all() or not (diagonal > 0).all():
        return False
    scale = np.sqrt(np.outer(diagonal, diagonal))
    within = (np.abs(filled) <= scale * (1 + _ROUNDING)).all()
    return bool(within and (np.abs(filled - filled.T) <= _ROUNDING * scale).all())
