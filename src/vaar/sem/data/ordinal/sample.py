"""Ordinal, continuous or mixed answers in groups, and the statistics that least squares fits to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, overload

import numpy as np

from vaar.errors import DataError
from vaar.sem.arrays import Bools, Floats, Ints
from vaar.sem.data.ordinal.statistics import OrdinalStatistics, StatisticKind, ordinal_statistics
from vaar.sem.data.sample import Sample
from vaar.sem.model.group_rules import Boundary

Missing = Literal["listwise", "pairwise"]


@dataclass(frozen=True)
class Frame:
    """One order of S statistics for all groups: levels, then variances and covariances.

    Attributes
    ----------
    item, boundary : (T,) arrays
        Thresholds: the variable, and the number of the threshold from 0.
    mean : (M,) array
        Continuous variables, whose negative means follow the thresholds.
    first, second : (C,) arrays
        Pairs of variables; equal for the variance of a continuous one.
    """

    item: Ints
    boundary: Ints
    mean: Ints
    first: Ints
    second: Ints

    @property
    def n_levels(self) -> int:
        return len(self.item) + len(self.mean)

    @property
    def pairs(self) -> Ints:
        """Statistics of two different variables."""
        return self.n_levels + np.flatnonzero(self.first != self.second)

    @property
    def size(self) -> int:
        return self.n_levels + len(self.first)


@dataclass(frozen=True)
class Influences(Sequence[Floats]):
    """The (U, S) influences of the independent units of each group, its clusters or else its rows,
    made anew whenever they are asked for.

    Attributes
    ----------
    places : tuple of arrays
        By group, where its statistics stand among the S.
    """

    by_group: tuple[OrdinalStatistics, ...]
    places: tuple[Ints, ...]
    size: int
    sample: Sample

    def __len__(self) -> int:
        return len(self.by_group)

    @overload
    def __getitem__(self, group: int) -> Floats: ...

    @overload
    def __getitem__(self, group: slice) -> Sequence[Floats]: ...

    def __getitem__(self, group: int | slice) -> Floats | Sequence[Floats]:
        if isinstance(group, slice):
            return [self[g] for g in range(*group.indices(len(self)))]
        return self.sample.design.totals(self.of_rows(group), self.sample.rows_of(group))

    def of_rows(self, group: int) -> Floats:
        """(n, S) influences of the rows of a group."""
        found = self.by_group[group]
        return _spread(found.influences, self.places[group], found.estimated, self.size)


@dataclass(frozen=True)
class Statistics:
    """The statistics of G groups in the order of a frame.

    Attributes
    ----------
    n : (G,) array
        Rows of each group, or the sum of their sampling weights.
    value, weight : (G, S) arrays
        The statistics and the reciprocals of their asymptotic variances; 0 where a group has no
        such statistic.
    influence : Influences
        Of each row, or cluster, of a group; 0 where the group has no such statistic.
    """

    frame: Frame
    n: Floats
    value: Floats
    weight: Floats
    influence: Influences

    @cached_property
    def count(self) -> int:
        """Statistics in use."""
        return int(np.count_nonzero(self.weight))


@dataclass(frozen=True)
class OrdinalSample(Sample):
    """A sample some of whose variables are ordinal.

    Attributes
    ----------
    categories : tuple of arrays
        The used categories of each variable in all groups; empty for a continuous one.
    missing : {'listwise', 'pairwise'}
    """

    categories: tuple[Floats, ...]
    missing: Missing

    def boundaries(self, names: Sequence[str]) -> Sequence[Mapping[str, Boundary]]:
        return [
            {f"{names[item]}|t{cut + 1}": boundary for (item, cut), boundary in known.items()}
            for known in self.boundary_of
        ]

    def completed(self) -> OrdinalSample:
        """The same sample: which thresholds there are is known by its answers alone."""
        return self

    def take(self, rows: Ints) -> OrdinalSample:
        return self._of(super().take(rows))

    def select(self, groups: Ints) -> OrdinalSample:
        return self._of(super().select(groups))

    def _of(self, sample: Sample) -> OrdinalSample:
        return ordinal(sample, self.categories, self.missing)

    @cached_property
    def ordered(self) -> Bools:
        return np.array([len(used) > 0 for used in self.categories])

    @cached_property
    def by_group(self) -> tuple[OrdinalStatistics, ...]:
        """The statistics of the present variables of each group."""
        weight = self.design.weight
        return tuple(
            ordinal_statistics(
                np.where(self.observed[self.block[part]], self.values[part], np.nan)[:, here],
                self.ordered[here],
                self.missing,
                None if weight is None else weight[part],
            )
            for part, here in zip(
                map(self.rows_of, range(self.n_groups)), self.present, strict=True
            )
        )

    @cached_property
    def frame(self) -> Frame:
        counts = [max(len(used) - 1, 0) for used in self.categories]
        first, second = np.triu_indices(len(counts))
        kept = (first < second) | ~self.ordered[first]
        return Frame(
            np.repeat(np.arange(len(counts)), counts),
            np.concatenate([np.arange(count) for count in counts]).astype(np.int64),
            np.flatnonzero(~self.ordered),
            first[kept],
            second[kept],
        )

    @cached_property
    def boundary_of(self) -> tuple[Mapping[tuple[int, int], Boundary], ...]:
        """By group, (variable, threshold) of every threshold there is."""
        return tuple(known for _, known in self._placed)

    @cached_property
    def statistics(self) -> Statistics:
        frame, groups = self.frame, self.n_groups
        value, weight = np.zeros((groups, frame.size)), np.zeros((groups, frame.size))
        for g, found in enumerate(self.by_group):
            place, _ = self._placed[g]
            used = found.estimated
            value[g, place[used]] = found.values[used]
            weight[g, place[used]] = 1 / found.asymptotic_variances[used]
        places = tuple(place for place, _ in self._placed)
        n = np.array([found.n for found in self.by_group])
        influences = Influences(self.by_group, places, frame.size, self)
        return Statistics(frame, n, value, weight, influences)

    @cached_property
    def response_moments(self) -> tuple[Floats, Floats]:
        """(G, p, p) covariances, items on a unit scale, and (G, p) means, those of items 0."""
        p = self.values.shape[1]
        cov, mean = np.zeros((self.n_groups, p, p)), np.zeros((self.n_groups, p))
        for g, (found, here) in enumerate(zip(self.by_group, self.present, strict=True)):
            at = np.flatnonzero(here)
            correlation = np.where(np.isfinite(found.correlations), found.correlations, 0.0)
            scale = np.ones(len(at))
            kinds, labels = found.labels.kinds, found.labels
            variance = kinds == StatisticKind.VARIANCE
            scale[labels.first[variance]] = np.sqrt(found.values[variance])
            cov[g][np.ix_(at, at)] = correlation * np.outer(scale, scale)
            levels = kinds == StatisticKind.NEGATIVE_MEAN
            mean[g, at[labels.first[levels]]] = -found.values[levels]
        return cov, mean

    @cached_property
    def _placed(self) -> tuple[tuple[Ints, dict[tuple[int, int], Boundary]], ...]:
        return tuple(self._place(g) for g in range(self.n_groups))

    def _place(self, g: int) -> tuple[Ints, dict[tuple[int, int], Boundary]]:
        """Places in the frame of the statistics of a group, and what its thresholds are."""
        frame, labels = self.frame, self.by_group[g].labels
        here = np.flatnonzero(self.present[g])
        p = len(self.categories)
        pair = np.full((p, p), -1)
        pair[frame.first, frame.second] = frame.n_levels + np.arange(len(frame.first))
        level = np.full(p, -1)
        level[frame.mean] = len(frame.item) + np.arange(len(frame.mean))
        start = np.searchsorted(frame.item, np.arange(p))
        first, second = here[labels.first], here[labels.second]
        place = pair[np.minimum(first, second), np.maximum(first, second)]
        means = labels.kinds == StatisticKind.NEGATIVE_MEAN
        place[means] = level[first[means]]
        known: dict[tuple[int, int], Boundary] = {}
        for at in np.flatnonzero(labels.kinds == StatisticKind.THRESHOLD):
            item = int(first[at])
            below, above = np.searchsorted(
                self.categories[item], [labels.below[at], labels.above[at]]
            )
            place[at] = start[item] + below
            exact = above == below + 1
            known[item, int(below)] = Boundary.EXACT if exact else Boundary.SPANNING
        return place, known


def _spread(influences: Floats, place: Ints, used: Bools, size: int) -> Floats:
    """(n, S) influences in their places; the same array where nothing has to move."""
    if used.all() and np.array_equal(place, np.arange(size)):
        return influences
    out = np.zeros((len(influences), size))
    out[:, place[used]] = influences[:, used]
    return out


def ordinal(sample: Sample, categories: tuple[Floats, ...], missing: Missing) -> OrdinalSample:
    """The sample, its variables with categories taken as ordinal."""
    return OrdinalSample(
        sample.values,
        sample.block,
        sample.block_group,
        sample.observed,
        sample.n_groups,
        categories,
        missing,
        design=sample.design,
    )


def used_categories(values: Floats, ordered: Bools, names: tuple[str, ...]) -> tuple[Floats, ...]:
    """The categories of each ordinal item that anyone chose; empty for continuous variables.

    Raises
    ------
    DataError
        An ordinal answer that is not a whole number.
    """
    out = []
    for j, name in enumerate(names):
        used = np.unique(values[~np.isnan(values[:, j]), j]) if ordered[j] else np.empty(0)
        if np.any(used != np.round(used)):
            raise DataError(
                f"the ordinal item {name!r} has the answer {used[used != np.round(used)][0]:g}; "
                "answers must be whole numbers: code them so, or leave the item out of ordered="
            )
        out.append(used)
    return tuple(out)
