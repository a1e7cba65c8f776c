"""The number of sessions that gives a right verdict with a stated chance.

The chance that a path's interval excludes 0 is close to Φ(√N·|β|/σ − 1.96), where σ/√N is the
standard error: on the probit scale it is a line in √N. The line is fitted to the shares of right
verdicts at the numbers that were tried; its root is tried next, and so on. The root's standard
error is by the delta method.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from vaar.vocabulary import Z_95

Array = NDArray[np.float64]

_STEPS = 50
_CONVERGED = 1e-10
_STEEPEST = 1e-6


@dataclass(frozen=True)
class Tried:
    """How often the right verdict came about at one number of sessions."""

    sessions: int
    right: int
    data_sets: int


@dataclass(frozen=True)
class Root:
    """The number of sessions where the line reaches a chance, with its 95 % interval.

    NaN where the shares do not tell.
    """

    sessions: float
    lower: float
    upper: float


def root(tried: Sequence[Tried], chance: float) -> Root:
    """Where the fitted line reaches a chance.

    Half a data set is added to either side, so that shares of 0 and 1 stay on the line.
    """
    x = np.sqrt([float(one.sessions) for one in tried])
    n = np.array([one.data_sets + 1.0 for one in tried])
    share = np.array([one.right + 0.5 for one in tried]) / n
    if len(set(x)) < 2:
        return Root(float("nan"), float("nan"), float("nan"))
    (intercept, slope), covariance = _line(x, share, n)
    if not slope > _STEEPEST:
        return Root(float("nan"), float("nan"), float("nan"))
    at = (ndtri(chance) - intercept) / slope
    gradient = np.array([-1.0, -at]) / slope
    error = float(np.sqrt(gradient @ covariance @ gradient))
    ends = [max(at + k * error, 0.0) ** 2 for k in (-Z_95, Z_95)]
    return Root(float(max(at, 0.0) ** 2), *ends)


def first_guess(path: float, se: float, sessions: int, chance: float) -> float:
    """Sessions for a decided path, from the standard error at another number of them."""
    return float(sessions * ((Z_95 + ndtri(chance)) * se / abs(path)) ** 2)


def _line(x: Array, share: Array, n: Array) -> tuple[Array, Array]:
    """Probit regression of shares on x by Fisher scoring: coefficients and their covariance."""
    design = np.column_stack([np.ones_like(x), x])
    coefficients, *_ = np.linalg.lstsq(design, ndtri(share), rcond=None)
    information = np.eye(2)
    for _ in range(_STEPS):
        eta = np.clip(design @ coefficients, -5, 5)
        mean = ndtr(eta)
        density = np.exp(-(eta**2) / 2) / np.sqrt(2 * np.pi)
        weight = n * density**2 / (mean * (1 - mean))
        information = design.T @ (weight[:, None] * design)
        step = np.linalg.solve(information, design.T @ (weight * (share - mean) / density))
        coefficients = coefficients + step
        if np.abs(step).max() < _CONVERGED:
            break
    return np.asarray(coefficients, float), np.asarray(np.linalg.inv(information), float)
