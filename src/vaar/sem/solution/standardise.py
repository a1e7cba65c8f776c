"""The completely standardised solution and its standard errors by the delta method."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from vaar.sem.arrays import Bools, Floats, Ints
from vaar.sem.model.latent_response import with_derived
from vaar.sem.model.matrices import (
    INTERCEPT,
    LATENT_COV,
    LATENT_MEAN,
    LOADING,
    REGRESSION,
    RESIDUAL_COV,
    SCALING,
    THRESHOLD,
    Implied,
    Structure,
)


def standardised_values(theta: Floats, implied: Implied, structure: Structure) -> Floats:
    """(G, P) standardised values, as of :func:`standardised`, without their derivatives."""
    up, down = _scales(structure)
    with np.errstate(invalid="ignore", divide="ignore"):
        logs = 0.5 * np.log(_spreads(implied))
    return np.asarray(theta * np.exp(logs[:, up] - logs[:, down[0]] - logs[:, down[1]]))


def standardised(theta: Floats, implied: Implied, structure: Structure) -> tuple[Floats, Floats]:
    """Standardise all parameters by the standard deviations of all variables.

    Residual covariances become residual correlations; variances become shares of the variance of
    their variable.

    Parameters
    ----------
    theta : (G, P) array

    Returns
    -------
    (G, P) array, (G, P, P) array
        Standardised values, NaN where a variance is not positive; and their derivatives by the
        parameters.
    """
    up, down = _scales(structure)
    spread = _spreads(implied)
    with np.errstate(invalid="ignore", divide="ignore"):
        logs = 0.5 * np.log(spread)
        factor = np.exp(logs[:, up] - logs[:, down[0]] - logs[:, down[1]])
        slope = 0.5 * _spread_derivatives(implied, structure) / spread[:, :, None]
    values = theta * factor
    relative = slope[:, up] - slope[:, down[0]] - slope[:, down[1]]
    jacobian = values[:, :, None] * relative
    diagonal = np.einsum("gpp->gp", jacobian)
    diagonal += factor
    if structure.ordered:
        jacobian = with_derived(jacobian, theta, implied, structure)
    return values, jacobian


def standard_errors(jacobian: Floats, covariance: Floats) -> Floats:
    """(P,) standard errors of functions with (P, P) derivatives."""
    moving = np.flatnonzero(np.diagonal(covariance))
    part = jacobian[:, moving]
    product = part @ covariance[moving[:, None], moving]
    variance = np.einsum("ij,ij->i", product, part)
    with np.errstate(invalid="ignore"):
        return np.sqrt(np.where(variance < 0, 0.0, variance))


def _spreads(implied: Implied) -> Floats:
    """(G, 2p + 2m + 1): variances of variables, their residual variances, and 1."""
    parts = [
        np.einsum("gpp->gp", implied.cov),
        np.einsum("gmm->gm", implied.phi),
        np.einsum("gpp->gp", implied.matrices.residual_cov),
        np.einsum("gmm->gm", implied.matrices.latent_cov),
        np.ones((len(implied.eta), 1)),
    ]
    spread = np.hstack(parts)
    return np.where(spread > 0, spread, np.nan)


@lru_cache(maxsize=16)
def _scales(structure: Structure) -> tuple[Ints, tuple[Ints, Ints]]:
    """Which spread multiplies each parameter, and which two divide it."""
    p, m = structure.p, structure.m
    row, col, kind = structure.row, structure.col, structure.matrix
    one = 2 * p + 2 * m
    up = np.where((kind == LOADING) | (kind == REGRESSION), p + col, one)
    up = np.where(kind == SCALING, row, up)
    diagonal = row == col
    choices: list[tuple[Bools, Ints, Ints | int]] = [
        (kind == LOADING, row, one),
        (kind == REGRESSION, p + row, one),
        ((kind == LATENT_COV) & diagonal, p + row, p + col),
        ((kind == LATENT_COV) & ~diagonal, 2 * p + m + row, 2 * p + m + col),
        ((kind == RESIDUAL_COV) & diagonal, row, col),
        ((kind == RESIDUAL_COV) & ~diagonal, p + m + row, p + m + col),
        (kind == INTERCEPT, row, one),
        (kind == LATENT_MEAN, p + row, one),
        (kind == THRESHOLD, row, one),
    ]
    first, second = np.full_like(row, one), np.full_like(row, one)
    for chosen, dividing, also in choices:
        np.copyto(first, dividing, where=chosen)
        np.copyto(second, also, where=chosen)
    return up, (first, second)


def _spread_derivatives(implied: Implied, structure: Structure) -> Floats:
    """(G, 2p + 2m + 1, P) derivatives of the spreads by the parameters."""
    p, m, groups, count = structure.p, structure.m, len(implied.eta), structure.c.size
    u, v = structure.u, structure.v
    out = np.zeros((groups, 2 * p + 2 * m + 1, count))
    out[:, :p] = 2 * structure.c * implied.z[:, :, u] * implied.z[:, :, v]
    inner = np.concatenate([np.zeros((groups, m, p)), implied.phi, implied.total], axis=2)
    out[:, p : p + m] = 2 * structure.c * inner[:, :, u] * inner[:, :, v]
    diagonal = structure.row == structure.col
    for kind, start in ((RESIDUAL_COV, p + m), (LATENT_COV, 2 * p + m)):
        at = np.flatnonzero((structure.matrix == kind) & diagonal)
        out[:, start + structure.row[at], at] = 1.0
    return out
