"""A fitted model of ordinal items."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vaar.sem.arrays import Floats
from vaar.sem.data.ordinal.sample import OrdinalSample
from vaar.sem.estimators.dwls.estimator import least_squares_scores
from vaar.sem.fit_measures.chi_square_tests import Goodness
from vaar.sem.fit_measures.ordinal import ordinal_goodness_of
from vaar.sem.results.fit import Fit
from vaar.sem.results.ordinal_factor_scores import ordinal_scores


@dataclass(frozen=True, repr=False)
class OrdinalFit(Fit):
    """A model fitted to thresholds and polychoric correlations."""

    sample: OrdinalSample

    def _goodness(self) -> Goodness:
        return ordinal_goodness_of(
            self.estimator,
            self.structure,
            self.sample,
            self.layout,
            self.solution,
            [self.spec.observed.index(name) for name in self.spec.exogenous],
        )

    def case_scores(self) -> Floats:
        theta = self.layout.filled(self.solution.theta)
        return least_squares_scores(self.sample, self.structure, self.layout, theta)

    def latent_scores(self, block: int, method: str) -> tuple[Floats, Floats]:
        """The most probable latent variables of each row, whose errors are not known."""
        count = len(self.spec.latents)
        scores = ordinal_scores(self.sample, self.structure, self.solution.implied, count, block)
        return scores, np.full(count, np.nan)
