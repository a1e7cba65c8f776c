"""A place of a search: parameters, the objective there, and steps away from it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Generic, Protocol, TypeVar

import numpy as np

from vaar.sem.arrays import Floats, Ints
from vaar.sem.model.parameter_map import Layout
from vaar.sem.search.information import Information, information_of

_HALVINGS = 12
_NOISE = 1e-13  # rounding of a loss, relative
At = TypeVar("At")


class Objective(Protocol[At]):
    """What an estimator minimises, as a function of (G, P) parameter values."""

    def evaluate(self, theta: Floats) -> At:
        """Everything that one set of values implies."""

    def loss(self, at: At) -> Floats:
        """(G,) value in each group; infinite or NaN outside the domain."""

    def gradient(self, at: At) -> Floats:
        """(G, P) first derivatives."""

    def information(self, at: At) -> Iterator[Floats]:
        """(P, P) expected second derivatives of each group in turn."""

    def of_groups(self, groups: Ints) -> Objective[At] | None:
        """That of some groups alone; None where groups cannot be parted."""


class Position(Generic[At]):
    """Where a search is.

    Attributes
    ----------
    joint : bool
        Whether groups share parameters, so that they move together.
    x, theta : (n_free,) and (G, P) arrays
        Free parameters, and those of every group.
    loss : (G,) array
    """

    def __init__(self, objective: Objective[At], layout: Layout, x: Floats) -> None:
        self.objective, self.layout = objective, layout
        self.joint = len(layout.shared) > 0
        self.move(x)

    def move(self, x: Floats) -> None:
        """Go to some free parameters."""
        self.x, self.theta = x, self.layout.spread(x)
        self.at = self.objective.evaluate(self.theta)
        self.loss = self.objective.loss(self.at)

    def information(self) -> Information:
        columns = self.layout.squares(self.objective.information(self.at))
        return information_of(columns, self.layout.n_groups, len(self.layout.shared))

    def pull(self) -> tuple[Floats, Floats]:
        """Downhill derivatives of the shared and the own parameters."""
        columns = self.layout.gather(-self.objective.gradient(self.at))
        s = len(self.layout.shared)
        return np.asarray(columns[:, :s].sum(axis=0)), columns[:, s:]

    def fisher_step(self, information: Information) -> tuple[Floats, Floats, Floats]:
        """Steps in the shared and own parameters, and what they should gain in each group: the
        whole gain where groups share parameters."""
        shared_pull, own_pull = self.pull()
        shared, own = information.solve(shared_pull, own_pull)
        gain = np.sum(own_pull * own, axis=1)
        if self.joint:
            gain = np.full(len(gain), gain.sum() + shared_pull @ shared)
        return shared, own, gain

    def advance_together(self, shared: Floats, own: Floats) -> float:
        """Move by the longest of a few halved steps that does not lose; 0 where none is found."""
        start, before = self.x, self.loss
        allowed = before.sum() + _NOISE * max(abs(before.sum()), 1.0)
        length = 1.0
        for _ in range(_HALVINGS // 2):
            self.move(self.layout.step(start, length * shared, length * own))
            if self.loss.sum() <= allowed:
                return length
            length /= 2
        self.move(start)
        return 0.0

    def advance(self, shared: Floats, own: Floats) -> bool:
        """Move by halved steps: in each group apart where groups share nothing."""
        if self.joint:
            return self.advance_together(shared, own) > 0
        start, before = self.x, self.loss
        allowed = before + _NOISE * np.maximum(np.abs(before), 1.0)
        length = np.ones(self.layout.n_groups)
        for _ in range(_HALVINGS):
            self.move(self.layout.step(start, shared, length[:, None] * own))
            worse = ~(self.loss <= allowed)
            if not worse.any():
                return True
            length = np.where(worse, length / 2, length)
        length = np.where(worse, 0.0, length)
        taken = np.where(worse[:, None], 0.0, length[:, None] * own)
        self.move(self.layout.step(start, shared, taken))
        return bool(length.any())
