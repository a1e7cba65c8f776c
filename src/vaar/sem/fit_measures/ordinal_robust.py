"""What the robust tests of least squares need of Γ, from the influences of rows.

With U = W − W J A⁻¹ Jᵀ W, the test statistic is a sum of χ²₁ variables weighted by the eigenvalues
of UΓ. Their sum tr(UΓ) and their sum of squares tr((UΓ)²) are those of X U Xᵀ, where the rows of X
are the influences of cases: N × N matrices that are block-diagonal but for a part of low rank.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from vaar.sem.arrays import Floats
from vaar.sem.data.ordinal.sample import OrdinalSample
from vaar.sem.estimators.dwls.concentrated_thresholds import SlopesAt, set_apart
from vaar.sem.fit_measures.measures import ChiSquare
from vaar.sem.model.matrices import Structure
from vaar.sem.model.parameter_map import Layout
from vaar.sem.solution.solve import Solution


@dataclass(frozen=True)
class Piece:
    """What the tests are made of, of one group.

    Attributes
    ----------
    n : float
        Rows, or the sum of their sampling weights.
    weight : (S,) array
        Weights of the statistics, 0 for those that a threshold set apart meets.
    influence : (n, S) array
        Of each row, or cluster, on each statistic.
    slopes : (S, L) array
        J, by column.
    scores : (n, L) array
        What each row, or cluster, adds to the derivatives of the fit function.
    bread, inner : (L, L) arrays
        A⁻¹, and the sandwich of it and the cross-products of the scores.
    """

    n: float
    weight: Floats
    influence: Floats
    slopes: Floats
    scores: Floats
    bread: Floats
    inner: Floats


@dataclass(frozen=True)
class Traces:
    """tr(UΓ) and tr((UΓ)²)."""

    first: float
    second: float

    def __add__(self, other: Traces) -> Traces:
        return Traces(self.first + other.first, self.second + other.second)


def pieces_of(
    sample: OrdinalSample, structure: Structure, layout: Layout, solution: Solution
) -> Iterator[Piece]:
    """The pieces of each group in turn; none where the model is not identified."""
    precision, statistics = solution.precision, sample.statistics
    if precision is None or not solution.identified.all():
        return
    apart = set_apart(layout, structure, statistics)
    slopes_of = SlopesAt(sample, structure, apart.places, layout.filled(solution.theta))
    share = (sample.n_rows - sample.n_groups) / sample.n_rows
    for g, influence in enumerate(statistics.influence):
        found, spread = slopes_of(g), apart.spread_matrix(g)
        yield Piece(
            statistics.n[g],
            apart.weight[g],
            influence,
            found.full @ spread,
            found.scores(influence, apart.weight[g]) @ spread,
            precision.bread.columns(g),
            precision.covariance.columns(g) * share,
        )


def model_traces(piece: Piece) -> Traces:
    """What a group adds to those of the model."""
    kernel = _kernel(piece.influence, piece.weight / piece.n)
    meat = piece.scores.T @ piece.scores
    mixed = float(np.vdot(piece.bread, piece.scores.T @ (kernel @ piece.scores)))
    first = float(np.trace(kernel)) - float(np.vdot(piece.bread, meat))
    return Traces(
        first,
        float(np.vdot(kernel, kernel)) - 2 * mixed + float(np.vdot(piece.inner, meat)),
    )


def baseline_traces(influence: Floats, weight: Floats, n: float) -> Traces:
    """What a group adds to those of the model in which nothing covaries.

    Parameters
    ----------
    influence, weight : (n, C) and (C,) arrays
        Of the statistics of two different variables: thresholds, means and variances are free.
    n : float
        Rows, or the sum of their weights.
    """
    kernel = _kernel(influence, weight / n)
    return Traces(float(np.trace(kernel)), float(np.vdot(kernel, kernel)))


def _kernel(influence: Floats, share: Floats) -> Floats:
    """(n, n) matrix X W Xᵀ / n of a group, from the statistics in use."""
    used = np.flatnonzero(share)
    rows = influence[:, used] * np.sqrt(share[used])
    return np.asarray(rows @ rows.T)


def mean_adjusted(value: float, df: float, traces: Traces) -> ChiSquare:
    """Scaled so that its mean is that of χ² (Satorra & Bentler 1994)."""
    return ChiSquare(value, df, traces.first / df if df > 0 else float("nan"))


def mean_variance_adjusted(value: float, df: float, traces: Traces) -> ChiSquare:
    """Scaled and shifted so that mean and variance are those of χ² (Asparouhov & Muthén 2010)."""
    if not (df > 0 and traces.second > 0):
        return ChiSquare(value, df, float("nan"))
    rate = np.sqrt(df / traces.second)
    return ChiSquare(value, df, float(1 / rate), float(df - rate * traces.first))
