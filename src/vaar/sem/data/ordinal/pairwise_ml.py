"""Maximum-likelihood correlations of many pairs at once: one safeguarded Newton for all of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]

_STEP_TOLERANCE = 1e-6  # of the distance to ±1; Newton squares it: the last step leaves 1e-12
_MAXIMUM_STEPS = 100
_NO_WORSE = 1e-12  # relative noise allowed in a log-likelihood


class Likelihood(NamedTuple):
    """A pair's log-likelihood and its first two derivatives with respect to ρ, each (m,)."""

    value: Floats
    score: Floats
    curvature: Floats


def maximise_correlations(
    likelihood: Callable[[Floats, Indices], Likelihood], start: Floats
) -> tuple[Floats, NDArray[np.bool_]]:
    """Maximise m one-parameter likelihoods over −1 < ρ < 1.

    A step that lowers the likelihood is cut to a quarter; where the likelihood is convex, the step
    goes uphill by a fixed part of the way; no step crosses half the distance to ±1.

    Parameters
    ----------
    likelihood : callable
        ``likelihood(rho, pairs)`` evaluates the pairs with these positions at these correlations.
    start : (m,) array
        Starting values inside (−1, 1).

    Returns
    -------
    rho : (m,) array
        The maximisers, or the last value reached.
    converged : (m,) array of bool
        False where the steps had not become small after 100 of them.
    """
    rho, step = start.copy(), np.zeros_like(start)
    best = np.full_like(start, -np.inf)
    active = np.arange(len(start))
    for _ in range(_MAXIMUM_STEPS):
        if not active.size:
            break
        now = likelihood(rho[active] + step[active], active)
        floor = best[active] - _NO_WORSE * np.abs(now.value)
        better = now.value >= floor
        ahead = active[better]
        rho[ahead] += step[ahead]
        best[ahead] = now.value[better]
        step[ahead] = _uphill(rho[ahead], now.score[better], now.curvature[better])
        step[active[~better]] *= 0.25
        distance = 1.0 - np.abs(rho[active])
        active = active[np.abs(step[active]) > _STEP_TOLERANCE * distance]
    converged = np.ones(len(start), dtype=bool)
    converged[active] = False
    return rho + step, converged


def _uphill(rho: Floats, score: Floats, curvature: Floats) -> Floats:
    distance = 1.0 - np.abs(rho)
    concave = curvature < 0.0
    newton = -score / np.where(concave, curvature, 1.0)
    step = np.where(concave, newton, np.sign(score) * 0.25 * distance)
    bound = 1.0 - 0.5 * distance
    return np.asarray(np.clip(rho + step, -bound, bound) - rho)
