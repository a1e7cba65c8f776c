"""The standard bivariate normal distribution over the cells of many contingency tables at once.

The cells of a table are the rectangles between the thresholds of two ordinal items. The probability
below a corner (row threshold, column threshold) comes from Plackett's identity, dΦ₂/dρ = φ₂,
integrated over θ = arcsin ρ by Gauss–Legendre quadrature (Drezner & Wesolowsky 1990; Genz 2004);
near |ρ| = 1, where that integrand becomes steep, from Owen's T function (Owen 1956).
"""

from __future__ import annotations

import numpy as np
import scipy
from numpy.typing import NDArray

Floats = NDArray[np.float64]

FAR = 9.0
"""Stands for a threshold at +∞: Φ(9) is 1 in double precision, φ(9) below 1e-18."""

_STEEP = 0.925
_QUADRATURES = tuple(
    (limit, *np.polynomial.legendre.leggauss(nodes))
    for limit, nodes in ((0.3, 6), (0.75, 12), (_STEEP, 20))
)  # up to this |ρ|, these points and weights
_NEAR = 0.1  # of the distance to ±1
_SHORT_QUADRATURE = np.polynomial.legendre.leggauss(5)


def normal_density(x: Floats) -> Floats:
    """Density of the standard normal distribution."""
    return np.asarray(np.exp(-0.5 * x * x) / np.sqrt(2.0 * np.pi))


class CellProbabilities:
    """Probabilities of the cells between the thresholds of m pairs of standard normal variables.

    The pairs are the last axis everywhere: it is the long one, and the fast one in memory.
    Evaluations near the first correlations are cheap: only the difference is integrated.

    Parameters
    ----------
    row, column : (a, m) and (b, m) arrays
        Ascending thresholds of the two items, each at most ``FAR`` in size.
    rho : (m,) array
        First correlations, −1 < ρ < 1.
    """

    def __init__(self, row: Floats, column: Floats, rho: Floats) -> None:
        self._row, self._column, self._rho = row, column, rho
        self._corners = corner_probabilities(row, column, rho)

    def at(self, rho: Floats, pairs: NDArray[np.intp]) -> Floats:
        """Probabilities of some of the pairs at new correlations.

        Parameters
        ----------
        rho : (k,) array
            Correlations, −1 < ρ < 1.
        pairs : (k,) array of int
            Positions of the pairs among the m.

        Returns
        -------
        (a + 1, b + 1, k) array
            Absolute error below 1e-14; a probability near that size may come out as 0 or negative.
        """
        row, column, first = self._row[:, pairs], self._column[:, pairs], self._rho[pairs]
        below = np.zeros((len(row) + 2, len(column) + 2, len(rho)))
        inner = below[1:-1, 1:-1]
        inner[:] = self._corners[:, :, pairs]
        if np.any(rho != first):
            inner += _integral(row, column, np.arcsin(first), np.arcsin(rho), *_SHORT_QUADRATURE)
        away = np.flatnonzero(np.abs(rho - first) > _NEAR * (1.0 - np.abs(first)))
        if away.size:
            inner[:, :, away] = corner_probabilities(row[:, away], column[:, away], rho[away])
        below[1:-1, -1] = scipy.special.ndtr(row)
        below[-1, 1:-1] = scipy.special.ndtr(column)
        below[-1, -1] = 1.0
        return _differences(below)


def cell_derivatives(row: Floats, column: Floats, rho: Floats) -> tuple[Floats, Floats]:
    """First and second derivatives of the cell probabilities with respect to ρ.

    Parameters as of `CellProbabilities`; two (a + 1, b + 1, m) arrays.
    """
    density, slope = np.zeros((2, len(row) + 2, len(column) + 2, len(rho)))
    density[1:-1, 1:-1], slope[1:-1, 1:-1] = _corner_derivatives(row, column, rho)
    return _differences(density), _differences(slope)


def corner_probabilities(row: Floats, column: Floats, rho: Floats) -> Floats:
    """P(X ≤ row, Y ≤ column) at each of the (a, b, m) corners of `CellProbabilities`."""
    result = np.empty((len(row), len(column), len(rho)))
    size, lower = np.abs(rho), -1.0
    for upper, points, weights in _QUADRATURES:
        here = np.flatnonzero((size > lower) & (size <= upper))
        if here.size:
            angle = np.arcsin(rho[here])
            added = _integral(row[:, here], column[:, here], 0.0 * angle, angle, points, weights)
            result[:, :, here] = (
                scipy.special.ndtr(row[:, None, here]) * scipy.special.ndtr(column[:, here]) + added
            )
        lower = upper
    steep = np.flatnonzero(size > _STEEP)
    if steep.size:
        result[:, :, steep] = _by_owens_t(row[:, steep], column[:, steep], rho[steep])
    return result


def _corner_derivatives(row: Floats, column: Floats, rho: Floats) -> tuple[Floats, Floats]:
    """Plackett (1954): the derivative of Φ₂ with respect to ρ is the density φ₂; then φ₂'s own."""
    free = 1.0 / (1.0 - rho * rho)
    product, quadratic = row[:, None] * column, (row * row)[:, None] + column * column
    quadratic -= 2.0 * rho * product
    quadratic *= free
    density = np.exp(-0.5 * quadratic)
    density *= np.sqrt(free) / (2.0 * np.pi)
    return density, density * (free * (rho + product - rho * quadratic))


def _differences(corners: Floats) -> Floats:
    across = corners[:, 1:] - corners[:, :-1]
    return np.asarray(across[1:] - across[:-1])


def _integral(
    row: Floats, column: Floats, start: Floats, end: Floats, points: Floats, weights: Floats
) -> Floats:
    """Integral of Plackett's density between the angles arcsin ρ, by Gauss–Legendre quadrature."""
    product, squares = row[:, None] * column, (row * row)[:, None] + column * column
    middle, half = 0.5 * (start + end), 0.5 * (end - start)
    total, density = np.zeros_like(product), np.empty_like(product)
    for point, weight in zip(points, weights, strict=True):
        sine = np.sin(middle + point * half)
        np.multiply(product, 2.0 * sine, out=density)
        density -= squares
        density *= 0.5 / (1.0 - sine * sine)
        np.exp(density, out=density)
        density *= weight
        total += density
    total *= half / (2.0 * np.pi)
    return total


def _by_owens_t(row: Floats, column: Floats, rho: Floats) -> Floats:
    x, y = np.broadcast_arrays(_off_zero(row)[:, None], _off_zero(column))
    spread = np.sqrt((1.0 - rho) * (1.0 + rho))
    opposite = 0.5 * (x * y < 0)
    return np.asarray(
        0.5 * (scipy.special.ndtr(x) + scipy.special.ndtr(y))
        - scipy.special.owens_t(x, (y - rho * x) / (x * spread))
        - scipy.special.owens_t(y, (x - rho * y) / (y * spread))
        - opposite
    )


def _off_zero(x: Floats) -> Floats:
    """Move zeros, where the slopes in Owen's formula have only a limit, to a number beside them."""
    return np.where(np.abs(x) < 1e-150, 1e-150, x)
