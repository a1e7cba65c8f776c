"""Minimising an objective: guarded Fisher scoring, and quasi-Newton steps on one information.

A Fisher step is dear because of its information, so most steps are those of L-BFGS (Liu & Nocedal
1989) with one information, held fixed, as the first approximation of the curvature. Fisher scoring
brings the search near, and takes over where quasi-Newton steps do not go on.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

import numpy as np

from vaar.sem.arrays import Bools, Floats
from vaar.sem.model.parameter_map import Layout
from vaar.sem.search.information import Information, information_of

TOLERANCE = 1e-9  # expected gain of the next step, in units of the log-likelihood
MAX_STEPS = 120
_FIRST_STEPS = 3  # Fisher steps before an information is held fixed, at most
_NEAR = 0.05  # expected gain of a step, for each parameter, after which it is held
_QUASI_STEPS = 40
_MEMORY = 8
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

    def information(self, at: At) -> Iterator[Floats]:
        """(P, P) expected second derivatives of each group in turn."""


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
    known: Information | None = None,
) -> Minimum:
    """Search from ``x`` until the expected gain of a step is below ``tolerance``.

    ``known`` is an information near ``x``, which saves computing one.
    """
    search = _Search(objective, layout, tolerance, x)
    if known is None:
        known = search.approach()
    if not search.converged.all() and known is not None:
        search.quasi_newton(known, _QUASI_STEPS)
    if not search.converged.all():
        search.fisher(max_steps)
    return Minimum(search.x, search.theta, search.converged, search.steps)


class _Search(Generic[At]):
    """A point of the search, and the steps away from it."""

    def __init__(
        self, objective: Objective[At], layout: Layout, tolerance: float, x: Floats
    ) -> None:
        self.objective, self.layout, self.tolerance = objective, layout, tolerance
        self.joint = len(layout.shared) > 0
        self.converged = np.zeros(layout.n_groups, dtype=bool)
        self.steps = 0
        self._move(x)

    def _move(self, x: Floats) -> None:
        self.x, self.theta = x, self.layout.spread(x)
        self.at = self.objective.evaluate(self.theta)
        self.loss = self.objective.loss(self.at)

    def information(self) -> Information:
        columns = self.layout.squares(self.objective.information(self.at))
        return information_of(columns, self.layout.n_groups, len(self.layout.shared))

    def _pull(self) -> tuple[Floats, Floats]:
        """Downhill derivatives of the shared and the own parameters."""
        columns = self.layout.gather(-self.objective.gradient(self.at))
        s = len(self.layout.shared)
        return np.asarray(columns[:, :s].sum(axis=0)), columns[:, s:]

    def approach(self) -> Information | None:
        """Fisher scoring until a step gains little: the information of that step, or of the last
        one allowed. None where a step fails, or none is needed."""
        for _ in range(_FIRST_STEPS):
            information = self.information()
            try:
                shared, own, gain = self._fisher_step(information)
            except np.linalg.LinAlgError:
                return None
            self.converged = np.abs(gain) < self.tolerance
            if not self._advance(shared, own) or self.converged.all():
                return None
            if (gain[0] if self.joint else gain.sum()) < _NEAR * self.layout.n_free:
                return information
            del information  # large; the next one takes its place
        return self.information()

    def _fisher_step(self, information: Information) -> tuple[Floats, Floats, Floats]:
        """Steps in the shared and own parameters, and what they should gain in each group: the
        whole gain where groups share parameters."""
        self.steps += 1
        shared_pull, own_pull = self._pull()
        shared, own = information.solve(shared_pull, own_pull)
        gain = np.sum(own_pull * own, axis=1)
        if self.joint:
            gain = np.full(len(gain), gain.sum() + shared_pull @ shared)
        return shared, own, gain

    def fisher(self, limit: int) -> None:
        """Fisher scoring, its diagonal raised where a step fails."""
        damping = 0.0
        for _ in range(limit):
            try:
                shared, own, gain = self._fisher_step(self.information().damped(damping))
            except np.linalg.LinAlgError:
                damping = max(10 * damping, 1e-6)
                continue
            self.converged = np.abs(gain) < self.tolerance
            if not self._advance(shared, own):
                if self.converged.all() or damping > 1e6:
                    return
                damping = max(10 * damping, 1e-3)
                continue
            damping = damping / 10 if damping > 1e-8 else 0.0
            if self.converged.all():
                return

    def quasi_newton(self, known: Information, limit: int) -> None:
        """L-BFGS steps from the curvature of a known information."""
        memory = _Memory(known)
        pull = np.concatenate([part.ravel() for part in self._pull()])
        for _ in range(limit):
            self.steps += 1
            try:
                step = memory.step(pull)
            except np.linalg.LinAlgError:
                return
            gain = pull @ step
            if not gain > 0:
                return
            length = self._advance_together(*known.split(step))
            if not length:
                return
            if gain < self.tolerance:
                self.converged[:] = True
                return
            new = np.concatenate([part.ravel() for part in self._pull()])
            memory.remember(length * step, pull - new)
            pull = new

    def _advance_together(self, shared: Floats, own: Floats) -> float:
        """Move by the longest of a few halved steps that does not lose; 0 where none is found."""
        start, before = self.x, self.loss
        allowed = before.sum() + _NOISE * max(abs(before.sum()), 1.0)
        length = 1.0
        for _ in range(_HALVINGS // 2):
            try:
                self._move(self.layout.step(start, length * shared, length * own))
                if self.loss.sum() <= allowed:
                    return length
            except np.linalg.LinAlgError:
                pass
            length /= 2
        self._move(start)
        return 0.0

    def _advance(self, shared: Floats, own: Floats) -> bool:
        """Move by halved steps: in each group apart where groups share nothing."""
        if self.joint:
            return self._advance_together(shared, own) > 0
        start, before = self.x, self.loss
        allowed = before + _NOISE * np.maximum(np.abs(before), 1.0)
        length = np.ones(self.layout.n_groups)
        for _ in range(_HALVINGS):
            try:
                self._move(self.layout.step(start, shared, length[:, None] * own))
                worse = ~(self.loss <= allowed)
            except np.linalg.LinAlgError:
                worse = np.ones(len(length), dtype=bool)
            if not worse.any():
                return True
            length = np.where(worse, length / 2, length)
        length = np.where(worse, 0.0, length)
        self._move(self.layout.step(start, shared, length[:, None] * own))
        return bool(length.any())


@dataclass
class _Memory:
    """The last steps and what they did to the gradient, shared and own parts end to end."""

    known: Information
    pairs: deque[tuple[Floats, Floats, float]] = field(
        default_factory=lambda: deque(maxlen=_MEMORY)
    )

    def remember(self, step: Floats, change: Floats) -> None:
        curvature = float(step @ change)
        if curvature > 1e-12:
            self.pairs.append((step, change, 1 / curvature))

    def step(self, pull: Floats) -> Floats:
        """The step for a downhill pull, by the two-loop recursion."""
        weights = []
        for step, change, rate in reversed(self.pairs):
            weights.append(rate * (step @ pull))
            pull = pull - weights[-1] * change
        shared, own = self.known.solve(*self.known.split(pull))
        out = np.concatenate([shared, own.ravel()])
        for (step, change, rate), weight in zip(self.pairs, reversed(weights), strict=True):
            out += (weight - rate * (change @ out)) * step
        return out
