"""Main effects and interactions of facts with two levels, from the means of their cells.

A main effect is the mean over the cells of the first level less that over the second, an
interaction half the difference of two such effects. Cells weigh alike. The variance is the sum of
c²·s²/n over the cells, its degrees of freedom Satterthwaite's; of a single fact this is Welch's
interval [1]_. Effects are in standard deviations within cells.

References
----------
.. [1] Welch (1947), The generalization of "Student's" problem when several different population
   variances are involved. Biometrika 34(1–2), 28–35.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, product

import numpy as np
from numpy.typing import NDArray
from scipy import stats

LEAST_IN_CELL = 2
"""Sessions of a cell below which its variance is not known."""


@dataclass(frozen=True)
class Effect:
    """One contrast: estimate and 95 % interval in standard deviations within cells, and p of none.

    The p-value is that of t, as the interval is.
    """

    names: tuple[str, ...]
    estimate: float
    lower: float
    upper: float
    p: float


@dataclass(frozen=True)
class Cells:
    """The values in every cell of crossed facts with two levels.

    Attributes
    ----------
    signs : ndarray, shape (n_cells, n_facts)
        1 for the first level of a fact, −1 for the second.
    values : tuple of ndarray
        Of each cell, none missing.
    """

    signs: NDArray[np.float64]
    values: tuple[NDArray[np.float64], ...]


def cells_of(values: NDArray[np.float64], signs: NDArray[np.float64]) -> Cells:
    """Sort a sample into its cells.

    Parameters
    ----------
    values : ndarray, shape (n,)
        NaN is left out.
    signs : ndarray, shape (n, n_facts)
        Level of every fact, 1 or −1.
    """
    known = np.isfinite(values)
    values, signs = values[known], signs[known]
    crossed = np.array(list(product((1.0, -1.0), repeat=signs.shape[1])))
    return Cells(crossed, tuple(values[(signs == cell).all(axis=1)] for cell in crossed))


def effects(cells: Cells, names: Sequence[str]) -> Iterator[Effect]:
    """Main effects, then interactions of two; none where a cell is too small or nothing varies."""
    n = np.array([len(one) for one in cells.values], float)
    if (n < LEAST_IN_CELL).any():
        return
    mean = np.array([one.mean() for one in cells.values])
    variance = np.array([one.var(ddof=1) for one in cells.values])
    within = np.sqrt(((n - 1) * variance).sum() / (n - 1).sum())
    if not within > 0:
        return
    for size in (1, 2):
        for chosen in combinations(range(len(names)), size):
            weights = cells.signs[:, list(chosen)].prod(axis=1) * 2 / len(n) / within
            parts = weights**2 * variance / n
            df = parts.sum() ** 2 / (parts**2 / (n - 1)).sum()
            estimate = float(weights @ mean)
            se = float(np.sqrt(parts.sum()))
            reach = float(stats.t.ppf(0.975, df)) * se
            named = tuple(names[k] for k in chosen)
            p = float(2 * stats.t.sf(abs(estimate) / se, df))
            yield Effect(named, estimate, estimate - reach, estimate + reach, p)
