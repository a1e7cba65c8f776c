"""Degrees of freedom of t, and what else to know, where standard errors come from few clusters."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from vaar.sem.arrays import Floats
from vaar.sem.data.ordinal.sample import OrdinalSample
from vaar.sem.data.sample import Sample
from vaar.sem.data.screening import Finding
from vaar.sem.model.expressions import Expression
from vaar.sem.model.parameter_map import Layout
from vaar.sem.solution.delta_method import label_places

CLUSTERS_PER_PARAMETER = 2
"""Clusters for each free parameter of a group below which tests of many parameters at once, such as
that of the model, reject far too often (docs/sem-quality.md)."""


def few_clusters_findings(sample: Sample, layout: Layout) -> Iterator[Finding]:
    """Groups with few clusters for their parameters; not of ordinal items, whose test adjusted in
    mean and variance holds its level there."""
    if sample.design.cluster is None or isinstance(sample, OrdinalSample):
        return
    for group, count, index in zip(layout.groups, sample.n_units, layout.index, strict=True):
        parameters = len(np.unique(index[index >= 0]))
        if count < CLUSTERS_PER_PARAMETER * parameters:
            detail = (
                f"{count} clusters for {parameters} parameters: the scaled χ² and other joint "
                "tests reject too often; intervals of single parameters hold better"
            )
            yield Finding(group, "", "few clusters", "kept", detail)


def place_df(sample: Sample, layout: Layout) -> Floats:
    """(G, P) clusters less one of a parameter's group, or less one in each of the groups that
    share it; infinite without clusters."""
    if sample.design.cluster is None:
        return np.full(layout.index.shape, np.inf)
    by_group = np.broadcast_to((sample.n_units - 1.0)[:, None], layout.index.shape)
    out = by_group.copy()
    for free in layout.shared:
        here = layout.index == free
        out[here] = by_group[here.any(axis=1), 0].sum()
    return out


def definition_df(
    sample: Sample, layout: Layout, definitions: Iterable[tuple[str, Expression]]
) -> list[float]:
    """Of functions of labels, the smallest of those of their labels."""
    df = place_df(sample, layout)
    known = {name: float(df[place]) for name, place in label_places(layout).items()}
    out = []
    for name, expression in definitions:
        known[name] = min((known[used] for used in expression.names), default=np.inf)
        out.append(known[name])
    return out
