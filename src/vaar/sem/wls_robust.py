"""What the robust tests of least squares need of Γ, from the influences of rows.

With U = W − W J A⁻¹ Jᵀ W, the test statistic is a sum of χ²₁ variables weighted by the eigenvalues
of UΓ. Their sum tr(UΓ) and their sum of squares tr((UΓ)²) are those of X U Xᵀ, where the rows of X
are the influences of cases: N × N matrices that are block-diagonal but for a part of low rank.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vaar.sem.arrays import Floats, Ints
from vaar.sem.layout import Layout
from vaar.sem.measures import ChiSquare
from vaar.sem.ordinal_sample import Statistics
from vaar.sem.solve import Solution
from vaar.sem.wls import Slopes


@dataclass(frozen=True)
class Pieces:
    """What the tests are made of, by group.

    Attributes
    ----------
    slopes : tuple of (S, L) arrays
        J, by column.
    scores : tuple of (n, L) arrays
        What each row adds to the derivatives of the fit function.
    bread, meat, inner : (G, L, L) arrays
        A⁻¹, the cross-products of the scores, and the sandwich of both.
    """

    slopes: tuple[Floats, ...]
    scores: tuple[Floats, ...]
    bread: Floats
    meat: Floats
    inner: Floats


@dataclass(frozen=True)
class Traces:
    """tr(UΓ) and tr((UΓ)²)."""

    first: float
    second: float


def pieces_of(
    slopes: Slopes, statistics: Statistics, layout: Layout, solution: Solution
) -> Pieces | None:
    """None where the information cannot be inverted."""
    if solution.precision is None:
        return None
    bread = solution.precision.bread.columns
    width = layout.n_columns
    spread = np.eye(width + 1)[layout.column[:, slopes.places.at]][:, :, :width]
    scores = tuple(
        slopes.scores(g, influence, statistics.weight[g]) @ spread[g]
        for g, influence in enumerate(statistics.influence)
    )
    meat = np.array([rows.T @ rows for rows in scores])
    n, groups = statistics.n.sum(), len(statistics.n)
    inner = solution.precision.covariance.columns * ((n - groups) / n)
    by_column = tuple(slopes.full(g) @ spread[g] for g in range(len(scores)))
    return Pieces(by_column, scores, bread, meat, inner)


def model_traces(pieces: Pieces, statistics: Statistics) -> Traces:
    """Of the model."""
    every = np.arange(statistics.frame.size)
    own, mixed = 0.0, 0.0
    for g, rows in enumerate(pieces.scores):
        kernel = _kernel(statistics, g, every)
        own += float(np.vdot(kernel, kernel))
        mixed += float(np.vdot(pieces.bread[g], rows.T @ (kernel @ rows)))
    first = statistics.count - float(np.vdot(pieces.bread, pieces.meat))
    return Traces(first, own - 2 * mixed + float(np.vdot(pieces.inner, pieces.meat)))


def baseline_traces(statistics: Statistics) -> Traces:
    """Of the model in which thresholds, means and variances are free, and nothing covaries."""
    pairs = statistics.frame.pairs
    kernels = (_kernel(statistics, g, pairs) for g in range(len(statistics.n)))
    second = sum(float(np.vdot(kernel, kernel)) for kernel in kernels)
    return Traces(float(np.count_nonzero(statistics.weight[:, pairs])), second)


def _kernel(statistics: Statistics, group: int, part: Ints) -> Floats:
    """(n, n) matrix X W Xᵀ of a group, from some of the statistics."""
    root = np.sqrt(statistics.weight[group, part] / statistics.n[group])
    rows = statistics.influence[group][:, part] * root
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
