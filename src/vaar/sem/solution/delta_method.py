"""Functions of labelled parameters, with covariances by the delta method."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vaar.sem.arrays import Floats
from vaar.sem.model.expressions import Expression, chained, jacobian
from vaar.sem.model.matrices import Structure
from vaar.sem.model.parameter_map import Layout
from vaar.sem.solution.solve import Solution
from vaar.sem.solution.standardise import standardised


@dataclass(frozen=True)
class Values:
    """Values of functions, and the covariances of their estimates."""

    value: Floats
    covariance: Floats

    @property
    def se(self) -> Floats:
        with np.errstate(invalid="ignore"):
            return np.sqrt(np.diagonal(self.covariance))


def functions(
    definitions: Sequence[tuple[str, Expression]],
    solution: Solution,
    layout: Layout,
    structure: Structure,
    standard: bool = False,
) -> Values:
    """Evaluate definitions on the labels of a fit, raw or completely standardised."""
    places = label_places(layout)
    values, slope = solution.theta, None
    if standard:
        values, slope = standardised(layout.filled(solution.theta), solution.implied, structure)
    labels = {name: float(values[place]) for name, place in places.items()}
    out = chained(definitions, labels)
    derivative = jacobian(definitions, labels)
    used = {name for _, expression in definitions for name in expression.names}
    keep = [i for i, name in enumerate(labels) if name in used]
    at = [list(places.values())[i] for i in keep]
    inner = place_covariance(solution, at, slope)
    return Values(out, derivative[:, keep] @ inner @ derivative[:, keep].T)


def label_places(layout: Layout) -> dict[str, tuple[int, int]]:
    """The first (group, parameter) that carries each label."""
    out: dict[str, tuple[int, int]] = {}
    for group, labels in enumerate(layout.label):
        for i, label in enumerate(labels):
            if label and layout.active[group, i]:
                out.setdefault(label, (group, i))
    return out


def place_covariance(
    solution: Solution,
    places: Sequence[tuple[int, int]],
    slope: Floats | None = None,
) -> Floats:
    """Covariances of the estimates in some (group, parameter) places.

    ``slope`` (G, P, P) turns the parameters of each group into functions of them.
    """
    count = len(places)
    out = np.full((count, count), np.nan)
    if solution.precision is None:
        return out
    covariance = solution.precision.covariance
    maps = {g: solution.precision.layout.spread_matrix(g) for g, _ in places}
    for a, (g, i) in enumerate(places):
        left = maps[g] if slope is None else slope[g] @ maps[g]
        for b, (h, j) in enumerate(places):
            right = maps[h] if slope is None else slope[h] @ maps[h]
            out[a, b] = left[i] @ covariance.between(g, h) @ right[j]
    return out
