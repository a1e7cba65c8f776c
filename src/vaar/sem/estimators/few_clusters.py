"""Where clusters are few for joint tests of normal theory."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from vaar.sem.data.sample import Sample
from vaar.sem.data.screening import Finding
from vaar.sem.model.parameter_map import Layout

CLUSTERS_PER_PARAMETER = 2
"""Clusters for each free parameter of a group below which tests of many parameters at once, such as
that of the model, reject far too often (docs/sem-quality.md)."""


def few_clusters_findings(sample: Sample, layout: Layout) -> Iterator[Finding]:
    """Groups with few clusters for their parameters."""
    if sample.design.cluster is None:
        return
    for group, count, index in zip(layout.groups, sample.n_units, layout.index, strict=True):
        parameters = len(np.unique(index[index >= 0]))
        if count < CLUSTERS_PER_PARAMETER * parameters:
            detail = (
                f"{count} clusters for {parameters} parameters: the scaled χ² and other joint "
                "tests reject too often; intervals of single parameters hold better"
            )
            yield Finding(group, "", "few clusters", "kept", detail)
