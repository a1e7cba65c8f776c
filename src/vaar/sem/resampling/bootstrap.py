"""Bootstrap over rows, or clusters of rows, within groups."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from numbers import Integral
from typing import TYPE_CHECKING

import numpy as np
import scipy
from numpy.typing import ArrayLike

from vaar.errors import DataError
from vaar.sem.arguments import checks_arguments
from vaar.sem.arrays import Floats, Ints
from vaar.sem.resampling.influences import row_influences
from vaar.sem.resampling.refit import Refits, check_unbounded
from vaar.sem.resampling.samples import (
    MapChunks,
    Resampling,
    chunks_of,
    joined,
    units_of,
)
from vaar.sem.resampling.undetermined import undetermined
from vaar.sem.results.fit import Fit
from vaar.sem.results.interval_level import checked_level

if TYPE_CHECKING:
    import pandas as pd

KINDS = ("percentile", "bca")


@dataclass(frozen=True)
class Bootstrap:
    """Refits to resampled rows.

    Attributes
    ----------
    fit : Fit
        The fit whose rows were resampled.
    refits : Refits
        One refit for each replicate, failed ones included.
    seed : int
    cluster : (n_rows,) array
        What was resampled: rows with the same number go together.
    """

    fit: Fit
    refits: Refits
    seed: int
    cluster: Ints

    @property
    def replicates(self) -> int:
        return len(self.refits.ok)

    @property
    def failed(self) -> int:
        """Replicates in which at least one group could not be fitted."""
        return int((~self.refits.ok).sum())

    @cached_property
    def failed_groups(self) -> dict[str, int]:
        """The same for each group."""
        counts = (~self.refits.ok_groups).sum(axis=0)
        return {name: int(n) for name, n in zip(self.fit.groups, counts, strict=True)}

    def intervals(
        self, kind: str = "percentile", level: float = 0.95, standardised: bool = False
    ) -> pd.DataFrame:
        """Bootstrap standard errors and intervals of every parameter.

        Parameters
        ----------
        kind : {'percentile', 'bca'}
            BCa corrects for bias and skewness [1]_; its acceleration comes from the first-order
            influence of each resampled unit.
        level : float
            Coverage, between 0 and 1.
        standardised : bool
            Of ``std_all`` instead of ``est``.

        Returns
        -------
        DataFrame
            lhs, op, rhs, group, est, se, ci_lower, ci_upper, n_ok. Failed replicates are left
            out of the quantiles; ``n_ok`` counts the others. NaN in a group that is not identified.

        References
        ----------
        .. [1] Efron (1987), Journal of the American Statistical Association 82, 171–185.
           doi:10.1080/01621459.1987.10478410
        """
        level = checked_level(level)
        if kind not in KINDS:
            raise DataError(f"kind got {kind!r}; allowed are {' and '.join(KINDS)}: choose one")
        if kind == "bca" and self.fit.solution.precision is None:
            raise DataError(
                f"BCa intervals need the influences of rows, and this fit is {self.fit.outcome}: "
                "ask for percentile intervals, or fit a model that the data can tell"
            )
        column = "std_all" if standardised else "est"
        draws = np.where(undetermined(self.fit), np.nan, getattr(self.refits, column))
        out = self.fit.params[["lhs", "op", "rhs", "group"]].copy()
        centre = self.fit.params[column].to_numpy()
        skew = self._acceleration(standardised) if kind == "bca" else np.zeros(len(centre))
        rows = [
            _interval(draws[:, j], centre[j], skew[j], level, kind == "bca")
            for j in range(len(centre))
        ]
        out["est"] = centre
        out[["se", "ci_lower", "ci_upper", "n_ok"]] = rows
        out["n_ok"] = out["n_ok"].astype(int)
        return out

    def _acceleration(self, standardised: bool) -> Floats:
        """Skewness of the influences over 6, for each row of ``fit.params``."""
        out = []
        for on_rows in row_influences(self.fit, standardised):
            unit = np.zeros((int(self.cluster.max()) + 1, on_rows.shape[1]))
            np.add.at(unit, self.cluster, on_rows)
            square = (unit**2).sum(axis=0)
            with np.errstate(invalid="ignore", divide="ignore"):
                skew = (unit**3).sum(axis=0) / (6 * square**1.5)
            out.append(np.where(square > 0, skew, 0.0))
        return np.concatenate([*out, np.zeros(len(self.fit.spec.defined))])


@checks_arguments
def bootstrap(
    fit: Fit,
    replicates: int = 1000,
    cluster: ArrayLike | None = None,
    seed: int = 0,
    *,
    with_errors: bool = False,
    map_chunks: MapChunks | None = None,
) -> Bootstrap:
    """Resample rows within each group, and refit.

    Parameters
    ----------
    replicates : int
        How many samples; positive.
    cluster : array-like, optional
        For each row of the data frame that was fitted, the cluster it belongs to (a persona, a
        school): whole clusters are drawn, within groups. By default those of the fit, if it has
        any.
    seed : int
        Not negative. The same seed gives the same samples: the r-th replicate is drawn from the
        r-th child of ``numpy.random.SeedSequence(seed)``, whatever is drawn before it.
    with_errors : bool
        Whether the replicates' own standard errors, ``refits.std_all_se``, are wanted; they take
        about half of the time.
    map_chunks : callable, optional
        Computes chunks of replicates, wherever it likes: gets a picklable function and a list of
        chunks, as :func:`map` does, and returns the function's results in their order. The result
        does not depend on it.

    Raises
    ------
    DataError
        No replicates, a negative seed, clusters that do not match the rows, or rows without one.
    """
    fit.rows_for("the bootstrap")
    check_unbounded(fit, "the bootstrap")
    for name, value, least in (("replicates", replicates, 1), ("seed", seed, 0)):
        if isinstance(value, bool) or not isinstance(value, Integral) or value < least:
            raise DataError(
                f"{name} got {value!r}; it is a whole number of at least {least}: give one"
            )
    if map_chunks is not None and not callable(map_chunks):
        raise DataError(
            f"map_chunks got {type(map_chunks).__name__}; it is a function that does what map does"
        )
    units = units_of(fit, cluster)
    if (units < 0).any():
        raise DataError(
            f"cluster has no entry for {int((units < 0).sum())} of {fit.n_rows} analysed rows: "
            "fill it, or leave those rows out of the data that are fitted"
        )
    resampling = Resampling(fit, units, seed, with_errors)
    if map_chunks is None:
        refits = resampling(range(replicates))
    else:
        refits = joined(map_chunks(resampling, chunks_of(replicates)))
    return Bootstrap(fit, refits, seed, resampling.units)


def _interval(
    draws: Floats, centre: float, skew: float, level: float, corrected: bool
) -> tuple[float, float, float, int]:
    draws = draws[np.isfinite(draws)]
    count = len(draws)
    if count < 2 or not np.isfinite(centre):
        return (np.nan, np.nan, np.nan, count)
    if np.ptp(draws) == 0:
        return (0.0, float(draws[0]), float(draws[0]), count)
    tails = np.array([(1 - level) / 2, (1 + level) / 2])
    if corrected:
        below = np.clip(np.mean(draws < centre), 0.5 / count, 1 - 0.5 / count)
        bias = scipy.special.ndtri(below)
        shifted = bias + scipy.special.ndtri(tails)
        tails = scipy.special.ndtr(bias + shifted / (1 - skew * shifted))
    lower, upper = np.quantile(draws, tails)
    return (float(draws.std(ddof=1)), float(lower), float(upper), count)
