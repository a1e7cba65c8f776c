"""Starting values of latent means, where intercepts alone cannot meet the sample means."""

from __future__ import annotations

import numpy as np

from vaar.sem.arrays import Bools, Floats, Ints
from vaar.sem.model.matrices import INTERCEPT, LATENT_MEAN, Implied, Structure, imply
from vaar.sem.model.parameter_map import Layout


def mean_starts(
    theta: Floats, structure: Structure, layout: Layout, mean: Floats, present: Bools
) -> Floats:
    """(G, P) parameters whose free latent means are those that come nearest to the sample means.

    Only indicators whose intercept is fixed or shared say where the latent means are; the other
    intercepts then meet the rest.
    """
    own = layout.alone & (structure.matrix == INTERCEPT)
    latent = np.flatnonzero(structure.matrix == LATENT_MEAN)
    latent = latent[(layout.index[:, latent] >= 0).any(axis=0)]
    met = _items(own, structure)
    if not latent.size or (met | ~present).all():
        return theta
    out = theta.copy()
    for g in np.flatnonzero((present & ~met).any(axis=1)):
        free = latent[layout.index[g, latent] >= 0]
        out[g, free] += _nearest(
            imply(theta[g : g + 1], structure), mean[g], present[g] & ~met[g], structure.u[free]
        )
    group, place = np.nonzero(own)
    gap = mean - imply(out, structure).mean
    out[group, place] += gap[group, structure.row[place]]
    return out


def _items(places: Bools, structure: Structure) -> Bools:
    """(G, p) which observed variables have their intercept among the (G, P) places."""
    out = np.zeros((len(places), structure.p), dtype=bool)
    group, place = np.nonzero(places)
    out[group, structure.row[place]] = True
    return out


def _nearest(implied: Implied, mean: Floats, items: Bools, columns: Ints) -> Floats:
    """Changes of latent means that bring the implied means of some items nearest to the sample."""
    slope = implied.z[0][items][:, columns]
    return np.asarray(np.linalg.lstsq(slope, (mean - implied.mean[0])[items], rcond=None)[0])
