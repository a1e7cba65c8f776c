"""How far two distributions of paired answers lie apart: means, spread, and the whole of them.

Distances are Wasserstein's of first order, in scale points: the area between two cumulative
distributions, which is how far answers must be moved, on average, to make one of the other [1]_.
Resamples draw whole pairs; where the two forms do not differ, the members of a pair can be
exchanged, which gives the distances that chance alone brings about.

References
----------
.. [1] Vallender (1974), Calculation of the Wasserstein distance between probability distributions
   on the line. Theory of Probability & Its Applications 18, 784–786.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
from numpy.typing import NDArray
from scipy.stats import t

Values = NDArray[np.float64]

REPLICATES = 1000
LEVEL = 0.95
LEAST_PAIRS = 3
"""Fewer pairs tell nothing of a spread."""


@dataclass(frozen=True)
class Compared:
    """What two paired samples show; NaN where they are too small, or do not vary."""

    n: int
    mean_words: float = np.nan
    mean_forced: float = np.nan
    difference: float = np.nan
    difference_lower: float = np.nan
    difference_upper: float = np.nan
    sd_words: float = np.nan
    sd_forced: float = np.nan
    sd_ratio: float = np.nan
    sd_ratio_lower: float = np.nan
    sd_ratio_upper: float = np.nan
    distance: float = np.nan
    distance_lower: float = np.nan
    distance_upper: float = np.nan
    distance_chance: float = np.nan


MEASURES = tuple(field.name for field in fields(Compared))


def compare(words: Values, forced: Values, random: np.random.Generator) -> Compared:
    """Compare two samples of the same replicates.

    Parameters
    ----------
    words, forced : array (n,)
        Values of the same replicates, none missing.
    """
    n = len(words)
    if n < LEAST_PAIRS:
        return Compared(n)
    apart = forced - words
    half = t.ppf((1 + LEVEL) / 2, n - 1) * apart.std(ddof=1) / np.sqrt(n)
    pairs = _Pairs.of(words, forced)
    resampled = random.multinomial(n, pairs.counts / n, size=REPLICATES)
    swapped = random.binomial(pairs.counts, 0.5, size=(REPLICATES, len(pairs.counts)))
    ratio = pairs.ratios(pairs.counts[None])[0]
    distance = pairs.distances(pairs.counts[None], np.zeros_like(pairs.counts)[None])[0]
    exchanged = pairs.distances(np.broadcast_to(pairs.counts, swapped.shape), swapped)
    moved = pairs.distances(resampled, np.zeros_like(resampled))
    return Compared(
        n,
        float(words.mean()),
        float(forced.mean()),
        float(apart.mean()),
        float(apart.mean() - half),
        float(apart.mean() + half),
        float(words.std(ddof=1)),
        float(forced.std(ddof=1)),
        float(ratio),
        *_ends(pairs.ratios(resampled)),
        float(distance),
        *_ends(moved),
        float(np.quantile(exchanged, LEVEL)),
    )


def _ends(resampled: Values) -> tuple[float, float]:
    """The ends of a percentile interval; NaN where more than a hundredth has no value."""
    known = resampled[np.isfinite(resampled)]
    if len(known) < 0.99 * len(resampled):
        return np.nan, np.nan
    lower, upper = np.quantile(known, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return float(lower), float(upper)


@dataclass(frozen=True)
class _Pairs:
    """Paired values as the different pairs there are, and how often each comes.

    Attributes
    ----------
    support : array (k,)
        All values, ascending.
    words, forced : array (m, k)
        One where a pair has the value.
    counts : array (m,)
    """

    support: Values
    words: Values
    forced: Values
    counts: NDArray[np.int64]

    @classmethod
    def of(cls, words: Values, forced: Values) -> _Pairs:
        rounded = np.round(np.column_stack([words, forced]), 9)
        support: Values = np.unique(rounded)
        different, counts = np.unique(rounded, axis=0, return_counts=True)
        places = np.searchsorted(support, different)
        one: Values = np.eye(len(support))
        return cls(support, one[places[:, 0]], one[places[:, 1]], counts.astype(np.int64))

    def ratios(self, counts: NDArray[np.int64]) -> Values:
        """Ratio of standard deviations, forced to words, for every row of counts of pairs."""
        forced, words = (self._variances(counts @ which) for which in (self.forced, self.words))
        ratios = np.divide(forced, words, out=np.full(len(counts), np.nan), where=words > 0)
        found: Values = np.sqrt(ratios)
        return found

    def distances(self, counts: NDArray[np.int64], swapped: NDArray[np.int64]) -> Values:
        """Distance of the two distributions, for every row of counts of pairs.

        Parameters
        ----------
        swapped : array (r, m)
            In how many of the pairs the two members are exchanged.
        """
        n = counts.sum(axis=1, keepdims=True)
        apart = (counts - 2 * swapped) @ (self.forced - self.words) / n
        gaps = np.diff(self.support)
        found: Values = np.abs(apart.cumsum(axis=1)[:, :-1]) @ gaps
        return found

    def _variances(self, counts: Values) -> Values:
        n = counts.sum(axis=1)
        centred = self.support - self.support.mean()
        mean = counts @ centred / n
        found: Values = np.maximum(counts @ centred**2 / n - mean**2, 0.0)
        return np.where(found < 1e-12, 0.0, found)
