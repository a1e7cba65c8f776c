"""VAAR, second definition: the probability that a model's paths have the signs they have in people.

Everywhere the last axis runs over paths; leading axes (groups, bootstrap replicates) broadcast. A
path that is not estimable is NaN, and so is every rate it belongs to.

References
----------
.. [1] Chen, Yu & Hu, "Value–Action Alignment in Large Language Models under Privacy–Prosocial
   Conflict", Findings of ACL 2026, arXiv:2601.03546. The abstract names the quantity; the formulas
   here are this package's own.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import log_ndtr, ndtr, ndtri

from vaar.analyses.alignment.rate.arrays import Array

MANY_PATHS = 3
"""From so many paths on, the upper end of an interval is the higher of two."""

KAPPA = 0.10
"""κ: standard deviation of a standardised path over contexts, unless the study estimates it."""


def context_probability(path: ArrayLike, sign: ArrayLike, kappa: ArrayLike = KAPPA) -> Array:
    """Probability that a path has the expected sign in a new context: p = Φ(s·β / κ).

    Parameters
    ----------
    path : array_like, shape (..., K)
        Standardised paths β. Their standard errors do not enter: p is a property of the model, and
        its uncertainty is that of β.
    sign : array_like, shape (K,)
        Expected signs of the hypotheses, −1 or +1, fixed before the data.
    kappa : array_like
        κ > 0, how far a path moves from context to context (framing, wording, order).

    Returns
    -------
    ndarray, shape (..., K)
        In [0, 1]; ½ where β is 0.
    """
    return np.asarray(ndtr(_distance(path, sign, kappa)))


def reference_probability(
    path: ArrayLike, se: ArrayLike, sign: ArrayLike, tau: float = 0.0
) -> Array:
    """Probability that the path has the expected sign in people: q = Φ(s·β_h / √(se² + τ²)).

    Parameters
    ----------
    path, se : array_like, shape (..., K)
        The standardised path in people, and its standard error.
    tau : float
        τ ≥ 0, standard deviation of the path between studies of people.

    Returns
    -------
    ndarray, shape (..., K)
        In [0, 1]; below ½ where people's own data go against the hypothesis; NaN where people's
        path is unknown.
    """
    scale = np.hypot(np.asarray(se, float), tau)
    return np.asarray(ndtr(np.asarray(sign) * np.asarray(path, float) / scale))


def log_same_sign(
    path: ArrayLike, sign: ArrayLike, reference: ArrayLike, kappa: ArrayLike = KAPPA
) -> Array:
    """Log-probability that model and people have the same sign: A = qp + (1 − q)(1 − p).

    Computed from ln Φ, so that a path far on the wrong side keeps its finite logarithm.

    Parameters
    ----------
    reference : array_like, shape (..., K)
        q, from :func:`reference_probability`; 1 for a sign taken as given.
    """
    z = _distance(path, sign, kappa)
    with np.errstate(divide="ignore", invalid="ignore"):
        agree = np.log(np.asarray(reference, float)) + log_ndtr(z)
        both_other = np.log1p(-np.asarray(reference, float)) + log_ndtr(-z)
        return np.asarray(np.logaddexp(agree, both_other))


def log_rate(log_agreement: ArrayLike, weights: ArrayLike) -> Array:
    """ln VAAR = Σ wₖ ln Aₖ, the weights scaled to sum to 1.

    Returns
    -------
    ndarray, shape (...)
        At most 0. ln ½ is no direction, whatever q is. It does not grow with the number of
        sessions.
    """
    weights = np.asarray(weights, float)
    return np.asarray(np.asarray(log_agreement, float) @ (weights / weights.sum()))


def corrected(
    estimate: ArrayLike, replicates: Array, level: float = 0.95
) -> tuple[Array, Array, Array]:
    """Median-bias-corrected estimate and interval from bootstrap replicates (Efron 1981).

    The rate is concave in each path, so that estimates of it lie below the truth in the median, and
    replicates below the estimate. With z₀ = Φ⁻¹(share of replicates below the estimate), the
    estimate is the quantile Φ(2z₀) of the replicates, and the bounds are those at Φ(2z₀ ± z).

    Parameters
    ----------
    estimate : array_like, shape (...)
        From the whole sample.
    replicates : ndarray, shape (R, ...)
        NaN where a replicate failed, which then does not count.

    Returns
    -------
    estimate, lower, upper : ndarray, shape (...)
        NaN where there is no estimate or no replicate.

    References
    ----------
    .. [1] Efron, B. (1981). Nonparametric standard errors and confidence intervals. Canadian
       Journal of Statistics, 9(2), 139–158. https://doi.org/10.2307/3314608
    """
    estimate = np.asarray(estimate, float)
    z = float(ndtri(0.5 + level / 2))
    out = np.full((3, *estimate.shape), np.nan)
    for place in np.ndindex(estimate.shape):
        column = replicates[(slice(None), *place)]
        column = column[np.isfinite(column)]
        if len(column) and np.isfinite(estimate[place]):
            z0 = _bias(column, float(estimate[place]))
            at = ndtr(2 * z0 + np.array([0.0, -z, z]))
            out[(slice(None), *place)] = np.quantile(column, at)
    return out[0], out[1], out[2]


def upper_of_many(log_estimate: ArrayLike, log_replicates: Array, level: float = 0.95) -> Array:
    """Upper end of a rate of many paths: normal, and corrected for bias, on the logarithm.

    With many paths the bias of a logarithm is as large as its spread, and the upper end of
    :func:`corrected` is too low. The higher of the two covers .94 and more with 3 to 8 paths, and
    up to .99 of cases where the rate is near 1.

    Parameters
    ----------
    log_estimate : array_like, shape (...)
        ln VAAR from the whole sample.
    log_replicates : ndarray, shape (R, ...)
        NaN where a replicate failed.

    Returns
    -------
    ndarray, shape (...)
        In (0, 1]; NaN with fewer than two replicates.

    References
    ----------
    .. [1] Davison, A. C., & Hinkley, D. V. (1997). Bootstrap methods and their application,
       section 5.2.1. Cambridge University Press.
    """
    estimate = np.asarray(log_estimate, float)
    out = np.full(estimate.shape, np.nan)
    for place in np.ndindex(estimate.shape):
        column = log_replicates[(slice(None), *place)]
        column = column[np.isfinite(column)]
        if len(column) > 1:
            bias = column.mean() - estimate[place]
            out[place] = estimate[place] - bias + ndtri(0.5 + level / 2) * column.std(ddof=1)
    return np.asarray(np.exp(np.minimum(out, 0.0)))


def _bias(replicates: Array, estimate: float) -> float:
    """z₀, with half a replicate on either side so that it stays finite."""
    below = (replicates < estimate).sum() + (replicates == estimate).sum() / 2
    return float(ndtri((below + 0.5) / (len(replicates) + 1)))


def _distance(path: ArrayLike, sign: ArrayLike, kappa: ArrayLike) -> Array:
    return np.asarray(np.asarray(sign) * np.asarray(path, float) / np.asarray(kappa, float))
