"""Split halves: is a model's profile, from half of its sessions, that of its other half?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Halves:
    """What random halves of the sessions of M models show.

    Attributes
    ----------
    r : ndarray, shape (splits,)
        Correlation of the two halves over models × scales, each scale standardised over models.
    matched : ndarray, shape (M,)
        Share of halves of each model that are nearest to its own other half.
    """

    r: Array
    matched: Array

    @property
    def reliability(self) -> Array:
        """Of profiles from all sessions: 2r / (1 + r) (Spearman and Brown)."""
        return 2 * self.r / (1 + self.r)


def split_halves(samples: Sequence[Array], splits: int, seed: int) -> Halves:
    """Split the sessions of every model in halves at random, again and again.

    Parameters
    ----------
    samples : sequence of ndarray, shape (nᵢ, S)
        Complete scores of each model's sessions on S scales; M ≥ 2 models, nᵢ ≥ 4.
    splits : int
        At least 1.
    """
    rng = np.random.default_rng(seed)
    r, matched = np.empty(splits), np.zeros(len(samples))
    for split in range(splits):
        one, other = _means(samples, rng)
        middle = (one + other) / 2
        sd = middle.std(axis=0, ddof=1)
        sd = np.where(sd > 0, sd, 1.0)
        one, other = ((half - middle.mean(axis=0)) / sd for half in (one, other))
        r[split] = np.corrcoef(one.ravel(), other.ravel())[0, 1]
        distance = ((one[:, None] - other) ** 2).sum(axis=2)
        own = np.arange(len(samples))
        for axis in (0, 1):
            matched += distance.argmin(axis=axis) == own
    return Halves(r, matched / (2 * splits))


def _means(samples: Sequence[Array], rng: np.random.Generator) -> tuple[Array, Array]:
    halves = []
    for one in samples:
        order = rng.permutation(len(one))
        cut = len(one) // 2
        halves.append((one[order[:cut]].mean(axis=0), one[order[cut:]].mean(axis=0)))
    first, second = zip(*halves, strict=True)
    return np.array(first), np.array(second)
