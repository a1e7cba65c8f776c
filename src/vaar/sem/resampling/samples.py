"""Samples of a fit's rows, each drawn from a seed of its own, and the refits to them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from vaar.errors import DataError
from vaar.sem.arrays import Ints
from vaar.sem.resampling.refit import Refits, refit
from vaar.sem.results.fit import Fit

CHUNK = 25
"""Replicates that are computed together where they are spread over several processes."""

MapChunks = Callable[[Callable[[Any], Any], Sequence[Any]], Iterable[Any]]
"""Maps a picklable function over chunks, as :func:`map` does."""


@dataclass(frozen=True)
class Resampling:
    """Refits the replicates of any range, alike wherever and in whatever order they are computed.

    Attributes
    ----------
    fit : Fit
        The fit whose rows are resampled.
    units : (n_rows,) array
        What is drawn: rows with the same number go together; none spans two groups.
    seed : int
        Replicate r is drawn from the r-th child of this seed.
    with_errors : bool
        Whether the refits have standard errors.
    """

    fit: Fit
    units: Ints
    seed: int
    with_errors: bool

    def __call__(self, replicates: range) -> Refits:
        """Draw these replicates and refit the model to each."""
        samples = (self.sample(replicate) for replicate in replicates)
        return refit(self.fit, samples, with_errors=self.with_errors)

    def sample(self, replicate: int) -> Ints:
        """Positions of the rows of one replicate, group by group."""
        rng = np.random.default_rng(np.random.SeedSequence(self.seed, spawn_key=(replicate,)))
        drawn = np.concatenate([rng.choice(own, size=len(own)) for own in self._units_by_group])
        if self._members is None:
            return drawn
        return np.concatenate([self._members[unit] for unit in drawn])

    @cached_property
    def _units_by_group(self) -> list[Ints]:
        group = self.fit.sample.group
        return [np.unique(self.units[group == g]) for g in np.unique(group)]

    @cached_property
    def _members(self) -> list[Ints] | None:
        """Rows of each unit; None where every row is its own."""
        if np.array_equal(self.units, np.arange(len(self.units))):
            return None
        order = np.argsort(self.units, kind="stable")
        edges = np.searchsorted(self.units[order], np.arange(self.units.max() + 2))
        return [order[a:b] for a, b in pairwise(edges)]


def units_of(fit: Fit, cluster: ArrayLike | None) -> Ints:
    """(n_rows,) number of the unit each analysed row is drawn with; −1 where it has no entry.

    Raises
    ------
    DataError
        There is no place for some analysed row.
    """
    import pandas as pd

    if cluster is None:
        own = fit.sample.design.cluster
        return np.arange(fit.n_rows) if own is None else np.unique(own, return_inverse=True)[1]
    labels = np.asarray(cluster, dtype=object)
    if labels.ndim != 1 or len(labels) <= fit.row_index.max(initial=0):
        raise DataError(
            f"cluster has {labels.size} entries, and the analysed rows reach position "
            f"{fit.row_index.max(initial=0)}: give one entry for each row of the data frame"
        )
    labels = labels[fit.row_index]
    empty = np.asarray(pd.isna(labels))
    keys = list(zip(fit.sample.group.tolist(), labels.tolist(), strict=True))
    known: dict[object, int] = {}
    try:
        units = [known.setdefault(key, len(known)) for key in keys]
    except TypeError:
        raise DataError(
            "cluster holds entries that are no names, such as lists: give each row the name of "
            "its cluster"
        ) from None
    return np.where(empty, -1, np.array(units, dtype=np.int64))


def chunks_of(replicates: int) -> list[range]:
    """Ranges of at most :data:`CHUNK` replicates, in order."""
    return [range(at, min(at + CHUNK, replicates)) for at in range(0, replicates, CHUNK)]


def joined(parts: Iterable[Refits]) -> Refits:
    """Refits of several chunks, one after another; as they come, and none of them there twice."""
    columns = [list(column) for column in zip(*map(_columns, parts), strict=True)]
    whole = []
    while columns:
        whole.append(np.concatenate(columns.pop(0)))
    return Refits(*whole)


def _columns(part: Refits) -> Iterator[NDArray[Any]]:
    return (getattr(part, field.name) for field in fields(Refits))
