"""Correlations of two figures over models, or over values, with intervals for few of them.

The figures are estimates. Their own error is part of the scatter that the interval counts; it also
draws the correlation towards 0, which :func:`corrected` undoes (Spearman 1904) where the errors
leave enough of the differences.

References
----------
.. [1] Fisher, R. A. (1921). On the "probable error" of a coefficient of correlation deduced from a
   small sample. Metron 1, 3–32.
.. [2] Bonett, D. G., & Wright, T. A. (2000). Sample size requirements for estimating Pearson,
   Kendall and Spearman correlations. Psychometrika 65(1), 23–28.
   https://doi.org/10.1007/BF02294183
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Array = NDArray[np.float64]

LEAST_RELIABILITY = 0.5
"""Reliability of both figures from which a correlation is corrected for their error."""


@dataclass(frozen=True)
class Correlation:
    """One correlation with its 95 % interval and the p-value of no correlation."""

    value: float
    lower: float
    upper: float
    p: float


NOTHING = Correlation(np.nan, np.nan, np.nan, np.nan)


def pearson(x: Array, y: Array) -> Correlation:
    """Pearson's r with Fisher's interval.

    Parameters
    ----------
    x, y : ndarray, shape (n,)
        n > 3; NaN throughout where one of the two does not vary.
    """
    if _constant(x) or _constant(y):
        return NOTHING
    value = float(np.corrcoef(x, y)[0, 1])
    return _with_interval(value, 1 / (len(x) - 3), 1 / (len(x) - 3))


def spearman(x: Array, y: Array) -> Correlation:
    """Spearman's ρ with the interval of Bonett and Wright [2]_; ties have mean ranks."""
    if _constant(x) or _constant(y):
        return NOTHING
    value = float(np.corrcoef(stats.rankdata(x), stats.rankdata(y))[0, 1])
    return _with_interval(value, (1 + value**2 / 2) / (len(x) - 3), 1 / (len(x) - 3))


def reliability(values: Array, errors: Array) -> float:
    """The share of the variance over models that is not the error of their figures.

    Parameters
    ----------
    values, errors : ndarray, shape (n,)
        Figures of models and their standard errors; NaN where any error is not known.

    Returns
    -------
    float
        At most 1; below 0 where models differ less than their errors alone would have them.
    """
    variance = values.var(ddof=1)
    return float(1 - np.mean(errors**2) / variance) if variance > 0 else float("nan")


def corrected(found: Correlation, one: float, other: float) -> Correlation:
    """The correlation without the error of the figures, ends likewise; within −1 and 1.

    Parameters
    ----------
    one, other : float
        Reliabilities; nothing is corrected where either is below :data:`LEAST_RELIABILITY`.
    """
    if not min(one, other) >= LEAST_RELIABILITY:
        return NOTHING
    factor = 1 / np.sqrt(one * other)
    value, lower, upper = np.clip(
        np.array([found.value, found.lower, found.upper]) * factor, -1, 1
    ).tolist()
    return Correlation(value, lower, upper, found.p)


def _constant(values: Array) -> bool:
    return bool(np.ptp(values) <= 1e-12 * max(1.0, np.abs(values).max()))


def _with_interval(value: float, variance: float, without: float) -> Correlation:
    """Interval on the scale of the inverse hyperbolic tangent; `without`: variance at ρ = 0."""
    bounded = np.clip(value, -1 + 1e-15, 1 - 1e-15)
    z, reach = np.arctanh(bounded), stats.norm.ppf(0.975) * np.sqrt(variance)
    p = 2 * stats.norm.sf(abs(z) / np.sqrt(without))
    return Correlation(value, float(np.tanh(z - reach)), float(np.tanh(z + reach)), float(p))
