"""Sample statistics of one group of ordinal, continuous or mixed data, and their case influences.

The statistics are ordered as lavaan orders them: thresholds and negative means by variable;
variances of the continuous variables; covariances column by column below the diagonal. The n × P
influences Z give the asymptotic covariance of √n times the statistics as Γ = ZᵀZ / n, so that
tr(UΓ) and tr((UΓ)²) need no P × P Γ: they are tr(ZUZᵀ) / n and ‖ZUZᵀ‖² / n². Sampling weights
multiply what rows count in every sum, and their influences; n is then the sum of the weights.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from functools import cached_property
from typing import Literal, NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from vaar.errors import DataError
from vaar.sem.data.ordinal.continuous import pearson, standardise
from vaar.sem.data.ordinal.influences import AnswerInfluences, RowInfluences
from vaar.sem.data.ordinal.pairs import PairOutcome, PairStatistics
from vaar.sem.data.ordinal.polychoric import (
    CellStatistics,
    code_items,
    polychoric,
    polychoric_cells,
)
from vaar.sem.data.ordinal.polyserial import polyserial

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]
Scalar = TypeVar("Scalar", bound=np.generic)


class StatisticKind(IntEnum):
    """What an entry of the vector of statistics is."""

    THRESHOLD = 0
    NEGATIVE_MEAN = 1
    VARIANCE = 2
    COVARIANCE = 3


@dataclass(frozen=True)
class StatisticLabels:
    """What each of the P statistics is.

    Attributes
    ----------
    kinds : (P,) array of int
        A `StatisticKind` each.
    first, second : (P,) arrays of int
        Columns of the data; the same twice unless a covariance.
    below, above : (P,) arrays
        Of a threshold, the used categories on its two sides. They are neighbours on the response
        scale unless nobody chose a category between them. NaN for other statistics.
    """

    kinds: Indices
    first: Indices
    second: Indices
    below: Floats
    above: Floats


@dataclass(frozen=True)
class OrdinalStatistics:
    """Sample statistics of one group.

    Attributes
    ----------
    rows : (n,) array of int
        The rows of the data in use: under listwise deletion the complete ones, otherwise those with
        any answer.
    labels : StatisticLabels
        What each statistic is.
    values : (P,) array
        The statistics. A covariance of two ordinal items is their polychoric correlation, and an
        ordinal item has variance 1; ±1 times the scales for a perfect association, NaN where there
        is no estimate.
    source : RowInfluences or AnswerInfluences
        What the influences are made from.
    correlations : (p, p) array
        All correlations, with a diagonal of ones.
    outcomes : (p, p) array of int
        A `PairOutcome` each; on the diagonal whether the variable varies.
    n : float
        Rows in use, or the sum of their weights.
    """

    rows: Indices
    labels: StatisticLabels
    values: Floats
    source: RowInfluences | AnswerInfluences
    correlations: Floats
    outcomes: NDArray[np.int8]
    n: float

    @property
    def influences(self) -> Floats:
        """(n, P) influence of each row on each statistic; NaN unless that is `estimated`.

        Made anew at each call: of all that is known of a group, it is the largest by far.
        """
        return self.source.rows

    @property
    def estimated(self) -> NDArray[np.bool_]:
        """(P,) which statistics have a value with a sampling distribution."""
        return np.isfinite(self.asymptotic_variances)

    @cached_property
    def asymptotic_variances(self) -> Floats:
        """(P,) diagonal of Γ; its reciprocals are the DWLS weights."""
        influences = self.influences
        squares = np.einsum("np,np->p", influences, influences)
        return np.asarray(squares / self.n)

    def asymptotic_covariance(self) -> Floats:
        """(P, P) matrix Γ, which lavaan calls NACOV."""
        influences = self.influences
        return np.asarray(influences.T @ influences / self.n)


def ordinal_statistics(
    data: Floats,
    ordered: NDArray[np.bool_],
    missing: Literal["listwise", "pairwise"] = "listwise",
    weight: Floats | None = None,
) -> OrdinalStatistics:
    """Compute the sample statistics of one group for (D)WLS.

    Parameters
    ----------
    data : (N, p) array
        Answers; NaN where there is none. Ordered columns hold whole numbers.
    ordered : (p,) array of bool
        Which columns are ordinal items; the others are continuous variables.
    missing : {"listwise", "pairwise"}
        Use complete rows only, or for each statistic every row that has its answers.
    weight : (N,) array, optional
        Sampling weights, all positive.

    Raises
    ------
    DataError
        If no row can be used, a value is infinite, or an ordinal answer is not a whole number.
    """
    if np.isinf(data).any():
        raise DataError(
            "the data hold an infinite value; only numbers and NaN for a missing answer are "
            "allowed: correct the value or mark it as missing"
        )
    present = ~np.isnan(data)
    rows = np.flatnonzero(present.all(axis=1) if missing == "listwise" else present.any(axis=1))
    if not rows.size:
        raise DataError(
            f"none of {len(data)} rows can be used with missing={missing!r}; at least one "
            "must hold answers: leave out the items nobody answered, or use missing='pairwise'"
        )
    group = _Group(data[rows], ordered, None if weight is None else weight[rows])
    pairs = group.pairs()
    blocks = group.level_block(), group.variance_block(), group.covariance_block(pairs)
    return OrdinalStatistics(
        rows=rows,
        labels=_joined([block.labels for block in blocks]),
        values=np.concatenate([block.values for block in blocks]),
        source=group.influences(pairs),
        correlations=_symmetric(pairs.correlations, np.ones(len(ordered))),
        outcomes=_symmetric(pairs.outcomes, group.variable_outcomes()),
        n=group.items.n,
    )


class _Block(NamedTuple):
    """Some neighbouring statistics."""

    labels: StatisticLabels
    values: Floats


class _Group:
    """The variables of one group, each kind in its own coding, and their statistics by block."""

    def __init__(
        self, data: Floats, ordered: NDArray[np.bool_], weight: Floats | None = None
    ) -> None:
        self.ordered = ordered
        self.items = code_items(data[:, ordered], weight)
        self.variables = standardise(data[:, ~ordered], weight)
        self.position = np.where(ordered, np.cumsum(ordered), np.cumsum(~ordered)) - 1
        self.first, self.second = np.triu_indices(len(ordered), 1)

    def pairs(self) -> PairStatistics | CellStatistics:
        """Statistics of all pairs of variables, column by column below the diagonal."""
        if self.ordered.all():
            return polychoric_cells(self.items, self.first, self.second)
        ordinal = self.ordered[self.first].astype(int) + self.ordered[self.second]
        whole = PairStatistics(
            correlations=np.empty(len(ordinal)),
            outcomes=np.empty(len(ordinal), dtype=np.int8),
            influences=np.empty((len(self.items.codes), len(ordinal))),
        )
        for count, estimate in enumerate((self._pearson, self._polyserial, self._polychoric)):
            mask = ordinal == count
            if mask.any():
                part = estimate(self.first[mask], self.second[mask])
                whole.correlations[mask] = part.correlations
                whole.outcomes[mask] = part.outcomes
                whole.influences[:, mask] = part.influences
        return whole

    def _polychoric(self, first: Indices, second: Indices) -> PairStatistics:
        return polychoric(self.items, self.position[first], self.position[second])

    def _polyserial(self, first: Indices, second: Indices) -> PairStatistics:
        item = np.where(self.ordered[first], first, second)
        variable = np.where(self.ordered[first], second, first)
        return polyserial(self.items, self.variables, self.position[item], self.position[variable])

    def _pearson(self, first: Indices, second: Indices) -> PairStatistics:
        return pearson(self.variables, self.position[first], self.position[second])

    def level_block(self) -> _Block:
        """Thresholds of ordinal items and negative means of continuous variables, by variable."""
        ordered, items, variables = self.ordered, self.items, self.variables
        exists = self._exists
        count = exists.sum(axis=1)
        values, below, above = np.full((3, *exists.shape), np.nan)
        values[ordered], values[~ordered, 0] = items.thresholds, -variables.means
        below[ordered], above[ordered] = items.categories[:, :-1], items.categories[:, 1:]
        kinds = np.where(ordered, StatisticKind.THRESHOLD, StatisticKind.NEGATIVE_MEAN)
        column = np.repeat(np.arange(len(ordered)), count)
        labels = StatisticLabels(
            np.repeat(kinds, count), column, column, below[exists], above[exists]
        )
        return _Block(labels, values[exists])

    def variance_block(self) -> _Block:
        """Variances of the continuous variables."""
        variances = self.variables.variances
        column = np.flatnonzero(~self.ordered)
        labels = _labels(StatisticKind.VARIANCE, column, column)
        return _Block(labels, variances)

    def covariance_block(self, pairs: PairStatistics | CellStatistics) -> _Block:
        """Covariances, of which polychoric and polyserial ones count an item's variance as 1."""
        labels = _labels(StatisticKind.COVARIANCE, self.first, self.second)
        return _Block(labels, self._pair_scale * pairs.correlations)

    @property
    def _pair_scale(self) -> Floats:
        """(m,) products of the standard deviations of each pair; those of items are 1."""
        deviation = np.ones(len(self.ordered))
        deviation[~self.ordered] = np.sqrt(self.variables.variances)
        return np.asarray(deviation[self.first] * deviation[self.second])

    def influences(
        self, pairs: PairStatistics | CellStatistics
    ) -> RowInfluences | AnswerInfluences:
        """Influences of the rows on all statistics."""
        if isinstance(pairs, PairStatistics):
            parts = self._level_influences(), self._variance_influences()
            every = np.hstack([*parts, self._covariance_influences(pairs)])
            return RowInfluences(every, self.items.weight)
        items, cells = self.items, pairs.influences
        if items.codes.max(initial=0) < len(cells) - 1:
            cells = cells[:-1, :-1].copy()
        return AnswerInfluences(
            items.codes.astype(np.int16),
            items.threshold_influence,
            self._exists,
            cells,
            self.first,
            self.second,
            items.weight,
        )

    @property
    def _exists(self) -> NDArray[np.bool_]:
        """(p, c − 1) which levels each variable has: a continuous one, its mean alone."""
        count = np.ones(len(self.ordered), dtype=np.intp)
        count[self.ordered] = np.maximum(self.items.sizes - 1, 0)
        return np.asarray(np.arange(self.items.thresholds.shape[1]) < count[:, None])

    def _level_influences(self) -> Floats:
        items, variables, exists = self.items, self.variables, self._exists
        out = np.empty((len(items.codes), *exists.shape))
        every = np.arange(len(items.thresholds))
        out[:, self.ordered] = items.threshold_influence[every, items.codes]
        out[:, ~self.ordered, 0] = -np.sqrt(variables.variances) * variables.influences[0]
        return out[:, exists]

    def _variance_influences(self) -> Floats:
        return np.asarray(self.variables.variances * self.variables.influences[1])

    def _covariance_influences(self, pairs: PairStatistics) -> Floats:
        by_variance = np.zeros((len(pairs.influences), len(self.ordered)))
        by_variance[:, ~self.ordered] = self.variables.influences[1]
        by_scale = by_variance[:, self.first] + by_variance[:, self.second]
        inner = pairs.influences + 0.5 * pairs.correlations * by_scale
        return np.asarray(self._pair_scale * inner)

    def variable_outcomes(self) -> NDArray[np.int8]:
        """(p,) whether each variable varies."""
        outcomes = np.full(len(self.ordered), PairOutcome.ESTIMATED, dtype=np.int8)
        varies, answered = np.empty((2, len(self.ordered)), dtype=bool)
        varies[self.ordered] = self.items.sizes > 1
        varies[~self.ordered] = self.variables.variances > 0
        answered[self.ordered] = self.items.sizes > 0
        answered[~self.ordered] = self.variables.present.any(axis=0)
        outcomes[~varies] = PairOutcome.CONSTANT
        outcomes[~answered] = PairOutcome.NO_OVERLAP
        return outcomes


def _labels(kind: StatisticKind, first: Indices, second: Indices) -> StatisticLabels:
    absent = np.full(len(first), np.nan)
    return StatisticLabels(np.full(len(first), kind), first, second, absent, absent)


def _joined(parts: list[StatisticLabels]) -> StatisticLabels:
    return StatisticLabels(
        kinds=np.concatenate([part.kinds for part in parts]),
        first=np.concatenate([part.first for part in parts]),
        second=np.concatenate([part.second for part in parts]),
        below=np.concatenate([part.below for part in parts]),
        above=np.concatenate([part.above for part in parts]),
    )


def _symmetric(upper: NDArray[Scalar], diagonal: NDArray[Scalar]) -> NDArray[Scalar]:
    matrix = np.diag(diagonal)
    rows, columns = np.triu_indices(len(diagonal), 1)
    matrix[rows, columns] = matrix[columns, rows] = upper
    return matrix
