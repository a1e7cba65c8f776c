"""Intraclass correlations with their exact F intervals.

References
----------
.. [1] McGraw, K. O., & Wong, S. P. (1996). Forming inferences about some intraclass correlation
   coefficients. Psychological Methods, 1(1), 30–46. https://doi.org/10.1037/1082-989X.1.1.30
.. [2] Shrout, P. E., & Fleiss, J. L. (1979). Intraclass correlations: Uses in assessing rater
   reliability. Psychological Bulletin, 86(2), 420–428. https://doi.org/10.1037/0033-2909.86.2.420
.. [3] Thomas, J. D., & Hultquist, R. A. (1978). Interval estimation for the unbalanced case of the
   one-way random effects model. Annals of Statistics, 6(3), 582–587.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import stats

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Intraclass:
    """An intraclass correlation with its 95 % interval; it may be below 0."""

    value: float
    lower: float
    upper: float


NOTHING = Intraclass(np.nan, np.nan, np.nan)


def agreement(table: Array) -> Intraclass:
    """ICC(A,1): absolute agreement of single columns, two-way random effects.

    Parameters
    ----------
    table : ndarray, shape (n, k)
        A row a model, a column a batch; no value missing, n ≥ 2, k ≥ 2.
    """
    n, k = table.shape
    grand = table.mean()
    rows = k * ((table.mean(axis=1) - grand) ** 2).sum() / (n - 1)
    columns = n * ((table.mean(axis=0) - grand) ** 2).sum() / (k - 1)
    inner = table - table.mean(axis=1)[:, None] - table.mean(axis=0) + grand
    error = (inner**2).sum() / ((n - 1) * (k - 1))
    below = rows + (k - 1) * error + k / n * (columns - error)
    if below <= 0 or error <= 0:
        return NOTHING
    value = (rows - error) / below
    shared = max(value, 0.0)  # below 0 the weights would not be those of variances
    a = k * shared / (n * (1 - shared))
    b = 1 + k * shared * (n - 1) / (n * (1 - shared))
    df = (a * columns + b * error) ** 2 / (
        (a * columns) ** 2 / (k - 1) + (b * error) ** 2 / ((n - 1) * (k - 1))
    )
    high, low = stats.f.ppf(0.975, n - 1, df), stats.f.ppf(0.975, df, n - 1)
    rest = k * columns + (k * n - k - n) * error
    return Intraclass(
        float(value),
        float(n * (rows - high * error) / (high * rest + n * rows)),
        float(n * (low * rows - error) / (rest + n * low * rows)),
    )


def share_between(samples: Sequence[Array]) -> Intraclass:
    """ICC(1): the share of variance that lies between groups, one-way random effects.

    Groups may differ in size: the mean squares then stand for one size n₀, and the interval is
    approximate.

    Parameters
    ----------
    samples : sequence of ndarray
        The values of each group; two groups or more, with two values or more each.
    """
    sizes = np.array([len(one) for one in samples], float)
    total, g = sizes.sum(), len(samples)
    n0 = (total - (sizes**2).sum() / total) / (g - 1)
    grand = np.concatenate(samples).mean()
    means = np.array([one.mean() for one in samples])
    between = (sizes * (means - grand) ** 2).sum() / (g - 1)
    within = sum(((one - one.mean()) ** 2).sum() for one in samples) / (total - g)
    if within <= 0:
        return NOTHING
    f = between / within
    ends = (f / stats.f.ppf(0.975, g - 1, total - g), f * stats.f.ppf(0.975, total - g, g - 1))
    return Intraclass(*((one - 1) / (one + n0 - 1) for one in (f, *ends)))
