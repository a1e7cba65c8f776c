"""Differences of means between two sets of sessions, whole personas taken as independent."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import stats

from vaar.analyses.contrasts.wald import Difference, difference

FEWEST = 8
"""Sessions of a level below which nothing is compared."""

Array = NDArray[np.float64]


def mean_difference(one: pd.Series, other: pd.Series, clusters: pd.Series | None) -> Difference:
    """Mean of `one` less that of `other`.

    Sessions that stand alone: Welch's test. Where `clusters` names what several of them share (a
    persona, in both sets too), the variance is that of the clusters' influences on the difference,
    Σ uᵢ² · P / (P − 1), and t has P − 1 degrees of freedom.

    Parameters
    ----------
    clusters : Series, optional
        For every session of both, by their index.
    """
    one, other = one.dropna().astype(float), other.dropna().astype(float)
    if min(len(one), len(other)) < FEWEST:
        nan = np.float64(np.nan)
        return Difference(*(np.asarray(nan) for _ in range(6)))
    shared = None if clusters is None else clusters.loc[[*one.index, *other.index]]
    if shared is None or shared.nunique() == len(shared):
        errors = [float(x.std(ddof=1) / np.sqrt(len(x))) for x in (one, other)]
        dfs = [len(x) - 1 for x in (one, other)]
        return difference(one.mean(), errors[0], other.mean(), errors[1], *dfs)
    parts = [(one - one.mean()) / len(one), -(other - other.mean()) / len(other)]
    influence = pd.concat(parts).groupby(shared.to_numpy()).sum().to_numpy()
    p = len(influence)
    se = np.sqrt((influence**2).sum() * p / (p - 1))
    value, df = one.mean() - other.mean(), p - 1
    reach = stats.t.ppf(0.975, df) * se
    with np.errstate(divide="ignore", invalid="ignore"):
        pvalue = 2 * stats.t.sf(np.abs(value) / se, df)
    found = (value, se, df, value - reach, value + reach, pvalue)
    return Difference(*(np.asarray(x, float) for x in found))


def variance_share(values: pd.Series, level: pd.Series) -> float:
    """Share of the variance of a mean that lies between the levels of a factor: Hays' ω².

    It takes off what levels differ by when sessions are dealt to them by chance, and is 0 where
    that is all.

    Parameters
    ----------
    level : Series
        Of every session, by the index of `values`.

    Returns
    -------
    float
        In [0, 1]; NaN with fewer than two levels of :data:`FEWEST` sessions, or without variance.
    """
    known = values.dropna().astype(float)
    own = level.loc[known.index]
    n = own.value_counts()
    kept = n.index[n >= FEWEST]
    known = known[own.isin(kept)]
    k, whole = len(kept), float(((known - known.mean()) ** 2).sum())
    if k < 2 or whole == 0:
        return float("nan")
    within = float(((known - known.groupby(own).transform("mean")) ** 2).sum())
    error = within / (len(known) - k)
    return max(0.0, (whole - within - (k - 1) * error) / (whole + error))
