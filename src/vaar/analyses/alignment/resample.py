"""The paths over other samples of the same sessions, and percentiles over any replicates."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import islice, pairwise
from typing import Any

import numpy as np
import pandas as pd

import vaar.sem as sem
from vaar.analyses.alignment.collect import Resample
from vaar.analyses.alignment.options import MANY_GROUPS, AlignmentOptions
from vaar.analyses.alignment.paths import PathIndex, replicated
from vaar.analyses.alignment.rate.arrays import Array
from vaar.sem.resampling.samples import Resampling, chunks_of, units_of
from vaar.vocabulary import HUMAN

CURVE_SHARES = (0.125, 0.25, 0.5, 0.75, 1.0)
SMALLEST_N = 20
TOGETHER = 5
"""Samples that one process computes at a time."""


def bootstrapping(
    options: AlignmentOptions,
    clusters: pd.Series | None = None,
    map_chunks: sem.MapChunks | None = None,
) -> Resample:
    """A bootstrap over sessions, or over what they are drawn with.

    Parameters
    ----------
    clusters : Series, optional
        For each row of the scores, what it is drawn with; default: every session alone.
    map_chunks : callable, optional
        Computes chunks of replicates elsewhere; see :func:`vaar.sem.bootstrap`.
    """

    def resample(fit: sem.Fit, index: PathIndex) -> Array:
        if not options.replicates:
            return np.empty((0, len(index.groups), index.rows.shape[1]))
        drawn = Resampling(fit, units_of(fit, clusters), options.seed, with_errors=False)
        return _paths(drawn, index, chunks_of(options.replicates), map_chunks)

    return resample


def subsample_paths(
    fit: sem.Fit,
    index: PathIndex,
    n: int,
    repeats: int,
    rng: np.random.Generator,
    clusters: pd.Series | None = None,
    map_chunks: sem.MapChunks | None = None,
) -> Array:
    """Paths (R, G, K) of subsamples with ``n`` sessions of every group.

    Drawn without replacement: one whole persona after another, the last cut to make ``n``; or
    single sessions, where no persona repeats. A group with fewer sessions, and the human
    reference, stay whole.
    """
    if n >= max(group_sizes(fit)):
        repeats = 1  # every subsample is the whole sample
    drawn = subsamples(_members(fit), n, repeats, rng, _units(fit, clusters))
    refits = partial(sem.refit, fit, with_errors=False)
    return _paths(refits, index, _together(drawn), map_chunks)


def sample_paths(
    fit: sem.Fit,
    index: PathIndex,
    n: int,
    repeats: int,
    rng: np.random.Generator,
    clusters: pd.Series | None = None,
    map_chunks: sem.MapChunks | None = None,
) -> Array:
    """Paths (R, G, K) of samples as runs of ``n`` sessions might have given them.

    Drawn with replacement, so that samples differ at every ``n``. A group with fewer sessions has
    NaN; the human reference is drawn at its own size.
    """
    members = _members(fit)
    drawn = samples(members, n, repeats, rng, _units(fit, clusters))
    refits = partial(sem.refit, fit, with_errors=False)
    estimate = _paths(refits, index, _together(drawn), map_chunks)
    for g, (group, rows) in enumerate(members.items()):
        if group != HUMAN and len(rows) < n:
            estimate[:, g] = np.nan
    return estimate


@dataclass(frozen=True)
class _PathsOf:
    """The paths (R, G, K) of the refits to a chunk; all else of them is let go."""

    refits: Callable[[Any], sem.Refits]
    index: PathIndex

    def __call__(self, chunk: Any) -> Array:
        return replicated(self.refits(chunk), self.index)


def _paths(
    refits: Callable[[Any], sem.Refits],
    index: PathIndex,
    chunks: Sequence[Any],
    map_chunks: sem.MapChunks | None,
) -> Array:
    """The paths (R, G, K) of the refits to all chunks, wherever they are computed."""
    return np.concatenate(list((map_chunks or map)(_PathsOf(refits, index), chunks)))


def _together(drawn: Iterable[np.ndarray]) -> list[list[np.ndarray]]:
    """Samples in chunks."""
    waiting = iter(drawn)
    return list(iter(lambda: list(islice(waiting, TOGETHER)), []))


def _units(fit: sem.Fit, clusters: pd.Series | None) -> np.ndarray | None:
    """For each row of the fit, the number of what it is drawn with."""
    return None if clusters is None else pd.factorize(clusters)[0][fit.row_index]


def subsamples(
    members: dict[str, np.ndarray],
    n: int,
    repeats: int,
    rng: np.random.Generator,
    units: np.ndarray | None,
) -> Iterator[np.ndarray]:
    """Rows of each subsample; ``units`` numbers what each row is drawn with."""

    def drawn(group: str, rows: np.ndarray) -> np.ndarray:
        whole = group == HUMAN or len(rows) <= n
        if whole:
            return rows
        if units is None or len(set(units[rows])) == len(rows):
            return rng.choice(rows, n, replace=False)
        return _unit_after_unit(rng.permutation(rows), units, rng)[:n]

    for _ in range(repeats):
        yield np.concatenate([drawn(group, rows) for group, rows in members.items()])


def samples(
    members: dict[str, np.ndarray],
    n: int,
    repeats: int,
    rng: np.random.Generator,
    units: np.ndarray | None,
) -> Iterator[np.ndarray]:
    """Rows of each sample, drawn with replacement: whole units, the last cut to make ``n``."""

    def drawn(group: str, rows: np.ndarray) -> np.ndarray:
        size = len(rows) if group == HUMAN else min(n, len(rows))
        if units is None or len(set(units[rows])) == len(rows):
            return rng.choice(rows, size)
        numbers, unit = np.unique(units[rows], return_inverse=True)
        chosen = rng.integers(len(numbers), size=size)  # as many as could be needed
        return np.concatenate([rows[unit == one] for one in chosen])[:size]

    for _ in range(repeats):
        yield np.concatenate([drawn(group, rows) for group, rows in members.items()])


def _unit_after_unit(rows: np.ndarray, units: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Shuffled rows put in a random order of their units, those of one unit side by side."""
    _, unit = np.unique(units[rows], return_inverse=True)
    return np.asarray(rows[np.argsort(rng.permutation(unit.max() + 1)[unit], kind="stable")])


def _members(fit: sem.Fit) -> dict[str, np.ndarray]:
    """Rows of each group, ascending."""
    of_row = fit.sample.group
    order = np.argsort(of_row, kind="stable")
    edges = np.searchsorted(of_row[order], np.arange(len(fit.groups) + 1))
    return {group: order[a:b] for group, (a, b) in zip(fit.groups, pairwise(edges), strict=True)}


def group_sizes(fit: sem.Fit) -> list[int]:
    """Sessions analysed in each fitted group, the human reference left out."""
    return [len(rows) for group, rows in _members(fit).items() if group != HUMAN]


def curve_sizes(largest: int, groups: int) -> list[int]:
    """Sample sizes at which VAAR is shown against N.

    Of many groups some always fail at an eighth of the sessions, and all take long for it: there
    the curve begins at a quarter.
    """
    shares = CURVE_SHARES if groups <= MANY_GROUPS else CURVE_SHARES[1:]
    return sorted({n for share in shares if (n := round(share * largest)) >= SMALLEST_N})


def percentiles(replicates: Array) -> tuple[Array, Array, Array]:
    """Median and 95 % percentile bounds over the first axis, NaN left out."""
    flat = replicates.reshape(len(replicates), math.prod(replicates.shape[1:]))
    columns = [column[np.isfinite(column)] for column in flat.T]
    bounds = [np.percentile(c, (50, 2.5, 97.5)) if len(c) else np.full(3, np.nan) for c in columns]
    median, lower, upper = np.array(bounds).T.reshape(3, *replicates.shape[1:])
    return median, lower, upper
