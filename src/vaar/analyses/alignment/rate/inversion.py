"""Estimate and interval of a rate: the true rates under which the one found would be usual.

The rate bends so much within a standard error of its paths that quantiles of bootstrap replicates
lie beside the truth. So true places are tried instead: along the line on which the rate changes
fastest, how often would an estimate from there, with errors as the replicates have them, be lower
than the one found? A 95 % interval runs from where that is .975 to where it is .025; the estimate
is where it is ½.

References
----------
.. [1] Davison, A. C., & Hinkley, D. V. (1997). Bootstrap methods and their application, section
   5.4 (inversion of tests) and 5.5. Cambridge University Press.
.. [2] DiCiccio, T. J., & Romano, J. P. (1990). Nonparametric confidence limits by resampling
   methods and least favorable families. International Statistical Review, 58(1), 59–76.
   https://doi.org/10.2307/1403474
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtri

from vaar.analyses.alignment.rate.arrays import Array
from vaar.analyses.alignment.rate.common_path import toward_common_path
from vaar.analyses.alignment.rate.function import RateFunction

_REACH, _STEP = 6.0, 0.25
"""How far true places are tried on either side, and in what steps, in standard errors."""

_EQUAL = 1e-12
"""Rates this near in ln are equal, and count half as lower."""


def inverted(
    rate: RateFunction, estimate: Array, errors: Array, level: float = 0.95
) -> tuple[Array, Array, Array]:
    """Median-unbiased estimate of VAAR, and interval.

    Parameters
    ----------
    estimate : ndarray, shape (G, 2K)
        Paths of each group and of the people it is held against.
    errors : ndarray, shape (R, G, 2K)
        How far bootstrap replicates of them lie from the estimates; a replicate with NaN failed,
        and does not count.
    level : float
        Coverage of the interval, in (0, 1).

    Returns
    -------
    estimate, lower, upper : ndarray, shape (G,)
        In [0, 1]; NaN where there is no estimate, or fewer than two replicates.
    """
    counts = np.asarray(np.isfinite(errors).all(axis=-1))
    known = (counts.sum(axis=0) > 1) & np.isfinite(rate(estimate))
    out = np.full((3, len(estimate)), np.nan)
    if known.any():
        rate = rate.of(known)
        tail = (1 - level) / 2
        line = _Line.through(rate, estimate[known], errors[:, known], counts[:, known])
        out[:, known] = [line.where_lower(share) for share in (0.5, 1 - tail, tail)]
    return out[0], out[1], out[2]


@dataclass(frozen=True)
class _Line:
    """Places tried as true ones, (T, G, 2K), in the order of rising rates."""

    rate: RateFunction
    places: Array
    found: Array
    errors: Array
    counts: NDArray[np.bool_]

    @classmethod
    def through(
        cls, rate: RateFunction, estimate: Array, errors: Array, counts: NDArray[np.bool_]
    ) -> _Line:
        errors = np.where(counts[..., None], errors, 0.0)
        spread = _covariances(errors, counts)
        start = toward_common_path(rate, estimate, spread)
        down, up = (_steepest(rate, start, spread, side) for side in (-1, 1))
        return cls(rate, np.stack([*down[::-1], start, *up]), rate(estimate), errors, counts)

    def where_lower(self, share: float) -> Array:
        """VAAR (G,) at the place from which this share of estimates is lower than the one found."""
        n_groups = len(self.found)
        low, high = np.zeros(n_groups, int), np.full(n_groups, len(self.places) - 1)
        while (high - low > 1).any():
            middle = (low + high) // 2
            above = self._lower(middle) > share
            low, high = np.where(above, middle, low), np.where(above, high, middle)
        before, after = self._probit(self._lower(low)), self._probit(self._lower(high))
        drop = before - after
        part = np.divide(before - ndtri(share), drop, out=np.zeros_like(drop), where=drop > 0)
        first, second = self._at(low), self._at(high)
        moves = np.isfinite(first)
        step = np.subtract(second, first, out=np.zeros_like(first), where=moves)
        return np.asarray(np.exp(self.rate(first + part.clip(0, 1)[:, None] * step)))

    def _probit(self, lower: Array) -> Array:
        """Shares that are nearly straight over a step, and finite."""
        n = self.counts.sum(axis=0)
        return np.asarray(ndtri((lower * n + 0.5) / (n + 1)))

    def _lower(self, index: NDArray[np.int_]) -> Array:
        difference = self.rate(self._at(index) + self.errors) - self.found
        lower = np.where(difference < -_EQUAL, 1.0, np.where(difference <= _EQUAL, 0.5, 0.0))
        return np.asarray((lower * self.counts).sum(axis=0) / self.counts.sum(axis=0))

    def _at(self, index: NDArray[np.int_]) -> Array:
        return np.asarray(self.places[index, np.arange(len(index))])


def _steepest(rate: RateFunction, start: Array, spread: Array, side: int) -> Sequence[Array]:
    """Places at every step from the start, by the midpoint rule."""
    places, place = [], start
    for _ in range(round(_REACH / _STEP)):
        half = place + side * _STEP / 2 * _direction(rate, place, spread)
        place = place + side * _STEP * _direction(rate, half, spread)
        places.append(place)
    return places


def _direction(rate: RateFunction, place: Array, spread: Array) -> Array:
    """One standard error of the rate towards where it rises; 0 where it no longer changes."""
    slopes = rate.slopes(place)
    rises = np.einsum("gkl,gl->gk", spread, slopes)
    length = np.sqrt((slopes * rises).sum(axis=-1, keepdims=True))
    return np.asarray(np.divide(rises, length, out=np.zeros_like(rises), where=length > 0))


def _covariances(errors: Array, counts: NDArray[np.bool_]) -> Array:
    n = counts.sum(axis=0)[:, None]
    centred = np.where(counts[..., None], errors - errors.sum(axis=0) / n, 0.0)
    return np.asarray(np.einsum("rgk,rgl->gkl", centred, centred) / (n - 1)[..., None])
