"""How far true paths differ, over contexts or over models: restricted maximum likelihood.

An estimate is bᵢⱼ = βᵢ + uᵢⱼ + eᵢⱼ with u ~ N(0, κ²) and e ~ N(0, seᵢⱼ²), i the unit that has a
mean of its own (a model) and j what varies within it (a context).

References
----------
.. [1] Viechtbauer, W. (2005). Bias and efficiency of meta-analytic variance estimators in the
   random-effects model. Journal of Educational and Behavioral Statistics, 30(3), 261–293.
   https://doi.org/10.3102/10769986030003261
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import brentq, minimize_scalar
from scipy.special import ndtr
from scipy.stats import chi2

Array = NDArray[np.float64]

FEWEST_CONTEXTS = 10
"""Fewer contexts of a model cannot tell how far paths move: with 4 the estimate is 0 in more than a
third of the cases at a true .10."""

LEAST_KAPPA = 0.05
"""An estimate of κ below this is taken as this: contexts tried are never all there are."""

_WIDEST = 2.0
"""Standardised paths do not differ by more."""


@dataclass(frozen=True)
class Heterogeneity:
    """A standard deviation of true paths, with its 95 % profile-likelihood interval."""

    value: float
    lower: float
    upper: float


def estimate_heterogeneity(
    paths: Sequence[ArrayLike], errors: Sequence[ArrayLike]
) -> Heterogeneity:
    """Estimate κ by REML, every unit with its own mean.

    Parameters
    ----------
    paths, errors : sequence of array_like
        For each unit, estimates and standard errors of one path; at least one unit has two.

    Returns
    -------
    Heterogeneity
        Bounds in [0, 2].
    """
    units = [
        (np.asarray(b, float), np.asarray(se, float))
        for b, se in zip(paths, errors, strict=True)
        if np.size(b) > 1
    ]

    def minus_log_likelihood(kappa: float) -> float:
        return -sum(_restricted(b, se, kappa) for b, se in units)

    best = minimize_scalar(minus_log_likelihood, bounds=(0.0, _WIDEST), method="bounded")
    value = min((0.0, float(best.x)), key=minus_log_likelihood)
    cut = minus_log_likelihood(value) + float(chi2.ppf(0.95, 1)) / 2

    def above(kappa: float) -> float:
        return minus_log_likelihood(kappa) - cut

    lower = brentq(above, 0.0, value) if value > 0 and above(0.0) > 0 else 0.0
    upper = brentq(above, value, _WIDEST) if above(_WIDEST) > 0 else _WIDEST
    return Heterogeneity(value, float(lower), float(upper))


def _restricted(b: Array, se: Array, kappa: float) -> float:
    """Restricted log-likelihood of one unit, up to a constant."""
    variance = se**2 + kappa**2
    weight = 1 / variance
    mean = (weight * b).sum() / weight.sum()
    squares = (weight * (b - mean) ** 2).sum()
    return -0.5 * float(np.log(variance).sum() + np.log(weight.sum()) + squares)


@dataclass(frozen=True)
class Pooled:
    """One path of several models, each seen in the light of all.

    Attributes
    ----------
    mean, sd : ndarray, shape (M,)
        Posterior mean and standard deviation of each model's path.
    positive : ndarray, shape (M,)
        Posterior probability that it is positive.
    """

    mean: Array
    sd: Array
    positive: Array


def pool(path: ArrayLike, se: ArrayLike, points: int = 201) -> Pooled:
    """Shrink the paths of several models towards their mean (normal–normal, flat priors).

    The standard deviation ω between models is averaged over its posterior under a flat prior on
    [0, 1], not set to its most probable value: with few models that value is often 0, and all
    models would be claimed or none.

    Parameters
    ----------
    path, se : array_like, shape (M,)
        Standardised paths and standard errors of M ≥ 2 models under one condition.
    """
    b, se = np.asarray(path, float), np.asarray(se, float)
    omega = np.linspace(0.0, 1.0, points)
    log_weight = np.array([_restricted(b, se, w) for w in omega])
    weight = np.exp(log_weight - log_weight.max())
    weight /= weight.sum()
    total = se**2 + omega[:, None] ** 2
    precision = 1 / total
    centre = ((precision * b).sum(1) / precision.sum(1))[:, None]
    kept = omega[:, None] ** 2 / total
    mean = centre + kept * (b - centre)
    variance = kept * se**2 + (1 - kept) ** 2 / precision.sum(1)[:, None]
    overall = weight @ mean
    spread = weight @ (variance + (mean - overall) ** 2)
    positive = weight @ ndtr(mean / np.sqrt(variance))
    return Pooled(overall, np.sqrt(spread), positive)
