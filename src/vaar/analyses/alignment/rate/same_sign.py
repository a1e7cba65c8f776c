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
from scipy.special import log_ndtr, ndtr

from vaar.analyses.alignment.rate.arrays import Array

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


def _distance(path: ArrayLike, sign: ArrayLike, kappa: ArrayLike) -> Array:
    return np.asarray(np.asarray(sign) * np.asarray(path, float) / np.asarray(kappa, float))
