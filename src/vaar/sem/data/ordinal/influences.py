"""Influences of the rows of one group on its ordinal statistics, kept small.

Rows with the same answers have the same influences on thresholds and polychoric correlations. A
table by answers takes far less memory than a row of influences for each row of data.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]


@dataclass(frozen=True)
class RowInfluences:
    """Influences as they are, (n, P), and sampling weights, None where all rows count alike."""

    by_row: Floats
    weight: Floats | None = None

    @property
    def rows(self) -> Floats:
        """(n, P) influences times the weights."""
        return _weighted(self.by_row, self.weight)


@dataclass(frozen=True)
class AnswerInfluences:
    """Influences of rows of ordinal items alone, which are functions of their answers.

    Attributes
    ----------
    codes : (n, q) array of int
        Position of each answer among the item's used categories; c where there is no answer.
    levels : (q, c + 1, c − 1) array
        Influence of each answer on each threshold.
    exists : (q, c − 1) array
        Which thresholds there are.
    cells : (c + 1, c + 1, m) array
        Influence of each pair of answers on the correlation of each pair of items; (c, c, m) where
        no answer is missing.
    first, second : (m,) arrays
        The items of each pair.
    weight : (n,) array or None
        Sampling weights; None where all rows count alike.
    """

    codes: NDArray[np.int16]
    levels: Floats
    exists: NDArray[np.bool_]
    cells: Floats
    first: Indices
    second: Indices
    weight: Floats | None = None

    @property
    def rows(self) -> Floats:
        """(n, P) influences times the weights: on the thresholds by item, then on the
        correlations."""
        levels = self.levels[np.arange(len(self.levels)), self.codes]
        pairs = look_up(self.cells, self.codes, self.first, self.second)
        return _weighted(np.hstack([levels[:, self.exists], pairs]), self.weight)


def _weighted(rows: Floats, weight: Floats | None) -> Floats:
    return rows if weight is None else np.asarray(rows * weight[:, None])


def look_up(
    cells: Floats, codes: NDArray[np.integer[Any]], first: Indices, second: Indices
) -> Floats:
    """(n, m) entries of (c + 1, c + 1, m) cells by the (n, q) answers of rows."""
    position = codes[:, first].astype(np.intp)
    position *= len(cells)
    position += codes[:, second]
    position *= cells.shape[2]
    position += np.arange(cells.shape[2])
    return np.take(cells, position, mode="clip")
