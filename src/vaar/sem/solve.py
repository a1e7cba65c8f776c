"""From a sample and a layout to estimates with standard errors: arrays only."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vaar.sem.arrays import Bools, Floats
from vaar.sem.estimators import Estimator, Precision
from vaar.sem.layout import Layout
from vaar.sem.matrices import Implied, Structure, imply
from vaar.sem.minimise import MAX_STEPS, TOLERANCE, minimise
from vaar.sem.moments import Sample
from vaar.sem.standardise import standard_errors, standardised


@dataclass(frozen=True)
class Solution:
    """Estimates of G groups and P parameters a group.

    Attributes
    ----------
    x : (n_free,) array
        Free parameters.
    theta, se, std, std_se : (G, P) arrays
        Values, their standard errors (0 where fixed), the same standardised. NaN where an item is
        masked, or where a quantity does not exist.
    precision : Precision or None
        None where the information cannot be inverted.
    converged, identified : (G,) arrays
    """

    x: Floats
    theta: Floats
    se: Floats
    std: Floats
    std_se: Floats
    implied: Implied
    precision: Precision | None
    converged: Bools
    identified: Bools
    steps: int

    @property
    def admissible(self) -> Bools:
        """(G,) whether no variance is negative and no correlation beyond 1."""
        matrices = self.implied.matrices
        good = np.ones(len(self.theta), dtype=bool)
        for cov in (matrices.latent_cov, matrices.residual_cov, self.implied.phi):
            if cov.shape[1]:
                scale = np.maximum(np.einsum("gii->gi", np.abs(cov)).max(axis=1), 1e-300)
                good &= np.linalg.eigvalsh(cov)[:, 0] > -1e-8 * scale
        return good


def solve(
    estimator: Estimator,
    sample: Sample,
    structure: Structure,
    layout: Layout,
    x: Floats,
    tolerance: float = TOLERANCE,
    max_steps: int = MAX_STEPS,
) -> Solution:
    """Minimise from ``x``, then take standard errors and standardise."""
    objective = estimator.objective(sample, structure)
    found = minimise(objective, layout, x, tolerance, max_steps)
    implied = imply(found.theta, structure)
    precision, identified = _precision(estimator, sample, structure, layout, found.theta)
    std, jacobian = standardised(found.theta, implied, structure)
    se = np.full(found.theta.shape, np.nan)
    std_se = se.copy()
    if precision is not None:
        places = layout.places(precision.covariance.columns)
        places[~identified] = np.nan
        with np.errstate(invalid="ignore"):
            se = np.sqrt(np.einsum("gpp->gp", places))
        std_se = standard_errors(jacobian, places)
    masked = ~layout.active
    for values in (std, se, std_se):
        values[masked] = np.nan
    theta = np.where(masked, np.nan, found.theta)
    return Solution(
        found.x,
        theta,
        se,
        std,
        std_se,
        implied,
        precision,
        found.converged,
        identified,
        found.steps,
    )


def _precision(
    estimator: Estimator, sample: Sample, structure: Structure, layout: Layout, theta: Floats
) -> tuple[Precision | None, Bools]:
    try:
        precision = estimator.precision(sample, structure, layout, theta)
    except np.linalg.LinAlgError:
        return None, np.zeros(layout.n_groups, dtype=bool)
    information = precision.information
    identified = information.identified
    identified = identified & np.isfinite(precision.covariance.columns).all(axis=(1, 2))
    real = layout.own >= 0
    for constraint in layout.constraints:
        real &= layout.own != constraint.target
    identified &= ~np.any(real & information.own_empty, axis=1)
    return precision, identified
