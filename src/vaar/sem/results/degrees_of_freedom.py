"""Degrees of freedom of t where standard errors come from clusters."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from vaar.sem.arrays import Floats, Ints
from vaar.sem.data.sample import Sample
from vaar.sem.model.expressions import Expression
from vaar.sem.model.parameter_map import Layout
from vaar.sem.solution.delta_method import label_places


def place_df(sample: Sample, layout: Layout) -> Floats:
    """(G, P) degrees of freedom by the clusters of a sample; infinite without clusters."""
    if sample.design.cluster is None:
        return np.full(layout.index.shape, np.inf)
    return cluster_df(sample.n_units, layout)


def cluster_df(clusters: Ints | Floats, layout: Layout) -> Floats:
    """(G, P) clusters less one of a parameter's group, or less one in each of the groups that
    share it; ``clusters`` counts those of each group."""
    by_group = np.broadcast_to((clusters - 1.0)[:, None], layout.index.shape)
    out = by_group.copy()
    for free in layout.shared:
        here = layout.index == free
        out[here] = by_group[here.any(axis=1), 0].sum()
    return out


def definition_df(
    df: Floats, layout: Layout, definitions: Iterable[tuple[str, Expression]]
) -> list[float]:
    """Of functions of labels, the smallest of those of their labels, given those of all places."""
    known = {name: float(df[place]) for name, place in label_places(layout).items()}
    out = []
    for name, expression in definitions:
        known[name] = min((known[used] for used in expression.names), default=np.inf)
        out.append(known[name])
    return out
