"""How rows were sampled: in clusters, and with unequal chances."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vaar.sem.arrays import Bools, Floats, Ints


@dataclass(frozen=True, eq=False)
class SamplingDesign:
    """Clusters and sampling weights of N rows.

    Attributes
    ----------
    cluster : (N,) array or None
        Rows with the same number belong together; None where every row stands alone.
    weight : (N,) array or None
        How many rows of the population each row stands for, scaled to sum to N; None where all
        count alike.
    """

    cluster: Ints | None = None
    weight: Floats | None = None

    @property
    def structured(self) -> bool:
        """Whether rows are other than independent draws with equal chances."""
        return self.cluster is not None or self.weight is not None

    def scaled(self) -> SamplingDesign:
        """The same with weights that sum to N."""
        if self.weight is None:
            return self
        return SamplingDesign(self.cluster, self.weight * len(self.weight) / self.weight.sum())

    def select(self, rows: Ints | Bools | slice) -> SamplingDesign:
        """Of these rows, each asked for at most once."""
        cluster = None if self.cluster is None else self.cluster[rows]
        return SamplingDesign(cluster, None if self.weight is None else self.weight[rows])

    def take(self, rows: Ints) -> SamplingDesign:
        """Of these rows, repeats allowed: a cluster that was drawn twice counts as two."""
        drawn = self.select(rows)
        if drawn.cluster is None:
            return drawn
        turn = _occurrence(rows)
        several = drawn.cluster * (int(turn.max(initial=0)) + 1) + turn
        return SamplingDesign(np.unique(several, return_inverse=True)[1], drawn.weight)

    def weights(self, rows: slice) -> Floats:
        """(n,) weights of some rows."""
        if self.weight is None:
            return np.ones(rows.stop - rows.start)
        return self.weight[rows]

    def weighted(self, values: Floats, rows: slice) -> tuple[Floats, float]:
        """The (n, …) values of some rows times their weights, and the sum of the weights."""
        if self.weight is None:
            return values, float(len(values))
        weight = self.weights(rows)
        return values * weight.reshape(-1, *(1,) * (values.ndim - 1)), float(weight.sum())

    def totals(self, values: Floats, rows: slice) -> Floats:
        """(U, …) sums within clusters of the (n, …) values of some rows, times the square root of
        P/(P − 1) for P clusters: their outer products then add up to what those of independent
        units estimate. The values themselves where there are no clusters."""
        if self.cluster is None:
            return values
        cluster = self.cluster[rows]
        order = np.argsort(cluster, kind="stable")
        sums = np.add.reduceat(values[order], _first(cluster[order]), axis=0)
        return np.asarray(sums * np.sqrt(few_clusters(len(sums))))

    @property
    def members(self) -> list[Ints]:
        """The rows of each cluster."""
        if self.cluster is None:
            return []
        order = np.argsort(self.cluster, kind="stable")
        return np.split(order, _first(self.cluster[order])[1:])

    def count(self, rows: slice) -> int:
        """Clusters among some rows; the rows themselves where there are none."""
        if self.cluster is None:
            return int(rows.stop - rows.start)
        return len(np.unique(self.cluster[rows]))


def few_clusters(count: int) -> float:
    """P/(P − 1), by which P clusters understate a variance."""
    return count / (count - 1) if count > 1 else float("nan")


UNSTRUCTURED = SamplingDesign()
"""Independent rows with equal chances."""


def _first(ordered: Ints) -> Ints:
    """Where each value of an ordered array begins."""
    return np.flatnonzero(np.diff(ordered, prepend=ordered[:1] - 1))


def _occurrence(rows: Ints) -> Ints:
    """(n,) how often each entry stood earlier in the array."""
    order = np.argsort(rows, kind="stable")
    ordered = rows[order]
    first = _first(ordered)
    out = np.empty(len(rows), dtype=np.int64)
    out[order] = np.arange(len(rows)) - np.repeat(first, np.diff(first, append=len(rows)))
    return out
