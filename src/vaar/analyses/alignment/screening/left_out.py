"""Groups that were left out before the fit, and notes, beside the paths that were collected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from vaar.analyses.alignment import notes
from vaar.analyses.alignment.collect import Collected
from vaar.analyses.alignment.paths import PathEstimates, PathIndex
from vaar.analyses.alignment.rate.arrays import Array
from vaar.analyses.notes import Note

HEADLINE_PERSONAS = 30
"""Where personas repeat, fewer carry no headline."""


def with_refused(collected: Collected, refused: Mapping[str, str]) -> Collected:
    """The same with groups that were left out before the fit: no number, and why."""
    new = [group for group in refused if group not in collected.groups]
    if not new:
        return collected

    def padded(values: Array) -> Array:
        margins = [(0, 0)] * (values.ndim - 2)
        return np.pad(values, [*margins, (0, len(new)), (0, 0)], constant_values=np.nan)

    full = collected.full
    return replace(
        collected,
        index=PathIndex((*collected.groups, *new), collected.index.rows),
        full=PathEstimates(*map(padded, (full.estimate, full.se, full.std_estimate, full.std_se))),
        replicated=padded(collected.replicated),
        notes={**collected.notes, **{g: [notes.not_fitted(refused[g])] for g in new}},
    )


def with_notes(collected: Collected, more: Mapping[str, Sequence[Note]]) -> Collected:
    """The same with further notes on groups."""
    noted = {group: list(own) for group, own in collected.notes.items()}
    for group, own in more.items():
        noted[group] = [*noted.get(group, []), *own]
    return replace(collected, notes=noted)


def few_clusters(collected: Collected) -> dict[str, list[Note]]:
    """Groups whose personas repeat and are too few for a headline."""
    return {
        group: [notes.few_clusters(n, HEADLINE_PERSONAS)]
        for group, n in collected.personas.items()
        if n < HEADLINE_PERSONAS
    }
