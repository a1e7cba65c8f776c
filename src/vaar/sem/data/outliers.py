"""Values absurdly far from all others, such as 99999 for "no answer"."""

from __future__ import annotations

import numpy as np

from vaar.sem.arrays import Bools, Floats, Ints

ABSURD = 1e3  # times the range of nine answers in ten, or the median, away from the median
_FEWEST_VALUES = 20  # answers needed before one can be called absurd


def without_absurd(values: Floats) -> tuple[Floats, Bools]:
    """The (N, p) values with absurd ones made missing, and (N, p) which those are.

    The values are the same array where there are none.
    """
    flagged = np.zeros(values.shape, dtype=bool)
    at = _doubtful(values)
    flagged[:, at] = _absurd(values[:, at])
    return (np.where(flagged, np.nan, values) if flagged.any() else values), flagged


def _doubtful(values: Floats) -> Ints:
    """The variables that can have absurd values: not those on one side of 0 that reach less far
    than many times their value nearest to it, which the median is beyond."""
    if not len(values):
        return np.arange(0)
    low, high = np.fmin.reduce(values, axis=0), np.fmax.reduce(values, axis=0)
    nearest = np.where(low * high > 0, np.minimum(np.abs(low), np.abs(high)), 0.0)
    return np.flatnonzero(high - low > ABSURD * nearest)


def _absurd(values: Floats) -> Bools:
    """(N, k) which values are absurd; none of variables with few, or with one alone."""
    ordered = np.sort(values, axis=0)  # missing answers last
    count = len(values) - np.isnan(values).sum(axis=0)
    known = np.flatnonzero(count >= _FEWEST_VALUES)
    ordered, count = ordered[:, known], count[known]
    low, middle, high = (_quantiles(ordered, count, share) for share in (0.05, 0.5, 0.95))
    reach = ABSURD * np.maximum(high - low, np.abs(middle))
    lowest, highest = _at(ordered, np.zeros_like(count)), _at(ordered, count - 1)
    farthest = np.maximum(highest - middle, middle - lowest)
    out = np.zeros(values.shape, dtype=bool)
    for j in np.flatnonzero((reach > 0) & (farthest > reach)):
        with np.errstate(invalid="ignore"):
            out[:, known[j]] = np.abs(values[:, known[j]] - middle[j]) > reach[j]
    return out


def _quantiles(ordered: Floats, count: Ints, share: float) -> Floats:
    """(k,) a quantile of the first so many of (N, k) sorted values, by linear interpolation."""
    place = share * (count - 1)
    below = place.astype(np.int64)
    low, high = _at(ordered, below), _at(ordered, np.minimum(below + 1, count - 1))
    return np.asarray(low + (place - below) * (high - low))


def _at(ordered: Floats, place: Ints) -> Floats:
    """(k,) the value in one place of each column."""
    return ordered[place, np.arange(len(place))]
