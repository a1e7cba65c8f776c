"""Means with percentile intervals from resampled units: trials, scenarios, topics.

Percentiles of few units are too near to each other; they are taken as far out as Student's t lies
beyond the normal distribution, times √(n / (n − 1)) [1]_.

References
----------
.. [1] Hesterberg (2015), What teachers should know about the bootstrap. The American Statistician
   69(4), 371–386.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Values = NDArray[np.float64]
LEVEL = 0.95

FEWEST = 6
"""Fewer units have no interval: all n of them lie to one side of the middle of a symmetric
distribution in 2 · .5ⁿ of samples, and an interval of resampled means never leaves their range."""


def resampled(
    values: Values, replicates: int, seed: int, clusters: NDArray[np.intp] | None = None
) -> Values:
    """Column means of resampled rows.

    Parameters
    ----------
    values : ndarray, shape (n, k)
        A row for each unit; NaN where it has no value, which leaves it out of that column's mean.
    replicates : int
        How often rows are drawn, n with replacement.
    clusters : ndarray of int, shape (n,), optional
        Whole clusters are drawn in place of rows; numbered from 0.

    Returns
    -------
    ndarray, shape (replicates, k)
        NaN where none of the drawn rows has a value.
    """
    known = np.isfinite(values)
    sums, counts = np.where(known, values, 0.0), known.astype(float)
    if clusters is not None:
        sums, counts = (_by_cluster(part, clusters) for part in (sums, counts))
    weights = _weights(len(sums), replicates, seed)
    with np.errstate(invalid="ignore", divide="ignore"):
        means: Values = (weights @ sums) / (weights @ counts)
    return means


def interval(draws: Values, n: int, level: float = LEVEL) -> tuple[float, float]:
    """Expanded percentile interval of draws, those that are not finite left out.

    Parameters
    ----------
    n : int
        Units that were resampled.

    Returns
    -------
    (float, float)
        NaN where there are fewer than :data:`FEWEST` units, or all draws are the same.
    """
    finite = draws[np.isfinite(draws)]
    if n < FEWEST or finite.size < 2 or np.ptp(finite) == 0:
        return float("nan"), float("nan")
    tail = stats.norm.cdf(np.sqrt(n / (n - 1)) * stats.t.ppf((1 - level) / 2, n - 1))
    lower, upper = np.quantile(finite, [tail, 1 - tail])
    return float(lower), float(upper)


def mean(values: Values) -> float:
    """Mean of what is known; NaN where nothing is."""
    known = values[np.isfinite(values)]
    return float(known.mean()) if known.size else float("nan")


def with_intervals(values: dict[str, Values], replicates: int, seed: int) -> dict[str, float]:
    """Mean and interval of each column, rows resampled together: ``name``, ``name_lower``, …

    Parameters
    ----------
    values : dict of str to ndarray, shape (n,)
        Of the same units.
    """
    columns = np.column_stack([*values.values()]) if values else np.empty((0, 0))
    draws = resampled(columns, replicates, seed)
    found: dict[str, float] = {}
    for place, (name, column) in enumerate(values.items()):
        found[name] = mean(column)
        known = int(np.isfinite(column).sum())
        found[f"{name}_lower"], found[f"{name}_upper"] = interval(draws[:, place], known)
    return found


def statistic_interval(
    n: int, statistic: Callable[[NDArray[np.intp]], float], replicates: int, seed: int
) -> tuple[float, float]:
    """Percentile interval of any statistic of resampled units.

    Parameters
    ----------
    n : int
        Units; `statistic` takes the positions of those that were drawn.
    """
    generator = np.random.default_rng(seed)
    draws = [statistic(generator.integers(0, n, n)) for _ in range(replicates)] if n else []
    return interval(np.array(draws, dtype=float), n)


def _by_cluster(rows: Values, clusters: NDArray[np.intp]) -> Values:
    summed = np.zeros((int(clusters.max(initial=-1)) + 1, rows.shape[1]))
    np.add.at(summed, clusters, rows)
    return summed


def _weights(n: int, replicates: int, seed: int) -> Values:
    """How often each of n units is drawn, in every replicate."""
    if not n:
        return np.zeros((replicates, 0))
    generator = np.random.default_rng(seed)
    return generator.multinomial(n, np.full(n, 1 / n), size=replicates).astype(float)
