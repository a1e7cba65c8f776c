"""Means, variances and correlations of continuous variables, with their case influences.

They are the continuous part of statistics whose ordinal part is polychoric. Variables are
standardised first, so that nothing depends on their units.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from vaar.sem.data.ordinal.pairs import PairOutcome, PairStatistics
from vaar.sem.data.ordinal.pairwise_ml import Likelihood, maximise_correlations

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]

_SINGULAR = 1e-10  # a determinant this small beside the squared number of values
_PERFECT = 1e-10  # a Pearson correlation this close to ±1


@dataclass(frozen=True)
class ContinuousVariables:
    """Continuous variables of one group, standardised.

    Attributes
    ----------
    present : (n, r) array of bool
        Where there is a value.
    standardised : (n, r) array
        Deviations from the mean in standard deviations; 0 where there is no value.
    means, variances : (r,) arrays
        Maximum-likelihood estimates (divisor: the number of values); NaN without values.
    weight : (n,) array
        Sampling weights; 1 where all rows count alike.
    """

    present: NDArray[np.bool_]
    standardised: Floats
    means: Floats
    variances: Floats
    weight: Floats

    @property
    def n(self) -> float:
        """Rows, or the sum of their weights."""
        return float(self.weight.sum())

    @cached_property
    def influences(self) -> tuple[Floats, Floats]:
        """(n, r) influences on means, in standard deviations, and on variances, in variances.

        The Jacobian of the normal scores is estimated by their cross-products; where these are
        singular (a variable of two values), it is taken at its expectation.
        """
        z = self.standardised
        mean, variance = z, np.where(self.present, 0.5 * (z * z - 1.0), 0.0)
        mm = np.einsum("n,nr,nr->r", self.weight, mean, mean)
        mv = np.einsum("n,nr,nr->r", self.weight, mean, variance)
        vv = np.einsum("n,nr,nr->r", self.weight, variance, variance)
        determinant = mm * vv - mv * mv
        count = self.weight @ self.present
        regular = determinant > _SINGULAR * count**2
        mm, mv = np.where(regular, mm, count), np.where(regular, mv, 0.0)
        vv = np.where(regular, vv, 0.5 * count)
        with np.errstate(divide="ignore", invalid="ignore"):
            factor = np.where(self.variances > 0, self.n / (mm * vv - mv * mv), np.nan)
        return (vv * mean - mv * variance) * factor, (mm * variance - mv * mean) * factor


def standardise(values: Floats, weight: Floats | None = None) -> ContinuousVariables:
    """Estimate means and variances of (n, r) values, NaN where there is none, and standardise."""
    present = ~np.isnan(values)
    weight = np.ones(len(values)) if weight is None else weight
    count = weight @ present
    with np.errstate(invalid="ignore", divide="ignore"):
        means = weight @ np.where(present, values, 0.0) / count
        deviations = np.where(present, values - means, 0.0)
        squares = np.where(varies(values, present), weight @ deviations**2, 0.0)
        variances = squares / count
        standardised = np.where(variances > 0, deviations / np.sqrt(variances), 0.0)
    return ContinuousVariables(present, standardised, means, variances, weight)


def varies(values: Floats, present: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """(m,) whether the present values of each column differ."""
    lowest = np.where(present, values, np.inf).min(axis=0, initial=np.inf)
    highest = np.where(present, values, -np.inf).max(axis=0, initial=-np.inf)
    return np.asarray(highest > lowest)


def pearson(variables: ContinuousVariables, first: Indices, second: Indices) -> PairStatistics:
    """Estimate correlations of pairs of continuous variables, with their influences.

    With complete data this is Pearson's r; where values are missing, the maximiser over ρ of the
    likelihood of the complete pairs, means and variances being those of all values present.

    Parameters
    ----------
    variables : ContinuousVariables
        From `standardise`.
    first, second : (m,) arrays of int
        The variables of each pair.
    """
    weight = variables.weight
    x, y = variables.standardised[:, first], variables.standardised[:, second]
    both = variables.present[:, first] & variables.present[:, second]
    x, y = np.where(both, x, 0.0), np.where(both, y, 0.0)
    count, (xx, xy, yy) = weight @ both, (weight @ product for product in (x * x, x * y, y * y))
    correlations, outcomes = _linear_association(both, x, y)
    fit = np.flatnonzero(outcomes == PairOutcome.ESTIMATED)

    def likelihood(rho: Floats, pairs: Indices) -> Likelihood:
        at = fit[pairs]
        return _normal_likelihood(count[at], xx[at] + yy[at], xy[at], rho)

    rho, converged = maximise_correlations(likelihood, xy[fit] / np.sqrt(xx[fit] * yy[fit]))
    outcomes[fit[~converged]] = PairOutcome.NOT_CONVERGED
    fit, rho = fit[converged], rho[converged]
    correlations[fit] = rho
    influences = np.full(x.shape, np.nan)
    influences[:, fit] = _pearson_influences(
        variables, first[fit], second[fit], both[:, fit], x[:, fit], y[:, fit], rho
    )
    return PairStatistics(correlations, outcomes, influences)


def _linear_association(
    both: NDArray[np.bool_], x: Floats, y: Floats
) -> tuple[Floats, NDArray[np.int8]]:
    outcomes = np.full(x.shape[1], PairOutcome.ESTIMATED, dtype=np.int8)
    size = np.sqrt((x * x).sum(axis=0) * (y * y).sum(axis=0))
    r = (x * y).sum(axis=0) / np.where(size > 0, size, 1.0)
    outcomes[np.abs(r) > 1.0 - _PERFECT] = PairOutcome.PERFECT
    outcomes[~(varies(x, both) & varies(y, both))] = PairOutcome.CONSTANT
    outcomes[~both.any(axis=0)] = PairOutcome.NO_OVERLAP
    return np.where(outcomes == PairOutcome.PERFECT, np.sign(r), np.nan), outcomes


def _normal_likelihood(count: Floats, squares: Floats, products: Floats, rho: Floats) -> Likelihood:
    free = (1.0 - rho) * (1.0 + rho)
    excess = products * (1.0 + rho * rho) - rho * squares
    return Likelihood(
        value=-0.5 * count * np.log(free) - 0.5 * (squares - 2.0 * rho * products) / free,
        score=count * rho / free + excess / free**2,
        curvature=count * (1.0 + rho * rho) / free**2
        + (2.0 * rho * products - squares) / free**2
        + 4.0 * rho * excess / free**3,
    )


def _pearson_influences(
    variables: ContinuousVariables,
    first: Indices,
    second: Indices,
    both: NDArray[np.bool_],
    x: Floats,
    y: Floats,
    rho: Floats,
) -> Floats:
    free = (1.0 - rho) * (1.0 + rho)
    score = rho / free + (x * y * (1.0 + rho * rho) - rho * (x * x + y * y)) / free**2
    score = np.where(both, score, 0.0)
    influence = variables.n * score
    for own, other, variable in ((x, y, first), (y, x, second)):
        residual = (own - rho * other) / free
        influence -= moment_effects(variables, variable, score, residual, own * residual - 1.0)
    return np.asarray(influence / (variables.weight @ score**2))


def moment_effects(
    variables: ContinuousVariables,
    variable: Indices,
    score: Floats,
    mean_score: Floats,
    twice_variance_score: Floats,
) -> Floats:
    """What the estimated mean and variance of one variable add to the score of each row."""
    mean_influence, variance_influence = variables.influences
    by_mean = variables.weight @ (score * mean_score)
    by_variance = 0.5 * (variables.weight @ (score * twice_variance_score))
    return np.asarray(
        mean_influence[:, variable] * by_mean + variance_influence[:, variable] * by_variance
    )
