"""Whether a model is identified, whatever the data: at a place of no special kind.

The information of a model has full rank almost everywhere if it has it anywhere (Bekker, Merckens &
Wansbeek 1994). Where it has not at places drawn at random, no data could tell its parameters apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from vaar.sem.arrays import Bools, Floats
from vaar.sem.model.matrices import (
    LATENT_COV,
    LATENT_MEAN,
    LOADING,
    REGRESSION,
    RESIDUAL_COV,
    SCALING,
    Structure,
)
from vaar.sem.model.parameter_map import Layout
from vaar.sem.search.candidates import cautious, possible
from vaar.sem.search.information import information_of, told_apart
from vaar.sem.search.position import Objective

_PLACES = 3
_SEED = 2


def identified_somewhere(
    objective: Objective[Any], layout: Layout, structure: Structure, start: Floats
) -> Bools:
    """(G,) whether the parameters of a group can be told apart at some place, drawn at random.

    Parameters
    ----------
    layout : Layout
        Where groups share parameters, all groups are identified or none.
    start : (n_free,) array
        What places keep of intercepts and thresholds.
    """
    out = np.zeros(layout.n_groups, dtype=bool)
    for x in _places(objective, layout, structure, start):
        at = objective.evaluate(layout.spread(x.copy()))
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            columns = layout.squares(objective.information(at))
            info = information_of(columns, layout.n_groups, len(layout.shared))
            told = told_apart(info, layout)
            out |= told.all() if len(layout.shared) else told
        if out.all():
            break
    return out


def _places(
    objective: Objective[Any], layout: Layout, structure: Structure, start: Floats
) -> Iterator[Floats]:
    rng = np.random.default_rng(_SEED)
    kind, diagonal = structure.matrix, structure.row == structure.col
    covariance = (kind == LATENT_COV) | (kind == RESIDUAL_COV)
    ranges = (
        (kind == LOADING, 0.5, 1.2),
        (kind == REGRESSION, 0.1, 0.5),
        ((covariance & diagonal) | (kind == SCALING), 0.6, 1.4),
        (covariance & ~diagonal, 0.05, 0.3),
        (kind == LATENT_MEAN, -1.0, 1.0),
    )
    for _ in range(_PLACES):
        theta = layout.spread(start.copy())
        for part, low, high in ranges:
            theta[:, part] = rng.uniform(low, high, size=(len(theta), int(part.sum())))
        x = layout.collect(theta)
        for place in (x, *cautious(x, layout, structure)):
            if possible(objective, layout, place):
                yield place
                break
