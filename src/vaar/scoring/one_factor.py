"""The one-factor model Σ = λλᵀ + Θ, fitted to a covariance matrix by maximum likelihood.

The likelihood is concentrated on the residual variances, after Jöreskog; given those, the loadings
follow from the largest eigenvalue of Θ^(−½) S Θ^(−½).

References
----------
.. [1] Jöreskog, K. G. (1967). Some contributions to maximum likelihood factor analysis.
   *Psychometrika*, 32, 443–482. https://doi.org/10.1007/BF02289658
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import optimize

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


def fit_one_factor(covariance: Array) -> OneFactor | None:
    """Fit the model to a positive definite k × k covariance matrix, k ≥ 3.

    Returns
    -------
    OneFactor or None
        ``None`` where the search did not converge. A residual variance may lie at `BOUNDARY`.
    """
    scale = np.sqrt(np.diag(covariance))
    correlation = covariance / np.outer(scale, scale)
    start = np.clip((1 - 0.5 / len(scale)) / np.diag(np.linalg.inv(correlation)), BOUNDARY, 1)
    found = optimize.minimize(
        _deviance,
        np.log(start),
        args=(correlation, np.linalg.slogdet(correlation)[1]),
        jac=True,
        method="L-BFGS-B",
        bounds=[(np.log(BOUNDARY), 0.0)] * len(scale),
        options={"maxiter": 1000, "ftol": 1e-15, "gtol": 1e-8},
    )
    if not np.isfinite(found.fun) or np.abs(_projected(found)).max() > 1e-4:
        return None
    residuals = np.exp(_polished(found.x, correlation))
    return OneFactor(_loadings(correlation, residuals) * scale, residuals * scale**2)


def _projected(found: optimize.OptimizeResult) -> Array:
    """The gradient without what only pushes against a bound."""
    gradient = np.asarray(found.jac)
    at_lower = (found.x <= np.log(BOUNDARY) + 1e-9) & (gradient > 0)
    at_upper = (found.x >= -1e-9) & (gradient < 0)
    return np.where(at_lower | at_upper, 0.0, gradient)


def _polished(log_residuals: Array, correlation: Array) -> Array:
    """Newton's steps from where the search stopped, so that every machine ends at one figure.

    The search stops within some 1e-8 of the minimum, where the last bits of a BLAS decide. With
    v and u the eigenvalues and eigenvectors of Θ^(−½) S Θ^(−½), the largest first, the deviance is
    Σ_{m>1} (v_m − ln v_m − 1), and its derivatives by ln θ are exact. What lies at a bound stays.
    """
    at, inner = log_residuals, (log_residuals > np.log(BOUNDARY) + 1e-6) & (log_residuals < -1e-6)
    for _ in range(POLISHING_STEPS):
        gradient, hessian = _derivatives(at, correlation)
        step = np.zeros_like(at)
        step[inner] = np.linalg.lstsq(hessian[np.ix_(inner, inner)], gradient[inner])[0]
        if not np.abs(step).max() < LONGEST_STEP:
            return log_residuals
        at = at - step
    return at


def _derivatives(log_residuals: Array, correlation: Array) -> tuple[Array, Array]:
    """First and second derivatives of the concentrated deviance by ln θ."""
    root = np.exp(log_residuals / 2)
    values, vectors = np.linalg.eigh(correlation / np.outer(root, root))
    v, u, largest, first = values[:-1], vectors[:, :-1], values[-1], vectors[:, -1]
    turning = (u * ((1 - v) * (largest + v) / (largest - v))) @ u.T
    hessian = ((u * v) @ u.T) * (u @ u.T) + np.outer(first, first) * turning
    return (u**2) @ (1 - v), hessian


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
