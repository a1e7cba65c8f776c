"""Maximum likelihood of two levels as an estimator of the engine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from vaar.errors import DataError
from vaar.sem.arrays import Floats
from vaar.sem.estimators.base import Precision, precision_of
from vaar.sem.estimators.choice import NAMES
from vaar.sem.estimators.normal_theory import NormalTheory
from vaar.sem.model.matrices import Structure
from vaar.sem.model.parameter_map import Layout
from vaar.sem.search.information import Information, information_of
from vaar.sem.search.minimise import Minimum, minimise
from vaar.sem.two_level.likelihood import TwoLevelLikelihood
from vaar.sem.two_level.sample import TwoLevelSample


@dataclass(frozen=True)
class TwoLevelMaximumLikelihood(NormalTheory):
    """ML, and MLR with scores of whole clusters in its sandwich. Informations are observed ones."""

    fiml: ClassVar[bool] = False

    @property
    def difference_tests(self) -> tuple[str, ...]:
        return ("satorra.bentler.2001",) if self.robust else ()

    def objective(self, sample: TwoLevelSample, structure: Structure) -> TwoLevelLikelihood:
        return TwoLevelLikelihood(sample.level_moments, sample.levels, structure)

    def minimum(
        self,
        sample: TwoLevelSample,
        structure: Structure,
        layout: Layout,
        x: Floats,
        tolerance: float,
        max_steps: int,
        known: Information | None,
    ) -> Minimum:
        return minimise(self.objective(sample, structure), layout, x, tolerance, max_steps, known)

    def curvature(
        self, sample: TwoLevelSample, structure: Structure, layout: Layout, x: Floats
    ) -> Information:
        objective = self.objective(sample, structure)
        second = objective.information(objective.evaluate(layout.spread(x.copy())))
        return information_of(layout.squares(second), layout.n_groups, len(layout.shared))

    def precision(
        self, sample: TwoLevelSample, structure: Structure, layout: Layout, theta: Floats
    ) -> Precision:
        objective = self.objective(sample, structure)
        at = objective.evaluate(theta)
        meat = None
        if self.robust:
            scores = objective.scores(at, sample)
            meat = (np.asarray(each.T @ each) for each in scores)
        observed = objective.observed_information(at)
        return precision_of(layout, observed, meat, objective.information(at))


def two_level_estimator(name: str, missing: str) -> TwoLevelMaximumLikelihood:
    """The estimator of that name.

    Raises
    ------
    DataError
        One that models of two levels do not have, or another way with missing answers than leaving
        rows out.
    """
    upper = str(name).upper()
    if upper not in NAMES:
        raise DataError(
            f"estimator got {name!r}; models of two levels have {' and '.join(NAMES)}: choose one"
        )
    if str(missing).lower() != "listwise":
        raise DataError(
            f"missing got {missing!r}; models of two levels leave rows with missing answers out: "
            "use missing='listwise'"
        )
    return TwoLevelMaximumLikelihood(upper == "MLR")
