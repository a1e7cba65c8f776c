"""Maximum likelihood as an objective to minimise.

Where every sample mean is met by an intercept of its own, the means say nothing of the other
parameters: the search is then one over covariances alone, and the intercepts follow from it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np

from vaar.sem.arrays import Floats, Ints
from vaar.sem.data.sample import Moments, Sample
from vaar.sem.estimators.normal_likelihood import (
    Evaluation,
    evaluate,
    expected_information,
    gradient,
)
from vaar.sem.model.matrices import INTERCEPT, Structure, imply
from vaar.sem.model.parameter_map import Layout


@dataclass(frozen=True)
class NormalLikelihood:
    """The negative normal log-likelihood of all blocks, complete or with gaps."""

    moments: Moments
    structure: Structure
    with_means: bool = True

    def evaluate(self, theta: Floats) -> Evaluation:
        return evaluate(imply(theta, self.structure), self.moments, self.with_means)

    def loss(self, at: Evaluation) -> Floats:
        return self.moments.by_group(at.loss)

    def gradient(self, at: Evaluation) -> Floats:
        return gradient(at, self.moments, self.structure)

    def information(self, at: Evaluation) -> Iterator[Floats]:
        return expected_information(at, self.moments, self.structure)

    def of_groups(self, groups: Ints) -> NormalLikelihood:
        """That of some groups alone."""
        return replace(self, moments=self.moments.of_groups(groups))


def meets_means(sample: Sample, structure: Structure, layout: Layout) -> bool:
    """Whether all sample means are met, whatever the covariances."""
    if len(sample.block_group) != sample.n_groups:
        return False
    met = ~sample.present
    group, place = np.nonzero(layout.alone & (structure.matrix == INTERCEPT))
    met[group, structure.row[place]] = True
    return bool(met.all())


@lru_cache(maxsize=16)
def spread_layout(layout: Layout, structure: Structure) -> Layout:
    """The layout of the parameters that covariances depend on."""
    return layout.at(structure.spreading)


def meet_means(x: Floats, moments: Moments, structure: Structure, layout: Layout) -> Floats:
    """(n_free,) parameters with the intercepts that :func:`meets_means` is about set right."""
    out = x.copy()
    gap = moments.mean - imply(layout.spread(out), structure).mean
    group, place = np.nonzero(layout.alone & (structure.matrix == INTERCEPT))
    out[layout.index[group, place]] += gap[group, structure.row[place]]
    return out
