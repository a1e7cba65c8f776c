"""From latent variables of unit variance to ones scaled by marker items."""

from __future__ import annotations

import numpy as np

from vaar.sem.arrays import Floats
from vaar.sem.model.matrices import LATENT_COV, LATENT_MEAN, LOADING, REGRESSION, Structure
from vaar.sem.model.parameter_map import Layout

_NONE = 1e-6  # standardised loading below which a marker item sets no scale


def marker_scaled(theta: Floats, layout: Layout, structure: Structure) -> Floats:
    """(G, P) parameters of unit variances, so scaled that the loadings that ``layout`` fixes at 1
    are 1.

    A latent variable without such a loading, or with one of nearly 0, is left as it is.
    """
    kind, row, col = structure.matrix, structure.row, structure.col
    scale = np.ones((len(theta), structure.m))
    fixed = (layout.index < 0) & layout.active & (layout.value == 1.0)
    for place in np.flatnonzero((kind == LOADING) | (kind == REGRESSION)):
        markers = fixed[:, place] & (np.abs(theta[:, place]) > _NONE)
        markers &= scale[:, col[place]] == 1.0
        scale[markers, col[place]] = theta[markers, place]
    out = theta.copy()
    at = np.flatnonzero(kind == LOADING)
    out[:, at] /= scale[:, col[at]]
    at = np.flatnonzero(kind == REGRESSION)
    out[:, at] *= scale[:, row[at]] / scale[:, col[at]]
    at = np.flatnonzero(kind == LATENT_COV)
    out[:, at] *= scale[:, row[at]] * scale[:, col[at]]
    at = np.flatnonzero(kind == LATENT_MEAN)
    out[:, at] *= scale[:, row[at]]
    return out
