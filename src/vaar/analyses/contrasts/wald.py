"""Differences of independent estimates: Wald tests, intervals, and Holm's correction."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Difference:
    """Differences with their standard errors, degrees of freedom, 95 % intervals and p-values.

    Attributes
    ----------
    df : ndarray
        Infinite: the normal distribution.
    """

    value: Array
    se: Array
    df: Array
    lower: Array
    upper: Array
    p: Array


def difference(
    one: ArrayLike,
    one_se: ArrayLike,
    other: ArrayLike,
    other_se: ArrayLike,
    one_df: ArrayLike = np.inf,
    other_df: ArrayLike = np.inf,
) -> Difference:
    """Differences of estimates from different sessions, `one` less `other`; arrays broadcast.

    The standard error is √(se² + se²), the degrees of freedom those of Welch and Satterthwaite.
    Missing degrees of freedom are infinite.
    """
    one, other = np.asarray(one, float), np.asarray(other, float)
    part, other_part = np.asarray(one_se, float) ** 2, np.asarray(other_se, float) ** 2
    value, se = one - other, np.sqrt(part + other_part)
    df = np.broadcast_to(
        (part + other_part) ** 2
        / np.maximum(part**2 / _degrees(one_df) + other_part**2 / _degrees(other_df), 1e-300),
        se.shape,
    )
    df = np.where(df > 1e7, np.inf, df)
    reach = stats.t.ppf(0.975, df) * se
    with np.errstate(divide="ignore", invalid="ignore"):
        p = 2 * stats.t.sf(np.abs(value) / se, df)
    return Difference(value, se, df, value - reach, value + reach, np.asarray(p))


def _degrees(df: ArrayLike) -> Array:
    degrees = np.asarray(df, float)
    return np.where(np.isnan(degrees), np.inf, degrees)


def holm(p: ArrayLike) -> Array:
    """p-values adjusted for all of them together (Holm 1979); NaN stays and does not count."""
    p = np.asarray(p, float)
    adjusted = np.full(p.shape, np.nan)
    known = np.flatnonzero(np.isfinite(p))
    order = known[np.argsort(p[known], kind="stable")]
    steps = np.maximum.accumulate(p[order] * np.arange(len(order), 0, -1))
    adjusted[order] = np.minimum(steps, 1.0)
    return adjusted
