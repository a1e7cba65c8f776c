"""The normal likelihood of two levels: value, gradient, informations, scores of clusters.

A block of cluster means of size s has the covariance Σ_w/s + Σ_b and the mean μ_w + μ_b; the block
of contrasts has Σ_w. Their derivatives are of rank two like those of one level, by columns of
R = E D Z: Z is that of the joined model, D scales its rows by √(1/s), 1 or 0, and E adds up the
parts of a column of the data. So the products of one level serve here too.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from vaar.sem.arrays import Bools, Floats, Ints
from vaar.sem.data.sample import Moments
from vaar.sem.estimators.normal_likelihood import inverse_and_log_det, with_gaps
from vaar.sem.estimators.second_derivatives import (
    blocks_at_once,
    column_derivatives,
    cross,
    curvature,
    drift,
    mixed,
    spread_information,
)
from vaar.sem.model.matrices import (
    INTERCEPT,
    LOADING,
    RESIDUAL_COV,
    Implied,
    Structure,
    imply,
)
from vaar.sem.two_level.levels import Levels, is_between
from vaar.sem.two_level.sample import LevelMoments, TwoLevelSample


@dataclass(frozen=True)
class Evaluation:
    """The likelihood of T blocks at one set of parameters.

    Attributes
    ----------
    weight : (T, q, q) array
        Inverse implied covariances; 0 where a block has no such column.
    pull : (T, q) array
        Weights times the deviations of means.
    loss : (T,) array
        Infinite where implied covariances are not positive definite.
    """

    implied: Implied
    weight: Floats
    pull: Floats
    loss: Floats

    def surplus(self, blocks: Moments, part: slice = slice(None)) -> Floats:
        """(T, q, q) weights less those times the moments about implied means times themselves."""
        weight, pull = self.weight[part], self.pull[part]
        out: Floats = weight - weight @ blocks.cov[part] @ weight
        out -= pull[:, :, None] * pull[:, None, :]
        return out


@lru_cache(maxsize=16)
def rows_between(structure: Structure) -> Bools:
    """(P,) which parameters are of level 2."""
    kind = structure.matrix
    of_observed = (kind == LOADING) | (kind == RESIDUAL_COV) | (kind == INTERCEPT)
    names = (*structure.names, *structure.factors)
    place = np.where(of_observed, structure.row, structure.p + structure.row)
    return np.array([is_between(name) for name in names], dtype=bool)[place]


def at_moments(
    moments: LevelMoments, levels: Levels, cov: Floats, mean: Floats
) -> tuple[Floats, Floats, Floats]:
    """The weights, pulls and losses of an :class:`Evaluation`, for (G, p, p) covariances and
    (G, p) means of the joined model."""
    blocks = moments.blocks
    inner, outer = (part @ cov @ part.T for part in levels.level_parts)
    spread = moments.within[:, None, None] * inner[blocks.group]
    spread += moments.between[:, None, None] * outer[blocks.group]
    if blocks.complete:
        weight, log_det = inverse_and_log_det(spread)
    else:
        weight, log_det = inverse_and_log_det(with_gaps(spread, blocks))
        weight = weight * (blocks.observed[:, :, None] & blocks.observed[:, None, :])
    deviation = (blocks.mean - (mean @ levels.parts.T)[blocks.group]) * moments.between[:, None]
    pull = (weight @ deviation[:, :, None])[:, :, 0]
    trace = np.einsum("tij,tij->t", weight, blocks.cov) + np.einsum("ti,ti->t", deviation, pull)
    return weight, pull, 0.5 * blocks.n * (log_det + trace)


@dataclass(frozen=True)
class TwoLevelLikelihood:
    """The negative log-likelihood, less its constants, as an objective to minimise."""

    moments: LevelMoments
    levels: Levels
    structure: Structure

    @property
    def _blocks(self) -> Moments:
        return self.moments.blocks

    @cached_property
    def _scale(self) -> Floats:
        """(T, p) diagonal of D."""
        within, between = self.moments.within[:, None], self.moments.between[:, None]
        return np.asarray(np.sqrt(np.where(self.levels.between, between, within)))

    @cached_property
    def _mean_scales(self) -> Floats:
        """(2, T) what makes means of level 1, and of level 2, out of columns scaled for
        covariances."""
        within, between = self.moments.within, self.moments.between
        return np.array([between / np.sqrt(within), between])

    @cached_property
    def _mean_scale(self) -> Floats:
        """(T, P) the same for each parameter."""
        inner, outer = self._mean_scales[:, :, None]
        return np.asarray(np.where(rows_between(self.structure), outer, inner))

    def evaluate(self, theta: Floats) -> Evaluation:
        implied = imply(theta, self.structure)
        return Evaluation(
            implied, *at_moments(self.moments, self.levels, implied.cov, implied.mean)
        )

    def loss(self, at: Evaluation) -> Floats:
        return self._blocks.by_group(at.loss)

    def columns(self, at: Evaluation) -> Floats:
        """(T, q, p + 2m) R."""
        return np.asarray(
            self.levels.parts @ (self._scale[:, :, None] * at.implied.z[self._blocks.group])
        )

    def _mean_factor(self, at: Evaluation) -> Floats:
        """(T, P) w, for columns of R."""
        w = at.implied.mean_factor[:, self.structure.w]
        return np.asarray(w[self._blocks.group] * self._mean_scale)

    def gradient(self, at: Evaluation) -> Floats:
        structure, blocks, r = self.structure, self._blocks, self.columns(at)
        rqr = r.transpose(0, 2, 1) @ at.surplus(blocks) @ r
        rb = (at.pull[:, None, :] @ r)[:, 0]
        each = structure.c * rqr[:, structure.u, structure.v]
        each -= self._mean_factor(at) * rb[:, structure.u]
        return blocks.by_group(blocks.n[:, None] * each)

    def information(self, at: Evaluation) -> Iterator[Floats]:
        """(P, P) Fisher information of each group in turn."""
        structure, blocks = self.structure, self._blocks
        r, w = self.columns(at), self._mean_factor(at)
        for group in range(blocks.n_groups):
            part = _slice_of(blocks, group)
            n, m = blocks.n[part], r[part].transpose(0, 2, 1) @ at.weight[part] @ r[part]
            out = np.zeros((structure.c.size, structure.c.size))
            info = np.zeros((len(structure.spreading), len(structure.spreading)))
            for size, one in zip(n, m, strict=True):
                info += size * spread_information(one, structure)
            out[structure.spread_square] = info
            yield _with_drift(out, n, m, w[part], structure)

    def of_groups(self, groups: Ints) -> None:
        """There is none: levels of all groups stand in one table."""

    def observed_information(self, at: Evaluation) -> Iterator[Floats]:
        """(P, P) second derivatives of each group in turn."""
        structure, blocks = self.structure, self._blocks
        r_all, w_all = self.columns(at), self._mean_factor(at)
        for group in range(blocks.n_groups):
            part = _slice_of(blocks, group)
            implied = at.implied.take(slice(group, group + 1))
            n, r, w, weight = blocks.n[part], r_all[part], w_all[part], at.weight[part]
            rt, q = r.transpose(0, 2, 1), at.surplus(blocks, part)
            m, rqr = rt @ weight @ r, rt @ q @ r
            b = (rt @ at.pull[part][:, :, None])[:, :, 0]
            more = np.zeros((structure.c.size, structure.c.size))
            moving, size = np.flatnonzero(w.any(axis=0)), blocks_at_once(structure)
            for some in (slice(t, t + size) for t in range(0, len(n), size)):
                both = mixed(m[some], b[some], w[some], moving, structure)
                more[:, moving] += np.einsum("t,tij->ij", n[some], both)
            if structure.m:
                slopes = column_derivatives(implied, structure)
                q_sum = np.einsum("t,tij->ij", 0.5 * n, rqr)[None]
                more += curvature(q_sum, *slopes, structure)[0]
                b_sum = (0.5 * n * self._mean_scales[:, part]) @ b
                factor = implied.mean_factor[:, structure.w]
                inner, outer = drift(implied, b_sum, factor, *slopes, structure)
                more -= np.where(rows_between(structure)[:, None], outer, inner)
            out = more + more.T
            out[structure.spread_square] += cross(m, n[:, None, None] * (0.5 * m - rqr), structure)
            yield _with_drift(out, n, m, w, structure)

    def scores(self, at: Evaluation, sample: TwoLevelSample) -> Iterator[Floats]:
        """(J, P) derivatives of the log-likelihood of each cluster of each group in turn."""
        structure, blocks = self.structure, self._blocks
        u, v, c = structure.u, structure.v, structure.c
        r_all, w_all = self.columns(at), self._mean_factor(at)
        for group in range(blocks.n_groups):
            first, *rest = blocks.blocks_of(group)
            here = sample.cluster_group == group
            sizes, rows = sample.sizes[here], sample.rows_of(group)
            drawn = at.weight[first] @ r_all[first]
            level = (r_all[first].T @ drawn)[u, v]
            y = sample.contrasts[rows] @ drawn
            starts = sample.starts[here] - rows.start
            out = np.add.reduceat(y[:, u] * y[:, v], starts) - (sizes - 1)[:, None] * level
            out *= c
            for t in rest:
                mine = np.flatnonzero(sizes == np.rint(1 / self.moments.within[t]))
                mean = at.implied.mean[group] @ self.levels.parts.T
                drawn = at.weight[t] @ r_all[t]
                y = (sample.cluster_means[here][mine] - mean) @ drawn
                level = (r_all[t].T @ drawn)[u, v]
                out[mine] += c * (y[:, u] * y[:, v] - level) + w_all[t] * y[:, u]
            yield out


def _slice_of(blocks: Moments, group: int) -> slice:
    here = blocks.blocks_of(group)
    return slice(here.start, here.stop)


def _with_drift(out: Floats, n: Floats, m: Floats, w: Floats, structure: Structure) -> Floats:
    """What means tell, added to (P, P) derivatives of a group: n μ_i' W μ_j of its blocks."""
    moving = np.flatnonzero(w.any(axis=0))
    at = structure.u[moving]
    factor = w[:, moving]
    each = (n[:, None] * factor)[:, :, None] * m[:, at[:, None], at] * factor[:, None, :]
    out[np.ix_(moving, moving)] += each.sum(axis=0)
    return out
