"""Standard errors of aligned means and standard deviations, by the delta method.

The minimum x of a loss F(x, θ) moves with the estimates θ by −F_xx⁻¹ F_xθ.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from vaar.sem.arrays import Floats
from vaar.sem.comparisons.alignment_loss import Loss


def sampling_covariance(loss: Loss, x: Floats, inputs: Sequence[Floats]) -> Floats:
    """(2G, 2G) covariances of log standard deviations (of product 1) and means.

    Parameters
    ----------
    inputs : sequence of (2J, 2J) arrays
        Sampling covariances of each group's loadings and intercepts under mean 0 and variance 1.
    """
    groups, items = loss.loading.shape
    slopes = _Slopes(loss, x)
    second = slopes.by_hyper()
    basis = _free(loss)
    try:
        inverse = basis @ np.linalg.solve(basis.T @ second @ basis, basis.T)
    except np.linalg.LinAlgError:
        return np.full((2 * groups, 2 * groups), np.nan)
    out = np.zeros((2 * groups, 2 * groups))
    for h, cov in enumerate(inputs):
        moved = inverse @ slopes.by_inputs(h).reshape(2 * groups, 2 * items)
        out += moved @ cov @ moved.T
    return out


def _free(loss: Loss) -> Floats:
    """(2G, F) directions in which standard deviations of product 1, and free means, move."""
    groups = loss.n_groups
    centred = np.linalg.svd(np.eye(groups) - 1 / groups)[0][:, : groups - 1]
    means = np.eye(groups)
    if loss.fixed is not None:
        means = np.delete(means, loss.fixed, axis=1)
    out = np.zeros((2 * groups, groups - 1 + means.shape[1]))
    out[:groups, : groups - 1], out[groups:, groups - 1 :] = centred, means
    return out


class _Slopes:
    """Second derivatives of the loss; standard deviations and means move their own group's λ and ν
    alone, and so do loadings and intercepts."""

    def __init__(self, loss: Loss, x: Floats) -> None:
        spread, mean = loss.split(x)
        self.groups = loss.n_groups
        self.loading, intercept = loss.aligned(x)
        self.mean, self.shrink = mean, np.exp(-spread)
        self.on_loading, self.twice_loading = loss.curvature(self.loading)
        self.on_intercept, self.twice_intercept = loss.curvature(intercept)

    def _hyper(self) -> tuple[Floats, Floats]:
        """(2, G, J) derivatives of λ, and of ν, by s and a."""
        zero, mean = np.zeros_like(self.loading), self.mean[:, None]
        by_loading = np.array([-self.loading, zero])
        by_intercept = np.array([mean * self.loading, -self.loading])
        return by_loading, by_intercept

    def by_hyper(self) -> Floats:
        """(2G, 2G) by s and a."""
        of_loading, of_intercept = self._hyper()
        out = np.einsum("ugj,jgh,vhj->ugvh", of_loading, self.twice_loading, of_loading)
        out += np.einsum("ugj,jgh,vhj->ugvh", of_intercept, self.twice_intercept, of_intercept)
        at, mean = np.arange(self.groups), self.mean[:, None]
        own = (self.on_loading * self.loading - self.on_intercept * mean * self.loading).sum(axis=1)
        crossed = (self.on_intercept * self.loading).sum(axis=1)
        out[0, at, 0, at] += own
        out[0, at, 1, at] += crossed
        out[1, at, 0, at] += crossed
        return np.asarray(out.reshape(2 * self.groups, 2 * self.groups))

    def by_inputs(self, h: int) -> Floats:
        """(2, G, 2, J) by s and a of every group, and the loadings and intercepts of group h."""
        of_loading, of_intercept = self._hyper()
        shrink, mean = self.shrink[h], self.mean[h]
        out = np.zeros((2, self.groups, 2, self.loading.shape[1]))
        twice = self.twice_intercept[:, :, h].T
        out[:, :, 0] = of_loading * self.twice_loading[:, :, h].T * shrink
        out[:, :, 0] -= of_intercept * twice * mean * shrink
        out[:, :, 1] = of_intercept * twice
        out[0, h, 0] += -shrink * self.on_loading[h] + mean * shrink * self.on_intercept[h]
        out[1, h, 0] -= shrink * self.on_intercept[h]
        return out
