"""What second derivatives of a normal likelihood are made of, gathered from products with Z.

The derivatives of Σ and μ by a parameter are c (u vᵀ + v uᵀ) and w u, for columns u and v of Z (see
:mod:`vaar.sem.model.matrices`). With m = Zᵀ W Z, q = Zᵀ Q Z and b = Zᵀ W d for some weights W and Q
and a deviation d, all second derivatives are sums of entries of these.
"""

from __future__ import annotations

import numpy as np

from vaar.sem.arrays import Floats, Ints
from vaar.sem.model.matrices import LATENT_COV, LATENT_MEAN, LOADING, REGRESSION, Implied, Structure

_CELLS = 50_000  # cells of (P, P) derivatives held at once


def blocks_at_once(structure: Structure) -> int:
    """How many blocks to take (P, P) derivatives of in one go."""
    return max(1, _CELLS // max(structure.c.size, 1) ** 2)


def spread_information(m: Floats, structure: Structure) -> Floats:
    """½ tr(W Σ_i W Σ_j) of one block, for the parameters that Σ depends on."""
    flat, places = m.ravel(), structure.pair_places
    same = flat.take(places.uu)
    same *= flat.take(places.vv)
    crossed = flat.take(places.uv)
    crossed *= flat.take(places.vu)
    same += crossed
    same *= structure.pair_factor
    return same.reshape(len(structure.spreading), -1)


def cross(m: Floats, q: Floats, structure: Structure) -> Floats:
    """tr(Q Σ_j W Σ_i) summed over blocks, for the parameters that Σ depends on.

    One block at a time: gathered for all of them at once, products no longer fit a cache.
    """
    places, count = structure.pair_places, len(structure.spreading)
    crossed, same = np.zeros(count * count), np.zeros(count * count)
    for one, other in zip(m.reshape(len(m), -1), q.reshape(len(q), -1), strict=True):
        crossed += other.take(places.vu) * one.take(places.uv)
        same += other.take(places.uu) * one.take(places.vv)
        same += other.take(places.vv) * one.take(places.uu)
    square = crossed.reshape(count, count)
    out = square + square.T + same.reshape(count, count)
    out *= structure.pair_factor.reshape(count, count)
    return np.asarray(out)


def mixed(m: Floats, b: Floats, w: Floats, moving: Ints, structure: Structure) -> Floats:
    """dᵀ W Σ_i W μ_j for all i, and for the j that means move by."""
    u, v, c = structure.u, structure.v, structure.c
    right = m.take(u[moving], axis=2)
    left = b[:, u, None] * right.take(v, axis=1) + b[:, v, None] * right.take(u, axis=1)
    return c[:, None] * left * w[:, None, moving]


def curvature(q: Floats, first: Floats, second: Floats, structure: Structure) -> Floats:
    """½ tr(Q Σ_ij) for all pairs (i, j)."""
    u, v = structure.u, structure.v
    on_u, on_v = q.take(u, axis=1), q.take(v, axis=1)
    out = first[:, u] * on_v.take(u, axis=2) + second[:, u] * on_v.take(v, axis=2)
    out += first[:, v] * on_u.take(u, axis=2) + second[:, v] * on_u.take(v, axis=2)
    out *= structure.c[:, None]
    return out


def drift(
    implied: Implied, b: Floats, w: Floats, first: Floats, second: Floats, structure: Structure
) -> Floats:
    """dᵀ W μ_ij for all pairs (i, j), by the factors w of which means are made."""
    u, v = structure.u, structure.v
    out = first[:, u] * b[:, None, u] + second[:, u] * b[:, None, v]
    out *= w[:, :, None]
    out += mean_factor_derivatives(implied, structure) * b[:, u, None]
    return out


def column_derivatives(implied: Implied, structure: Structure) -> tuple[Floats, Floats]:
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


def mean_factor_derivatives(implied: Implied, structure: Structure) -> Floats:
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
