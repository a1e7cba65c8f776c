"""Where a model's paths may really lie, at the rate they have: nearer to each other.

Estimated paths lie further apart than true ones. How surely a rate is known depends on where its
paths lie, and is misjudged from places too far apart: of 2 to 8 equal paths in simulations,
intervals made there cover .88–.92 where those made here cover .91–.95.
"""

from __future__ import annotations

import numpy as np

from vaar.analyses.alignment.rate.arrays import Array
from vaar.analyses.alignment.rate.function import RateFunction

_HALVINGS = 50


def toward_common_path(rate: RateFunction, estimate: Array, spread: Array) -> Array:
    """Draw the paths of a model to the one size that has the same rate.

    The share of their distance that stays is 1 − (K − 1)/Q, or none, with Q their squared distance
    in standard errors: the estimate by moments of empirical Bayes.

    Parameters
    ----------
    estimate : ndarray, shape (G, 2K)
    spread : ndarray, shape (G, 2K, 2K)
        Covariance of the errors of the estimates.

    Returns
    -------
    ndarray, shape (G, 2K)
        People's paths stay where they are.

    References
    ----------
    .. [1] DerSimonian, R., & Laird, N. (1986). Meta-analysis in clinical trials. Controlled
       Clinical Trials, 7(3), 177–188. https://doi.org/10.1016/0197-2456(86)90046-2
    """
    n_paths = len(rate.signs)
    if n_paths == 1:
        return estimate
    own = estimate[:, :n_paths]
    common = _common_path(rate, estimate)
    apart = own - common
    within = spread[:, :n_paths, :n_paths]
    squared = np.einsum("gk,gkl,gl->g", apart, np.linalg.pinv(within, hermitian=True), apart)
    with np.errstate(divide="ignore"):
        stays = np.maximum(0.0, 1 - (n_paths - 1) / squared)[:, None]
    return np.concatenate([common + stays * apart, estimate[:, n_paths:]], axis=1)


def _common_path(rate: RateFunction, estimate: Array) -> Array:
    """(G, K) paths of one size, each towards people's probable sign, with the rate of the estimate.

    The rate rises with each path in that direction, so that the size lies among theirs.
    """
    n_paths = len(rate.signs)
    own, people = estimate[:, :n_paths], estimate[:, n_paths:]
    toward = np.where(rate.sureness(estimate) < 0.5, -rate.signs, rate.signs)
    target = rate(estimate)
    low, high = (toward * own).min(axis=1), (toward * own).max(axis=1)
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        below = rate(np.concatenate([toward * middle[:, None], people], axis=1)) < target
        low, high = np.where(below, middle, low), np.where(below, high, middle)
    return np.asarray(toward * ((low + high) / 2)[:, None])
