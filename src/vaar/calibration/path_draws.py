"""Paths drawn from their sampling distribution: what the bootstrap gives, without refitting.

The standardised paths of a group are drawn from the normal distribution with their estimates as
mean and their sandwich covariance, by the delta method. Five hundred data sets with a thousand
bootstrap replicates each would take a day.
"""

from __future__ import annotations

import numpy as np

from vaar.analyses.alignment.paths import PathIndex
from vaar.analyses.alignment.rate.arrays import Array
from vaar.sem import Fit
from vaar.sem.solution.delta_method import place_covariance
from vaar.sem.solution.standardise import standardised

DRAWS = 400


def path_covariances(fit: Fit, index: PathIndex) -> Array:
    """Sampling covariances of the standardised paths of each fitted group, shape (F, K, K).

    NaN where the fit has no standard errors.
    """
    solution = fit.solution
    _, slope = standardised(fit.layout.filled(solution.theta), solution.implied, fit.structure)
    places = index.rows % len(fit.spec.rows)
    return np.array(
        [
            place_covariance(solution, [(g, int(at)) for at in own], slope)
            for g, own in enumerate(places)
        ]
    ).reshape(*index.rows.shape, index.rows.shape[1])


def path_draws(
    fit: Fit, index: PathIndex, estimate: Array, rng: np.random.Generator, draws: int = DRAWS
) -> Array:
    """Standardised paths drawn about their estimates, shape (draws, G, K).

    Parameters
    ----------
    estimate : ndarray, shape (G, K)
        Of all groups, those that were fitted first; NaN where not estimable.
    """
    out = np.full((draws, *estimate.shape), np.nan)
    normals = rng.standard_normal((draws, *index.rows.shape))
    for g, covariance in enumerate(path_covariances(fit, index)):
        if np.isfinite(covariance).all() and np.isfinite(estimate[g]).all():
            size, vectors = np.linalg.eigh(covariance)
            root = vectors * np.sqrt(np.maximum(size, 0))
            out[:, g] = estimate[g] + normals[:, g] @ root.T
    return out
