"""Coefficients of a fit, their covariances, and intervals at any level."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import scipy

from vaar.sem.arguments import checks_arguments
from vaar.sem.arrays import Floats, Ints
from vaar.sem.results.degrees_of_freedom import place_df
from vaar.sem.results.fit import Fit
from vaar.sem.results.interval_level import checked_level

if TYPE_CHECKING:
    import pandas as pd


@checks_arguments
def coef(fit: Fit) -> pd.Series[float]:
    """Estimates of the free parameters, in the order of ``fit.params``.

    Names are lavaan's: a label, or the parameter without blanks, with ``.g2`` and so on from the
    second group on. A parameter that is equal in several places stands once for each.
    """
    import pandas as pd

    names, group, at = _places(fit)
    return pd.Series(fit.solution.theta[group, at], index=names, name="est")


@checks_arguments
def vcov(fit: Fit) -> pd.DataFrame:
    """Sampling covariances of :func:`coef`, in and between groups.

    NaN where there is no standard error. For ordinal items those of thresholds, and what follows
    from them, are not among them: NaN too.
    """
    import pandas as pd

    names, group, at = _places(fit)
    return pd.DataFrame(_covariances(fit, group, at), index=names, columns=names)


@checks_arguments
def confint(fit: Fit, level: float = 0.95) -> pd.DataFrame:
    """Intervals of :func:`coef`: columns lower and upper.

    Parameters
    ----------
    level : float
        Coverage, above 0 and below 1. With clusters by t, else by the normal distribution.

    Raises
    ------
    DataError
        Another level, or none.
    """
    import pandas as pd

    level = checked_level(level)
    names, group, at = _places(fit)
    df = place_df(fit.sample, fit.layout)[group, at]
    reach = scipy.special.stdtrit(df, 0.5 + level / 2) * fit.solution.se[group, at]
    est = fit.solution.theta[group, at]
    return pd.DataFrame({"lower": est - reach, "upper": est + reach}, index=names)


def _places(fit: Fit) -> tuple[list[str], Ints, Ints]:
    """Names, groups and numbers of the free parameters."""
    layout = fit.layout
    group, at = np.nonzero((layout.index >= 0) & layout.active)
    names = []
    for g, i in zip(group, at, strict=True):
        plain = "".join(fit.spec.rows[i].name.split()) + (f".g{g + 1}" if g else "")
        names.append(layout.label[g][i] or plain)
    return names, group, at


def _covariances(fit: Fit, group: Ints, at: Ints) -> Floats:
    out = np.full((len(at), len(at)), np.nan)
    precision = fit.solution.precision
    if precision is None:
        return out
    known = precision.layout.index[group, at] >= 0
    maps = [precision.layout.spread_matrix(g) for g in range(fit.layout.n_groups)]
    for g, left in enumerate(maps):
        here = np.flatnonzero(known & (group == g))
        for h, right in enumerate(maps):
            there = np.flatnonzero(known & (group == h))
            between = precision.covariance.between(g, h)
            out[np.ix_(here, there)] = left[at[here]] @ between @ right[at[there]].T
    unknown = np.isnan(fit.solution.se[group, at])
    out[unknown], out[:, unknown] = np.nan, np.nan
    return out
