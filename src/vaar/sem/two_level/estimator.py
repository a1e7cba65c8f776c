"""Maximum likelihood of two levels as an estimator of the engine."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vaar.errors import DataError
from vaar.sem.arrays import Floats
from vaar.sem.data.sample import Moments, Sample
from vaar.sem.estimators.base import NAMES, MaximumLikelihood, Precision, precision_of
from vaar.sem.model.matrices import Structure
from vaar.sem.model.parameter_map import Layout
from vaar.sem.search.information import Information, information_of
from vaar.sem.search.minimise import Minimum, minimise
from vaar.sem.two_level.likelihood import TwoLevelLikelihood
from vaar.sem.two_level.sample import TwoLevelSample


@dataclass(frozen=True)
class TwoLevelMaximumLikelihood(MaximumLikelihood):
    """ML, and MLR with scores of whole clusters in its sandwich. Informations are observed ones."""

    def objective(self, sample: Sample, structure: Structure) -> TwoLevelLikelihood:  # type: ignore[override]
        made = two_level(sample)
        return TwoLevelLikelihood(made.level_moments, made.levels.variables, structure)

    def of_moments(self, moments: Moments, structure: Structure) -> TwoLevelLikelihood:  # type: ignore[override]
        """There is none: moments of one level do not tell two.

        Raises
        ------
        TypeError
            Always.
        """
        raise TypeError("the likelihood of two levels needs the moments of both")

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
        return minimise(self.objective(sample, structure), layout, x, tolerance, max_steps, known)

    def curvature(
        self, sample: Sample, structure: Structure, layout: Layout, x: Floats
    ) -> Information:
        objective = self.objective(sample, structure)
        second = objective.information(objective.evaluate(layout.spread(x.copy())))
        return information_of(layout.squares(second), layout.n_groups, len(layout.shared))

    def precision(
        self, sample: Sample, structure: Structure, layout: Layout, theta: Floats
    ) -> Precision:
        objective = self.objective(sample, structure)
        at = objective.evaluate(theta)
        meat = None
        if self.robust:
            scores = objective.scores(at, two_level(sample))
            meat = (np.asarray(each.T @ each) for each in scores)
        return precision_of(layout, objective.observed_information(at), meat)


def two_level(sample: Sample) -> TwoLevelSample:
    """The sample, which is one of two levels."""
    if isinstance(sample, TwoLevelSample):
        return sample
    raise TypeError("the likelihood of two levels needs rows in clusters")


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
