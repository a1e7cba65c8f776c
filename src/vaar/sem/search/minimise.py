"""Minimising an objective: Fisher scoring, quasi-Newton steps, and where these fail a trust region.

A Fisher step is dear because of its information, so most steps are quasi-Newton steps on one
information, held fixed. Fisher scoring brings the search near; a trust region takes over where the
search is not near after a few steps, or does not go on.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from vaar.sem.arrays import Bools, Floats
from vaar.sem.model.parameter_map import Layout
from vaar.sem.search.information import Information
from vaar.sem.search.many_groups import many_groups
from vaar.sem.search.position import Objective, Position
from vaar.sem.search.quasi_newton import quasi_newton
from vaar.sem.search.trust_region import trust_region

TOLERANCE = 1e-9  # expected gain of the next step, in units of the log-likelihood
MAX_STEPS = 120
_FIRST_STEPS = 3  # Fisher steps before an information is held fixed, at most
_NEAR = 0.05  # expected gain of a step, for each parameter, after which it is held


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
    loss : (G,) array
        Infinite where the parameters imply no possible moments.
    """

    x: Floats
    theta: Floats
    converged: Bools
    steps: int
    loss: Floats


def minimise(
    objective: Objective[Any],
    layout: Layout,
    x: Floats,
    tolerance: float = TOLERANCE,
    max_steps: int = MAX_STEPS,
    known: Information | None = None,
) -> Minimum:
    """Search from ``x`` until the expected gain of a step is below ``tolerance``.

    ``known`` is an information near ``x``, which saves computing one.
    """
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        search = _Search(objective, layout, tolerance, x)
        near = guarded = bool(np.isfinite(search.here.loss).all())
        if guarded and known is not None and search.group_by_group(known, max_steps):
            return search.minimum
        if guarded and known is None:
            known, near = search.approach()
        if guarded and known is not None and not search.converged.all():
            search.quasi_newton(known)
        if not (near and search.converged.all()):
            search.trust_region(max_steps)
    return search.minimum


class _Search:
    """The parts of a search, one after another."""

    def __init__(
        self, objective: Objective[Any], layout: Layout, tolerance: float, x: Floats
    ) -> None:
        self.here = Position(objective, layout, x)
        self.tolerance = tolerance
        self.converged = np.zeros(layout.n_groups, dtype=bool)
        self.steps = 0

    @property
    def minimum(self) -> Minimum:
        """Where the search is."""
        here = self.here
        converged = self.converged & np.isfinite(here.loss)
        return Minimum(here.x, here.theta, converged, self.steps, here.loss)

    def group_by_group(self, known: Information, limit: int) -> bool:
        """Search many groups each at its own pace: whether that came to an end."""
        ended = many_groups(self.here, known, self.tolerance, limit)
        if ended is None:
            return False
        self.converged, self.steps = ended, 1
        return True

    def approach(self) -> tuple[Information | None, bool]:
        """Fisher scoring until a step gains little: the information of that step, or of the last
        one allowed, and whether it did; no information where a step fails, or none is needed."""
        here = self.here
        for _ in range(_FIRST_STEPS):
            information = here.information()
            self.steps += 1
            try:
                shared, own, gain = here.fisher_step(information)
            except np.linalg.LinAlgError:
                return None, False
            self.converged = np.abs(gain) < self.tolerance
            if not here.advance(shared, own) or self.converged.all():
                return None, bool(self.converged.all())
            if (gain[0] if here.joint else gain.sum()) < _NEAR * here.layout.n_free:
                return information, True
            del information  # large; the next one takes its place
        return here.information(), False

    def quasi_newton(self, known: Information) -> None:
        ended, steps = quasi_newton(self.here, known, self.tolerance)
        self.steps += steps
        self.converged |= ended

    def trust_region(self, limit: int) -> None:
        self.converged, steps = trust_region(self.here, self.tolerance, limit)
        self.steps += steps
