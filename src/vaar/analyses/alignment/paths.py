"""Where the hypothesised paths stand in a fit, as arrays of group × path."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

import vaar.sem as sem
from vaar.analyses.alignment.rate.arrays import Array
from vaar.study.model import Hypothesis


@dataclass(frozen=True)
class PathIndex:
    """Rows of a fit's parameter table that hold the hypothesised paths.

    Attributes
    ----------
    groups : tuple of str
        All G groups, those that were fitted first.
    rows : ndarray of int, shape (F, K)
        Positions in ``fit.params`` for the F fitted groups.
    """

    groups: tuple[str, ...]
    rows: np.ndarray

    @classmethod
    def of(cls, fit: sem.Fit, hypotheses: Sequence[Hypothesis]) -> PathIndex:
        params = fit.params
        keys = zip(params["group"], params["lhs"], params["op"], params["rhs"], strict=True)
        position = {key: row for row, key in enumerate(keys)}
        rows = [[position[g, h.outcome, "~", h.predictor] for h in hypotheses] for g in fit.groups]
        return cls((*fit.groups, *fit.dropped), np.array(rows, int))

    @property
    def n_fitted(self) -> int:
        return len(self.rows)

    def spread(self, values: Array) -> Array:
        """Take the paths out of values over parameters: (..., P) → (..., G, K), NaN if unfitted."""
        taken = values[..., self.rows]
        unfitted = len(self.groups) - self.n_fitted
        margins = [(0, 0)] * (taken.ndim - 2)
        return np.pad(taken, [*margins, (0, unfitted), (0, 0)], constant_values=np.nan)


@dataclass(frozen=True)
class PathEstimates:
    """Estimates of the hypothesised paths, arrays of shape (G, K); NaN where not estimable."""

    estimate: Array
    se: Array
    std_estimate: Array
    std_se: Array


def estimates(fit: sem.Fit, index: PathIndex) -> PathEstimates:
    """Read the paths of the full sample."""

    def column(name: str) -> Array:
        return index.spread(pd.to_numeric(fit.params[name]).to_numpy(float))

    return PathEstimates(column("est"), column("se"), column("std_all"), column("std_all_se"))


def replicated(refits: sem.Refits, index: PathIndex) -> Array:
    """Standardised paths of refits, shape (R, G, K); NaN where one failed."""
    estimate = index.spread(refits.std_all)
    estimate[:, : index.n_fitted][~refits.ok_groups] = np.nan
    return estimate
