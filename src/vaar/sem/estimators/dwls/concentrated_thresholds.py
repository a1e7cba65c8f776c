"""Thresholds set apart: those that one statistic alone depends on, and that depend on nothing else.

Whatever the other parameters, such a threshold can take the value at which the model meets its
statistic, t = δ (τ − μ). So the other parameters are estimated as if the statistic were not there,
and the threshold follows: δ dτ = dt − J da, for the derivatives J of the statistic by the others.
With many groups and categories, nearly all parameters are such thresholds.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from vaar.sem.arrays import Bools, Floats
from vaar.sem.data.ordinal.sample import OrdinalSample, Statistics
from vaar.sem.estimators.base import Following, Precision
from vaar.sem.estimators.dwls.objective import Places, Slopes, slopes
from vaar.sem.model.latent_response import response_scale
from vaar.sem.model.matrices import THRESHOLD, Structure, imply
from vaar.sem.model.parameter_map import Layout


def freely_met(layout: Layout, structure: Structure) -> Bools:
    """(G, P) thresholds that nothing else in the model depends on: whatever the other parameters,
    they can take the value at which the model meets the sample."""
    return np.asarray(layout.alone & (structure.matrix == THRESHOLD))


@dataclass(frozen=True)
class SlopesAt:
    """Derivatives of the statistics by some places, of any group, at (G, P) parameters."""

    sample: OrdinalSample
    structure: Structure
    places: Places
    theta: Floats

    def __call__(self, group: int) -> Slopes:
        implied = imply(self.theta[group : group + 1], self.structure)
        scale = response_scale(implied, self.structure)
        return slopes(implied, scale, self.structure, self.sample.frame, self.places, 0)

    def scale(self, group: int) -> Floats:
        """(p,) response scales of a group."""
        implied = imply(self.theta[group : group + 1], self.structure)
        return np.asarray(response_scale(implied, self.structure)[0])


@dataclass(frozen=True)
class Apart:
    """A layout and weights less the thresholds set apart.

    Attributes
    ----------
    layout : Layout
        Of the other parameters.
    places : Places
        Those that are free in any group.
    met : (G, P) array
        The thresholds set apart.
    weight : (G, S) array
        Weights of the statistics, 0 for those of the thresholds set apart.
    """

    layout: Layout
    places: Places
    met: Bools
    weight: Floats

    @property
    def searched(self) -> Layout:
        """The layout of ``places`` alone."""
        return self.layout.at(self.places.at)

    def spread_matrix(self, group: int) -> Floats:
        """(k, L) effect of the columns of a group on ``places``."""
        return self.layout.spread_matrix(group)[self.places.at]

    def cuts(self, slopes_of: SlopesAt, group: int) -> tuple[Places, Floats]:
        """The thresholds of a group that are set apart, and δ of each."""
        structure = slopes_of.structure
        at = np.flatnonzero(self.met[group])
        places = Places.of(at, structure, slopes_of.sample.frame)
        return places, slopes_of.scale(group)[structure.row[at]]

    def following(self, slopes_of: SlopesAt, group: int) -> Following:
        """How the thresholds of a group that are set apart follow from the other parameters."""
        cuts, scale = self.cuts(slopes_of, group)
        dense = slopes_of(group).dense[cuts.cut_statistic]
        width = self.layout.n_columns
        if not dense.any():
            return Following(cuts.at, np.broadcast_to(0.0, (len(cuts.at), width)))
        spread = self.spread_matrix(group)[self.places.dense]
        return Following(cuts.at, dense @ spread / scale[:, None])


def set_apart(
    layout: Layout, structure: Structure, statistics: Statistics, met: Bools | None = None
) -> Apart:
    """Set thresholds apart: ``met``, or all that can be and have no label."""
    if met is None:
        met = freely_met(layout, structure) & (np.array(layout.label) == "")
    inner = replace(layout, index=np.where(met, -1, layout.index))
    free = np.flatnonzero((inner.index >= 0).any(axis=0))
    places = Places.of(np.arange(met.shape[1]), structure, statistics.frame)
    weight = statistics.weight.copy()
    kept = ~met[:, places.cut]
    weight[:, places.cut_statistic] = np.where(kept, weight[:, places.cut_statistic], 0.0)
    return Apart(inner, Places.of(free, structure, statistics.frame), met, weight)


def with_following(
    precision: Precision, apart: Apart, slopes_of: SlopesAt, group: int, robust: bool
) -> Floats:
    """(P, P) covariances of the estimates of a group; 0 between two thresholds set apart."""
    layout, statistics = precision.layout, slopes_of.sample.statistics
    n, n_rows, n_groups = statistics.n[group], statistics.n.sum(), len(statistics.n)
    factor = n_rows / (n_rows - n_groups)
    within = precision.covariance.columns(group)
    (cuts, scale), drift = apart.cuts(slopes_of, group), precision.following[group].drift
    cross = np.zeros((len(cuts.at), layout.n_columns))
    variance = 1 / statistics.weight[group, cuts.cut_statistic]
    if robust:
        influence = statistics.influence[group]
        variance = np.einsum("nt->t", influence[:, cuts.cut_statistic] ** 2) / n
        scores = slopes_of(group).scores(influence, apart.weight[group])
        reach = apart.spread_matrix(group) @ precision.bread.columns(group)
        product = influence[:, cuts.cut_statistic].T @ scores
        cross = factor / n * (product @ reach) / scale[:, None]
    fall = drift @ within
    own = factor * variance / (n * scale**2)
    out = layout.places(within, group)
    padded = np.pad(cross - fall, ((0, 0), (0, 1)))
    out[cuts.at] = padded[:, layout.column[group]]
    out[:, cuts.at] = out[cuts.at].T
    change = np.einsum("tl,tl->t", fall - 2 * cross, drift)
    out[cuts.at, cuts.at] = own + change
    return out
