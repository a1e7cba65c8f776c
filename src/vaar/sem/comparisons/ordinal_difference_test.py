"""The scaled difference test of two nested least-squares fits (Satorra 2000).

The difference of the two statistics is a sum of χ²₁ variables weighted by the eigenvalues of U_d Γ,
where U_d is the difference of two projections: on the directions in which the looser model can
move, and on those in which the stricter one can. The latter are brought into the former by least
squares, at the estimates of each.

Where a model has a threshold for one statistic alone, it can move that statistic at will. Such
statistics are set apart, which leaves few parameters to be handled.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vaar.sem.arrays import Bools, Floats, Ints
from vaar.sem.data.ordinal.sample import OrdinalSample, Statistics
from vaar.sem.estimators.dwls.concentrated_thresholds import freely_met
from vaar.sem.estimators.dwls.estimator import slopes_at
from vaar.sem.fit_measures.ordinal_robust import Traces
from vaar.sem.results.ordinal_fit import OrdinalFit


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


def difference_traces(strict: OrdinalFit, loose: OrdinalFit) -> Traces:
    """tr(U_d Γ) and tr((U_d Γ)²) of two fits to one sample."""
    sample = loose.sample
    statistics = sample.statistics
    at_will = _met_statistics(loose, statistics)
    common = at_will & _met_statistics(strict, statistics)
    weight = np.where(common, 0.0, statistics.weight)
    outer = _side(loose, sample, (weight > 0) & ~at_will)
    inner = _side(strict, sample, weight > 0)
    return _Difference(statistics, weight, at_will & (weight > 0), outer, inner).traces()


@dataclass
class _Sums:
    """Sums over groups, for the parameters of one side.

    Attributes
    ----------
    bread, meat, moved : (k, k) arrays
        Information, cross-products of scores, and those with the scores projected on the statistics
        moved at will.
    """

    bread: Floats
    meat: Floats
    moved: Floats

    @staticmethod
    def empty(count: int) -> _Sums:
        return _Sums(*(np.zeros((count, count)) for _ in range(3)))

    def add(self, ids: Ints, part: tuple[Floats, Floats, Floats]) -> Floats:
        """Add a group, and return the scores of its rows."""
        information, scores, projected = part
        block = np.ix_(ids, ids)
        self.bread[block] += information
        self.meat[block] += scores.T @ scores
        self.moved[block] += scores.T @ projected
        return scores


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
        within = self._within()
        outer, inner = _Sums.empty(self.outer.count), _Sums.empty(self.inner.count)
        mixed = np.zeros((self.outer.count, self.inner.count))
        first = second = 0.0
        for g, ids in enumerate(self.outer.ids):
            kernel = self._kernel(g)
            one = outer.add(ids, self._part(g, self.outer.slopes[g], kernel))
            every = np.arange(self.inner.count)
            other = inner.add(every, self._part(g, self._inner_slopes(g, within), kernel))
            mixed[ids] += one.T @ other
            first += float(np.trace(kernel))
            second += float(np.vdot(kernel, kernel))
        gained = np.linalg.solve(outer.bread, np.hstack([outer.meat, outer.moved, mixed]))
        own, shift, reach = np.split(gained, [self.outer.count, 2 * self.outer.count], axis=1)
        both = inner.moved + mixed.T @ reach
        lost, crossed = np.split(
            np.linalg.solve(inner.bread, np.hstack([inner.meat, both])), 2, axis=1
        )
        first += float(np.trace(own) - np.trace(lost))
        second += float(2 * np.trace(shift) + np.vdot(own, own.T))
        return Traces(first, second - float(2 * np.trace(crossed) - np.vdot(lost, lost.T)))

    def _part(self, g: int, slopes: Floats, kernel: Floats) -> tuple[Floats, Floats, Floats]:
        """Information, scores of the rows, and scores projected, of a group."""
        weighted = slopes * self.weight[g][:, None]
        scores = self.statistics.influence[g] @ weighted
        information = self.statistics.n[g] * (slopes.T @ weighted)
        return np.asarray(information), np.asarray(scores), np.asarray(kernel @ scores)

    def _within(self) -> Floats:
        """(outer, inner) coefficients that bring the stricter model's directions into the looser
        model's."""
        square = np.zeros((self.outer.count, self.outer.count))
        product = np.zeros((self.outer.count, self.inner.count))
        for g, ids in enumerate(self.outer.ids):
            slopes = self.outer.slopes[g]
            square[np.ix_(ids, ids)] += slopes.T @ slopes
            product[np.ix_(ids, self.inner.ids[g])] += slopes.T @ self.inner.slopes[g]
        return np.asarray(np.linalg.solve(square, product), dtype=float)

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


def _met_statistics(fit: OrdinalFit, statistics: Statistics) -> Bools:
    """(G, S) statistics that a threshold of their own always meets."""
    frame, structure = statistics.frame, fit.structure
    out = np.zeros(statistics.weight.shape, dtype=bool)
    group, place = np.nonzero(freely_met(fit.layout, structure))
    start = np.searchsorted(frame.item, structure.row[place])
    out[group, start + structure.col[place]] = True
    return out & (statistics.weight > 0)


def _side(fit: OrdinalFit, sample: OrdinalSample, used: Bools) -> _Side:
    """A fit's parameters, less those that move no statistic in use."""
    layout = fit.layout
    found = slopes_at(sample, fit.structure, layout, layout.filled(fit.solution.theta))
    width = layout.n_columns
    ids, slopes = [], []
    for g in range(layout.n_groups):
        column = layout.column[g, found.places.at]
        by_column = (found(g).full * used[g][:, None]) @ np.eye(width + 1)[column][:, :width]
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
