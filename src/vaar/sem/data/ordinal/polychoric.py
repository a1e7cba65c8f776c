"""Thresholds of ordinal items and all their polychoric correlations, by two-step ML (Olsson 1979).

The first step takes the thresholds from each item's own frequencies; the second maximises, for each
pair of items, the likelihood of their contingency table over the correlation alone. Everything
works on frequency tables, so the cost hardly depends on the number of respondents.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import scipy
from numpy.typing import NDArray

from vaar.errors import DataError
from vaar.sem.data.ordinal.bivariate_normal import (
    FAR,
    CellProbabilities,
    cell_derivatives,
    normal_density,
)
from vaar.sem.data.ordinal.influences import look_up
from vaar.sem.data.ordinal.pairs import PairOutcome, PairStatistics
from vaar.sem.data.ordinal.pairwise_ml import Likelihood, maximise_correlations

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]

_ADDED_TO_EMPTY = 0.5
_WIDEST_SCALE = 1000
_TINY = 1e-100
_IMPROBABLE = 1e-12


@dataclass(frozen=True)
class OrdinalItems:
    """Ordinal items of one group, coded by the categories this group used.

    Items are padded to the largest number of categories, c: a category that an item lacks has no
    answers, and the thresholds below it stand at `FAR`.

    Attributes
    ----------
    codes : (n, q) array of int
        Position of each answer among the item's used categories; c where there is no answer.
    categories : (q, c) array
        The used categories of each item, ascending, then NaN. A category nobody chose is not among
        them: the threshold between two used categories is then the only one between them.
    counts : (q, c) array
        How often each used category was chosen: rows, or the sum of their weights.
    thresholds : (q, c − 1) array
        Φ⁻¹ of the cumulative proportions among the answers given.
    weight : (n,) array or None
        Sampling weights; None where all rows count alike.
    """

    codes: Indices
    categories: Floats
    counts: Floats
    thresholds: Floats
    weight: Floats | None = None

    @cached_property
    def n(self) -> float:
        """Rows, or the sum of their weights."""
        return float(len(self.codes) if self.weight is None else self.weight.sum())

    @cached_property
    def sizes(self) -> Indices:
        """Number of used categories of each item; 1 for a constant item, 0 without answers."""
        return np.asarray((self.counts > 0).sum(axis=1))

    @cached_property
    def threshold_influence(self) -> Floats:
        """(q, c + 1, c − 1) influence of each answer (the last row: no answer) on each threshold.

        The derivative of Φ⁻¹ of a proportion. Scaled so that an estimate's sampling error is the
        (weighted) mean of its influences over all n rows, with or without an answer.
        """
        cells = self.counts.shape[1]
        answered = self.counts.sum(axis=1)
        answered = np.where(answered > 0, answered, 1.0)
        below = scipy.special.ndtr(self.thresholds)[:, None, :]
        reached = np.tri(cells, dtype=float).T[None, :, : cells - 1]
        exists = np.arange(1, cells) < self.sizes[:, None]
        density = np.where(exists, normal_density(self.thresholds), np.inf)
        influence = (reached - below) / density[:, None, :]
        influence *= (self.n / answered)[:, None, None]
        return np.pad(influence, ((0, 0), (0, 1), (0, 0)))


def code_items(answers: Floats, weight: Floats | None = None) -> OrdinalItems:
    """Code the ordinal answers of one group and estimate the thresholds.

    Parameters
    ----------
    answers : (n, q) array
        Whole numbers, NaN where there is no answer.
    weight : (n,) array, optional
        Sampling weights, all positive.

    Raises
    ------
    DataError
        If an answer is not a whole number, or the answers span more than a thousand numbers.
    """
    present = ~np.isnan(answers)
    values = np.where(present, answers, 0.0)
    _check_whole(values)
    lowest = values.min(initial=0.0)
    levels = (values - lowest).astype(np.intp)
    span, items = int(levels.max(initial=0)) + 1, answers.shape[1]
    position = levels + span * np.arange(items)
    each = None if weight is None else np.broadcast_to(weight[:, None], present.shape)[present]
    frequencies = np.bincount(position[present], each, span * items).reshape(items, span)
    used = frequencies > 0
    rank = np.cumsum(used, axis=1) - 1
    cells = max(int(used.sum(axis=1).max(initial=0)), 2)
    counts, categories = np.zeros((items, cells)), np.full((items, cells), np.nan)
    item, level = np.nonzero(used)
    counts[item, rank[used]] = frequencies[used]
    categories[item, rank[used]] = level + lowest
    return OrdinalItems(
        codes=np.where(present, rank.ravel()[position], cells),
        categories=categories,
        counts=counts,
        thresholds=_thresholds(counts),
        weight=weight,
    )


def _check_whole(values: Floats) -> None:
    wrong = values[~np.isfinite(values) | (values != np.rint(values))]
    if wrong.size:
        raise DataError(
            f"an ordinal item holds the answer {wrong[0]:g}; only whole numbers are allowed: "
            "recode it, or do not list the item as ordered"
        )
    span = values.max(initial=0.0) - values.min(initial=0.0)
    if span > _WIDEST_SCALE:
        raise DataError(
            f"the ordinal answers span {span:g} numbers; at most {_WIDEST_SCALE} are allowed: "
            "recode them, or do not list the items as ordered"
        )


def _thresholds(counts: Floats) -> Floats:
    reached = np.cumsum(counts, axis=1)
    total = np.where(reached[:, -1:] > 0, reached[:, -1:], 1.0)
    inside = reached[:, :-1] < reached[:, -1:]
    return np.where(
        inside, scipy.special.ndtri(np.where(inside, reached[:, :-1] / total, 0.5)), FAR
    )


@dataclass(frozen=True)
class CellStatistics:
    """Polychoric correlations of m pairs of items, with their influences by answers.

    Attributes
    ----------
    correlations, outcomes : (m,) arrays
        As in `PairStatistics`.
    influences : (c + 1, c + 1, m) array
        Of a row with each pair of answers; the last row and column are for no answer.
    """

    correlations: Floats
    outcomes: NDArray[np.int8]
    influences: Floats


def polychoric(items: OrdinalItems, first: Indices, second: Indices) -> PairStatistics:
    """The same as `polychoric_cells`, with the influence of each row."""
    found = polychoric_cells(items, first, second)
    rows = look_up(found.influences, items.codes, first, second)
    return PairStatistics(found.correlations, found.outcomes, rows)


def polychoric_cells(items: OrdinalItems, first: Indices, second: Indices) -> CellStatistics:
    """Estimate the polychoric correlations of pairs of ordinal items, with their influences.

    In a 2 × 2 table with one empty cell, ½ is added to that cell and the others are changed so that
    the margins stay; larger tables are taken as they are. A table without a discordant (or without
    a concordant) pair of respondents is `PERFECT`: its likelihood has no maximum inside (−1, 1).

    Parameters
    ----------
    items : OrdinalItems
        From `code_items`.
    first, second : (m,) arrays of int
        The items of each pair.
    """
    tables = _contingency_tables(items, first, second)
    filled = _fill_empty_cell(tables)
    correlations, outcomes = _monotone_association(filled)
    fit = np.flatnonzero(outcomes == PairOutcome.ESTIMATED)
    row, column = items.thresholds.T[:, first[fit]], items.thresholds.T[:, second[fit]]
    counts = filled[:, :, fit]
    start = _start(counts, row, column)
    cells = CellProbabilities(row, column, start)

    def likelihood(rho: Floats, pairs: Indices) -> Likelihood:
        derivatives = cell_derivatives(row[:, pairs], column[:, pairs], rho)
        return _table_likelihood(counts[:, :, pairs], cells.at(rho, pairs), *derivatives)

    rho, converged = maximise_correlations(likelihood, start)
    probabilities = cells.at(rho, np.arange(len(fit)))
    outcomes[fit] = _fit_outcomes(counts, probabilities, converged)
    sound = outcomes[fit] == PairOutcome.ESTIMATED
    fit, rho, probabilities = fit[sound], rho[sound], probabilities[:, :, sound]
    correlations[fit] = rho
    width = len(tables) + 1
    influences = np.full((width, width, len(first)), np.nan)
    influences[:, :, fit] = _cell_influences(
        items, first[fit], second[fit], tables[:, :, fit], rho, probabilities
    )
    return CellStatistics(correlations, outcomes, influences)


def _contingency_tables(items: OrdinalItems, first: Indices, second: Indices) -> Floats:
    """(c, c, m) joint frequencies, or sums of weights, of both answers of each pair of items."""
    count, cells = items.counts.shape
    chosen = (items.codes[:, :, None] == np.arange(cells)).reshape(-1, count * cells).astype(float)
    counted = chosen if items.weight is None else chosen * items.weight[:, None]
    joint = (chosen.T @ counted).reshape(count, cells, count, cells)
    return np.ascontiguousarray(joint.transpose(1, 3, 0, 2)[:, :, first, second])


def _fill_empty_cell(tables: Floats) -> Floats:
    """Add ½ to the one empty cell of a 2 × 2 table, keeping its margins."""
    corner = tables[:2, :2]
    rows, columns = corner.sum(axis=1), corner.sum(axis=0)
    fourfold = ((tables > 0).sum(axis=(0, 1)) == (corner > 0).sum(axis=(0, 1))) & (rows > 0).all(0)
    fourfold &= (columns > 0).all(axis=0)
    adjust = np.flatnonzero(fourfold & ((corner == 0).sum(axis=(0, 1)) == 1))
    on_diagonal = (corner[0, 0, adjust] == 0) | (corner[1, 1, adjust] == 0)
    amount = np.where(on_diagonal, _ADDED_TO_EMPTY, -_ADDED_TO_EMPTY)
    filled = tables.copy()
    filled[:2, :2, adjust] += np.array([[1.0, -1.0], [-1.0, 1.0]])[:, :, None] * amount
    return filled


def _monotone_association(tables: Floats) -> tuple[Floats, NDArray[np.int8]]:
    concordant = _pairs_with_later(tables) > 0
    discordant = _pairs_with_later(tables[:, ::-1]) > 0
    outcomes = np.full(tables.shape[2], PairOutcome.ESTIMATED, dtype=np.int8)
    outcomes[~(concordant & discordant)] = PairOutcome.PERFECT
    outcomes[~(concordant | discordant)] = PairOutcome.CONSTANT
    outcomes[tables.sum(axis=(0, 1)) == 0] = PairOutcome.NO_OVERLAP
    perfect = np.where(concordant, 1.0, -1.0)
    return np.where(outcomes == PairOutcome.PERFECT, perfect, np.nan), outcomes


def _pairs_with_later(tables: Floats) -> Floats:
    """Count the pairs of respondents of whom one stands higher on both items."""
    later = np.cumsum(np.cumsum(tables[::-1, ::-1], axis=0), axis=1)[::-1, ::-1]
    return _over_cells(tables[:-1, :-1], later[1:, 1:])


def _start(tables: Floats, row: Floats, column: Floats) -> Floats:
    """Covariance of the category numbers, corrected for coarseness to the first order."""
    number = np.arange(len(tables), dtype=float)
    by_row, by_column = tables.sum(axis=1), tables.sum(axis=0)
    total = by_row.sum(axis=0)
    products = np.einsum("abm,a,b->m", tables, number, number)
    covariance = products / total - (number @ by_row) * (number @ by_column) / total**2
    coarse = normal_density(row).sum(axis=0) * normal_density(column).sum(axis=0)
    return np.asarray(np.clip(covariance / coarse, -0.8, 0.8))


def _table_likelihood(
    tables: Floats, probability: Floats, first: Floats, second: Floats
) -> Likelihood:
    """Likelihood of tables from their cell probabilities and their derivatives, used up here."""
    probability = np.maximum(probability, _TINY)
    first /= probability
    second /= probability
    second -= first * first
    return Likelihood(
        value=_over_cells(tables, np.log(probability)),
        score=_over_cells(tables, first),
        curvature=_over_cells(tables, second),
    )


def _over_cells(tables: Floats, values: Floats) -> Floats:
    return np.asarray(np.einsum("abm,abm->m", tables, values))


def _fit_outcomes(
    counts: Floats, probabilities: Floats, converged: NDArray[np.bool_]
) -> NDArray[np.int8]:
    outcomes = np.where(converged, PairOutcome.ESTIMATED, PairOutcome.NOT_CONVERGED)
    rarest = np.where(counts > 0, probabilities, 1.0).min(axis=(0, 1))
    outcomes[rarest < _IMPROBABLE] = PairOutcome.IMPROBABLE
    return outcomes.astype(np.int8)


def _cell_influences(
    items: OrdinalItems,
    first: Indices,
    second: Indices,
    tables: Floats,
    rho: Floats,
    probabilities: Floats,
) -> Floats:
    """Influence of a row in each cell on its pair's correlation, (c + 1, c + 1, m).

    The last row and column are for 'no answer'. The two-step estimating equations are stacked and
    the blocks of their Jacobian estimated by cross-products of the scores (Muthén 1984).
    """
    row, column = items.thresholds.T[:, first], items.thresholds.T[:, second]
    by_answer = items.threshold_influence.transpose(1, 2, 0)
    probabilities = np.maximum(probabilities, _TINY)
    relative = cell_derivatives(row, column, rho)[0] / probabilities
    weighted = tables * relative
    information = _over_cells(weighted, relative)
    weighted /= probabilities
    by_row = _threshold_products(weighted, row, column, rho)
    by_column = _threshold_products(weighted.transpose(1, 0, 2), column, row, rho)
    influence = np.zeros((len(tables) + 1, len(tables) + 1, len(rho)))
    influence[:-1, :-1] = items.n * relative
    influence -= (by_answer[:, :, first] * by_row).sum(axis=1)[:, None]
    influence -= (by_answer[:, :, second] * by_column).sum(axis=1)
    influence /= information
    return influence


def _threshold_products(weighted: Floats, own: Floats, other: Floats, rho: Floats) -> Floats:
    """Σ over cells of n · ∂log π/∂ρ · ∂log π/∂τ for the thresholds τ of one item of each pair."""
    spread = np.sqrt((1.0 - rho) * (1.0 + rho))
    between = np.zeros((len(own), len(other) + 1, len(rho)))
    below = scipy.special.ndtr((other - rho * own[:, None]) / spread)
    between[:, :-1] = below
    between[:, -1] = 1.0
    between[:, 1:] -= below
    between *= weighted[:-1] - weighted[1:]
    return np.asarray(between.sum(axis=1) * normal_density(own))
