"""Items that run against the rest of their scale: a key not turned round, or turned twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vaar.vocabulary import Z_95

Array = NDArray[np.float64]

FEWEST_PEOPLE = 30
"""With fewer complete rows nothing is said of an item's direction."""


@dataclass(frozen=True)
class AgainstTheRest:
    """An item that runs against the rest of its scale.

    Attributes
    ----------
    r : float
        Its correlation with the sum of the others, each turned the way most items run.
    people : int
        Rows in which all items of the scale are answered.
    """

    item: str
    r: float
    people: int


class ItemDirections:
    """Gathers the answers to one scale, rows at a time, and says which items run the other way."""

    def __init__(self, items: Sequence[str]) -> None:
        self._items = tuple(items)
        self._n = 0
        self._sum = np.zeros(len(items))
        self._products = np.zeros((len(items), len(items)))

    def add(self, answers: Array) -> None:
        """Add keyed answers, one row a person and one column an item; NaN where there is none."""
        complete = answers[np.isfinite(answers).all(axis=1)]
        self._n += len(complete)
        self._sum += complete.sum(axis=0)
        self._products += complete.T @ complete

    def against_the_rest(self) -> list[AgainstTheRest]:
        """Items whose correlation with the rest is negative with its 95 % interval.

        The way that most items run is found from the signs of the first principal component.
        """
        n, k = self._n, len(self._items)
        if n < FEWEST_PEOPLE or k < 3:
            return []
        covariance = self._products / n - np.outer(self._sum, self._sum) / n**2
        sd = np.sqrt(np.clip(np.diag(covariance), 0.0, None))
        if (varied := sd > 1e-9).sum() < 3:
            return []
        kept = np.flatnonzero(varied)
        sigma = covariance[np.ix_(kept, kept)]
        signs = _directions(sigma / np.outer(sd[kept], sd[kept]))
        total = sigma @ signs
        found = []
        for place in range(len(kept)):
            rest = signs @ sigma @ signs - 2 * signs[place] * total[place] + sigma[place, place]
            with_rest = total[place] - signs[place] * sigma[place, place]
            r = float(with_rest / (sd[kept[place]] * np.sqrt(max(rest, 1e-12))))
            highest = np.tanh(np.arctanh(np.clip(r, -0.999999, 0.999999)) + Z_95 / np.sqrt(n - 3))
            if highest < 0:
                found.append(AgainstTheRest(self._items[kept[place]], r, n))
        return found


def _directions(correlations: Array) -> Array:
    """+1 for items that run as most do, −1 for the others."""
    first = np.linalg.eigh(correlations)[1][:, -1]
    signs = np.where(first < 0, -1.0, 1.0)
    return signs if signs.sum() > 0 or (signs.sum() == 0 and signs[0] > 0) else -signs
