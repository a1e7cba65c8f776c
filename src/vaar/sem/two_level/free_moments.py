"""Moments of two levels without a structure: all free, or those of unrelated variables."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vaar.sem.arrays import Bools, Floats, Ints
from vaar.sem.two_level.mixed_model import Products, fit_mixed
from vaar.sem.two_level.sample import TwoLevelSample


@dataclass(frozen=True)
class FreeMoments:
    """Moments of the joined model's variables.

    Attributes
    ----------
    cov, mean : (G, p, p) and (G, p) arrays
    inside, converged : (G,) arrays
        As in :class:`vaar.sem.two_level.mixed_model.Mixed`.
    """

    cov: Floats
    mean: Floats
    inside: Bools
    converged: Bools


def free_moments(sample: TwoLevelSample, related: Bools) -> FreeMoments:
    """Fit them to every group.

    The answers of variables of both levels are regressed on those of one level alone, whose moments
    are those of rows or clusters.

    Parameters
    ----------
    related : (p,) array
        Variables with free covariances among them; the others have none.
    """
    cov, mean = (part.copy() for part in sample.best)
    inside, converged = np.ones(sample.n_groups, dtype=bool), np.ones(sample.n_groups, dtype=bool)
    for g in range(sample.n_groups):
        part = _Group(sample, g, cov[g], mean[g])
        good = [part.fit(np.flatnonzero(chosen), joint) for chosen, joint in _sets(related)]
        inside[g] = all(one for one, _ in good)
        converged[g] = all(one for _, one in good)
        cov[g], mean[g] = part.cov, part.mean
    return FreeMoments(cov, mean, inside, converged)


def _sets(related: Bools) -> list[tuple[Bools, bool]]:
    return [(one, joint) for one, joint in ((related, True), (~related, False)) if one.any()]


class _Group:
    """One group: its products, and the moments that are filled in."""

    def __init__(self, sample: TwoLevelSample, group: int, cov: Floats, mean: Floats) -> None:
        self.levels, self.start = sample.levels, cov
        self.cov, self.mean = np.zeros_like(cov), mean.copy()
        self.products = _products(sample, group)

    def fit(self, chosen: Ints, joint: bool) -> tuple[bool, bool]:
        """Fit some variables of the joined model, all related or none."""
        levels, column = self.levels, self.levels.column
        alone = chosen[~levels.both[chosen]]
        self._alone(alone, joint)
        outer = chosen[levels.both[chosen] & levels.between[chosen]]
        if not len(outer):
            return True, True
        twin = {int(column[i]): int(i) for i in np.flatnonzero(levels.both & ~levels.between)}
        inner = np.array([twin[int(column[i])] for i in outer])
        regressors = alone if joint else alone[:0]
        products = self.products.of([0, *(1 + column[regressors]), *(1 + column[outer])])
        start = self.start
        found = fit_mixed(
            products, *self._residual(start, inner, outer, regressors), diagonal=not joint
        )
        self._join(found.within, inner, found.slopes[1:][~levels.between[regressors]], regressors)
        self._join(found.between, outer, found.slopes[1:][levels.between[regressors]], regressors)
        self.mean[outer] = found.slopes[0] + self.mean[regressors] @ found.slopes[1:]
        return found.inside, found.converged

    def _alone(self, at: Ints, joint: bool) -> None:
        """Moments of variables of one level: sample ones."""
        between = self.levels.between[at]
        for part in (at[~between], at[between]):
            block = self.start[np.ix_(part, part)]
            self.cov[np.ix_(part, part)] = block if joint else np.diag(np.diagonal(block))

    def _residual(
        self, start: Floats, inner: Ints, outer: Ints, regressors: Ints
    ) -> tuple[Floats, Floats]:
        """What regressors leave of the starting covariances."""
        between = self.levels.between[regressors]
        left = []
        for at, known in ((inner, regressors[~between]), (outer, regressors[between])):
            crossed = start[np.ix_(known, at)]
            slopes = np.linalg.solve(start[np.ix_(known, known)], crossed)
            left.append(start[np.ix_(at, at)] - crossed.T @ slopes)
        return left[0], left[1]

    def _join(self, residual: Floats, at: Ints, slopes: Floats, regressors: Ints) -> None:
        """Covariances from residual ones and slopes on regressors of the same level."""
        level = self.levels.between[at[0]]
        known = regressors[self.levels.between[regressors] == level]
        crossed = self.cov[np.ix_(known, known)] @ slopes
        self.cov[np.ix_(known, at)], self.cov[np.ix_(at, known)] = crossed, crossed.T
        self.cov[np.ix_(at, at)] = residual + slopes.T @ crossed


def _products(sample: TwoLevelSample, group: int) -> Products:
    """Of a constant and all columns; of contrasts, then of the clusters of each size."""
    moments = sample.level_moments
    blocks = moments.blocks.blocks_of(group)
    part = slice(blocks.start, blocks.stop)
    n, mean, cov = moments.blocks.n[part], moments.blocks.mean[part], moments.blocks.cov[part]
    constant = moments.between[part]
    q = mean.shape[1]
    total = np.empty((len(n), q + 1, q + 1))
    total[:, 0, 0] = n * constant
    total[:, 0, 1:] = total[:, 1:, 0] = n[:, None] * mean
    total[:, 1:, 1:] = n[:, None, None] * (cov + mean[:, :, None] * mean[:, None, :])
    return Products(n, total, moments.within[part], moments.between[part])
