"""Do the profiles of groups differ? A multivariate test that asks for no equal covariances.

References
----------
.. [1] Johansen, S. (1980). The Welch–James approximation to the distribution of the residual sum
   of squares in a weighted linear regression. Biometrika, 67(1), 85–92.
   https://doi.org/10.1093/biomet/67.1.85
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Array = NDArray[np.float64]


@dataclass(frozen=True)
class WelchJames:
    """The test of equal mean vectors; of one variable it is Welch's analysis of variance.

    Attributes
    ----------
    f, df1, df2, p : float
        NaN where a group's covariances cannot be inverted.
    """

    f: float
    df1: float
    df2: float
    p: float


def welch_james(samples: Sequence[Array]) -> WelchJames:
    """Test that all groups have one mean vector, whatever their covariances.

    Parameters
    ----------
    samples : sequence of ndarray, shape (nᵢ, p)
        Two groups or more; nᵢ > p + 1.
    """
    p, k = samples[0].shape[1], len(samples)
    means = [one.mean(axis=0) for one in samples]
    errors = [_covariance(one) / len(one) for one in samples]
    if any(np.linalg.matrix_rank(error, tol=1e-10) < p for error in errors):
        return WelchJames(np.nan, np.nan, np.nan, np.nan)
    weight = np.linalg.inv(np.array(errors))
    total: Array = np.linalg.inv(weight.sum(axis=0))
    centre = total @ np.einsum("gpq,gq->p", weight, np.array(means))
    apart = np.array(means) - centre
    distance = np.einsum("gp,gpq,gq->", apart, weight, apart)
    a = sum([_curvature(total, w, len(one)) for w, one in zip(weight, samples, strict=True)])
    df1 = p * (k - 1)
    df2 = df1 * (df1 + 2) / (3 * a)
    f = float(distance / (df1 + 2 * a - 6 * a / (df1 + 2)))
    return WelchJames(f, float(df1), float(df2), float(stats.f.sf(f, df1, df2)))


def _covariance(sample: Array) -> Array:
    return np.asarray(np.atleast_2d(np.cov(sample, rowvar=False)), float)


def _curvature(total: Array, weight: Array, n: int) -> float:
    rest = np.eye(len(total)) - total @ weight
    return float((np.trace(rest @ rest) + np.trace(rest) ** 2) / (2 * (n - 1)))


def shapes(samples: Sequence[Array]) -> list[Array]:
    """Differences of neighbouring variables, each in units of its standard deviation within groups.

    Groups whose profiles are parallel have one mean vector of these.
    """
    squares = sum(((one - one.mean(axis=0)) ** 2).sum(axis=0) for one in samples)
    degrees = sum(len(one) - 1 for one in samples)
    sd = np.sqrt(np.maximum(squares / degrees, 1e-300))
    return [np.diff(one / sd, axis=1) for one in samples]
