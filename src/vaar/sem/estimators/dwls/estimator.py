"""The estimators for ordinal items: DWLS, and with robust standard errors WLSM and WLSMV."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np

from vaar.sem.arrays import Bools, Floats
from vaar.sem.data.ordinal.sample import OrdinalSample, Statistics
from vaar.sem.data.screening import Finding
from vaar.sem.estimators.base import Precision, precision_of
from vaar.sem.estimators.dwls.concentrated_thresholds import (
    SlopesAt,
    freely_met,
    set_apart,
    with_following,
)
from vaar.sem.estimators.dwls.findings import ordinal_findings
from vaar.sem.estimators.dwls.objective import DiagonalLeastSquares, Places
from vaar.sem.estimators.dwls.starts import ordinal_starts
from vaar.sem.model.equality import Equality
from vaar.sem.model.latent_response import completed, response_scale
from vaar.sem.model.matrices import Structure, imply
from vaar.sem.model.parameter_map import Layout
from vaar.sem.model.parameters import ModelSpec
from vaar.sem.search.information import Information
from vaar.sem.search.minimise import MAX_STEPS, TOLERANCE, Minimum, minimise

_DIFFERENCE_TESTS: dict[str, tuple[str, ...]] = {
    "WLSMV": ("satorra.2000",),
    "WLSM": ("satorra.bentler.2001",),
    "DWLS": (),
}


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
    def fiml(self) -> bool:
        """Whether rows with missing answers are used."""
        return self.pairwise

    @property
    def robust(self) -> bool:
        return self.name != "DWLS"

    @property
    def difference_tests(self) -> tuple[str, ...]:
        return _DIFFERENCE_TESTS[self.name]

    def start(
        self, sample: OrdinalSample, spec: ModelSpec, structure: Structure, layout: Layout
    ) -> tuple[Layout, Floats]:
        """The layout as it is: nothing is held at the moments of the sample."""
        return layout, ordinal_starts(layout, spec, structure, sample)

    def findings(
        self, sample: OrdinalSample, spec: ModelSpec, equality: Equality, layout: Layout
    ) -> Iterator[Finding]:
        """None of few clusters: a test adjusted in mean and variance holds its level there."""
        return ordinal_findings(sample, layout.groups, spec, equality)

    def minimum(
        self,
        sample: OrdinalSample,
        structure: Structure,
        layout: Layout,
        x: Floats,
        tolerance: float = TOLERANCE,
        max_steps: int = MAX_STEPS,
        known: Information | None = None,
    ) -> Minimum:
        """Search without the thresholds that can always be met, then add those."""
        statistics = sample.statistics
        met = freely_met(layout, structure)
        apart = set_apart(layout, structure, statistics, met)
        objective = DiagonalLeastSquares(
            statistics,
            (statistics.n[:, None] - 1) * apart.weight,
            structure,
            apart.places,
            layout.spread(x),
        )
        found = minimise(objective, apart.searched, x, tolerance, max_steps)
        theta = objective.base.copy()
        theta[:, apart.places.at] = found.theta
        theta = completed(_meeting(met, theta, statistics, structure), structure)
        out = found.x.copy()
        out[layout.index[met]] = theta[met]
        return Minimum(out, theta, found.converged, found.steps, found.loss)

    def curvature(
        self, sample: OrdinalSample, structure: Structure, layout: Layout, x: Floats
    ) -> None:
        """There is none: which thresholds take part in the search depends on the sample."""

    def objective(self, sample: OrdinalSample, structure: Structure) -> DiagonalLeastSquares:
        """The fit function of all parameters of a group."""
        statistics = sample.statistics
        every = np.arange(structure.c.size)
        return DiagonalLeastSquares(
            statistics,
            (statistics.n[:, None] - 1) * statistics.weight,
            structure,
            Places.of(every, structure, statistics.frame),
            np.zeros((sample.n_groups, structure.c.size)),
        )

    def precision(
        self, sample: OrdinalSample, structure: Structure, layout: Layout, theta: Floats
    ) -> Precision:
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            return self._precision(sample, structure, layout, theta)

    def _precision(
        self, sample: OrdinalSample, structure: Structure, layout: Layout, theta: Floats
    ) -> Precision:
        statistics = sample.statistics
        apart = set_apart(layout, structure, statistics)
        slopes_of = SlopesAt(sample, structure, apart.places, theta)
        weight = statistics.n[:, None] * apart.weight
        informations = (slopes_of(g).information(row) for g, row in enumerate(weight))
        meat = score_products(slopes_of, statistics, apart.weight) if self.robust else None
        found = precision_of(apart.searched, informations, meat)
        factor = sample.n_rows / (sample.n_rows - sample.n_groups)
        drift = tuple(apart.following(slopes_of, g) for g in range(sample.n_groups))
        covariance = found.covariance.times(factor)
        return replace(found, layout=apart.layout, covariance=covariance, following=drift)

    def group_covariances(
        self,
        sample: OrdinalSample,
        structure: Structure,
        layout: Layout,
        precision: Precision,
        theta: Floats,
    ) -> Iterator[Floats]:
        """Covariances between two thresholds set apart are left at 0."""
        apart = set_apart(layout, structure, sample.statistics)
        slopes_of = SlopesAt(sample, structure, apart.places, theta)
        for group in range(layout.n_groups):
            yield with_following(precision, apart, slopes_of, group, self.robust)


def score_products(slopes_of: SlopesAt, statistics: Statistics, weight: Floats) -> Iterator[Floats]:
    """(k, k) sums over the rows of each group in turn, or its clusters, of the outer products of
    their scores."""
    for g, influence in enumerate(statistics.influence):
        scores = slopes_of(g).scores(influence, weight[g])
        yield scores.T @ scores


def least_squares_scores(
    sample: OrdinalSample, structure: Structure, layout: Layout, theta: Floats
) -> Floats:
    """(N, P) derivatives of what each row adds to the fit function; 0 by fixed parameters.

    For thresholds set apart, what each row moves them by, the other parameters being held.
    """
    statistics = sample.statistics
    out = np.zeros((sample.n_rows, theta.shape[1]))
    apart = set_apart(layout, structure, statistics)
    slopes_of = SlopesAt(sample, structure, apart.places, theta)
    for g, n in enumerate(statistics.n):
        influence = statistics.influence.of_rows(g)
        inside = np.flatnonzero(sample.group == g)
        out[np.ix_(inside, apart.places.at)] = slopes_of(g).scores(influence, apart.weight[g])
        cuts, scale = apart.cuts(slopes_of, g)
        moved = influence[:, cuts.cut_statistic] / (n * scale)
        out[np.ix_(inside, cuts.at)] = moved
    return out


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


def slopes_at(
    sample: OrdinalSample, structure: Structure, layout: Layout, theta: Floats
) -> SlopesAt:
    """Derivatives of the statistics by all places that are free in any group."""
    free = np.flatnonzero((layout.index >= 0).any(axis=0))
    return SlopesAt(sample, structure, Places.of(free, structure, sample.frame), theta)
