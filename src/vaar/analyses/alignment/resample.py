"""The paths over subsamples of equal size, and percentiles over any replicates."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
import pandas as pd

import vaar.sem as sem
from vaar.analyses.alignment.paths import PathIndex, replicated
from vaar.analyses.alignment.vaar import Array
from vaar.vocabulary import HUMAN

CURVE_SHARES = (0.125, 0.25, 0.5, 0.75, 1.0)
SMALLEST_N = 20


def subsample_paths(
    fit: sem.Fit,
    index: PathIndex,
    n: int,
    repeats: int,
    rng: np.random.Generator,
    clusters: pd.Series | None = None,
) -> tuple[Array, Array]:
    """Paths and standard errors of subsamples with ``n`` sessions of every group.

    Drawn without replacement: one whole persona after another, the last cut to make ``n``; or
    single sessions, where no persona repeats. A group with fewer sessions, and the human
    reference, stay whole.
    """
    if n >= max(group_sizes(fit)):
        repeats = 1  # every subsample is the whole sample
    units = None if clusters is None else pd.factorize(clusters)[0][fit.row_index]
    return replicated(sem.refit(fit, subsamples(_members(fit), n, repeats, rng, units)), index)


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


def _unit_after_unit(rows: np.ndarray, units: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Shuffled rows put in a random order of their units, those of one unit side by side."""
    _, unit = np.unique(units[rows], return_inverse=True)
    return np.asarray(rows[np.argsort(rng.permutation(unit.max() + 1)[unit], kind="stable")])


def _members(fit: sem.Fit) -> dict[str, np.ndarray]:
    return {group: np.flatnonzero(fit.row_groups == group) for group in fit.groups}


def group_sizes(fit: sem.Fit) -> list[int]:
    """Sessions analysed in each fitted group, the human reference left out."""
    return [len(rows) for group, rows in _members(fit).items() if group != HUMAN]


def curve_sizes(largest: int) -> list[int]:
    """Sample sizes at which VAAR is shown against N."""
    return sorted({n for share in CURVE_SHARES if (n := round(share * largest)) >= SMALLEST_N})


def percentiles(replicates: Array) -> tuple[Array, Array, Array]:
    """Median and 95 % percentile bounds over the first axis, NaN left out."""
    flat = replicates.reshape(len(replicates), math.prod(replicates.shape[1:]))
    columns = [column[np.isfinite(column)] for column in flat.T]
    bounds = [np.percentile(c, (50, 2.5, 97.5)) if len(c) else np.full(3, np.nan) for c in columns]
    median, lower, upper = np.array(bounds).T.reshape(3, *replicates.shape[1:])
    return median, lower, upper
