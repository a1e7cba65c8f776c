"""The normal log-likelihood of blocks: value, gradient, informations, scores of cases.

All in units of the log-likelihood itself (not divided by N), for minimising its negative.
Derivatives are first taken for the P parameters of each group, (G, P); which of them are free or
equal is another matter.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from vaar.sem.arrays import Floats
from vaar.sem.data.sample import Moments, Sample
from vaar.sem.estimators.second_derivatives import (
    blocks_at_once,
    column_derivatives,
    cross,
    curvature,
    drift,
    mixed,
    spread_information,
)
from vaar.sem.model.matrices import Implied, Structure, inverses

LOG_2PI = float(np.log(2 * np.pi))


@dataclass(frozen=True)
class Evaluation:
    """The likelihood of T blocks at one set of implied moments.

    Attributes
    ----------
    weight : (T, p, p) array
        Σ⁻¹ of the observed variables, 0 elsewhere.
    deviation : (T, p) array
        Sample mean less implied mean, 0 where not observed.
    loss : (T,) array
        n/2 · [log|Σ| + tr(Σ⁻¹ (S + d dᵀ))]; infinite where Σ is not positive definite.
    """

    implied: Implied
    weight: Floats
    deviation: Floats
    loss: Floats

    @property
    def admissible(self) -> bool:
        return bool(np.isfinite(self.loss).all())


def evaluate(implied: Implied, moments: Moments, with_means: bool = True) -> Evaluation:
    """The likelihood of every block."""
    cov = implied.cov[moments.group]
    if not moments.complete:
        cov = with_gaps(cov, moments)
    weight, log_det = inverse_and_log_det(cov)
    if not moments.complete:
        weight = weight * (moments.observed[:, :, None] & moments.observed[:, None, :])
    if with_means:
        deviation = (moments.mean - implied.mean[moments.group]) * moments.observed
    else:
        deviation = np.zeros_like(moments.mean)
    trace = np.einsum("tij,tij->t", weight, moments.cov)
    trace += np.einsum("ti,tij,tj->t", deviation, weight, deviation)
    return Evaluation(implied, weight, deviation, 0.5 * moments.n * (log_det + trace))


def with_gaps(cov: Floats, moments: Moments) -> Floats:
    """Covariances with unit rows where a variable is not observed."""
    both = moments.observed[:, :, None] & moments.observed[:, None, :]
    gaps = np.where(both, cov, 0.0)
    return gaps + np.where(moments.observed[:, :, None], 0.0, np.eye(cov.shape[1]))


def inverse_and_log_det(cov: Floats) -> tuple[Floats, Floats]:
    """Inverses, NaN where a matrix is as good as singular, and log-determinants; infinite where it
    is not positive definite."""
    try:
        factor = np.linalg.cholesky(cov)
        good = np.isfinite(factor).all(axis=(1, 2))
    except np.linalg.LinAlgError:
        good = np.zeros(len(cov), dtype=bool)
    if not good.all():
        good = np.array([_is_positive_definite(one) for one in cov])
        cov = np.where(good[:, None, None], cov, np.eye(cov.shape[1]))
        factor = np.linalg.cholesky(cov)
    log_det = 2 * np.log(np.einsum("tii->ti", factor)).sum(axis=1)
    return inverses(cov), np.where(good, log_det, np.inf)


def _is_positive_definite(cov: Floats) -> bool:
    try:
        np.linalg.cholesky(cov)
    except np.linalg.LinAlgError:
        return False
    return bool(np.isfinite(cov).all())


def gradient(at: Evaluation, moments: Moments, structure: Structure) -> Floats:
    """(G, P) derivatives of the negative log-likelihood."""
    n = moments.n
    pull = np.einsum("tij,tj->ti", at.weight, at.deviation)
    surplus = at.weight - at.weight @ moments.cov @ at.weight - pull[:, :, None] * pull[:, None, :]
    q = moments.by_group(n[:, None, None] * surplus)
    b = moments.by_group(n[:, None] * pull)
    z = at.implied.z
    zqz = z.transpose(0, 2, 1) @ q @ z
    zb = np.einsum("gir,gi->gr", z, b)
    w = at.implied.mean_factor[:, structure.w]
    return np.asarray(structure.c * zqz[:, structure.u, structure.v] - w * zb[:, structure.u])


def expected_information(
    at: Evaluation, moments: Moments, structure: Structure
) -> Iterator[Floats]:
    """(P, P) Fisher information of each group in turn."""
    w = at.implied.mean_factor[:, structure.w]
    moving = np.flatnonzero(w.any(axis=0))
    level = np.ix_(structure.u[moving], structure.u[moving])
    for group in range(moments.n_groups):
        z, factor = at.implied.z[group], np.outer(w[group, moving], w[group, moving])
        out = np.zeros((structure.c.size, structure.c.size))
        for block in moments.blocks_of(group):
            m, n = z.T @ at.weight[block] @ z, moments.n[block]
            info = spread_information(m, structure)
            info *= n
            out[structure.spread_square] += info
            if len(moving):
                out[np.ix_(moving, moving)] += n * factor * m[level]
        yield out


def observed_information(
    at: Evaluation, moments: Moments, structure: Structure
) -> Iterator[Floats]:
    """(P, P) second derivatives of the negative log-likelihood of each group in turn."""
    expected = expected_information(at, moments, structure)
    size = blocks_at_once(structure)
    for group, out in enumerate(expected):
        blocks = moments.blocks_of(group)
        implied = at.implied.take(slice(group, group + 1))
        for start in range(0, len(blocks), size):
            out += _beyond_expected(at, implied, moments, blocks[start : start + size], structure)
        yield out


def _beyond_expected(
    at: Evaluation, implied: Implied, moments: Moments, blocks: range, structure: Structure
) -> Floats:
    """(P, P) observed less expected information of some blocks of one group."""
    part = slice(blocks.start, blocks.stop)
    z, weight, n, spread = implied.z, at.weight[part], moments.n[part], structure.spread_square
    w = implied.mean_factor[:, structure.w]
    pull = np.einsum("tij,tj->ti", weight, at.deviation[part])
    q = weight - weight @ moments.cov[part] @ weight - pull[:, :, None] * pull[:, None, :]
    zt = z.transpose(0, 2, 1)
    m, zqz = zt @ weight @ z, zt @ q @ z
    b = (zt @ pull[:, :, None])[:, :, 0]
    half, moving = 0.5 * n, np.flatnonzero(w.any(axis=0))
    out = np.zeros((structure.c.size, structure.c.size))
    out[spread] -= cross(m, half[:, None, None] * zqz, structure)
    out[:, moving] += np.einsum("t,tij->ij", n, mixed(m, b, w, moving, structure))
    if structure.m:
        slopes = column_derivatives(implied, structure)
        q_sum, b_sum = np.einsum("t,tij->ij", half, zqz)[None], (half @ b)[None]
        out += curvature(q_sum, *slopes, structure)[0]
        out -= drift(implied, b_sum, w, *slopes, structure)[0]
    return np.asarray(out + out.T)


def case_scores(
    at: Evaluation, sample: Sample, structure: Structure, centre: Floats | None = None
) -> Floats:
    """(N, P) derivatives of each row's log-likelihood by the parameters of its group, times its
    weight.

    ``centre`` replaces the implied means, (G, p), where means are not modelled.
    """
    groups = range(sample.n_groups)
    parts = [_block_scores(at, sample, structure, centre, group) for group in groups]
    return np.concatenate([scores for part in parts for scores in part])


def score_products(
    at: Evaluation, sample: Sample, structure: Structure, centre: Floats | None = None
) -> Iterator[Floats]:
    """(P, P) sums over the rows of each group in turn, or its clusters, of the outer products of
    their scores."""
    for group in range(sample.n_groups):
        out = np.zeros((structure.c.size, structure.c.size))
        for scores in _unit_scores(at, sample, structure, centre, group):
            out += scores.T @ scores
        yield out


def _unit_scores(
    at: Evaluation, sample: Sample, structure: Structure, centre: Floats | None, group: int
) -> Iterator[Floats]:
    """The scores of the rows of each block of a group; or those of all its clusters at once."""
    scores = _block_scores(at, sample, structure, centre, group)
    if sample.design.cluster is None:
        yield from scores
    else:
        yield sample.design.totals(np.concatenate(list(scores)), sample.rows_of(group))


def _block_scores(
    at: Evaluation, sample: Sample, structure: Structure, centre: Floats | None, group: int
) -> Iterator[Floats]:
    """The scores of the rows of each block of a group, times their weights."""
    mean = (at.implied.mean if centre is None else centre)[group]
    z, w = at.implied.z[group], at.implied.mean_factor[group, structure.w]
    filled = np.flatnonzero(np.diff(sample.edges))
    for index in sample.moments.blocks_of(group):
        block, weight = filled[index], at.weight[index]
        rows = slice(sample.edges[block], sample.edges[block + 1])
        y = ((sample.values[rows] - mean) * sample.observed[block]) @ (weight @ z)
        yield sample.design.weighted(_scores(y, z, weight, w, structure), rows)[0]


def _scores(y: Floats, z: Floats, weight: Floats, w: Floats, structure: Structure) -> Floats:
    level = (z.T @ weight @ z)[structure.u, structure.v]
    on_u = y[:, structure.u]
    return structure.c * (on_u * y[:, structure.v] - level) + w * on_u
