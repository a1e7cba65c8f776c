"""The scaled difference test of two nested least-squares fits (Satorra 2000).

The difference of the two statistics is a sum of χ²₁ variables weighted by the eigenvalues of U_d Γ,
where U_d is the difference of two projections: on the directions in which the looser model can move,
and on those in which the stricter one can. The latter are brought into the former by least squares,
at the estimates of each.

Where a model has a threshold for one statistic alone, it can move that statistic at will. Such
statistics are set apart, which leaves few parameters to be handled.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vaar.sem.arrays import Bools, Floats, Ints
from vaar.sem.ordinal_sample import OrdinalSample, Statistics
from vaar.sem.result import Fit
from vaar.sem.wls_estimator import freely_met, slopes_at
from vaar.sem.wls_robust import Traces


@dataclass(frozen=True)
class _Side:
    """One of the two fits.

    Attributes
    ----------
    ids : tuple of (L,) arrays
        By group, the free parameters that matter there, numbered anew.
    slopes : tuple of (S, L) arrays
        Derivatives of the statistics by them.
    count : int
        Free parameters that matter.
    """

    ids: tuple[Ints, ...]
    slopes: tuple[Floats, ...]
    count: int


def difference_traces(strict: Fit, loose: Fit) -> Traces:
    """tr(U_d Γ) and tr((U_d Γ)²) of two fits to one ordinal sample."""
    sample = loose.sample
    if not isinstance(sample, OrdinalSample):
        raise TypeError("the fits are not fits of ordinal items")
    statistics = sample.statistics
    at_will = _met_statistics(loose, statistics)
    common = at_will & _met_statistics(strict, statistics)
    weight = np.where(common, 0.0, statistics.weight)
    outer = _side(loose, sample, (weight > 0) & ~at_will)
    inner = _side(strict, sample, weight > 0)
    return _Difference(statistics, weight, at_will & (weight > 0), outer, inner).traces()


@dataclass(frozen=True)
class _Difference:
    """The pieces of U_d Γ.

    Attributes
    ----------
    weight, at_will : (G, S) arrays
        Weights of the statistics that matter, and which of those the looser model moves at will.
    """

    statistics: Statistics
    weight: Floats
    at_will: Bools
    outer: _Side
    inner: _Side

    def traces(self) -> Traces:
        groups = range(len(self.weight))
        within = self._within()
        outer_bread = np.zeros((self.outer.count, self.outer.count))
        inner_bread = np.zeros((self.inner.count, self.inner.count))
        outer_meat, inner_meat = np.zeros_like(outer_bread), np.zeros_like(inner_bread)
        mixed = np.zeros((self.outer.count, self.inner.count))
        moved, crossed = np.zeros_like(outer_bread), np.zeros_like(inner_bread)
        first = second = 0.0
        for g in groups:
            ids, slopes = self.outer.ids[g], self.outer.slopes[g]
            scale = self.weight[g][:, None]
            inside = self._inner_slopes(g, within)
            scores = self.statistics.influence[g] @ (slopes * scale)
            inner_scores = self.statistics.influence[g] @ (inside * scale)
            kernel = self._kernel(g)
            block = np.ix_(ids, ids)
            outer_bread[block] += self.statistics.n[g] * (slopes.T @ (slopes * scale))
            inner_bread += self.statistics.n[g] * (inside.T @ (inside * scale))
            outer_meat[block] += scores.T @ scores
            inner_meat += inner_scores.T @ inner_scores
            mixed[ids] += scores.T @ inner_scores
            moved[block] += scores.T @ (kernel @ scores)
            crossed += inner_scores.T @ (kernel @ inner_scores)
            first += float(np.trace(kernel))
            second += float(np.vdot(kernel, kernel))
        left = np.linalg.solve(outer_bread, np.hstack([outer_meat, moved, mixed]))
        own, shift, reach = np.split(left, [self.outer.count, 2 * self.outer.count], axis=1)
        right = np.linalg.solve(inner_bread, np.hstack([inner_meat, crossed + mixed.T @ reach]))
        lost, both = np.split(right, 2, axis=1)
        first += float(np.trace(own) - np.trace(lost))
        second += float(2 * np.trace(shift) + np.vdot(own, own.T))
        return Traces(first, second - float(2 * np.trace(both) - np.vdot(lost, lost.T)))

    def _within(self) -> Floats:
        """(outer, inner) coefficients that bring the stricter model's directions into the looser
        model's."""
        square = np.zeros((self.outer.count, self.outer.count))
        product = np.zeros((self.outer.count, self.inner.count))
        for g, ids in enumerate(self.outer.ids):
            slopes = self.outer.slopes[g]
            square[np.ix_(ids, ids)] += slopes.T @ slopes
            product[np.ix_(ids, self.inner.ids[g])] += slopes.T @ self.inner.slopes[g]
        return np.linalg.solve(square, product)

    def _inner_slopes(self, g: int, within: Floats) -> Floats:
        """(S, inner) directions of the stricter model, within those of the looser one."""
        out = self.outer.slopes[g] @ within[self.outer.ids[g]]
        out[np.ix_(self.at_will[g], self.inner.ids[g])] += self.inner.slopes[g][self.at_will[g]]
        return np.asarray(out)

    def _kernel(self, g: int) -> Floats:
        """(n, n) projection on the statistics that the looser model moves at will."""
        part = self.at_will[g]
        root = np.sqrt(self.weight[g, part] / self.statistics.n[g])
        rows = self.statistics.influence[g][:, part] * root
        return np.asarray(rows @ rows.T)


def _met_statistics(fit: Fit, statistics: Statistics) -> Bools:
    """(G, S) statistics that a threshold of their own always meets."""
    frame, structure = statistics.frame, fit.structure
    out = np.zeros(statistics.weight.shape, dtype=bool)
    group, place = np.nonzero(freely_met(fit.layout, structure))
    start = np.searchsorted(frame.item, structure.row[place])
    out[group, start + structure.col[place]] = True
    return out & (statistics.weight > 0)


def _side(fit: Fit, sample: OrdinalSample, used: Bools) -> _Side:
    """A fit's parameters, less those that move no statistic in use."""
    layout = fit.layout
    found = slopes_at(sample, fit.structure, layout, layout.filled(fit.solution.theta))
    width = layout.n_columns
    ids, slopes = [], []
    for g in range(layout.n_groups):
        column = layout.column[g, found.places.at]
        by_column = (found.full(g) * used[g][:, None]) @ np.eye(width + 1)[column][:, :width]
        numbers = np.concatenate([layout.shared, layout.own[g]])
        real = numbers >= 0
        ids.append(numbers[real])
        slopes.append(by_column[:, real])
    return _renumbered(ids, slopes, layout.n_free)


def _renumbered(ids: list[Ints], slopes: list[Floats], n_free: int) -> _Side:
    moves = np.zeros(n_free, dtype=bool)
    for numbers, part in zip(ids, slopes, strict=True):
        moves[numbers[part.any(axis=0)]] = True
    number = np.cumsum(moves) - 1
    return _Side(
        tuple(number[numbers[moves[numbers]]] for numbers in ids),
        tuple(part[:, moves[numbers]] for numbers, part in zip(ids, slopes, strict=True)),
        int(moves.sum()),
    )
