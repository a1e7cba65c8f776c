"""Paths drawn from their sampling distribution: what the bootstrap gives, without refitting.

The standardised paths of a group are drawn from the normal distribution with their estimates as
mean; their covariance is that of the bootstrap to first order, from how much every session, or all
sessions of a persona, move the estimates. Five hundred data sets with a thousand bootstrap
replicates each would take a day.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from vaar.analyses.alignment.collect import Resample
from vaar.analyses.alignment.paths import PathIndex
from vaar.analyses.alignment.rate.arrays import Array
from vaar.sem import Fit
from vaar.sem.resampling.influences import row_influences


def path_covariances(fit: Fit, index: PathIndex, clusters: pd.Series | None = None) -> Array:
    """Sampling covariances of the standardised paths of each fitted group, shape (F, K, K).

    NaN where the fit has no standard errors.

    Parameters
    ----------
    clusters : Series, optional
        For each row of the scores, what it is drawn with; default: every session alone.
    """
    n_paths, n_rows = index.rows.shape[1], len(fit.spec.rows)
    if fit.solution.precision is None:
        return np.full((index.n_fitted, n_paths, n_paths), np.nan)
    unit = np.arange(fit.n_rows)
    if clusters is not None:
        drawn = pd.factorize(clusters)[0][fit.row_index]
        _, unit = np.unique(drawn * index.n_fitted + fit.sample.group, return_inverse=True)
    found = []
    for rows, moved in zip(index.rows, row_influences(fit, standard=True), strict=True):
        units = np.zeros((unit.max() + 1, n_paths))
        np.add.at(units, unit, moved[:, rows % n_rows])
        found.append(units.T @ units)
    return np.array(found)


def drawing(rng: np.random.Generator, draws: int, clusters: pd.Series | None = None) -> Resample:
    """Draws of the paths about their estimates, in the place of a bootstrap.

    Parameters
    ----------
    draws : int
        As many as the bootstrap has replicates.
    clusters : Series, optional
        For each row of the scores, what it is drawn with; default: every session alone.
    """

    def resample(fit: Fit, index: PathIndex) -> Array:
        estimate = index.spread(pd.to_numeric(fit.params["std_all"]).to_numpy(float))
        out = np.full((draws, *estimate.shape), np.nan)
        normals = rng.standard_normal((draws, *index.rows.shape))
        for g, covariance in enumerate(path_covariances(fit, index, clusters)):
            if np.isfinite(covariance).all() and np.isfinite(estimate[g]).all():
                size, vectors = np.linalg.eigh(covariance)
                root = vectors * np.sqrt(np.maximum(size, 0))
                out[:, g] = estimate[g] + normals[:, g] @ root.T
        return out

    return resample
