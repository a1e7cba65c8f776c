"""Diagonally weighted least squares: value, derivatives and case scores.

Half of Σ_g (n_g − 1) Σ_s w_gs r_gs² is minimised over the residuals r of the statistics; twice the
minimum is the χ² of the fit. Derivatives are taken for chosen *places* of the P parameters. A
threshold touches one statistic only, so its derivatives are kept apart from the dense ones.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from vaar.sem.arrays import Floats, Ints
from vaar.sem.matrices import SCALING, THRESHOLD, Implied, Structure, imply
from vaar.sem.ordinal_sample import Frame, Statistics
from vaar.sem.response import response_scale, variance_slopes


@dataclass(frozen=True)
class Places:
    """Some of the P parameters of a group.

    Attributes
    ----------
    at : (k,) array
        Places among the P.
    dense : (d,) array
        Which of the k are no thresholds.
    cut : (T',) array
        Which of the k are thresholds.
    cut_statistic : (T',) array
        The statistic of each threshold in the frame.
    """

    at: Ints
    dense: Ints
    cut: Ints
    cut_statistic: Ints

    @staticmethod
    def of(at: Ints, structure: Structure, frame: Frame) -> Places:
        is_cut = structure.matrix[at] == THRESHOLD
        cut = at[is_cut]
        start = np.searchsorted(frame.item, structure.row[cut])
        return Places(
            at, np.flatnonzero(~is_cut), np.flatnonzero(is_cut), start + structure.col[cut]
        )


@dataclass(frozen=True)
class Slopes:
    """Derivatives of the implied statistics.

    Attributes
    ----------
    dense : (G, S, d) array
        By the places that are no thresholds.
    cut : (G, T') array
        Of each threshold's statistic by the threshold.
    """

    places: Places
    dense: Floats
    cut: Floats

    def full(self, group: int) -> Floats:
        """(S, k) derivatives of the statistics of a group."""
        places = self.places
        out = np.zeros((self.dense.shape[1], len(places.at)))
        out[:, places.dense] = self.dense[group]
        out[places.cut_statistic, places.cut] = self.cut[group]
        return out

    def gradient(self, pull: Floats) -> Floats:
        """(G, k) products with (G, S) values."""
        out = np.empty((len(pull), len(self.places.at)))
        out[:, self.places.dense] = np.einsum("gsd,gs->gd", self.dense, pull, optimize=True)
        out[:, self.places.cut] = self.cut * pull[:, self.places.cut_statistic]
        return out

    def information(self, weight: Floats) -> Floats:
        """(G, k, k) cross-products weighted by (G, S) values."""
        places, count = self.places, len(self.places.at)
        out = np.zeros((len(weight), count, count))
        weighted = self.dense * weight[:, :, None]
        dense, cut, statistic = places.dense, places.cut, places.cut_statistic
        out[:, dense[:, None], dense] = self.dense.transpose(0, 2, 1) @ weighted
        cross = self.cut[:, :, None] * weighted[:, statistic]
        out[:, cut[:, None], dense] = cross
        out[:, dense[:, None], cut] = cross.transpose(0, 2, 1)
        out[:, cut, cut] = self.cut**2 * weight[:, statistic]
        return out

    def scores(self, group: int, influence: Floats, weight: Floats) -> Floats:
        """(n, k) products of the weighted influences of a group's rows with the derivatives."""
        places = self.places
        out = np.empty((len(influence), len(places.at)))
        out[:, places.dense] = influence @ (self.dense[group] * weight[:, None])
        statistic = places.cut_statistic
        out[:, places.cut] = influence[:, statistic] * (self.cut[group] * weight[statistic])
        return out


@dataclass(frozen=True)
class Evaluation:
    """One set of parameters.

    Attributes
    ----------
    scale : (G, p) array
        Response scales.
    residual : (G, S) array
        Implied less sample statistics.
    """

    implied: Implied
    scale: Floats
    residual: Floats
    structure: Structure
    frame: Frame
    places: Places

    @cached_property
    def slopes(self) -> Slopes:
        return slopes(self.implied, self.scale, self.structure, self.frame, self.places)


@dataclass(frozen=True)
class DiagonalLeastSquares:
    """The objective for some places, all others held at ``base``.

    Attributes
    ----------
    weight : (G, S) array
        (n_g − 1) w.
    base : (G, P) array
    """

    statistics: Statistics
    weight: Floats
    structure: Structure
    places: Places
    base: Floats

    def evaluate(self, part: Floats) -> Evaluation:
        theta = self.base.copy()
        theta[:, self.places.at] = part
        implied = imply(theta, self.structure)
        if not np.isfinite(implied.cov).all():
            raise np.linalg.LinAlgError("the implied covariances are not finite")
        scale = response_scale(implied, self.structure)
        frame = self.statistics.frame
        residual = implied_statistics(implied, scale, frame) - self.statistics.value
        return Evaluation(implied, scale, residual, self.structure, frame, self.places)

    def loss(self, at: Evaluation) -> Floats:
        loss = 0.5 * np.einsum("gs,gs,gs->g", self.weight, at.residual, at.residual)
        bad = ~np.isfinite(at.scale).all(axis=1) | (at.scale <= 0).any(axis=1)
        return np.where(bad, np.inf, loss)

    def gradient(self, at: Evaluation) -> Floats:
        return at.slopes.gradient(self.weight * at.residual)

    def information(self, at: Evaluation) -> Floats:
        n = self.statistics.n[:, None]
        return at.slopes.information(self.weight * n / (n - 1))


def implied_statistics(implied: Implied, scale: Floats, frame: Frame) -> Floats:
    """(G, S) statistics that parameters imply."""
    item, matrices = frame.item, implied.matrices
    cut = matrices.threshold[:, item, frame.boundary] - implied.mean[:, item]
    first, second = frame.first, frame.second
    return np.hstack(
        [
            scale[:, item] * cut,
            -implied.mean[:, frame.mean],
            implied.cov[:, first, second] * scale[:, first] * scale[:, second],
        ]
    )


def slopes(
    implied: Implied, scale: Floats, structure: Structure, frame: Frame, places: Places
) -> Slopes:
    """Derivatives of :func:`implied_statistics` by the parameters in some places."""
    at = places.at[places.dense]
    mean = implied.mean_factor[:, structure.w[at]][:, None, :] * implied.z[:, :, structure.u[at]]
    bend = _scale_slopes(implied, scale, structure)[:, :, at]
    item, first, second = frame.item, frame.first, frame.second
    cut = implied.matrices.threshold[:, item, frame.boundary] - implied.mean[:, item]
    levels = cut[:, :, None] * bend[:, item] - scale[:, item, None] * mean[:, item]
    both = (scale[:, first] * scale[:, second])[:, :, None]
    pairs = both * _covariance_slopes(implied, structure, at, first, second)
    if bend.any():
        turned = bend[:, first] * scale[:, second, None] + bend[:, second] * scale[:, first, None]
        pairs += implied.cov[:, first, second][:, :, None] * turned
    dense = np.concatenate([levels, -mean[:, frame.mean], pairs], axis=1)
    return Slopes(places, dense, scale[:, frame.item[places.cut_statistic]])


def _covariance_slopes(
    implied: Implied, structure: Structure, at: Ints, first: Ints, second: Ints
) -> Floats:
    """(G, C, d) derivatives of σ*, each of rank two."""
    left = structure.c[at] * implied.z[:, :, structure.u[at]]
    right = implied.z[:, :, structure.v[at]]
    return left[:, first] * right[:, second] + right[:, first] * left[:, second]


def _scale_slopes(implied: Implied, scale: Floats, structure: Structure) -> Floats:
    """(G, p, P) derivatives of the response scales."""
    out = np.zeros((*scale.shape, structure.c.size))
    if structure.parameterization == "delta":
        place = np.flatnonzero(structure.matrix == SCALING)
        out[:, structure.row[place], place] = 1.0
        return out
    items = np.flatnonzero(structure.ordered)
    out[:, items] = (
        -0.5 * scale[:, items, None] ** 3 * variance_slopes(implied, structure)[:, items]
    )
    return out
