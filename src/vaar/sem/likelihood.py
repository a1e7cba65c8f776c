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
from vaar.sem.matrices import LATENT_COV, LATENT_MEAN, LOADING, REGRESSION, Implied, Structure
from vaar.sem.moments import Moments, Sample

LOG_2PI = float(np.log(2 * np.pi))
_CELLS = 2_000_000  # cells of (P, P) informations held at once


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
    diagonal = np.einsum("tii->ti", gaps)
    diagonal[~moments.observed] = 1.0
    return gaps


def _inverse(cov: Floats) -> tuple[Floats, Floats]:
    """Inverses and log-determinants; infinite where a matrix is not positive definite."""
    try:
        factor = np.linalg.cholesky(cov)
    except np.linalg.LinAlgError:
        good = np.isfinite(cov).all(axis=(1, 2))
        good[good] = np.linalg.eigvalsh(cov[good])[:, 0] > 0
        factor = np.linalg.cholesky(np.where(good[:, None, None], cov, np.eye(cov.shape[1])))
        log_det = 2 * np.log(np.einsum("tii->ti", factor)).sum(axis=1)
        inverse = np.linalg.inv(factor)
        return inverse.transpose(0, 2, 1) @ inverse, np.where(good, log_det, np.inf)
    log_det = 2 * np.log(np.einsum("tii->ti", factor)).sum(axis=1)
    inverse = np.linalg.inv(factor)
    return inverse.transpose(0, 2, 1) @ inverse, log_det


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
    return structure.c * zqz[:, structure.u, structure.v] - w * zb[:, structure.u]


def expected_information(at: Evaluation, moments: Moments, structure: Structure) -> Floats:
    """(G, P, P) Fisher information of each group."""
    out = np.zeros((moments.n_groups, structure.c.size, structure.c.size))
    c = np.outer(structure.c, structure.c)
    w = at.implied.mean_factor[:, structure.w]
    for part in _chunks(len(moments.n), structure.c.size):
        group = moments.group[part]
        z = at.implied.z[group]
        uu, vv, uv = _gathered(z.transpose(0, 2, 1) @ at.weight[part] @ z, structure)
        info = c * (uu * vv + uv * uv.transpose(0, 2, 1))
        info += (w[group][:, :, None] * w[group][:, None, :]) * uu
        np.add.at(out, group, moments.n[part, None, None] * info)
    return out


def _chunks(blocks: int, parameters: int) -> Iterator[slice]:
    size = max(1, _CELLS // max(parameters, 1) ** 2)
    return (slice(start, start + size) for start in range(0, blocks, size))


def _gathered(m: Floats, structure: Structure) -> tuple[Floats, Floats, Floats]:
    """m[u, u], m[v, v] and m[u, v] for all pairs of parameters."""
    u, v = structure.u, structure.v
    rows = m.take(u, axis=1)
    return rows.take(u, axis=2), m.take(v, axis=1).take(v, axis=2), rows.take(v, axis=2)


def observed_information(at: Evaluation, moments: Moments, structure: Structure) -> Floats:
    """(G, P, P) second derivatives of the negative log-likelihood."""
    out = expected_information(at, moments, structure)
    c = structure.c
    w = at.implied.mean_factor[:, structure.w]
    first, second = _column_derivatives(at.implied, structure)
    mean_mean = _mean_factor_derivatives(at.implied, structure)
    for part in _chunks(len(moments.n), structure.c.size):
        group, n = moments.group[part], moments.n[part]
        z, weight = at.implied.z[group], at.weight[part]
        pull = np.einsum("tij,tj->ti", weight, at.deviation[part])
        q = weight - weight @ moments.cov[part] @ weight - pull[:, :, None] * pull[:, None, :]
        zt = z.transpose(0, 2, 1)
        m, zqz = zt @ weight @ z, zt @ q @ z
        b = np.einsum("trp,tp->tr", zt, pull)
        info = -np.outer(c, c) * _cross(m, zqz, structure)
        mixed = _mixed(m, b, c, w[group], structure)
        info += mixed + mixed.transpose(0, 2, 1)
        info += _curvature(zqz, b, first[group], second[group], w[group], structure)
        info -= mean_mean[group] * b[:, structure.u][:, :, None]
        np.add.at(out, group, n[:, None, None] * info)
    return 0.5 * (out + out.transpose(0, 2, 1))


def _cross(m: Floats, q: Floats, structure: Structure) -> Floats:
    """tr(Q Σ_j W Σ_i) over the factors c, for all pairs."""
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
    for j in np.flatnonzero((structure.matrix == LOADING) | (structure.matrix == REGRESSION)):
        first[:, spread, j] = implied.phi[:, col[j], :]
        first[:, reach, j] = implied.total[:, col[j], :]
        if structure.matrix[j] == REGRESSION:
            second[:, spread, j] = implied.total[:, :, row[j]]
    for j in np.flatnonzero(structure.matrix == LATENT_COV):
        first[:, spread, j] = structure.c[j] * implied.total[:, :, col[j]]
        second[:, spread, j] = structure.c[j] * implied.total[:, :, row[j]]
    return first, second


def _mean_factor_derivatives(implied: Implied, structure: Structure) -> Floats:
    """(G, P, P) derivatives of the factor w_i by parameter j."""
    count = structure.c.size
    out = np.zeros((len(implied.eta), count, count))
    scaled = np.flatnonzero((structure.matrix == LOADING) | (structure.matrix == REGRESSION))
    for j in np.flatnonzero((structure.matrix == REGRESSION) | (structure.matrix == LATENT_MEAN)):
        shift = implied.total[:, :, structure.row[j]]
        if structure.matrix[j] == REGRESSION:
            shift = shift * implied.eta[:, structure.col[j], None]
        out[:, scaled, j] = shift[:, structure.col[scaled]]
    return out


def case_scores(
    at: Evaluation, sample: Sample, structure: Structure, centre: Floats | None = None
) -> Floats:
    """(N, P) derivatives of each row's log-likelihood by the parameters of its group.

    ``centre`` replaces the implied means, (G, p), where means are not modelled.
    """
    out = np.empty((sample.n_rows, structure.c.size))
    means = at.implied.mean if centre is None else centre
    w = at.implied.mean_factor[:, structure.w]
    blocks = np.flatnonzero(np.diff(sample.edges))
    for index, block in enumerate(blocks):
        rows = slice(sample.edges[block], sample.edges[block + 1])
        group = sample.block_group[block]
        z, weight = at.implied.z[group], at.weight[index]
        y = ((sample.values[rows] - means[group]) * sample.observed[block]) @ (weight @ z)
        out[rows] = _scores(y, z, weight, w[group], structure)
    return out


def _scores(y: Floats, z: Floats, weight: Floats, w: Floats, structure: Structure) -> Floats:
    level = (z.T @ weight @ z)[structure.u, structure.v]
    on_u = y[:, structure.u]
    return structure.c * (on_u * y[:, structure.v] - level) + w * on_u
