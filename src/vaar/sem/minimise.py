"""Fisher scoring with a step guard."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol, TypeVar

import numpy as np

from vaar.sem.arrays import Bools, Floats
from vaar.sem.information import information_of
from vaar.sem.layout import Layout

TOLERANCE = 1e-9  # expected gain of the next step, in units of the log-likelihood
MAX_STEPS = 300
_HALVINGS = 12
_NOISE = 1e-13  # rounding of a loss, relative
At = TypeVar("At")


class Objective(Protocol[At]):
    """What an estimator minimises, as a function of (G, P) parameter values."""

    def evaluate(self, theta: Floats) -> At:
        """Everything that one set of values implies."""

    def loss(self, at: At) -> Floats:
        """(G,) value in each group; infinite outside the domain."""

    def gradient(self, at: At) -> Floats:
        """(G, P) first derivatives."""

    def information(self, at: At) -> Floats:
        """(G, P, P) expected second derivatives."""


@dataclass(frozen=True)
class Minimum:
    """Where the search ended.

    Attributes
    ----------
    x : (n_free,) array
    theta : (G, P) array
    converged : (G,) array
        By group where groups share nothing; else the same for all.
    steps : int
    """

    x: Floats
    theta: Floats
    converged: Bools
    steps: int


def minimise(
    objective: Objective[At],
    layout: Layout,
    x: Floats,
    tolerance: float = TOLERANCE,
    max_steps: int = MAX_STEPS,
) -> Minimum:
    """Search from ``x`` until the expected gain of a step is below ``tolerance``."""
    joint = len(layout.shared) > 0
    s, damping, step_count = len(layout.shared), 0.0, 0
    theta = layout.spread(x)
    at = objective.evaluate(theta)
    loss = objective.loss(at)
    converged = np.zeros(layout.n_groups, dtype=bool)
    for step_count in range(1, max_steps + 1):
        columns = layout.gather(-objective.gradient(at))
        info = information_of(layout.square(objective.information(at)), s).damped(damping)
        try:
            shared, own = info.solve(columns[:, :s].sum(axis=0), columns[:, s:])
        except np.linalg.LinAlgError:
            damping = max(10 * damping, 1e-6)
            continue
        gain = np.sum(columns[:, s:] * own, axis=1)
        if joint:
            gain = np.full(len(gain), gain.sum() + columns[:, :s].sum(axis=0) @ shared)
        converged = np.abs(gain) < tolerance
        found = _search(objective, layout, x, shared, own, loss, joint)
        if found is None:
            if converged.all() or damping > 1e6:
                break
            damping = max(10 * damping, 1e-3)
            continue
        x, theta, at, loss = found
        damping = damping / 10 if damping > 1e-8 else 0.0
        if converged.all():
            break
    return Minimum(x, theta, converged, step_count)


def _search(
    objective: Objective[At],
    layout: Layout,
    x: Floats,
    shared: Floats,
    own: Floats,
    loss: Floats,
    joint: bool,
) -> tuple[Floats, Floats, At, Floats] | None:
    """Halve the step until the loss falls: in each group apart where groups share nothing."""
    length = np.ones(layout.n_groups)
    allowed = loss + _NOISE * np.maximum(np.abs(loss), 1.0)
    for _ in range(_HALVINGS):
        moved = layout.step(x, length[0] * shared, length[:, None] * own)
        theta = layout.spread(moved)
        try:
            at = objective.evaluate(theta)
        except np.linalg.LinAlgError:
            length = length / 2
            continue
        new = objective.loss(at)
        worse = ~(new.sum() <= allowed.sum()) if joint else ~(new <= allowed)
        if not np.any(worse):
            return moved, theta, at, new
        length = np.where(worse, length / 2, length)
    if joint:
        return None
    length = np.where(worse, 0.0, length)
    if not length.any():
        return None
    moved = layout.step(x, shared, length[:, None] * own)
    theta = layout.spread(moved)
    at = objective.evaluate(theta)
    return moved, theta, at, objective.loss(at)
