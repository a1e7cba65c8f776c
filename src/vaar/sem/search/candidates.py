"""Where else a search can begin: nearer to a place that is possible, more cautiously, at random."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from vaar.sem.arrays import Floats
from vaar.sem.model.matrices import (
    LATENT_COV,
    LOADING,
    REGRESSION,
    RESIDUAL_COV,
    Structure,
)
from vaar.sem.model.parameter_map import Layout
from vaar.sem.search.position import Objective

_HALVINGS = 30
_CAUTION = (0.5, 0.1, 0.01)  # what loadings, paths and covariances are multiplied by
_SPREAD = 0.5  # of random loadings and paths, in standardised units
_VARIANCE_SPREAD = 0.7  # of the logarithms of random variances


def possible(objective: Objective[Any], layout: Layout, x: Floats) -> bool:
    """Whether parameters imply moments that can be: their loss is finite."""
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        at = objective.evaluate(layout.spread(x.copy()))
        return bool(np.isfinite(objective.loss(at)).all())


def nearest_possible(
    objective: Objective[Any], layout: Layout, x: Floats, anchor: Floats
) -> Floats | None:
    """Half the way to a possible anchor, and half again, until the place is possible; None where
    none is."""
    share = 1.0
    for _ in range(_HALVINGS):
        place = anchor + share * (x - anchor)
        if np.isfinite(place).all() and possible(objective, layout, place):
            return place
        share /= 2
    return anchor if possible(objective, layout, anchor) else None


def cautious(x: Floats, layout: Layout, structure: Structure) -> Iterator[Floats]:
    """Starts with ever weaker relations and larger residuals."""
    theta, kind = layout.spread(x.copy()), structure.matrix
    diagonal = structure.row == structure.col
    relation = (kind == LOADING) | (kind == REGRESSION)
    relation |= ((kind == LATENT_COV) | (kind == RESIDUAL_COV)) & ~diagonal
    residual = (kind == RESIDUAL_COV) & diagonal
    for share in _CAUTION:
        weaker = np.where(relation, share * theta, theta)
        yield layout.collect(np.where(residual, theta / share, weaker))


def random_starts(
    x: Floats, layout: Layout, structure: Structure, unit: Floats, rng: np.random.Generator
) -> Iterator[Floats]:
    """Starts about given ones, without end.

    Parameters
    ----------
    unit : (G, P) array
        What one standardised unit of each parameter is.
    """
    theta, kind = layout.spread(x.copy()), structure.matrix
    diagonal = structure.row == structure.col
    covariance = (kind == LATENT_COV) | (kind == RESIDUAL_COV)
    slope = (kind == LOADING) | (kind == REGRESSION)
    while True:
        moved = theta + _SPREAD * unit * rng.normal(size=theta.shape)
        scaled = theta * np.exp(_VARIANCE_SPREAD * rng.normal(size=theta.shape))
        drawn = unit * rng.uniform(-_SPREAD, _SPREAD, size=theta.shape)
        new = np.where(slope, moved, theta)
        new = np.where(covariance & diagonal, scaled, new)
        yield layout.collect(np.where(covariance & ~diagonal, drawn, new))
