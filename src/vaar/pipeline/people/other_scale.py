"""Items that go with another scale and not with their own: columns that were exchanged or moved."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from vaar.pipeline.people.reversed_keys import FEWEST_PEOPLE
from vaar.vocabulary import Z_95

Array = NDArray[np.float64]


@dataclass(frozen=True)
class WithAnotherScale:
    """An item that goes with another scale than its own.

    Attributes
    ----------
    own, others : float
        Its correlations with the other items of its scale, and with those of the other scale.
    """

    item: str
    own: float
    scale: str
    others: float


class ItemBelongings:
    """Gathers answers, rows at a time, and says which items go with another scale.

    Parameters
    ----------
    scales : mapping of str to sequence of str
        The items of each scale; their answers are columns in this order.
    """

    def __init__(self, scales: Mapping[str, Sequence[str]]) -> None:
        self._scales = {name: tuple(items) for name, items in scales.items()}
        self._items = [item for items in self._scales.values() for item in items]
        edges = np.cumsum([0, *map(len, self._scales.values())])
        self._places = [range(a, b) for a, b in pairwise(edges)]
        self._sums = np.zeros((6, len(self._scales), len(self._items)))

    def add(self, answers: Array) -> None:
        """Add keyed answers, one row a person and one column an item; NaN where there is none."""
        there = np.isfinite(answers)
        filled = np.where(there, answers, 0.0)
        for s, places in enumerate(self._places):
            total = filled[:, places].sum(axis=1, keepdims=True)
            count = there[:, places].sum(axis=1, keepdims=True)
            own = np.isin(np.arange(len(self._items)), places)
            number = count - there * own
            known = there & (number > 0)
            mean = (total - filled * own) / np.maximum(number, 1)
            x, y = np.where(known, filled, 0.0), np.where(known, mean, 0.0)
            parts = (known, x, y, x * x, y * y, x * y)
            self._sums[:, s] += [part.sum(axis=0) for part in parts]

    def elsewhere(self, but: Collection[str] = ()) -> list[WithAnotherScale]:
        """Items whose correlation with another scale is larger than with their own, whatever sign.

        Told where the 95 % intervals of the two (Fisher's z) have nothing in common.

        Parameters
        ----------
        but : collection of str
            Scales whose sums mean nothing, as items of them run against the rest.
        """
        r, reach = self._correlations()
        z = np.arctanh(np.clip(np.abs(r), 0.0, 0.999999))
        z[[name in but for name in self._scales]] = -np.inf
        found = []
        for s, (places, name) in enumerate(zip(self._places, self._scales, strict=True)):
            for i in places:
                apart = np.where(np.arange(len(z)) == s, -np.inf, z[:, i] - reach[:, i])
                best = int(np.argmax(apart))
                if name not in but and apart[best] > z[s, i] + reach[s, i]:
                    other = list(self._scales)[best]
                    told = (self._items[i], float(r[s, i]), other, float(r[best, i]))
                    found.append(WithAnotherScale(*told))
        return found

    def _correlations(self) -> tuple[Array, Array]:
        """Of each item with each scale, (scales, items), 0 where unknown; and the reach of z."""
        n, x, y, xx, yy, xy = self._sums
        with np.errstate(divide="ignore", invalid="ignore"):
            covariance = xy / n - x * y / n**2
            scatter = np.sqrt((xx / n - (x / n) ** 2) * (yy / n - (y / n) ** 2))
            r = np.where((n >= FEWEST_PEOPLE) & (scatter > 1e-9), covariance / scatter, 0.0)
        return r, Z_95 / np.sqrt(np.maximum(n - 3, 1e-6))
