"""The one-factor model Σ = λλᵀ + Θ, fitted to a covariance matrix by maximum likelihood.

The likelihood is concentrated on the residual variances, after Jöreskog; given those, the loadings
follow from the largest eigenvalue of Θ^(−½) S Θ^(−½).

References
----------
.. [1] Jöreskog, K. G. (1967). Some contributions to maximum likelihood factor analysis.
   *Psychometrika*, 32, 443–482. https://doi.org/10.1007/BF02289658
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import optimize

from vaar.scoring.one_factor_newton import minima, place_of

BOUNDARY = 1e-4
"""Smallest residual variance allowed, as a share of the item's variance."""

POLISHING_STEPS = 3  # each squares the distance from the minimum, which begins at some 1e-8
LONGEST_STEP = 1e-2  # of ln θ; a longer one comes from a flat likelihood, not from rounding

Array = NDArray[np.float64]


@dataclass(frozen=True)
class OneFactor:
    """A fitted one-factor model.

    Attributes
    ----------
    loadings : ndarray, k
        λ, of a factor with variance 1; their common sign is arbitrary.
    residuals : ndarray, k
        Diagonal of Θ.
    """

    loadings: Array
    residuals: Array

    @property
    def inverse(self) -> Array:
        """Σ⁻¹, k × k."""
        implied = np.outer(self.loadings, self.loadings) + np.diag(self.residuals)
        return np.asarray(np.linalg.inv(implied))

    def information(self) -> Array:
        """Expected information of (λ, θ) in one row, 2k × 2k.

        With V = Σ⁻¹ and a = Vλ, its blocks are a aᵀ + λᵀa V, V ∘ 1aᵀ and ½ V ∘ V.
        """
        inverse = self.inverse
        a = inverse @ self.loadings
        loading = np.outer(a, a) + (self.loadings @ a) * inverse
        mixed = inverse * a
        return np.block([[loading, mixed], [mixed.T, inverse**2 / 2]])

    def scores(self, rows: Array) -> Array:
        """Derivative of each row's log-likelihood by (λ, θ), n × 2k, at the rows' mean.

        With z a row less the mean: Vz · zᵀa − a, and ½ ((Vz)² − diag V).
        """
        inverse = self.inverse
        a = inverse @ self.loadings
        z = rows - rows.mean(axis=0)
        weighted = z @ inverse
        loading = weighted * (z @ a)[:, None] - a
        return np.hstack([loading, (weighted**2 - np.diag(inverse)) / 2])


def fit_one_factors(covariances: Sequence[Array]) -> list[OneFactor | None]:
    """Fit the model to each of some positive definite k × k covariance matrices, k ≥ 3.

    Returns
    -------
    list of OneFactor or None
        ``None`` where the search did not converge. A residual variance may lie at `BOUNDARY`.
    """
    found: list[OneFactor | None] = [None] * len(covariances)
    by_size: dict[int, list[int]] = {}
    for place, covariance in enumerate(covariances):
        by_size.setdefault(len(covariance), []).append(place)
    for places in by_size.values():
        alike = _fitted(np.array([covariances[place] for place in places]))
        for place, model in zip(places, alike, strict=True):
            found[place] = model
    return found


def fit_one_factor(covariance: Array) -> OneFactor | None:
    """Fit the model to one covariance matrix; see :func:`fit_one_factors`."""
    return fit_one_factors([covariance])[0]


def _fitted(covariances: Array) -> Iterator[OneFactor | None]:
    scale = np.sqrt(np.einsum("gii->gi", covariances))
    correlations = covariances / (scale[:, :, None] * scale[:, None, :])
    smallest = 1 / np.einsum("gii->gi", np.linalg.inv(correlations))
    start = np.log(np.clip((1 - 0.5 / scale.shape[1]) * smallest, BOUNDARY, 1))
    ended, inside = minima(correlations, start, np.log(BOUNDARY))
    for g, (x, correlation) in enumerate(zip(ended, correlations, strict=True)):
        at = x if inside[g] else _searched(start[g], correlation)
        if at is None:
            yield None
            continue
        residuals = np.exp(at)
        yield OneFactor(_loadings(correlation, residuals) * scale[g], residuals * scale[g] ** 2)


def _searched(start: Array, correlation: Array) -> Array | None:
    """The minimum by a search that minds the bounds; None where it did not converge."""
    found = optimize.minimize(
        _deviance,
        start,
        args=(correlation, np.linalg.slogdet(correlation)[1]),
        jac=True,
        method="L-BFGS-B",
        bounds=[(np.log(BOUNDARY), 0.0)] * len(start),
        options={"maxiter": 1000, "ftol": 1e-15, "gtol": 1e-8},
    )
    if not np.isfinite(found.fun) or np.abs(_projected(found)).max() > 1e-4:
        return None
    return _polished(found.x, correlation)


def _projected(found: optimize.OptimizeResult) -> Array:
    """The gradient without what only pushes against a bound."""
    gradient = np.asarray(found.jac)
    at_lower = (found.x <= np.log(BOUNDARY) + 1e-9) & (gradient > 0)
    at_upper = (found.x >= -1e-9) & (gradient < 0)
    return np.where(at_lower | at_upper, 0.0, gradient)


def _polished(log_residuals: Array, correlation: Array) -> Array:
    """Newton's steps from where the search stopped, so that every machine ends at one figure.

    The search stops within some 1e-8 of the minimum, where the last bits of a BLAS decide. What
    lies at a bound stays.
    """
    at, inner = log_residuals, (log_residuals > np.log(BOUNDARY) + 1e-6) & (log_residuals < -1e-6)
    for _ in range(POLISHING_STEPS):
        there = place_of(correlation[None], at[None])
        step, hessian = np.zeros_like(at), there.hessian[0][np.ix_(inner, inner)]
        step[inner] = np.linalg.lstsq(hessian, there.gradient[0, inner], rcond=None)[0]
        if not np.abs(step).max() < LONGEST_STEP:
            return log_residuals
        at = at - step
    return at


def _loadings(correlation: Array, residuals: Array) -> Array:
    root = np.sqrt(residuals)
    values, vectors = np.linalg.eigh(correlation / np.outer(root, root))
    loadings: Array = root * vectors[:, -1] * np.sqrt(max(values[-1] - 1, 0.0))
    return loadings


def _deviance(
    log_residuals: Array, correlation: Array, log_determinant: float
) -> tuple[float, Array]:
    """ln|Σ| + tr(SΣ⁻¹) − ln|S| − k at the best loadings, and its gradient by ln θ; ln|S| given."""
    residuals = np.exp(log_residuals)
    loadings = _loadings(correlation, residuals)
    implied = np.outer(loadings, loadings) + np.diag(residuals)
    inverse = np.linalg.inv(implied)
    log_ratio = np.linalg.slogdet(implied)[1] - log_determinant
    value = log_ratio + np.sum(inverse * correlation) - len(residuals)
    gradient = np.diag(inverse @ (implied - correlation) @ inverse) * residuals
    return float(value), gradient
