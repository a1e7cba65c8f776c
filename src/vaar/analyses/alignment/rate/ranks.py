"""Ranks of groups by their rate, as far as a joint statement about all pairs carries them.

References
----------
.. [1] Mogstad, M., Romano, J. P., Shaikh, A. M., & Wilhelm, D. (2024). Inference for ranks with
   applications to mobility across neighbourhoods and academic achievement across countries. Review
   of Economic Studies, 91(1), 476–518. https://doi.org/10.1093/restud/rdad006
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vaar.analyses.alignment.rate.arrays import Array

_AT_ONCE = 16
"""Groups whose differences from all others are held in memory together."""


@dataclass(frozen=True)
class RankIntervals:
    """For each of G groups the ranks it may have; 1 is the highest.

    Attributes
    ----------
    lower, upper : ndarray of int, shape (G,)
        All intervals together hold the true ranks with the confidence asked for.
    """

    lower: NDArray[np.int64]
    upper: NDArray[np.int64]


def rank_intervals(estimate: Array, replicates: Array, level: float = 0.95) -> RankIntervals:
    """Simultaneous rank intervals from the differences of all pairs.

    A group ranks below another where their difference exceeds the same multiple of its standard
    error in every pair: the quantile, over replicates, of the largest standardised deviation of
    any difference. A rank interval runs from 1 + the groups surely above to G − those surely below.

    Parameters
    ----------
    estimate : ndarray, shape (G,)
        On a scale on which estimates are about normal.
    replicates : ndarray, shape (R, G)
        Bootstrap replicates, the groups of one replicate together; one with NaN does not count.
    """
    whole = replicates[np.isfinite(replicates).all(axis=1)]
    n_groups = len(estimate)
    if len(whole) < 2:
        return RankIntervals(np.ones(n_groups, int), np.full(n_groups, n_groups))
    difference = estimate[:, None] - estimate
    se, largest = np.empty_like(difference), np.zeros(len(whole))
    for first in range(0, n_groups, _AT_ONCE):  # all pairs of many groups would fill the memory
        part = slice(first, first + _AT_ONCE)
        deviation = whole[:, part, None] - whole[:, None, :] - difference[part]
        se[part] = deviation.std(axis=0, ddof=1)
        with np.errstate(divide="ignore", invalid="ignore"):
            standardised = np.nan_to_num(np.abs(deviation) / se[part])
        largest = np.maximum(largest, standardised.max(axis=(1, 2)))
    above = difference > np.quantile(largest, level) * se
    np.fill_diagonal(above, False)
    return RankIntervals(1 + above.sum(axis=0), n_groups - above.sum(axis=1))
