"""Bordered block-diagonal information: solving and inverting it at a cost linear in the groups."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from vaar.sem.arrays import Bools, Floats

SINGULAR = 1e-10  # smallest eigenvalue, after scaling to a unit diagonal, that counts as positive

_GROUPS = 32  # groups whose own blocks are multiplied at once


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
        """(G, q, q)."""
        return np.asarray(np.linalg.inv(self.own))

    @cached_property
    def ratio(self) -> Floats:
        """(G, q, s): own⁻¹ border."""
        return np.asarray(self.own_inverse @ self.border)

    @cached_property
    def schur(self) -> Floats:
        """(s, s) information of the shared parameters, the own ones being estimated."""
        return np.asarray(self.shared - np.einsum("gqs,gqt->st", self.border, self.ratio))

    @cached_property
    def schur_inverse(self) -> Floats:
        """(s, s) covariance of the shared parameters."""
        return np.asarray(np.linalg.inv(self.schur))

    def solve(self, shared: Floats, own: Floats) -> tuple[Floats, Floats]:
        """The step for a gradient (s,) and (G, q)."""
        right = own / self.own_scale
        inner = (self.own_inverse @ right[:, :, None])[:, :, 0]
        reduced = shared / self.shared_scale - np.einsum("gqs,gq->s", self.border, inner)
        step = self.schur_inverse @ reduced if reduced.size else reduced
        inner = inner - self.ratio @ step
        return step / self.shared_scale, inner / self.own_scale

    def split(self, flat: Floats) -> tuple[Floats, Floats]:
        """Shared (s,) and own (G, q) parts of a vector that has them end to end."""
        s = len(self.shared)
        return flat[:s], flat[s:].reshape(self.own_scale.shape)

    def damped(self, amount: float) -> Information:
        """The same with its diagonal raised by this share."""
        if not amount:
            return self
        return Information(
            self.shared + amount * np.eye(len(self.shared)),
            self.border,
            self.own + amount * np.eye(self.own.shape[1]),
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
            own = own & bool(np.linalg.eigvalsh(self.schur)[0] > SINGULAR)
        elif len(self.shared):
            own[:] = False
        return own

    def _own_definite(self) -> Bools:
        """(G,) whether the smallest eigenvalue of each own block counts as positive."""
        if _definite(self.own) and np.all(np.abs(self.own_inverse).sum(axis=2) < 1 / SINGULAR):
            return np.ones(len(self.own), dtype=bool)  # no eigenvalue is above the largest row sum
        return np.asarray(np.linalg.eigvalsh(self.own)[:, 0] > SINGULAR)


def _definite(matrices: Floats) -> bool:
    try:
        np.linalg.cholesky(matrices)
    except np.linalg.LinAlgError:
        return False
    return True


@dataclass(frozen=True)
class Covariance:
    """Sampling covariances of the free parameters, in blocks.

    With E = own⁻¹ border and Y_g = cov(own_g, shared) + E_g cov(shared), two groups g ≠ h have
    cov(own_g, own_h) = E_g V E_hᵀ − Y_g E_hᵀ − E_g Y_hᵀ.

    Attributes
    ----------
    columns : (G, L, L) array
        Shared and own columns of each group together.
    ratio, link : (G, q, s) arrays
        E and Y.
    """

    columns: Floats
    ratio: Floats
    link: Floats

    @property
    def n_shared(self) -> int:
        return int(self.ratio.shape[2])

    def between(self, one: int, other: int) -> Floats:
        """(L, L) covariances of the columns of one group with those of another."""
        if one == other:
            return np.asarray(self.columns[one])
        s = self.n_shared
        out: Floats = np.empty(self.columns[one].shape)
        shared = self.columns[one, :s, :s]
        e_g, e_h, y_g, y_h = self.ratio[one], self.ratio[other], self.link[one], self.link[other]
        out[:s, :s] = shared
        out[:s, s:] = self.columns[other, :s, s:]
        out[s:, :s] = self.columns[one, s:, :s]
        out[s:, s:] = e_g @ shared @ e_h.T - y_g @ e_h.T - e_g @ y_h.T
        return out


def information_of(columns: Floats, n_shared: int) -> Information:
    """Split (G, L, L) second derivatives into their blocks."""
    s = n_shared
    shared, border, own = columns[:, :s, :s].sum(axis=0), columns[:, s:, :s], columns[:, s:, s:]
    own_diagonal = np.einsum("gqq->gq", own)
    own_empty = ~(own_diagonal > 0)
    own_scale = np.sqrt(np.where(own_empty, 1.0, own_diagonal))
    diagonal = np.diagonal(shared)
    shared_scale = np.sqrt(np.where(diagonal > 0, diagonal, 1.0))
    own = own / own_scale[:, :, None]
    own /= own_scale[:, None, :]
    group, empty = np.nonzero(own_empty)
    own[group, empty, empty] += 1.0
    border = border / (own_scale[:, :, None] * shared_scale)
    shared = shared / np.outer(shared_scale, shared_scale) + np.diag(1.0 * ~(diagonal > 0))
    return Information(
        shared,
        border,
        own,
        shared_scale,
        own_scale,
        own_empty,
    )


def inverse(info: Information) -> Covariance:
    """Covariances of the estimates by the information alone."""
    s = len(info.shared)
    groups, q = info.own_scale.shape
    ratio = info.ratio
    shared = info.schur_inverse if s else np.zeros((0, 0))
    out = np.empty((groups, s + q, s + q))
    out[:, :s, :s] = shared
    out[:, s:, :s] = -ratio @ shared
    out[:, :s, s:] = out[:, s:, :s].transpose(0, 2, 1)
    np.matmul(ratio @ shared, ratio.transpose(0, 2, 1), out=out[:, s:, s:])
    out[:, s:, s:] += info.own_inverse
    scale = np.hstack([np.broadcast_to(info.shared_scale, (groups, s)), info.own_scale])
    ratio = ratio * info.shared_scale / info.own_scale[:, :, None]
    out /= scale[:, :, None]
    out /= scale[:, None, :]
    return Covariance(out, ratio, np.zeros_like(ratio))


def sandwich(info: Information, meat: Floats) -> Covariance:
    """Covariances A⁻¹ B A⁻¹, for a meat B of (G, L, L) summed outer products of scores."""
    s = len(info.shared)
    ratio = info.ratio * info.shared_scale / info.own_scale[:, :, None]
    bread = info.schur_inverse / np.outer(info.shared_scale, info.shared_scale)
    ratio_t = ratio.transpose(0, 2, 1)
    m_ss, m_os, m_oo = meat[:, :s, :s], meat[:, s:, :s], meat[:, s:, s:]
    core = m_ss - m_os.transpose(0, 2, 1) @ ratio - ratio_t @ m_os + ratio_t @ m_oo @ ratio
    shared = bread @ core.sum(axis=0) @ bread
    link, out = np.empty_like(ratio), np.empty_like(meat)
    for start in range(0, len(out), _GROUPS):
        part = slice(start, start + _GROUPS)
        scale = info.own_scale[part]
        own_inverse = info.own_inverse[part] / (scale[:, :, None] * scale[:, None, :])
        link[part] = own_inverse @ (m_os[part] - m_oo[part] @ ratio[part]) @ bread
        mixed = (link[part] - 0.5 * ratio[part] @ shared) @ ratio_t[part]
        own = own_inverse @ m_oo[part] @ own_inverse
        out[part, s:, s:] = own - mixed - mixed.transpose(0, 2, 1)
    out[:, :s, :s] = shared
    out[:, s:, :s] = link - ratio @ shared
    out[:, :s, s:] = out[:, s:, :s].transpose(0, 2, 1)
    return Covariance(out, ratio, link)
