"""What maximum likelihood of one level and of two have in common."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from vaar.sem.arrays import Floats
from vaar.sem.data.sample import Sample
from vaar.sem.data.screening import Finding
from vaar.sem.estimators.base import Precision
from vaar.sem.estimators.few_clusters import few_clusters_findings
from vaar.sem.model.equality import Equality
from vaar.sem.model.matrices import Structure
from vaar.sem.model.parameter_map import Layout
from vaar.sem.model.parameters import ModelSpec
from vaar.sem.search.starting_values import hold_exogenous, starting_values


@dataclass(frozen=True)
class NormalTheory:
    """Maximum likelihood of normal variables, whatever the sample.

    Attributes
    ----------
    robust : bool
        Sandwich standard errors and the scaled Yuan–Bentler test.
    """

    robust: bool = False

    @property
    def name(self) -> str:
        return "MLR" if self.robust else "ML"

    def start(
        self, sample: Sample, spec: ModelSpec, structure: Structure, layout: Layout
    ) -> tuple[Layout, Floats]:
        """Moments of observed predictors are held at those of the sample."""
        layout = hold_exogenous(layout, spec, *sample.held)
        return layout, starting_values(layout, spec, structure, *sample.best, sample.present)

    def findings(
        self, sample: Sample, spec: ModelSpec, equality: Equality, layout: Layout
    ) -> Iterator[Finding]:
        return few_clusters_findings(sample, layout)

    def group_covariances(
        self,
        sample: Sample,
        structure: Structure,
        layout: Layout,
        precision: Precision,
        theta: Floats,
    ) -> Iterator[Floats]:
        for group in range(layout.n_groups):
            yield layout.places(precision.covariance.columns(group), group)
