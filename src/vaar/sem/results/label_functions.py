"""Functions of labelled parameters; those of labels without a standard error have none either."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from vaar.sem.arrays import Bools
from vaar.sem.model.expressions import Expression
from vaar.sem.model.matrices import Structure
from vaar.sem.model.parameter_map import Layout
from vaar.sem.solution.delta_method import Values, functions, label_places
from vaar.sem.solution.solve import Solution


def label_functions(
    definitions: Sequence[tuple[str, Expression]],
    solution: Solution,
    layout: Layout,
    structure: Structure,
    standard: bool = False,
) -> Values:
    """Evaluate definitions on the labels of a fit, raw or completely standardised."""
    with np.errstate(over="ignore", invalid="ignore"):
        found = functions(definitions, solution, layout, structure, standard)
    covariance = np.array(found.covariance)
    unknown = ~np.isfinite(np.diagonal(covariance)) | _unknown(definitions, solution, layout)
    covariance[unknown], covariance[:, unknown] = np.nan, np.nan
    return Values(found.value, covariance)


def _unknown(
    definitions: Sequence[tuple[str, Expression]], solution: Solution, layout: Layout
) -> Bools:
    """(definitions,) which use a label without a standard error, or another such definition."""
    unknown = {
        label for label, place in label_places(layout).items() if np.isnan(solution.se[place])
    }
    out = []
    for name, expression in definitions:
        out.append(bool(unknown.intersection(expression.names)))
        if out[-1] and name:
            unknown.add(name)
    return np.array(out, dtype=bool)
