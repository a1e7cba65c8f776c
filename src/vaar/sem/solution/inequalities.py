"""The ``>`` and ``<`` lines of a model at its estimates."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import numpy as np

from vaar.sem.arrays import Floats
from vaar.sem.data.screening import Finding
from vaar.sem.model.label_equations import read_equations
from vaar.sem.model.parameter_map import Layout
from vaar.sem.model.parameters import ModelSpec
from vaar.sem.model.syntax import Definition
from vaar.sem.solution.delta_method import label_places

AT_BOUND = "at a bound"


def slack_of(spec: ModelSpec, theta: Floats, layout: Layout) -> Floats:
    """(T,) by how much each inequality is met, negative where it is missed; NaN where a label of it
    stands in no group that was fitted."""
    value = {name: float(theta[place]) for name, place in label_places(layout).items()}
    return np.array(
        [
            function.constant
            + sum(
                weight * value.get(str(name), np.nan) for name, weight in function.weights.items()
            )
            for _, function in read_equations(spec.inequalities, spec.defined)
        ]
    )


def held_findings(held: Iterable[Definition]) -> Iterator[Finding]:
    """What is said of inequalities that hold as equalities."""
    for line in held:
        yield Finding(
            "",
            f"{line.name} > {line.expression}",
            AT_BOUND,
            "held as an equality",
            "standard errors take it as one; χ² and its degrees of freedom do not",
        )
