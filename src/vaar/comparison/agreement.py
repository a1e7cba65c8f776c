"""Test and retest: do the same questions get the same mean answers again?"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from vaar.analyses.stability.intraclass import NOTHING, Intraclass, agreement

Array = NDArray[np.float64]

FEWEST_ROWS = 4
"""Items, or models, from which an intraclass correlation is told."""


def retest(table: Array) -> Intraclass:
    """ICC(A,1) of a table with a row for each item or model and a column for each run.

    Rows with a missing value are left out. Equal columns that vary over rows agree wholly: 1, and
    no interval.
    """
    known = table[np.isfinite(table).all(axis=1)]
    if len(known) < FEWEST_ROWS or known.shape[1] < 2 or np.ptp(known[:, 0]) == 0:
        return NOTHING
    if np.ptp(known, axis=1).max() <= 1e-12:
        return Intraclass(1.0, np.nan, np.nan)
    return agreement(known)
