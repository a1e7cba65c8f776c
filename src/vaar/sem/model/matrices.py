"""LISREL matrices: where each parameter sits in them, and the moments they imply.

For a group, with A = (I − B)⁻¹,

    Φ = A Ψ Aᵀ,   Σ = Λ Φ Λᵀ + Θ,   μ = ν + Λ A α.

The derivative of Σ by any parameter has rank two, c (u vᵀ + v uᵀ), and that of μ is w u, where u
and v are columns of Z = [I | ΛΦ | ΛA]. Everything the engine needs is gathered from products
with Z.
"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, fields, replace
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from vaar.sem.arrays import Floats, Ints
from vaar.sem.model.parameters import ModelSpec, Row

(
    LOADING,
    REGRESSION,
    LATENT_COV,
    RESIDUAL_COV,
    INTERCEPT,
    LATENT_MEAN,
    THRESHOLD,
    SCALING,
) = range(8)


class PairPlaces(NamedTuple):
    """Places of (u, u), (v, v), (u, v) and (v, u) in a flattened square of the columns of Z."""

    uu: Ints
    vv: Ints
    uv: Ints
    vu: Ints


@dataclass(frozen=True, eq=False)
class Structure:
    """Places of the P parameters of one group; equal only to itself.

    Attributes
    ----------
    p, m : int
        Observed variables; latent ones, structural observed variables included.
    matrix, row, col : (P,) arrays
        Which matrix a parameter is in, and where.
    u, v : (P,) arrays
        Columns of Z in the derivative of Σ; ``u`` also in that of μ.
    c : (P,) array
        Factor of the derivative of Σ: 0 for means, ½ on the diagonal, else 1.
    w : (P,) array
        Factor of the derivative of μ, as an index into [Aα | 1 | 0].
    base : (S,) array
        All matrices laid end to end, filled with what is constant.
    n_thresholds : int
        The most thresholds any item has.
    ordered : tuple of bool
        Which observed variables are ordinal items; empty without any.
    parameterization : {'', 'delta', 'theta'}
    """

    names: tuple[str, ...]
    factors: tuple[str, ...]
    matrix: Ints
    row: Ints
    col: Ints
    u: Ints
    v: Ints
    c: Floats
    w: Ints
    place: Ints
    mirror: Ints
    base: Floats
    n_thresholds: int = 0
    ordered: tuple[bool, ...] = ()
    parameterization: str = ""

    @property
    def p(self) -> int:
        return len(self.names)

    @property
    def m(self) -> int:
        return len(self.factors)

    @cached_property
    def parts(self) -> tuple[slice, ...]:
        """Where each matrix begins and ends in ``base``."""
        edges = np.concatenate([[0], np.cumsum(_sizes(self.p, self.m, self.n_thresholds))])
        return tuple(slice(int(a), int(b)) for a, b in pairwise(edges))

    @cached_property
    def spreading(self) -> Ints:
        """Parameters that Σ depends on."""
        return np.flatnonzero(self.c)

    @cached_property
    def spread_part(self) -> Structure:
        """The structure of those parameters alone: means are 0."""
        part = self.spreading
        return replace(
            self,
            **{
                name: getattr(self, name)[part]
                for name in ("matrix", "row", "col", "u", "v", "c", "w", "place", "mirror")
            },
        )

    @cached_property
    def spread_square(self) -> tuple[slice, slice] | tuple[Ints, Ints]:
        """Where all pairs of them stand in a (P, P) array."""
        at = self.spreading
        if at.size and at[-1] - at[0] == at.size - 1:
            part = slice(int(at[0]), int(at[-1]) + 1)
            return part, part
        return at[:, None], at

    @cached_property
    def pair_places(self) -> PairPlaces:
        """Where their columns stand, for all pairs of them."""
        u, v, width = self.u[self.spreading], self.v[self.spreading], self.p + 2 * self.m

        def place(one: Ints, other: Ints) -> Ints:
            return np.ravel(one[:, None] * width + other)

        return PairPlaces(place(u, u), place(v, v), place(u, v), place(v, u))

    @cached_property
    def pair_factor(self) -> Floats:
        """Products of their factors c, for all pairs of them."""
        c = self.c[self.spreading]
        return np.outer(c, c).ravel()

    @cached_property
    def has_regressions(self) -> bool:
        return bool(np.any(self.matrix == REGRESSION))


@dataclass(frozen=True)
class Matrices:
    """The parameter matrices of G groups, each with a leading group axis."""

    loading: Floats
    regression: Floats
    latent_cov: Floats
    residual_cov: Floats
    intercept: Floats
    latent_mean: Floats
    threshold: Floats
    scaling: Floats


@dataclass(frozen=True)
class Implied:
    """What parameters imply in G groups.

    Attributes
    ----------
    total : (G, m, m) array
        A = (I − B)⁻¹.
    phi : (G, m, m) array
        Covariances of the latent variables.
    eta : (G, m) array
        Means of the latent variables.
    z : (G, p, p + 2m) array
        [I | ΛΦ | ΛA].
    cov, mean : (G, p, p) and (G, p) arrays
        Σ and μ.
    """

    matrices: Matrices
    total: Floats
    phi: Floats
    eta: Floats
    z: Floats
    cov: Floats
    mean: Floats

    def take(self, groups: slice) -> Implied:
        """The same for some of the groups."""
        matrices = Matrices(
            *(getattr(self.matrices, part.name)[groups] for part in fields(Matrices))
        )
        parts = (self.total, self.phi, self.eta, self.z, self.cov, self.mean)
        return Implied(matrices, *(part[groups] for part in parts))

    @cached_property
    def mean_factor(self) -> Floats:
        """(G, m + 2) array [Aα | 1 | 0], which ``Structure.w`` points into."""
        groups, m = self.eta.shape
        out = np.zeros((groups, m + 2))
        out[:, :m], out[:, m] = self.eta, 1.0
        return out


def _sizes(p: int, m: int, n_thresholds: int) -> list[int]:
    return [p * m, m * m, m * m, p * p, p, m, p * n_thresholds, p]


def structure_of(spec: ModelSpec) -> Structure:
    """Find the place of every parameter of a model."""
    factors = (*spec.latents, *spec.structural)
    p, m = len(spec.observed), len(factors)
    n_thresholds = max((int(row.rhs[1:]) for row in spec.rows if row.op == "|"), default=0)
    starts = np.concatenate([[0], np.cumsum(_sizes(p, m, n_thresholds))])
    base = np.zeros(int(starts[-1]))
    base[starts[SCALING] :] = 1.0
    for name in spec.structural:
        base[spec.observed.index(name) * m + factors.index(name)] = 1.0
    rows = [_locate(row, spec.observed, factors) for row in spec.rows]
    matrix, row, col = np.array(rows, dtype=np.int64).reshape(-1, 3).T
    width = np.array([m, m, m, p, 1, 1, n_thresholds, 1])[matrix]
    symmetric = (matrix == LATENT_COV) | (matrix == RESIDUAL_COV)
    place = starts[matrix] + row * width + col
    mirror = np.where(symmetric, starts[matrix] + col * width + row, place)
    u, v = _columns(matrix, row, col, p, m)
    is_mean = (matrix == INTERCEPT) | (matrix == LATENT_MEAN)
    c = np.where(matrix >= INTERCEPT, 0.0, np.where(symmetric & (row == col), 0.5, 1.0))
    w = np.where(is_mean, m, np.where(symmetric | (matrix > LATENT_MEAN), m + 1, col))
    return Structure(
        spec.observed,
        factors,
        matrix,
        row,
        col,
        u,
        v,
        c,
        w,
        place,
        mirror,
        base,
        n_thresholds,
        tuple(name in spec.ordered for name in spec.observed) if spec.ordered else (),
        spec.parameterization,
    )


def _locate(row: Row, observed: tuple[str, ...], factors: tuple[str, ...]) -> tuple[int, int, int]:
    inside = row.lhs in factors
    if row.op == "=~" and row.rhs in factors:
        return REGRESSION, factors.index(row.rhs), factors.index(row.lhs)
    if row.op == "=~":
        return LOADING, observed.index(row.rhs), factors.index(row.lhs)
    if row.op == "~":
        return REGRESSION, factors.index(row.lhs), factors.index(row.rhs)
    if row.op == "~1":
        names = factors if inside else observed
        return (LATENT_MEAN if inside else INTERCEPT), names.index(row.lhs), 0
    if row.op == "|":
        return THRESHOLD, observed.index(row.lhs), int(row.rhs[1:]) - 1
    if row.op == "~*~":
        return SCALING, observed.index(row.lhs), 0
    names = factors if inside else observed
    return ((LATENT_COV if inside else RESIDUAL_COV), names.index(row.lhs), names.index(row.rhs))


def _columns(matrix: Ints, row: Ints, col: Ints, p: int, m: int) -> tuple[Ints, Ints]:
    """Columns of Z = [I | ΛΦ | ΛA] in each derivative."""
    through = (matrix == REGRESSION) | (matrix == LATENT_COV) | (matrix == LATENT_MEAN)
    u = np.where(through, p + m + row, row)
    v = np.where((matrix == LOADING) | (matrix == REGRESSION), p + col, col)
    v = np.where(matrix == LATENT_COV, p + m + col, v)
    return u.astype(np.int64), np.where(matrix >= INTERCEPT, 0, v).astype(np.int64)


def assemble(theta: Floats, structure: Structure) -> Matrices:
    """Put (G, P) parameter values into their matrices."""
    p, m, k, groups = structure.p, structure.m, structure.n_thresholds, len(theta)
    flat = np.tile(structure.base, (groups, 1))
    flat[:, structure.place] = theta
    flat[:, structure.mirror] = theta
    shapes = ((p, m), (m, m), (m, m), (p, p), (p,), (m,), (p, k), (p,))
    return Matrices(
        *(
            flat[:, part].reshape(groups, *shape)
            for part, shape in zip(structure.parts, shapes, strict=True)
        )
    )


def imply(theta: Floats, structure: Structure) -> Implied:
    """Moments implied by (G, P) parameter values; NaN where I − B cannot be inverted."""
    matrices = assemble(theta, structure)
    p, m, groups = structure.p, structure.m, len(theta)
    if structure.has_regressions:
        total = inverses(np.eye(m) - matrices.regression)
        phi = total @ matrices.latent_cov @ total.transpose(0, 2, 1)
        reach = matrices.loading @ total
        eta = (total @ matrices.latent_mean[..., None])[..., 0]
    else:
        total = np.broadcast_to(np.eye(m), (groups, m, m))
        phi, reach, eta = matrices.latent_cov, matrices.loading, matrices.latent_mean
    spread = matrices.loading @ phi
    cov = spread @ matrices.loading.transpose(0, 2, 1) + matrices.residual_cov
    mean = matrices.intercept + (matrices.loading @ eta[..., None])[..., 0]
    z = np.empty((groups, p, p + 2 * m))
    z[:, :, :p], z[:, :, p : p + m], z[:, :, p + m :] = np.eye(p), spread, reach
    return Implied(matrices, total, phi, eta, z, cov, mean)


def inverses(matrices: Floats) -> Floats:
    """The inverse of each of (G, q, q) matrices; NaN where one has none."""
    try:
        return np.asarray(np.linalg.inv(matrices), dtype=float)
    except np.linalg.LinAlgError:
        pass
    out = np.full_like(matrices, np.nan)
    for matrix, place in zip(matrices, out, strict=True):
        with suppress(np.linalg.LinAlgError):
            place[:] = np.linalg.inv(matrix)
    return out
