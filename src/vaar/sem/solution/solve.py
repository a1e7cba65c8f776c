"""From a sample and a layout to estimates with standard errors: arrays only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from vaar.sem.arrays import Bools, Floats
from vaar.sem.data.sample import Sample
from vaar.sem.estimators.base import Estimator, Precision
from vaar.sem.model.matrices import Implied, Structure, imply
from vaar.sem.model.parameter_map import Layout
from vaar.sem.search.information import Information
from vaar.sem.search.minimise import MAX_STEPS, TOLERANCE, Minimum
from vaar.sem.solution.standardise import standard_errors, standardised, standardised_values


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
                good &= np.isfinite(cov).all(axis=(1, 2))
                scale = np.maximum(np.einsum("gii->gi", np.abs(cov)).max(axis=1), 1e-300)
                finite = np.where(good[:, None, None], cov, 0.0)
                good &= np.linalg.eigvalsh(finite)[:, 0] > -1e-8 * scale
        return good


def solve(
    estimator: Estimator[Any],
    sample: Sample,
    structure: Structure,
    layout: Layout,
    x: Floats,
    tolerance: float = TOLERANCE,
    max_steps: int = MAX_STEPS,
    known: Information | None = None,
    with_errors: bool = True,
) -> Solution:
    """Minimise from ``x``, then take standard errors and standardise.

    ``known`` is an information near ``x``, as in :func:`vaar.sem.search.minimise.minimise`.
    """
    found = estimator.minimum(sample, structure, layout, x, tolerance, max_steps, known)
    return solution_at(estimator, sample, structure, layout, found, with_errors)


def solution_at(
    estimator: Estimator[Any],
    sample: Sample,
    structure: Structure,
    layout: Layout,
    found: Minimum,
    with_errors: bool = True,
) -> Solution:
    """Standard errors and the standardised solution of a minimum."""
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        return _solution_at(estimator, sample, structure, layout, found, with_errors)


def _solution_at(
    estimator: Estimator[Any],
    sample: Sample,
    structure: Structure,
    layout: Layout,
    found: Minimum,
    with_errors: bool,
) -> Solution:
    implied = imply(found.theta, structure)
    precision, identified = None, found.converged
    if with_errors:
        precision, identified = _precision(estimator, sample, structure, layout, found.theta)
    se, std, std_se = (np.full(found.theta.shape, np.nan) for _ in range(3))
    if precision is None:
        std = standardised_values(found.theta, implied, structure)
    else:
        covs = estimator.group_covariances(sample, structure, layout, precision, found.theta)
        for g, cov in enumerate(covs):
            part = slice(g, g + 1)
            std[part], slope = standardised(found.theta[part], implied.take(part), structure)
            with np.errstate(invalid="ignore"):
                se[g], std_se[g] = np.sqrt(np.diagonal(cov)), standard_errors(slope[0], cov)
        told = identified & found.converged
        se[~told] = std_se[~told] = np.nan
    masked = ~layout.active
    return Solution(
        found.x,
        np.where(masked, np.nan, found.theta),
        np.where(masked, np.nan, se),
        np.where(masked, np.nan, std),
        np.where(masked, np.nan, std_se),
        implied,
        precision,
        found.converged,
        identified,
        found.steps,
    )


def _precision(
    estimator: Estimator[Any], sample: Sample, structure: Structure, layout: Layout, theta: Floats
) -> tuple[Precision | None, Bools]:
    try:
        precision = estimator.precision(sample, structure, layout, theta)
    except np.linalg.LinAlgError:
        return None, np.zeros(layout.n_groups, dtype=bool)
    return precision, precision.identified
