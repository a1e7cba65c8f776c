"""Bordered block-diagonal information: solving and inverting it at a cost linear in the groups."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from vaar.sem.arrays import Bools, Floats, Ints
from vaar.sem.model.matrices import inverses
from vaar.sem.model.parameter_map import Layout

CLEAR = 1e-3  # eigenvalue, likewise, that no rounding of a minimum makes out of 0
SINGULAR = 1e-10  # smallest eigenvalue, after scaling to a unit diagonal, that counts as positive


@dataclass(frozen=True)
class Information:
    """Information of s shared and G × q own parameters, scaled to a unit diagonal.

    Attributes
    ----------
    shared : (s, s) array
    border : (G, q, s) array
    own : (G, q, q) array
    shared_scale, own_scale : (s,) and (G, q) arrays
        Square roots of the original diagonal; 1 where that is not positive.
    own_empty : (G, q) array
        Places without any information: padding, or a parameter the data say nothing of.
    """

    shared: Floats
    border: Floats
    own: Floats
    shared_scale: Floats
    own_scale: Floats
    own_empty: Bools

    @cached_property
    def own_inverse(self) -> Floats:
        """(G, q, q), by parts that share no information: means often share none with the rest. NaN
        where a group has none."""
        one, other = _unlinked(self.own)
        if not other.size:
            return inverses(self.own)
        out = np.zeros_like(self.own)
        for part in (one, other):
            square = np.ix_(np.arange(len(out)), part, part)
            out[square] = inverses(self.own[square])
        return out

    @cached_property
    def ratio(self) -> Floats:
        """(G, q, s): own⁻¹ border."""
        return np.asarray(self.own_inverse @ self.border)

    @cached_property
    def schur(self) -> Floats:
        """(s, s) information of the shared parameters, the own ones being estimated."""
        rows, s = self.own_scale.size, len(self.shared)
        border, ratio = self.border.reshape(rows, s), self.ratio.reshape(rows, s)
        return np.asarray(self.shared - border.T @ ratio)

    @cached_property
    def schur_inverse(self) -> Floats:
        """(s, s) covariance of the shared parameters."""
        return np.asarray(np.linalg.inv(self.schur))

    def solve(self, shared: Floats, own: Floats) -> tuple[Floats, Floats]:
        """The step for a gradient (s,) and (G, q)."""
        right = own / self.own_scale
        inner = (self.own_inverse @ right[:, :, None])[:, :, 0]
        met = inner.ravel() @ self.border.reshape(inner.size, len(self.shared))
        reduced = shared / self.shared_scale - met
        step = self.schur_inverse @ reduced if reduced.size else reduced
        inner = inner - self.ratio @ step
        return step / self.shared_scale, inner / self.own_scale

    def own_step(self, pull: Floats, groups: Ints | slice = slice(None)) -> Floats:
        """The (G, q) step of some groups, what is shared being held."""
        scale = self.own_scale[groups]
        return np.asarray((self.own_inverse[groups] @ (pull / scale)[:, :, None])[:, :, 0] / scale)

    def shared_step(self, pull: Floats) -> Floats:
        """The (s,) step of what is shared, the own parameters following."""
        return np.asarray(self.schur_inverse @ (pull / self.shared_scale) / self.shared_scale)

    def of_rows(self, share: float) -> Information:
        """That of so many times the rows; what has been inverted is not inverted again."""
        root = np.sqrt(share)
        scales = {"shared_scale": self.shared_scale * root, "own_scale": self.own_scale * root}
        out = replace(self, **scales)
        for name in ("own_inverse", "ratio", "schur", "schur_inverse"):
            if name in self.__dict__:
                out.__dict__[name] = self.__dict__[name]
        return out

    def split(self, flat: Floats) -> tuple[Floats, Floats]:
        """Shared (s,) and own (G, q) parts of a vector that has them end to end."""
        s = len(self.shared)
        return flat[:s], flat[s:].reshape(self.own_scale.shape)

    def damped(self, amount: Floats) -> Information:
        """The same with its diagonal raised by these shares: (G,), all the same with shared
        parameters."""
        return Information(
            self.shared + amount[:1].sum() * np.eye(len(self.shared)),
            self.border,
            self.own + amount[:, None, None] * np.eye(self.own.shape[1]),
            self.shared_scale,
            self.own_scale,
            self.own_empty,
        )

    @cached_property
    def identified(self) -> Bools:
        """(G,) whether every parameter of a group can be told from the others."""
        groups = len(self.own)
        own = self._own_definite() if self.own.shape[1] else np.ones(groups, dtype=bool)
        if len(self.shared) and own.all():
            known = np.isfinite(self.schur).all()
            own = own & bool(known and np.linalg.eigvalsh(self.schur)[0] > SINGULAR)
        elif len(self.shared):
            own[:] = False
        return own

    @property
    def clear(self) -> bool:
        """Whether no eigenvalue of the own blocks, nor of what they leave of the shared one, is
        anywhere near 0."""
        sums = np.abs(self.own_inverse).sum(axis=2)
        shared = np.linalg.eigvalsh(self.schur)[:1] if len(self.shared) else np.ones(1)
        return bool((sums < 1 / CLEAR).all() and (shared > CLEAR).all())

    def _own_definite(self) -> Bools:
        """(G,) whether the smallest eigenvalue of each own block counts as positive."""
        if _definite(self.own) and np.all(np.abs(self.own_inverse).sum(axis=2) < 1 / SINGULAR):
            return np.ones(len(self.own), dtype=bool)  # no eigenvalue is above the largest row sum
        finite = np.isfinite(self.own).all(axis=(1, 2), keepdims=True)
        own = np.where(finite, self.own, 0.0)
        return np.asarray(np.linalg.eigvalsh(own)[:, 0] > SINGULAR)


def _unlinked(matrices: Floats) -> tuple[Ints, Ints]:
    """The places linked to the first one in any of the (G, q, q) matrices, and the others."""
    linked = (matrices != 0).any(axis=0)
    reached = linked[:1].any(axis=0)
    while reached.any():
        grown = linked[reached].any(axis=0)
        if (grown == reached).all():
            break
        reached = grown
    return np.flatnonzero(reached), np.flatnonzero(~reached)


def _definite(matrices: Floats) -> bool:
    try:
        np.linalg.cholesky(matrices)
    except np.linalg.LinAlgError:
        return False
    return True


@dataclass(frozen=True)
class Covariance:
    """Sampling covariances of the free parameters, in blocks.

    With E = own⁻¹ border and Y_g = cov(own_g, shared) + E_g cov(shared), two groups g and h have
    cov(own_g, own_h) = E_g V E_hᵀ − Y_g E_hᵀ − E_g Y_hᵀ, and with h = g, ``inner`` in addition.

    Attributes
    ----------
    shared : (s, s) array
        V, of the shared parameters.
    ratio, link : (G, q, s) arrays
        E and Y.
    inner : (G, q, q) array
        Of the own parameters, the shared ones being known.
    """

    shared: Floats
    ratio: Floats
    link: Floats
    inner: Floats

    def columns(self, group: int) -> Floats:
        """(L, L) covariances of the shared and own columns of a group."""
        return self.between(group, group)

    def between(self, one: int, other: int) -> Floats:
        """(L, L) covariances of the columns of one group with those of another."""
        s, q = len(self.shared), self.inner.shape[1]
        e_g, e_h, y_g, y_h = self.ratio[one], self.ratio[other], self.link[one], self.link[other]
        out: Floats = np.empty((s + q, s + q))
        out[:s, :s] = self.shared
        out[s:, :s] = y_g - e_g @ self.shared
        out[:s, s:] = y_h.T - self.shared @ e_h.T
        out[s:, s:] = -out[s:, :s] @ e_h.T - e_g @ y_h.T
        if one == other:
            out[s:, s:] += self.inner[one]
        return out

    @property
    def finite(self) -> Bools:
        """(G,) whether all covariances of a group are finite."""
        parts = (self.ratio, self.link, self.inner)
        own = np.all([np.isfinite(part).all(axis=(1, 2)) for part in parts], axis=0)
        return np.asarray(own & np.isfinite(self.shared).all())

    def times(self, factor: float) -> Covariance:
        """The covariances multiplied by a number."""
        return Covariance(self.shared * factor, self.ratio, self.link * factor, self.inner * factor)


def information_of(columns: Iterable[Floats], n_groups: int, n_shared: int) -> Information:
    """Split the (L, L) second derivatives of each group in turn into blocks."""
    s = n_shared
    shared = np.zeros((s, s))
    border, own = np.empty((n_groups, 0, s)), np.empty((n_groups, 0, 0))
    for g, block in enumerate(columns):
        if g == 0:
            q = len(block) - s
            border, own = np.empty((n_groups, q, s)), np.empty((n_groups, q, q))
        shared += block[:s, :s]
        border[g], own[g] = block[s:, :s], block[s:, s:]
    return _scaled(shared, border, own)


def _scaled(shared: Floats, border: Floats, own: Floats) -> Information:
    own_diagonal = np.einsum("gqq->gq", own).copy()
    own_empty = ~(own_diagonal > 0)
    own_scale = np.sqrt(np.where(own_empty, 1.0, own_diagonal))
    diagonal = np.diagonal(shared)
    shared_scale = np.sqrt(np.where(diagonal > 0, diagonal, 1.0))
    own /= own_scale[:, :, None]
    own /= own_scale[:, None, :]
    group, empty = np.nonzero(own_empty)
    own[group, empty, empty] += 1.0
    border /= own_scale[:, :, None]
    border /= shared_scale
    shared = shared / np.outer(shared_scale, shared_scale) + np.diag(1.0 * ~(diagonal > 0))
    return Information(shared, border, own, shared_scale, own_scale, own_empty)


def told_apart(info: Information, layout: Layout) -> Bools:
    """(G,) whether every free parameter of a group can be told from the others."""
    real = layout.own >= 0
    for constraint in layout.constraints:
        real &= layout.own != constraint.target
    return np.asarray(info.identified & ~np.any(real & info.own_empty, axis=1))


def inverse(info: Information) -> Covariance:
    """Covariances of the estimates by the information alone."""
    shared = info.schur_inverse if len(info.shared) else np.zeros((0, 0))
    ratio = info.ratio * info.shared_scale / info.own_scale[:, :, None]
    inner = info.own_inverse / info.own_scale[:, :, None]
    inner /= info.own_scale[:, None, :]
    shared = shared / np.outer(info.shared_scale, info.shared_scale)
    return Covariance(shared, ratio, np.broadcast_to(0.0, ratio.shape), inner)


def sandwich(bread: Covariance, meat: Iterable[Floats]) -> tuple[Covariance, float]:
    """Covariances A⁻¹ B A⁻¹ and the trace of A⁻¹ B.

    Parameters
    ----------
    bread : Covariance
        A⁻¹, the :func:`inverse` of an information.
    meat : iterable of (L, L) arrays
        B: summed outer products of scores, of each group in turn.
    """
    s, trace = len(bread.shared), 0.0
    core = np.zeros_like(bread.shared)
    link, inner = np.empty_like(bread.ratio), np.empty_like(bread.inner)
    for g, block in enumerate(meat):
        ratio, own = bread.ratio[g], bread.inner[g]
        trace += float(np.vdot(bread.columns(g), block))
        drawn = block[:, s:] @ ratio
        left = block[s:, :s] - drawn[s:]
        core += block[:s, :s] - drawn[:s] - ratio.T @ left
        link[g] = own @ left @ bread.shared
        inner[g] = own @ block[s:, s:] @ own
    shared = bread.shared @ core @ bread.shared
    return Covariance(shared, bread.ratio, link, inner), trace
