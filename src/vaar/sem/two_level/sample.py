"""Rows in clusters, and the moments that the likelihood of two levels depends on.

Rows of a cluster of size s are s − 1 independent contrasts with covariance Σ_w, and a mean with
covariance Σ_w/s + Σ_b (McDonald & Goldstein 1989). So the rows of a group enter by one block of
contrasts, and by one block of cluster means for each size that occurs.

References
----------
McDonald & Goldstein (1989), British Journal of Mathematical and Statistical Psychology 42, 215–232.
doi:10.1111/j.2044-8317.1989.tb00911.x
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

import numpy as np

from vaar.sem.arrays import Bools, Floats, Ints
from vaar.sem.data.sample import Moments, Sample
from vaar.sem.two_level.levels import Levels

_TRIFLE = 1e-4  # smallest eigenvalue of held moments, in shares of a variance
_LEAST = 0.05  # share of a variance that starting values leave to level 2, at the least


@dataclass(frozen=True)
class LevelMoments:
    """Moments of T blocks of contrasts and cluster means, sorted by group.

    Attributes
    ----------
    blocks : Moments
        Of the q columns; contrasts have mean 0.
    within, between : (T,) arrays
        What Σ_w and Σ_b (and with that the means) count in a block: 1 and 0 for contrasts, 1/s and
        1 for means of clusters of size s.
    """

    blocks: Moments
    within: Floats
    between: Floats


@dataclass(frozen=True)
class TwoLevelSample(Sample):
    """N rows, sorted by group and cluster.

    Attributes
    ----------
    cluster : (N,) array
        Ascending; no cluster is in two groups.
    levels : Levels
        The model's variables.
    free : tuple of arrays, optional
        Moments of the model in which all of them are free, where predictors of both levels are
        held at them.
    """

    cluster: Ints = field(kw_only=True)
    levels: Levels = field(kw_only=True)
    free: tuple[Floats, Floats] | None = field(default=None, kw_only=True)

    @property
    def held(self) -> tuple[Floats, Floats]:
        return self.best if self.free is None else self.free

    def answers(self, order: Ints, columns: Ints) -> tuple[Floats, ...]:
        """Answers, groups and clusters; columns are those of the joined model."""
        values = self.values[np.ix_(order, self.levels.column[columns])]
        return values, self.group[order].astype(float), self.cluster[order].astype(float)

    def completed(self) -> TwoLevelSample:
        """The same sample, in which every variable is answered."""
        return self

    @cached_property
    def starts(self) -> Ints:
        """(J,) where each cluster begins."""
        return np.flatnonzero(np.diff(self.cluster, prepend=-1))

    @cached_property
    def sizes(self) -> Ints:
        """(J,) rows of each cluster."""
        return np.diff(self.starts, append=len(self.cluster))

    @cached_property
    def cluster_group(self) -> Ints:
        """(J,) group of each cluster."""
        return self.group[self.starts]

    @cached_property
    def n_clusters(self) -> Ints:
        """(G,) clusters of each group."""
        return np.bincount(self.cluster_group, minlength=self.n_groups)

    @cached_property
    def cluster_means(self) -> Floats:
        """(J, q) means of the clusters."""
        return np.asarray(np.add.reduceat(self.values, self.starts) / self.sizes[:, None])

    @cached_property
    def contrasts(self) -> Floats:
        """(N, q) rows less the means of their clusters."""
        return self.values - np.repeat(self.cluster_means, self.sizes, axis=0)

    @property
    def present(self) -> Bools:
        """(G, p) of the joined model: everything."""
        return np.ones((self.n_groups, len(self.levels.spec.observed)), dtype=bool)

    @cached_property
    def level_moments(self) -> LevelMoments:
        q, blocks = self.values.shape[1], []
        is_within = np.zeros(q, dtype=bool)
        is_within[self.levels.within_columns] = True
        for g in range(self.n_groups):
            rows, here = self.rows_of(g), self.cluster_group == g
            contrasts = self.contrasts[rows]
            free = len(contrasts) - int(here.sum())
            cov = contrasts.T @ contrasts / free
            blocks.append((g, free, np.zeros(q), cov, is_within, 1.0, 0.0))
            for size in np.unique(self.sizes[here]):
                means = self.cluster_means[here & (self.sizes == size)]
                centre, cov = _moments(means)
                every = np.ones(q, dtype=bool)
                blocks.append((g, len(means), centre, cov, every, 1.0 / size, 1.0))
        group, n, mean, cov, observed, within, between = (
            np.array(part) for part in zip(*blocks, strict=True)
        )
        moments = Moments(n.astype(float), mean, cov, observed, group, self.n_groups)
        return LevelMoments(moments, within, between)

    @cached_property
    def best(self) -> tuple[Floats, Floats]:
        """(G, p, p) and (G, p): covariances and means of the joined model by moments of both
        levels, positive definite; exact for variables of one level."""
        levels, p = self.levels, len(self.levels.spec.observed)
        w, b = np.flatnonzero(~levels.between), np.flatnonzero(levels.between)
        w_columns, b_columns = levels.within_columns, levels.between_columns
        by_row, alone = levels.both[b], ~levels.both[w]
        cov, mean = np.zeros((self.n_groups, p, p)), np.zeros((self.n_groups, p))
        for g in range(self.n_groups):
            rows, here = self.rows_of(g), self.cluster_group == g
            centre, total = _moments(self.values[rows])
            level, outer = _moments(self.cluster_means[here])
            contrasts = self.contrasts[rows]
            pooled = contrasts.T @ contrasts / (len(contrasts) - int(here.sum()))
            exact = total[w_columns[:, None], w_columns]
            inner = np.where(np.outer(alone, alone), exact, pooled[w_columns[:, None], w_columns])
            cov[g, w[:, None], w] = _definite(inner, np.diagonal(exact), ~alone)
            raw, noise = (part[b_columns[:, None], b_columns] for part in (outer, pooled))
            share = np.mean(1.0 / self.sizes[here])
            twofold = np.outer(by_row, by_row)
            cov[g, b[:, None], b] = _definite(
                np.where(twofold, raw - share * noise, raw), np.diagonal(raw), by_row
            )
            mean[g, w] = np.where(alone, centre[w_columns], 0.0)
            mean[g, b] = np.where(by_row, centre[b_columns], level[b_columns])
        return cov, mean


def _moments(rows: Floats) -> tuple[Floats, Floats]:
    """Means and covariances of some rows."""
    mean = rows.mean(axis=0)
    centred = rows - mean
    return mean, centred.T @ centred / len(rows)


def _definite(cov: Floats, base: Floats, movable: Bools) -> Floats:
    """Covariances of which those of movable variables are raised until they are well inside."""
    if not len(cov):
        return cov
    scale = np.sqrt(np.maximum(base, 1e-300))
    correlation = cov / np.outer(scale, scale)
    values, vectors = np.linalg.eigh(correlation)
    if values[0] >= _LEAST:
        return cov
    raised = (vectors * np.maximum(values, _LEAST)) @ vectors.T
    kept = np.outer(~movable, ~movable)
    return np.where(kept, cov, raised * np.outer(scale, scale))


def raised(cov: Floats, rough: Floats) -> Floats:
    """(G, p, p) free moments whose smallest eigenvalues are not below a trifle: a variable need not
    vary between clusters."""
    base = np.einsum("gpp->gp", rough)
    scale = np.sqrt(base)
    unit = scale[:, :, None] * scale[:, None, :]
    values, vectors = np.linalg.eigh(cov / unit)
    if (values >= _TRIFLE).all():
        return cov
    return np.asarray(
        (vectors * np.maximum(values, _TRIFLE)[:, None]) @ vectors.transpose(0, 2, 1) * unit
    )
