"""Maximum likelihood as an objective to minimise."""

from __future__ import annotations

from dataclasses import dataclass

from vaar.sem.arrays import Floats
from vaar.sem.likelihood import Evaluation, evaluate, expected_information, gradient
from vaar.sem.matrices import Structure, imply
from vaar.sem.moments import Moments


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

    def information(self, at: Evaluation) -> Floats:
        return expected_information(at, self.moments, self.structure)
