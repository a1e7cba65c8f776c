"""The influence of each row on the estimates, to first order."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from vaar.sem.arrays import Floats, Ints
from vaar.sem.estimators.base import Precision
from vaar.sem.model.parameter_map import Layout
from vaar.sem.solution.solve import Solution


def column_influences(
    scores: Floats, group: Ints, solution: Solution, layout: Layout
) -> Iterator[Floats]:
    """For each group in turn, the (N, L) influence of every row on that group's columns.

    Parameters
    ----------
    scores : (N, P) array
        Derivatives of what the rows add to the objective by the parameters of their own group; for
        those that follow from others, their direct influences.
    group : (N,) array
        Group of each row.
    """
    precision = solution.precision
    if precision is None:
        raise ValueError("a solution without information has no influences")
    bread, inner = precision.bread, precision.layout
    s = len(inner.shared)
    shared = np.empty((len(scores), s))
    own = np.empty((len(scores), inner.n_columns - s))
    for g in range(layout.n_groups):
        inside = group == g
        rows = scores[inside] @ inner.spread_matrix(g)
        own[inside] = rows[:, s:]
        shared[inside] = (rows[:, :s] - rows[:, s:] @ bread.ratio[g]) @ bread.shared
    for g in range(layout.n_groups):
        inside = group == g
        out = np.hstack([shared, -shared @ bread.ratio[g].T])
        out[inside, s:] += own[inside] @ bread.inner[g]
        if inner is layout:
            yield out
        else:
            direct = np.where(inside[:, None], scores[:, precision.following[g].places], 0.0)
            yield _with_following(out, direct, precision, layout, g)


def _with_following(
    moved: Floats, direct: Floats, precision: Precision, layout: Layout, group: int
) -> Floats:
    """(N, L) influences on all columns of a group, from those on the columns whose covariances are
    known, and the direct ones on the parameters that follow."""
    inner, follows = precision.layout, precision.following[group]
    free = inner.index[group] >= 0
    out = np.zeros((len(moved), layout.n_columns))
    out[:, layout.column[group, free]] = moved[:, inner.column[group, free]]
    out[:, layout.column[group, follows.places]] = direct - moved @ follows.drift.T
    return out
