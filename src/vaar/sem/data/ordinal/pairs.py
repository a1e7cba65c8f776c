"""What is known of pairs of variables: a correlation, how it came about, its case influences."""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class PairOutcome(IntEnum):
    """Outcome for one pair of variables. Only `ESTIMATED` pairs carry usable statistics."""

    ESTIMATED = 0
    NO_OVERLAP = 1
    CONSTANT = 2
    PERFECT = 3
    IMPROBABLE = 4
    NOT_CONVERGED = 5

    @property
    def message(self) -> str:
        """What happened, as a clause for a report."""
        return _MESSAGES[self]


_MESSAGES = {
    PairOutcome.ESTIMATED: "estimated",
    PairOutcome.NO_OVERLAP: "no respondent answered both",
    PairOutcome.CONSTANT: "one of the two does not vary among those who answered both",
    PairOutcome.PERFECT: "the association is perfect: the likelihood rises up to ±1",
    PairOutcome.IMPROBABLE: "some answers are practically impossible under bivariate normality",
    PairOutcome.NOT_CONVERGED: "the correlation had not converged when the steps ran out",
}


class PairStatistics(NamedTuple):
    """Correlations of m pairs of variables.

    Attributes
    ----------
    correlations : (m,) array
        The estimates; ±1 for a perfect association, NaN where there is none.
    outcomes : (m,) array of int
        A `PairOutcome` each.
    influences : (n, m) array
        Influence of each row on each correlation; NaN unless `ESTIMATED`. The sampling error of an
        estimate is, to the first order, the mean of its influences over all n rows.
    """

    correlations: NDArray[np.float64]
    outcomes: NDArray[np.int8]
    influences: NDArray[np.float64]
