"""Minima within bounds, sought from many places, to see which bounds hold there.

The search is one by gradients within a box (Byrd, Lu, Nocedal & Zhu 1995). It tells the bounds that
hold at a minimum; the estimates there are left to the engine's own search, those bounds being held.

References
----------
Byrd, Lu, Nocedal & Zhu (1995), A limited memory algorithm for bound constrained optimization. SIAM
Journal on Scientific Computing 16, 1190–1208. doi:10.1137/0916069
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import scipy

from vaar.sem.arrays import Floats
from vaar.sem.model.parameter_map import Layout
from vaar.sem.search.position import Objective, Position

_OPTIONS = {"maxiter": 150, "maxfun": 300, "ftol": 1e-9, "gtol": 1e-6, "maxcor": 20}
_IMPOSSIBLE = 1e12  # a loss where parameters imply no possible moments


@dataclass(frozen=True)
class Box:
    """An objective within bounds.

    Attributes
    ----------
    lower, upper : (n_free,) arrays
        Infinite where there is no bound.
    """

    objective: Objective[Any]
    layout: Layout
    lower: Floats
    upper: Floats

    def minima(self, starts: Iterable[Floats]) -> Iterator[Floats]:
        """(n_free,) parameters at the minima met from some places; where groups share nothing, also
        those of the lowest one of each group together."""
        met = []
        for start in starts:
            x = self._minimum(np.clip(start, self.lower, self.upper))
            loss = self._position(x).loss
            if np.isfinite(loss).all():
                yield x
                met.append((x, loss))
        if len(met) > 1 and not len(self.layout.shared):
            lowest = np.argmin([loss for _, loss in met], axis=0)
            joined = met[0][0].copy()
            for own, which in zip(self.layout.own, lowest, strict=True):
                joined[own[own >= 0]] = met[which][0][own[own >= 0]]
            yield joined

    def _minimum(self, start: Floats) -> Floats:
        unit = self._unit(start)
        lower, upper = self.lower / unit, self.upper / unit
        found = scipy.optimize.minimize(
            lambda scaled: self._value(scaled * unit, unit),
            start / unit,
            jac=True,
            method="L-BFGS-B",
            bounds=np.column_stack([lower, upper]),
            options=_OPTIONS,
        )
        x = np.where(found.x <= lower, self.lower, found.x * unit)
        return np.where(found.x >= upper, self.upper, x)

    def _position(self, x: Floats) -> Position[Any]:
        with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
            return Position(self.objective, self.layout, x.copy())

    def _unit(self, x: Floats) -> Floats:
        """(n_free,) steps that change the loss by about as much, each alone."""
        information = self._position(x).information()
        unit = np.ones(len(x))
        shared, own = 1 / information.shared_scale, 1 / information.own_scale
        unit[self.layout.shared] = shared
        here = self.layout.own >= 0
        unit[self.layout.own[here]] = own[here]
        return np.where(np.isfinite(unit), unit, 1.0)

    def _value(self, x: Floats, unit: Floats) -> tuple[float, Floats]:
        """The loss, and its derivatives by the scaled parameters."""
        here, slope = self._position(x), np.zeros(len(x))
        loss = float(here.loss.sum())
        if not np.isfinite(loss):
            return _IMPOSSIBLE, slope
        shared, own = here.pull()
        slope[self.layout.shared] = -shared
        inside = self.layout.own >= 0
        slope[self.layout.own[inside]] = -own[inside]
        return loss, slope * unit
