"""Diagonally weighted least squares: value, derivatives and case scores.

Half of Σ_g (n_g − 1) Σ_s w_gs r_gs² is minimised over the residuals r of the statistics; twice the
minimum is the χ² of the fit. Derivatives are taken for chosen *places* of the P parameters. A
threshold touches one statistic only, so its derivatives are kept apart from the dense ones.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from vaar.sem.arrays import Floats, Ints
from vaar.sem.data.ordinal.sample import Frame, Statistics
from vaar.sem.model.latent_response import response_scale, variance_slopes
from vaar.sem.model.matrices import SCALING, THRESHOLD, Implied, Structure, imply


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
    """Derivatives of the implied statistics of one group.

    Attributes
    ----------
    dense : (S, d) array
        By the places that are no thresholds.
    cut : (T',) array
        Of each threshold's statistic by the threshold.
    """

    places: Places
    dense: Floats
    cut: Floats

    @property
    def full(self) -> Floats:
        """(S, k) derivatives."""
        places = self.places
        out = np.zeros((len(self.dense), len(places.at)))
        out[:, places.dense] = self.dense
        out[places.cut_statistic, places.cut] = self.cut
        return out

    def information(self, weight: Floats) -> Floats:
        """(k, k) cross-products weighted by (S,) values."""
        places, count = self.places, len(self.places.at)
        out = np.zeros((count, count))
        weighted = self.dense * weight[:, None]
        dense, cut, statistic = places.dense, places.cut, places.cut_statistic
        out[dense[:, None], dense] = self.dense.T @ weighted
        cross = self.cut[:, None] * weighted[statistic]
        out[cut[:, None], dense] = cross
        out[dense[:, None], cut] = cross.T
        out[cut, cut] = self.cut**2 * weight[statistic]
        return out

    def scores(self, influence: Floats, weight: Floats) -> Floats:
        """(n, k) products of the weighted influences of rows with the derivatives."""
        places = self.places
        out = np.empty((len(influence), len(places.at)))
        out[:, places.dense] = influence @ (self.dense * weight[:, None])
        statistic = places.cut_statistic
        out[:, places.cut] = influence[:, statistic] * (self.cut * weight[statistic])
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
        scale = response_scale(implied, self.structure)
        frame = self.statistics.frame
        residual = implied_statistics(implied, scale, frame) - self.statistics.value
        return Evaluation(implied, scale, residual)

    def loss(self, at: Evaluation) -> Floats:
        loss = 0.5 * np.einsum("gs,gs,gs->g", self.weight, at.residual, at.residual)
        good = np.isfinite(loss) & (at.scale > 0).all(axis=1) & np.isfinite(at.scale).all(axis=1)
        return np.where(good, loss, np.inf)

    def gradient(self, at: Evaluation) -> Floats:
        pull, frame = self.weight * at.residual, self.statistics.frame
        return pulled(pull, at.implied, at.scale, self.structure, frame)[:, self.places.at]

    def information(self, at: Evaluation) -> Iterator[Floats]:
        n = self.statistics.n[:, None]
        weight = self.weight * n / (n - 1)
        frame, places = self.statistics.frame, self.places
        for g in range(len(n)):
            found = slopes(at.implied, at.scale, self.structure, frame, places, g)
            yield found.information(weight[g])

    def of_groups(self, groups: Ints) -> None:
        """There is none: statistics of all groups stand in one frame."""


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


def pulled(
    pull: Floats, implied: Implied, scale: Floats, structure: Structure, frame: Frame
) -> Floats:
    """(G, P) derivatives of the parameters, from (G, S) derivatives of the statistics."""
    item, first, second, mean = frame.item, frame.first, frame.second, frame.mean
    levels, means, pairs = np.split(pull, [len(item), frame.n_levels], axis=1)
    every = np.arange(structure.p)
    by_cov = np.zeros_like(implied.cov)
    by_cov[:, first, second] = pairs
    by_cov = by_cov + by_cov.transpose(0, 2, 1)
    on_item = np.eye(structure.p)[item]
    cut = implied.matrices.threshold[:, item, frame.boundary] - implied.mean[:, item]
    by_scale = (levels * cut) @ on_item + np.einsum("gij,gij,gj->gi", by_cov, implied.cov, scale)
    by_cov *= scale[:, :, None] * scale[:, None, :]
    by_mean = -scale * (levels @ on_item)
    by_mean[:, mean] -= means
    if structure.parameterization == "theta":
        by_cov[:, every, every] -= np.where(structure.ordered, scale**3 * by_scale, 0.0)
    zt = implied.z.transpose(0, 2, 1)
    along = zt @ by_cov @ implied.z
    level = (zt @ by_mean[:, :, None])[:, :, 0]
    w = implied.mean_factor[:, structure.w]
    out = structure.c * along[:, structure.u, structure.v] + w * level[:, structure.u]
    if structure.parameterization == "delta":
        place = np.flatnonzero(structure.matrix == SCALING)
        out[:, place] = by_scale[:, structure.row[place]]
    cuts = Places.of(np.flatnonzero(structure.matrix == THRESHOLD), structure, frame)
    out[:, cuts.at] = (levels * scale[:, item])[:, cuts.cut_statistic]
    return np.asarray(out)


def slopes(
    implied: Implied,
    scale: Floats,
    structure: Structure,
    frame: Frame,
    places: Places,
    group: int,
) -> Slopes:
    """Derivatives of :func:`implied_statistics` of a group by the parameters in some places."""
    implied, scale = implied.take(slice(group, group + 1)), scale[group]
    at = places.at[places.dense]
    z, cov = implied.z[0], implied.cov[0]
    mean = implied.mean_factor[0, structure.w[at]] * z[:, structure.u[at]]
    bend = _scale_slopes(implied, scale, structure)[:, at]
    item, first, second = frame.item, frame.first, frame.second
    cut = implied.matrices.threshold[0, item, frame.boundary] - implied.mean[0, item]
    levels = cut[:, None] * bend[item] - scale[item, None] * mean[item]
    both = (scale[first] * scale[second])[:, None]
    pairs = both * _covariance_slopes(z, structure, at, first, second)
    if bend.any():
        turned = bend[first] * scale[second, None] + bend[second] * scale[first, None]
        pairs += cov[first, second][:, None] * turned
    dense = np.concatenate([levels, -mean[frame.mean], pairs])
    return Slopes(places, dense, scale[frame.item[places.cut_statistic]])


def _covariance_slopes(
    z: Floats, structure: Structure, at: Ints, first: Ints, second: Ints
) -> Floats:
    """(C, d) derivatives of σ*, each of rank two."""
    left, right = structure.c[at] * z[:, structure.u[at]], z[:, structure.v[at]]
    return left[first] * right[second] + right[first] * left[second]


def _scale_slopes(implied: Implied, scale: Floats, structure: Structure) -> Floats:
    """(p, P) derivatives of the response scales."""
    out = np.zeros((len(scale), structure.c.size))
    if structure.parameterization == "delta":
        place = np.flatnonzero(structure.matrix == SCALING)
        out[structure.row[place], place] = 1.0
        return out
    items = np.flatnonzero(structure.ordered)
    bend = variance_slopes(implied, structure)[0, items]
    out[items] = -0.5 * scale[items, None] ** 3 * bend
    return out
