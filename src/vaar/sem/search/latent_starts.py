"""Starting values of latent covariances and regressions, from those of the loadings.

Given loadings λ, the covariances between indicators of different factors hold those of the factors,
and the covariances among indicators of one factor its variance: weighted by the loadings, both have
a closed form, after Hägglund (1982).
"""

from __future__ import annotations

import numpy as np

from vaar.sem.arrays import Bools, Floats
from vaar.sem.model.matrices import (
    LATENT_COV,
    LOADING,
    REGRESSION,
    RESIDUAL_COV,
    Structure,
    assemble,
)

_LEAST = 0.05  # smallest eigenvalue of the latent correlations that is trusted
_LEAST_RESIDUAL = 0.1  # share of an indicator's variance that is left to its residual


def latent_starts(theta: Floats, structure: Structure, cov: Floats, present: Bools) -> Floats:
    """(G, P) parameters with closed-form latent covariances, regressions and residual variances.

    Groups, or models, in which the closed form does not hold or does not help are left as they are:
    with cross-loadings, factors of factors, observed variables among the factors, or feedback.
    """
    if not _is_simple(structure):
        return theta
    loading = assemble(theta, structure).loading * present[:, :, None]
    phi, residual = _latent_moments(loading, cov)
    good = _trusted(phi)
    out = theta.copy()
    out[good] = _placed(theta[good], structure, phi[good], residual[good])
    return out


def _is_simple(structure: Structure) -> bool:
    kind, row, col = structure.matrix, structure.row, structure.col
    indicators = row[kind == LOADING]
    if not structure.m or structure.base[: structure.p * structure.m].any():
        return False
    paths = np.zeros((structure.m, structure.m))
    paths[row[kind == REGRESSION], col[kind == REGRESSION]] = 1.0
    feedback = np.linalg.matrix_power(paths, structure.m).any()
    once = len(np.unique(indicators)) == len(indicators)
    return bool(once and not feedback and len(np.unique(col[kind == LOADING])) == structure.m)


def _latent_moments(loading: Floats, cov: Floats) -> tuple[Floats, Floats]:
    """(G, m, m) covariances of the factors, and (G, p) residual variances of the indicators."""
    variance = np.einsum("gpp->gp", cov)
    squares = loading**2
    size = squares.sum(axis=1)
    product = loading.transpose(0, 2, 1) @ cov @ loading
    product -= loading.transpose(0, 2, 1) @ (variance[:, :, None] * loading)
    weight = size[:, :, None] * size[:, None, :]
    weight -= squares.transpose(0, 2, 1) @ squares
    phi = product / np.where(weight > 0, weight, np.nan)
    explained = np.einsum("gpk,gkk->gp", squares, phi)
    return phi, np.maximum(variance - explained, _LEAST_RESIDUAL * variance)


def _trusted(phi: Floats) -> Bools:
    """(G,) whether the latent covariances are well inside the positive definite ones."""
    variance = np.einsum("gmm->gm", phi)
    good = np.isfinite(phi).all(axis=(1, 2)) & (variance > 0).all(axis=1)
    scale = np.sqrt(np.where(good[:, None], variance, 1.0))
    correlation = np.where(good[:, None, None], phi, 0.0) / (scale[:, :, None] * scale[:, None])
    return np.asarray(good & (np.linalg.eigvalsh(correlation)[:, 0] > _LEAST))


def _placed(theta: Floats, structure: Structure, phi: Floats, residual: Floats) -> Floats:
    kind, row, col = structure.matrix, structure.row, structure.col
    out, paths = theta.copy(), np.zeros_like(phi)
    for outcome in np.unique(row[kind == REGRESSION]):
        at = np.flatnonzero((kind == REGRESSION) & (row == outcome))
        among = phi[:, col[at][:, None], col[at]]
        slope = np.linalg.solve(among, phi[:, col[at], outcome][:, :, None])[:, :, 0]
        out[:, at] = slope
        paths[:, outcome, col[at]] = slope
    left = np.eye(structure.m) - paths
    disturbance = left @ phi @ left.transpose(0, 2, 1)
    at = np.flatnonzero(kind == LATENT_COV)
    out[:, at] = disturbance[:, row[at], col[at]]
    at = np.flatnonzero((kind == RESIDUAL_COV) & (row == col))
    out[:, at] = residual[:, row[at]]
    return out
