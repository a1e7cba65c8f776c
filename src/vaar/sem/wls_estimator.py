"""The estimators for ordinal items: DWLS, and with robust standard errors WLSM and WLSMV."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from vaar.sem.arrays import Bools, Floats
from vaar.sem.estimators import Precision
from vaar.sem.information import Covariance, Information, information_of, inverse, sandwich
from vaar.sem.layout import Layout
from vaar.sem.matrices import THRESHOLD, Structure, imply
from vaar.sem.minimise import MAX_STEPS, TOLERANCE, Minimum, minimise
from vaar.sem.moments import Moments, Sample
from vaar.sem.ordinal_sample import OrdinalSample, Statistics
from vaar.sem.response import completed, response_scale
from vaar.sem.wls import DiagonalLeastSquares, Places, Slopes, slopes

MISSING = ("listwise", "pairwise")


@dataclass(frozen=True)
class LeastSquares:
    """Diagonally weighted least squares on thresholds and polychoric correlations.

    Attributes
    ----------
    name : {'WLSMV', 'WLSM', 'DWLS'}
        Estimates are the same. WLSM and WLSMV have sandwich standard errors; the test of WLSM is
        adjusted in its mean, that of WLSMV in mean and variance.
    pairwise : bool
        Each statistic is taken from all rows that have its answers.
    """

    name: str
    pairwise: bool = False

    @property
    def missing(self) -> Literal["listwise", "pairwise"]:
        return "pairwise" if self.pairwise else "listwise"

    @property
    def fiml(self) -> bool:
        """Whether rows with missing answers are used."""
        return self.pairwise

    @property
    def robust(self) -> bool:
        return self.name != "DWLS"

    def minimum(
        self,
        sample: Sample,
        structure: Structure,
        layout: Layout,
        x: Floats,
        tolerance: float = TOLERANCE,
        max_steps: int = MAX_STEPS,
        known: Information | None = None,
    ) -> Minimum:
        """Search without the thresholds that can always be met, then add those."""
        statistics = _ordinal(sample).statistics
        met = freely_met(layout, structure)
        searched = np.flatnonzero(((layout.index >= 0) & ~met).any(axis=0))
        objective = DiagonalLeastSquares(
            statistics,
            _weight_without(met, statistics, structure),
            structure,
            Places.of(searched, structure, statistics.frame),
            layout.spread(x),
        )
        inner = replace(layout, index=np.where(met, -1, layout.index)).at(searched)
        found = minimise(objective, inner, x, tolerance, max_steps)
        theta = objective.base.copy()
        theta[:, searched] = found.theta
        theta = completed(_meeting(met, theta, statistics, structure), structure)
        out = found.x.copy()
        out[layout.index[met]] = theta[met]
        return Minimum(out, theta, found.converged, found.steps)

    def objective(self, sample: Sample, structure: Structure) -> DiagonalLeastSquares:
        """The fit function of all parameters of a group.

        Raises
        ------
        TypeError
            A sample without ordinal statistics.
        """
        statistics = _ordinal(sample).statistics
        every = np.arange(structure.c.size)
        return DiagonalLeastSquares(
            statistics,
            (statistics.n[:, None] - 1) * statistics.weight,
            structure,
            Places.of(every, structure, statistics.frame),
            np.zeros((sample.n_groups, structure.c.size)),
        )

    def of_moments(self, moments: Moments, structure: Structure) -> DiagonalLeastSquares:
        """There is none: thresholds and correlations are not moments.

        Raises
        ------
        TypeError
            Always.
        """
        raise TypeError("least squares of ordinal items needs the answers, not their moments")

    def precision(
        self, sample: Sample, structure: Structure, layout: Layout, theta: Floats
    ) -> Precision:
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            return self._precision(_ordinal(sample), structure, layout, theta)

    def _precision(
        self, sample: OrdinalSample, structure: Structure, layout: Layout, theta: Floats
    ) -> Precision:
        statistics = sample.statistics
        found = slopes_at(sample, structure, layout, theta)
        inner = layout.at(found.places.at)
        weight = statistics.n[:, None] * statistics.weight
        info = information_of(inner.square(found.information(weight)), len(layout.shared))
        bread = inverse(info)
        factor = sample.n_rows / (sample.n_rows - sample.n_groups)
        if not self.robust:
            return Precision(info, _scaled(bread, factor), float("nan"))
        meat = inner.square(score_products(found, statistics))
        trace = float(np.einsum("gij,gji->", bread.columns, meat))
        return Precision(info, _scaled(sandwich(info, meat), factor), trace)


def score_products(found: Slopes, statistics: Statistics) -> Floats:
    """(G, k, k) sums over rows of the outer products of their scores."""
    count = len(found.places.at)
    out = np.empty((len(statistics.n), count, count))
    for g, influence in enumerate(statistics.influence):
        scores = found.scores(g, influence, statistics.weight[g])
        out[g] = scores.T @ scores
    return out


def least_squares_scores(
    sample: Sample, structure: Structure, layout: Layout, theta: Floats
) -> Floats:
    """(N, P) derivatives of what each row adds to the fit function; 0 by fixed parameters."""
    statistics = _ordinal(sample).statistics
    found = slopes_at(sample, structure, layout, theta)
    out = np.zeros((sample.n_rows, theta.shape[1]))
    for g, influence in enumerate(statistics.influence):
        inside = np.flatnonzero(sample.group == g)
        out[np.ix_(inside, found.places.at)] = found.scores(g, influence, statistics.weight[g])
    return out


def _scaled(covariance: Covariance, factor: float) -> Covariance:
    return Covariance(covariance.columns * factor, covariance.ratio, covariance.link * factor)


def _ordinal(sample: Sample) -> OrdinalSample:
    if isinstance(sample, OrdinalSample):
        return sample
    raise TypeError("least squares of ordinal items needs an ordinal sample")


def _weight_without(met: Bools, statistics: Statistics, structure: Structure) -> Floats:
    """(G, S) weights, 0 for the statistics of (G, P) thresholds that are always met."""
    places = Places.of(np.arange(met.shape[1]), structure, statistics.frame)
    weight = (statistics.n[:, None] - 1) * statistics.weight
    kept = ~met[:, places.cut]
    weight[:, places.cut_statistic] = np.where(kept, weight[:, places.cut_statistic], 0.0)
    return weight


def _meeting(met: Bools, theta: Floats, statistics: Statistics, structure: Structure) -> Floats:
    """(G, P) parameters with those thresholds where the model meets the sample."""
    places = Places.of(np.arange(met.shape[1]), structure, statistics.frame)
    implied = imply(theta, structure)
    scale = response_scale(implied, structure)
    row = structure.row[places.cut]
    exact = statistics.value[:, places.cut_statistic] / scale[:, row] + implied.mean[:, row]
    out = theta.copy()
    out[:, places.cut] = np.where(met[:, places.cut], exact, theta[:, places.cut])
    return out


def slopes_at(sample: Sample, structure: Structure, layout: Layout, theta: Floats) -> Slopes:
    """Derivatives of the statistics by all places that are free in any group."""
    frame = _ordinal(sample).frame
    free = np.flatnonzero((layout.index >= 0).any(axis=0))
    implied = imply(theta, structure)
    scale = response_scale(implied, structure)
    return slopes(implied, scale, structure, frame, Places.of(free, structure, frame))


def freely_met(layout: Layout, structure: Structure) -> Bools:
    """(G, P) thresholds that nothing else in the model depends on: whatever the other parameters,
    they can take the value at which the model meets the sample."""
    single = layout.n_users == 1
    own = (layout.index >= 0) & single[np.maximum(layout.index, 0)]
    repeated = np.bincount(layout.index[own], minlength=layout.n_free) > 1
    own &= ~repeated[np.maximum(layout.index, 0)]
    return np.asarray(own & (structure.matrix == THRESHOLD))
