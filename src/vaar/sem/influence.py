"""The influence of each row on the estimates, to first order."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from vaar.sem.arrays import Floats, Ints
from vaar.sem.layout import Layout
from vaar.sem.solve import Solution


def column_influences(
    scores: Floats, group: Ints, solution: Solution, layout: Layout
) -> Iterator[Floats]:
    """For each group in turn, the (N, L) influence of every row on that group's columns.

    Parameters
    ----------
    scores : (N, P) array
        Derivatives of the rows' log-likelihoods by the parameters of their own group.
    group : (N,) array
        Group of each row.
    """
    precision = solution.precision
    if precision is None:
        raise ValueError("a solution without information has no influences")
    s = len(layout.shared)
    bread, ratio = precision.bread.columns, precision.bread.ratio
    shared = np.empty((len(scores), s))
    own = np.empty((len(scores), layout.n_columns - s))
    for g in range(layout.n_groups):
        inside = group == g
        rows = _row_columns(scores[inside], layout, g)
        own[inside] = rows[:, s:]
        shared[inside] = (rows[:, :s] - rows[:, s:] @ ratio[g]) @ bread[0, :s, :s]
    for g in range(layout.n_groups):
        inside = group == g
        out = np.hstack([shared, -shared @ ratio[g].T])
        inner = bread[g, s:, s:] - ratio[g] @ bread[g, :s, :s] @ ratio[g].T
        out[inside, s:] += own[inside] @ inner
        yield out


def _row_columns(scores: Floats, layout: Layout, group: int) -> Floats:
    """(n, L) scores by column."""
    width = layout.n_columns
    gather = np.eye(width + 1)[layout.column[group]][:, :width]
    out = scores @ gather
    return np.asarray(out if layout.chain is None else out @ layout.chain[group])
