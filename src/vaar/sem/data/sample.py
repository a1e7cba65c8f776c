"""The analysed data, and the sample moments of its blocks.

A *block* is a set of rows of one group that have the same variables observed: one block a group
with complete data, one for each missing-data pattern otherwise, and fewer variables where an item
is masked in a group. Every likelihood is a sum over blocks.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import ClassVar

import numpy as np

from vaar.sem.arrays import Bools, Floats, Ints
from vaar.sem.data.em import expectation_maximisation
from vaar.sem.data.sampling_design import UNSTRUCTURED, SamplingDesign
from vaar.sem.model.group_rules import Boundary


@dataclass(frozen=True)
class Moments:
    """Moments of T blocks, sorted by group.

    Attributes
    ----------
    n : (T,) array
        Rows in each block, or the sum of their sampling weights.
    mean : (T, p) array
        Means; 0 where a variable is not observed.
    cov : (T, p, p) array
        Covariances with divisor n; 0 where a variable is not observed.
    observed : (T, p) array
    group : (T,) array
        Group of each block, 0 … n_groups − 1, ascending.
    """

    n: Floats
    mean: Floats
    cov: Floats
    observed: Bools
    group: Ints
    n_groups: int

    @cached_property
    def complete(self) -> bool:
        """Whether every variable is observed in every block."""
        return bool(self.observed.all())

    @cached_property
    def is_one_block_a_group(self) -> bool:
        return len(self.group) == self.n_groups

    @cached_property
    def _starts(self) -> Ints:
        """(G + 1,) where the blocks of each group begin."""
        return np.searchsorted(self.group, np.arange(self.n_groups + 1))

    @cached_property
    def _fills_groups(self) -> bool:
        """Whether every group has a block."""
        return bool((np.diff(self._starts) > 0).all())

    def blocks_of(self, group: int) -> range:
        """The blocks of a group."""
        return range(int(self._starts[group]), int(self._starts[group + 1]))

    @cached_property
    def group_n(self) -> Floats:
        """(G,) rows in each group."""
        return np.asarray(np.bincount(self.group, weights=self.n, minlength=self.n_groups), float)

    @cached_property
    def best(self) -> tuple[Floats, Floats]:
        """(G, p, p) and (G, p): maximum-likelihood covariances and means of each group."""
        if self.is_one_block_a_group:
            return self.cov, self.mean
        p = self.mean.shape[1]
        cov, mean = np.zeros((self.n_groups, p, p)), np.zeros((self.n_groups, p))
        for g in range(self.n_groups):
            blocks = np.flatnonzero(self.group == g)
            here = np.flatnonzero(self.observed[blocks].any(axis=0))
            found = expectation_maximisation(
                self.n[blocks],
                self.mean[np.ix_(blocks, here)],
                self.cov[np.ix_(blocks, here, here)],
                self.observed[np.ix_(blocks, here)],
            )
            cov[g][np.ix_(here, here)], mean[g, here] = found
        return cov, mean

    def of_groups(self, groups: Ints) -> Moments:
        """Those of some groups (ascending), numbered anew from 0."""
        if self.is_one_block_a_group:
            blocks, number = groups, np.arange(len(groups))
        else:
            count = np.diff(self._starts)[groups]
            number = np.repeat(np.arange(len(groups)), count)
            within = np.arange(len(number)) - (np.cumsum(count) - count)[number]
            blocks = self._starts[groups][number] + within
        n, mean, cov = self.n[blocks], self.mean[blocks], self.cov[blocks]
        return Moments(n, mean, cov, self.observed[blocks], number, len(groups))

    def by_group(self, values: Floats) -> Floats:
        """Sum a (T, …) array of block values within groups, giving (G, …)."""
        if self.is_one_block_a_group:
            return values
        if self._fills_groups:
            return np.asarray(np.add.reduceat(values, self._starts[:-1], axis=0))
        out = np.zeros((self.n_groups, *values.shape[1:]))
        np.add.at(out, self.group, values)
        return out


@dataclass(frozen=True)
class Sample:
    """N rows of p variables in G groups, sorted into blocks.

    Attributes
    ----------
    values : (N, p) array
        Data; what is not observed is 0.
    block : (N,) array
        The block of each row.
    block_group : (T,) array
        The group of each block, ascending.
    observed : (T, p) array
        What is observed in each block.
    design : SamplingDesign
        Clusters and sampling weights of the rows, if they have any.
    has_rows : bool
        Whether there are rows, and not moments alone.
    """

    has_rows: ClassVar[bool] = True

    values: Floats
    block: Ints
    block_group: Ints
    observed: Bools
    n_groups: int
    design: SamplingDesign = field(default=UNSTRUCTURED, kw_only=True)

    @property
    def n_rows(self) -> int:
        return len(self.values)

    @cached_property
    def group(self) -> Ints:
        """(N,) group of each row."""
        return self.block_group[self.block]

    @cached_property
    def present(self) -> Bools:
        """(G, p) whether a variable is observed at all in a group."""
        out = np.zeros((self.n_groups, self.values.shape[1]), dtype=bool)
        np.logical_or.at(out, self.block_group, self.observed)
        return out

    def boundaries(self, names: Sequence[str]) -> Sequence[Mapping[str, Boundary]]:
        """What each group's answers say of the thresholds of variables of these names."""
        return ()

    def answers(self, order: Ints, columns: Ints) -> tuple[Floats, ...]:
        """All that a likelihood depends on, rows and variables in an order: answers, which are
        there, groups, clusters and weights."""
        seen = self.observed[self.block][np.ix_(order, columns)]
        design = [self.design.cluster, self.design.weight]
        drawn = [np.zeros(0) if part is None else np.asarray(part, float)[order] for part in design]
        values, group = self.values[np.ix_(order, columns)], self.group[order]
        return values, seen.astype(float), group.astype(float), *drawn

    def completed(self) -> Sample:
        """A sample of these groups in which every variable is answered, all unrelated and of unit
        variance."""
        p = self.values.shape[1]
        rows = np.tile(np.sqrt(p) * np.vstack([np.eye(p), -np.eye(p)]), (self.n_groups, 1))
        group = np.repeat(np.arange(self.n_groups), 2 * p)
        return sample_of(rows, group, np.ones((self.n_groups, p), dtype=bool))[0]

    def take(self, rows: Ints) -> Sample:
        """The rows asked for, repeats allowed, sorted by block."""
        if (np.diff(self.block[rows]) < 0).any():
            rows = rows[np.argsort(self.block[rows], kind="stable")]
        return Sample(
            self.values[rows],
            self.block[rows],
            self.block_group,
            self.observed,
            self.n_groups,
            design=self.design.take(rows),
        )

    def select(self, groups: Ints) -> Sample:
        """Only these groups (ascending), numbered anew from 0."""
        number = np.full(self.n_groups, -1)
        number[groups] = np.arange(len(groups))
        keep = number[self.block_group] >= 0
        renumber = np.cumsum(keep) - 1
        rows = keep[self.block]
        return Sample(
            self.values[rows],
            renumber[self.block[rows]],
            number[self.block_group[keep]],
            self.observed[keep],
            len(groups),
            design=self.design.select(rows),
        )

    def columns(self, columns: list[int]) -> Sample:
        """Only these variables."""
        return Sample(
            self.values[:, columns],
            self.block,
            self.block_group,
            self.observed[:, columns],
            self.n_groups,
            design=self.design,
        )

    @cached_property
    def edges(self) -> Ints:
        """(T + 1,) where each block begins in ``values``; rows are sorted by block."""
        return np.searchsorted(self.block, np.arange(len(self.block_group) + 1))

    @property
    def best(self) -> tuple[Floats, Floats]:
        """(G, p, p) and (G, p): covariances and means of the model's variables, from which a search
        begins."""
        return self.moments.best

    @property
    def held(self) -> tuple[Floats, Floats]:
        """The same, at which moments of observed predictors are held."""
        return self.best

    @cached_property
    def _group_edges(self) -> Ints:
        return np.searchsorted(self.group, np.arange(self.n_groups + 1))

    def rows_of(self, group: int) -> slice:
        """The rows of a group, which stand together."""
        return slice(int(self._group_edges[group]), int(self._group_edges[group + 1]))

    @cached_property
    def n_units(self) -> Ints:
        """(G,) independent units of each group: its clusters, or else its rows."""
        return np.array([self.design.count(self.rows_of(g)) for g in range(self.n_groups)])

    @cached_property
    def moments(self) -> Moments:
        blocks = np.flatnonzero(np.diff(self.edges))
        p = self.values.shape[1]
        n, mean = np.empty(len(blocks)), np.empty((len(blocks), p))
        cov = np.empty((len(blocks), p, p))
        for at, block in enumerate(blocks):
            part = slice(self.edges[block], self.edges[block + 1])
            rows = self.values[part]
            weighted, n[at] = self.design.weighted(rows, part)
            mean[at] = weighted.sum(axis=0) / n[at]
            centred = (rows - mean[at]) * self.observed[block]
            weighted, _ = self.design.weighted(centred, part)
            cov[at] = centred.T @ weighted / n[at]
        return Moments(n, mean, cov, self.observed[blocks], self.block_group[blocks], self.n_groups)


def sample_of(
    values: Floats, group: Ints, present: Bools, design: SamplingDesign = UNSTRUCTURED
) -> tuple[Sample, Ints]:
    """Sort rows into blocks.

    Parameters
    ----------
    values : (N, p) array
        NaN where there is no answer.
    group : (N,) array
        Group of each row, 0 … G − 1.
    present : (G, p) array
        False where an item is masked in a group.

    Returns
    -------
    Sample, (N,) array
        The sample, and where each of its rows stood in ``values``.
    """
    observed = ~np.isnan(values) & present[group]
    if (observed == present[group]).all():
        used, block = np.unique(group, return_inverse=True)
        patterns = np.column_stack([used, ~present[used]])
    else:
        keys = np.column_stack([group, ~observed]).astype(np.int64)
        patterns, block = np.unique(keys, axis=0, return_inverse=True)
    block = block.reshape(-1)
    order = np.argsort(block, kind="stable")
    filled = values if observed.all() else np.where(observed, values, 0.0)
    if (np.diff(block) < 0).any():
        filled, block = filled[order], block[order]
    return (
        Sample(
            filled,
            block,
            patterns[:, 0],
            patterns[:, 1:] == 0,
            len(present),
            design=design.select(order),
        ),
        order,
    )
