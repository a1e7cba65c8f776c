"""The rate of the first definition, ``vaar_divergence``: how certain the signs are in this context.

It compares certainties, so it grows with the number of sessions. :mod:`.same_sign` has the rate
that holds now. Everywhere the last axis runs over paths, and leading axes (groups, bootstrap
replicates) broadcast; a path that is not estimable is NaN, and so is every rate it belongs to.

References
----------
.. [1] Chen, Yu & Hu, "Value–Action Alignment in Large Language Models under Privacy–Prosocial
   Conflict", Findings of ACL 2026, arXiv:2601.03546. The abstract names the quantity; the formulas
   here are this package's own, consistent with it.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr, xlogy

from vaar.analyses.alignment.rate.arrays import Array, estimable

CLIP = 1e-3
"""Directional confidences are kept this far from 0 and 1, so that no single path decides alone."""


def directional_confidence(estimate: ArrayLike, se: ArrayLike, sign: ArrayLike) -> Array:
    """Confidence that a path has the expected sign in this context: P(s·b > 0) = Φ(s·b / se).

    Parameters
    ----------
    estimate, se : array_like, shape (..., K)
        Standardised estimates and their standard errors.
    sign : array_like, shape (K,)
        Expected signs, −1 or +1.

    Returns
    -------
    ndarray, shape (..., K)
        In [0, 1]; NaN where the path is not estimable.
    """
    estimate, se = np.asarray(estimate, float), np.asarray(se, float)
    known = estimable(estimate, se)
    z = np.divide(np.asarray(sign) * estimate, se, out=np.full(known.shape, np.nan), where=known)
    return np.asarray(ndtr(z))


def bootstrap_confidence(replicates: ArrayLike, sign: ArrayLike) -> Array:
    """Confidence from bootstrap replicates: (r + ½) / (R + 1), r the replicates with s·b > 0.

    Parameters
    ----------
    replicates : array_like, shape (R, ..., K)
        Replicated estimates; NaN where a replicate failed, which then does not count.

    Returns
    -------
    ndarray, shape (..., K)
        In (0, 1); ½ where no replicate succeeded.
    """
    replicates = np.asarray(replicates, float)
    agreeing = (np.asarray(sign) * replicates > 0).sum(axis=0)
    return np.asarray((agreeing + 0.5) / (np.isfinite(replicates).sum(axis=0) + 1))


def kl_divergence(reference: ArrayLike, confidence: ArrayLike) -> Array:
    """KL = CE − H(q) of a directional confidence p from the reference confidence q, in nats.

    ``CE = −[q ln p + (1 − q) ln(1 − p)]`` with p clipped by :data:`CLIP`. With q
    within the clip KL is at least 0 and is 0 where p = q; with q = 1 it is −ln p.
    """
    return log_loss(reference, confidence) - log_loss(reference, reference, clip=0.0)


def log_loss(reference: ArrayLike, confidence: ArrayLike, clip: float = CLIP) -> Array:
    """Cross-entropy CE of a directional confidence under the reference confidence, in nats."""
    q = np.asarray(reference, float)
    p = np.clip(confidence, clip, 1 - clip)
    return np.asarray(-(xlogy(q, p) + xlogy(1 - q, 1 - p)))


def divergence_rate(divergence: ArrayLike, weights: ArrayLike) -> Array:
    """exp(−Σ wₖ KLₖ), the weights scaled to sum to 1.

    Returns
    -------
    ndarray, shape (...)
        In (0, 1] up to the clip. 1: every path as certain as in people. With q = 1 throughout it
        is the geometric mean of the directional confidences.
    """
    weights = np.asarray(weights, float)
    return np.asarray(np.exp(-(np.asarray(divergence) @ (weights / weights.sum()))))
