"""The normal log-likelihood of blocks: value, gradient, informations, scores of cases.

All in units of the log-likelihood itself (not divided by N), for minimising its negative.
Derivatives are first taken for the P parameters of each group, (G, P); which of them are free or
equal is another matter.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from vaar.sem.arrays import Floats, Ints
from vaar.sem.matrices import LATENT_COV, LATENT_MEAN, LOADING, REGRESSION, Implied, Structure
from vaar.sem.moments import Moments, Sample

LOG_2PI = float(np.log(2 * np.pi))
_CELLS = 300_000  # cells of (P, P) informations held at once


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
        cov = _with_gaps(cov, moments)
    weight, log_det = _inverse(cov)
    if not moments.complete:
        weight = weight * (moments.observed[:, :, None] & moments.observed[:, None, :])
    if with_means:
        deviation = (moments.mean - implied.mean[moments.group]) * moments.observed
    else:
        deviation = np.zeros_like(moments.mean)
    trace = np.einsum("tij,tij->t", weight, moments.cov)
    trace += np.einsum("ti,tij,tj->t", deviation, weight, deviation)
    return Evaluation(implied, weight, deviation, 0.5 * moments.n * (log_det + trace))


def _with_gaps(cov: Floats, moments: Moments) -> Floats:
    """Covariances with unit rows where a variable is not observed."""
    both = moments.observed[:, :, None] & moments.observed[:, None, :]
    gaps = np.where(both, cov, 0.0)
    return gaps + np.where(moments.observed[:, :, None], 0.0, np.eye(cov.shape[1]))


def _inverse(cov: Floats) -> tuple[Floats, Floats]:
    """Inverses and log-determinants; infinite where a matrix is not positive definite."""
    try:
        factor = np.linalg.cholesky(cov)
    except np.linalg.LinAlgError:
        good = np.array([_is_positive_definite(one) for one in cov])
        cov = np.where(good[:, None, None], cov, np.eye(cov.shape[1]))
        factor = np.linalg.cholesky(cov)
    else:
        good = np.ones(len(cov), dtype=bool)
    log_det = 2 * np.log(np.einsum("tii->ti", factor)).sum(axis=1)
    return np.asarray(np.linalg.inv(cov), dtype=float), np.where(good, log_det, np.inf)


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


def expected_information(at: Evaluation, moments: Moments, structure: Structure) -> Floats:
    """(G, P, P) Fisher information of each group."""
    out = np.zeros((moments.n_groups, structure.c.size, structure.c.size))
    c = np.outer(structure.c, structure.c)
    w = at.implied.mean_factor[:, structure.w]
    moving, spread = np.flatnonzero(w.any(axis=0)), structure.spreading
    for part in _chunks(len(moments.n), structure.c.size):
        group = moments.group[part]
        z = at.implied.z[group]
        m = z.transpose(0, 2, 1) @ at.weight[part] @ z
        m *= moments.n[part, None, None]
        info = np.zeros((len(group), len(c), len(c)))
        info[:, moving[:, None], moving] = _mean_information(m, w[group], structure, moving)
        info[:, spread[:, None], spread] += c[spread[:, None], spread] * _spread_information(
            m / np.sqrt(moments.n[part, None, None]), structure
        )
        if moments.is_one_block_a_group and len(info) == len(out):
            return info
        _add_blocks(out, group, info)
    return out


def _spread_information(m: Floats, structure: Structure) -> Floats:
    """½ tr(W Σ_i W Σ_j) over the factors c, for the parameters that Σ depends on."""
    uu, vv, uv = _gathered(m, structure)
    return uu * vv + uv * uv.transpose(0, 2, 1)


def _gathered(m: Floats, structure: Structure) -> tuple[Floats, Floats, Floats]:
    """m[u, u], m[v, v] and m[u, v] for all pairs of parameters that Σ depends on."""
    flat, count = m.reshape(len(m), -1), len(structure.spreading)
    uu, vv, uv = (
        flat.take(places, axis=1).reshape(-1, count, count) for places in structure.pair_places
    )
    return uu, vv, uv


def _mean_information(m: Floats, w: Floats, structure: Structure, moving: Ints) -> Floats:
    """μ_iᵀ W μ_j, for the parameters that μ depends on."""
    u = structure.u[moving]
    w = w[:, moving]
    return np.asarray(w[:, :, None] * w[:, None, :] * m.take(u, axis=1).take(u, axis=2))


def _chunks(blocks: int, parameters: int) -> Iterator[slice]:
    size = max(1, _CELLS // max(parameters, 1) ** 2)
    return (slice(start, start + size) for start in range(0, blocks, size))


def observed_information(at: Evaluation, moments: Moments, structure: Structure) -> Floats:
    """(G, P, P) second derivatives of the negative log-likelihood."""
    out = expected_information(at, moments, structure)
    c, spread = structure.c, structure.spreading
    products = np.outer(c[spread], c[spread])
    w = at.implied.mean_factor[:, structure.w]
    for part in _chunks(len(moments.n), structure.c.size):
        group, n = moments.group[part], moments.n[part]
        implied = at.implied.take(group)
        z, weight = implied.z, at.weight[part]
        pull = np.einsum("tij,tj->ti", weight, at.deviation[part])
        q = weight - weight @ moments.cov[part] @ weight - pull[:, :, None] * pull[:, None, :]
        zt = z.transpose(0, 2, 1)
        m, zqz = zt @ weight @ z, zt @ q @ z
        b = np.einsum("trp,tp->tr", zt, pull)
        mixed = _mixed(m, b, c, w[group], structure)
        info = mixed + mixed.transpose(0, 2, 1)
        info[:, spread[:, None], spread] -= products * _cross(m, zqz, structure)
        if structure.m:
            slopes = _column_derivatives(implied, structure)
            info += _curvature(zqz, b, *slopes, w[group], structure)
            info -= _mean_factor_derivatives(implied, structure) * b[:, structure.u][:, :, None]
        info += info.transpose(0, 2, 1).copy()
        info *= 0.5 * n[:, None, None]
        _add_blocks(out, group, info)
    return out


def _add_blocks(out: Floats, group: Ints, blocks: Floats) -> None:
    """Add blocks, which are sorted by group, to their groups."""
    starts = np.flatnonzero(np.diff(group, prepend=-1))
    out[group[starts]] += np.add.reduceat(blocks, starts, axis=0)


def _cross(m: Floats, q: Floats, structure: Structure) -> Floats:
    """tr(Q Σ_j W Σ_i) over the factors c, for the parameters that Σ depends on."""
    m_uu, m_vv, m_uv = _gathered(m, structure)
    q_uu, q_vv, q_uv = _gathered(q, structure)
    m_vu, q_vu = m_uv.transpose(0, 2, 1), q_uv.transpose(0, 2, 1)
    return q_vu * m_uv + q_uu * m_vv + q_vv * m_uu + q_uv * m_vu


def _mixed(m: Floats, b: Floats, c: Floats, w: Floats, structure: Structure) -> Floats:
    """dᵀ W Σ_i W μ_j for all pairs (i, j)."""
    u, v = structure.u, structure.v
    m_vu = m.take(v, axis=1).take(u, axis=2)
    m_uu = m.take(u, axis=1).take(u, axis=2)
    left = b[:, u, None] * m_vu + b[:, v, None] * m_uu
    return c[:, None] * left * w[:, None, :]


def _curvature(
    q: Floats, b: Floats, first: Floats, second: Floats, w: Floats, structure: Structure
) -> Floats:
    """½ tr(Q Σ_ij) − w_i dᵀ W ∂_j z_{u_i} for all pairs (i, j)."""
    u, v, c = structure.u, structure.v, structure.c
    on_u_first, on_u_second = first[:, u, :], second[:, u, :]
    on_v_first, on_v_second = first[:, v, :], second[:, v, :]
    q_uv, q_vv = q.take(v, axis=1).take(u, axis=2), q.take(v, axis=1).take(v, axis=2)
    q_uu = q.take(u, axis=1).take(u, axis=2)
    out = on_u_first * q_uv + on_u_second * q_vv
    out += on_v_first * q_uu + on_v_second * q.take(u, axis=1).take(v, axis=2)
    out *= c[:, None]
    drift = on_u_first * b[:, None, u] + on_u_second * b[:, None, v]
    return out - w[:, :, None] * drift


def _column_derivatives(implied: Implied, structure: Structure) -> tuple[Floats, Floats]:
    """Coefficients of ∂_j z_k = first[k, j] z_{u_j} + second[k, j] z_{v_j}; (G, p + 2m, P) each."""
    p, m = structure.p, structure.m
    groups, count = len(implied.eta), structure.c.size
    first = np.zeros((groups, p + 2 * m, count))
    second = np.zeros_like(first)
    spread, reach = slice(p, p + m), slice(p + m, p + 2 * m)
    row, col = structure.row, structure.col
    j = np.flatnonzero((structure.matrix == LOADING) | (structure.matrix == REGRESSION))
    first[:, spread, j] = implied.phi[:, col[j]].transpose(0, 2, 1)
    first[:, reach, j] = implied.total[:, col[j]].transpose(0, 2, 1)
    j = np.flatnonzero(structure.matrix == REGRESSION)
    second[:, spread, j] = implied.total[:, :, row[j]]
    j = np.flatnonzero(structure.matrix == LATENT_COV)
    first[:, spread, j] = structure.c[j] * implied.total[:, :, col[j]]
    second[:, spread, j] = structure.c[j] * implied.total[:, :, row[j]]
    return first, second


def _mean_factor_derivatives(implied: Implied, structure: Structure) -> Floats:
    """(G, P, P) derivatives of the factor w_i by parameter j."""
    count = structure.c.size
    out = np.zeros((len(implied.eta), count, count))
    scaled = np.flatnonzero((structure.matrix == LOADING) | (structure.matrix == REGRESSION))
    j = np.flatnonzero((structure.matrix == REGRESSION) | (structure.matrix == LATENT_MEAN))
    by_eta = structure.matrix[j] == REGRESSION
    size = np.where(by_eta, implied.eta[:, structure.col[j]], 1.0)
    shift = implied.total[:, :, structure.row[j]] * size[:, None, :]
    out[:, scaled[:, None], j] = shift[:, structure.col[scaled]]
    return out


def case_scores(
    at: Evaluation, sample: Sample, structure: Structure, centre: Floats | None = None
) -> Floats:
    """(N, P) derivatives of each row's log-likelihood by the parameters of its group.

    ``centre`` replaces the implied means, (G, p), where means are not modelled.
    """
    blocks = _block_scores(at, sample, structure, centre)
    return np.concatenate([scores for _, scores in blocks])


def score_products(
    at: Evaluation, sample: Sample, structure: Structure, centre: Floats | None = None
) -> Floats:
    """(G, P, P) sums over rows of the outer products of their scores."""
    out = np.zeros((sample.n_groups, structure.c.size, structure.c.size))
    for group, scores in _block_scores(at, sample, structure, centre):
        out[group] += scores.T @ scores
    return out


def _block_scores(
    at: Evaluation, sample: Sample, structure: Structure, centre: Floats | None
) -> Iterator[tuple[int, Floats]]:
    """The group of each block, and the scores of its rows."""
    means = at.implied.mean if centre is None else centre
    w = at.implied.mean_factor[:, structure.w]
    for index, block in enumerate(np.flatnonzero(np.diff(sample.edges))):
        rows = slice(sample.edges[block], sample.edges[block + 1])
        group = int(sample.block_group[block])
        z, weight = at.implied.z[group], at.weight[index]
        y = ((sample.values[rows] - means[group]) * sample.observed[block]) @ (weight @ z)
        yield group, _scores(y, z, weight, w[group], structure)


def _scores(y: Floats, z: Floats, weight: Floats, w: Floats, structure: Structure) -> Floats:
    level = (z.T @ weight @ z)[structure.u, structure.v]
    on_u = y[:, structure.u]
    return structure.c * (on_u * y[:, structure.v] - level) + w * on_u
