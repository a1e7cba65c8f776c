"""Standard errors for few clusters: the model refitted without each cluster in turn."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import scipy
from numpy.typing import ArrayLike

from vaar.errors import DataError
from vaar.sem.arguments import checks_arguments
from vaar.sem.arrays import Floats, Ints
from vaar.sem.data.sampling_design import SamplingDesign
from vaar.sem.resampling.refit import Refits, refits_of
from vaar.sem.resampling.samples import units_of
from vaar.sem.resampling.undetermined import undetermined
from vaar.sem.results.degrees_of_freedom import cluster_df, definition_df
from vaar.sem.results.fit import Fit
from vaar.sem.results.interval_level import checked_level
from vaar.sem.results.tables import definitions_of

if TYPE_CHECKING:
    import pandas as pd

TOLERANCE = 1e-8
"""Of the searches: what a cluster moves is a fraction 1/√P of a standard error."""


@dataclass(frozen=True)
class Jackknife:
    """Refits without each cluster.

    Attributes
    ----------
    fit : Fit
    refits : Refits
        One for each cluster, failed ones included.
    home : (P,) array
        The group of each cluster, by its number in the fit.
    """

    fit: Fit
    refits: Refits
    home: Ints

    @property
    def failed(self) -> int:
        """Clusters without which at least one group could not be fitted."""
        return int((~self.refits.ok).sum())

    def intervals(self, level: float = 0.95, standardised: bool = False) -> pd.DataFrame:
        """Standard errors of every parameter, and intervals by t.

        Parameters
        ----------
        level : float
            Coverage, between 0 and 1.
        standardised : bool
            Of ``std_all`` instead of ``est``.

        Returns
        -------
        DataFrame
            lhs, op, rhs, group, est, se, df, ci_lower, ci_upper. The squared standard error is the
            sum over groups of (P − 1)/P times the squared changes of the estimate when each of
            their P clusters is left out; df are their P − 1, added up over groups that share a
            parameter. NaN where a cluster is indispensable to a parameter or a group is not
            identified, and 0 where nothing is estimated.
        """
        level = checked_level(level)
        column = "std_all" if standardised else "est"
        out = self.fit.params[["lhs", "op", "rhs", "group"]].copy()
        out["est"] = self.fit.params[column]
        out["se"] = self.errors(standardised)
        out["df"] = np.where(out["se"] > 0, self._df(), np.nan)
        reach = scipy.special.stdtrit(out["df"].to_numpy(), 0.5 + level / 2) * out["se"]
        out["ci_lower"], out["ci_upper"] = out["est"] - reach, out["est"] + reach
        return out

    def errors(self, standardised: bool = False) -> Floats:
        """Standard errors of the rows of ``fit.params``, as :meth:`intervals` has them."""
        column = "std_all" if standardised else "est"
        moved = getattr(self.refits, column) - self.fit.params[column].to_numpy()
        count = np.bincount(self.home)[self.home]
        errors = np.sqrt(((1 - 1 / count)[:, None] * moved**2).sum(axis=0))
        unknown = undetermined(self.fit) | (np.isnan(self._df()) & (errors > 0))
        return np.where(unknown, np.nan, errors)

    def _df(self) -> Floats:
        """Of the rows of ``fit.params``; NaN where a group has not two clusters."""
        layout = self.fit.layout
        clusters = np.bincount(self.home, minlength=len(self.fit.groups))
        places = cluster_df(np.where(clusters > 1, clusters, np.nan), layout)
        defined = definition_df(places, layout, definitions_of(self.fit.spec))
        return np.concatenate([places.ravel(), defined])


@checks_arguments
def jackknife(fit: Fit, cluster: ArrayLike | None = None) -> Jackknife:
    """Leave out each cluster of a fit in turn, and refit.

    Sandwich standard errors are too small where clusters are few, since estimates give way to each
    of them; P/(P − 1) mends a part of that. The changes of estimates when clusters are left out
    show all of it: in a linear regression their squares make CR3 [1]_. Below 50 clusters or so its
    intervals cover better. Costs a refit a cluster, for every estimator.

    Parameters
    ----------
    fit : Fit
    cluster : array_like, optional
        For each row of the data frame what it is left out with, within groups; rows without
        an entry (None, NaN) always stay, and a group of such rows has no errors. By default the
        clusters of the fit.

    Raises
    ------
    DataError
        No clusters, a fit of two levels, or with bounds.

    References
    ----------
    .. [1] Bell & McCaffrey (2002), Bias reduction in standard errors for linear regression with
       multi-stage samples. Survey Methodology 28, 169–181.
    """
    fit.rows_for("the jackknife")
    if cluster is None and fit.sample.design.cluster is None:
        raise DataError("the jackknife leaves clusters out, and the fit has none: give cluster=")
    units = units_of(fit, cluster)
    members = [rows for rows in SamplingDesign(units).members if units[rows[0]] >= 0]
    home = np.array([fit.sample.group[rows[0]] for rows in members])
    refits = refits_of(fit, _left(members, fit.n_rows), "the jackknife", TOLERANCE)
    return Jackknife(fit, refits, home)


def _left(members: list[Ints], n_rows: int) -> Iterator[Ints]:
    """The rows that are left without each cluster."""
    for rows in members:
        yield np.delete(np.arange(n_rows), rows)
