"""Maximum likelihood of continuous variables as an estimator of the engine."""

from __future__ import annotations

from dataclasses import dataclass, replace

from vaar.sem.arrays import Floats
from vaar.sem.data.sample import Sample
from vaar.sem.estimators.base import Precision, precision_of
from vaar.sem.estimators.normal_likelihood import (
    evaluate,
    expected_information,
    observed_information,
    score_products,
)
from vaar.sem.estimators.normal_objective import (
    NormalLikelihood,
    meet_means,
    meets_means,
    spread_layout,
)
from vaar.sem.estimators.normal_theory import NormalTheory
from vaar.sem.model.matrices import Structure, imply
from vaar.sem.model.parameter_map import Layout
from vaar.sem.search.information import Information, information_of
from vaar.sem.search.minimise import Minimum, minimise


@dataclass(frozen=True)
class MaximumLikelihood(NormalTheory):
    """Normal-theory maximum likelihood, complete or full-information.

    Attributes
    ----------
    fiml : bool
        Rows with missing answers are kept.
    with_means : bool
        Means are modelled.
    """

    fiml: bool = False
    with_means: bool = True

    @property
    def difference_tests(self) -> tuple[str, ...]:
        return ("satorra.bentler.2001", "satorra.bentler.2010") if self.robust else ()

    def objective(self, sample: Sample, structure: Structure) -> NormalLikelihood:
        return NormalLikelihood(sample.moments, structure, self.with_means)

    def minimum(
        self,
        sample: Sample,
        structure: Structure,
        layout: Layout,
        x: Floats,
        tolerance: float,
        max_steps: int,
        known: Information | None,
    ) -> Minimum:
        objective, searched = self._search(sample, structure, layout)
        found = minimise(objective, searched, x, tolerance, max_steps, known)
        if searched is layout:
            return found
        x = meet_means(found.x, sample.moments, structure, layout)
        return replace(found, x=x, theta=layout.spread(x))

    def curvature(
        self, sample: Sample, structure: Structure, layout: Layout, x: Floats
    ) -> Information:
        objective, searched = self._search(sample, structure, layout)
        second = objective.information(objective.evaluate(searched.spread(x.copy())))
        return information_of(searched.squares(second), searched.n_groups, len(searched.shared))

    def _search(
        self, sample: Sample, structure: Structure, layout: Layout
    ) -> tuple[NormalLikelihood, Layout]:
        """What is minimised, and over which parameters."""
        if not (self.with_means and meets_means(sample, structure, layout)):
            return self.objective(sample, structure), layout
        part = structure.spread_part
        return NormalLikelihood(sample.moments, part, False), spread_layout(layout, structure)

    def precision(
        self, sample: Sample, structure: Structure, layout: Layout, theta: Floats
    ) -> Precision:
        moments = sample.moments
        at = evaluate(imply(theta, structure), moments, self.with_means)
        centre = None if self.with_means else moments.mean
        meat = score_products(at, sample, structure, centre) if self.robust else None
        expected = expected_information(at, moments, structure)
        if not (self.robust or self.fiml):
            return precision_of(layout, expected, meat)
        observed = observed_information(at, moments, structure)
        return precision_of(layout, observed, meat, expected)
