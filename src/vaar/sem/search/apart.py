"""Groups that go to their own minima, what they share being held.

Quasi-Newton steps with a memory for each group. A group that has come to its minimum waits there,
so that the last ones do not hold up the others.
"""

from __future__ import annotations

from typing import Any, cast

import numpy as np

from vaar.sem.arrays import Bools, Floats, Ints
from vaar.sem.search.information import Information
from vaar.sem.search.memory import Memory, dot
from vaar.sem.search.position import Objective, Position
from vaar.sem.search.trust_region import trust_region

_STEPS = 30
_HALVINGS = 8
_NOISE = 1e-13  # rounding of a loss, relative
_JUMP = 1.0  # by which the loss of a group may rise where what is shared moves


class Apart:
    """Where every group is in a search.

    Attributes
    ----------
    x : (n_free,) array
    loss : (G,) array
    pull : (G, L) array
        Downhill derivatives by the columns of each group, the shared ones first.
    """

    def __init__(self, here: Position[Any], known: Information, limit: int) -> None:
        self.layout, self.known, self._limit = here.layout, known, limit
        self.objective = here.objective
        self.x, self.loss = here.x.copy(), here.loss.copy()
        self._start = here.x.copy()
        self.pull = self.layout.gather(-self.objective.gradient(here.at))
        self._memory = Memory(known.own_inverse.shape[:2])

    @property
    def shared_pull(self) -> Floats:
        """(s,) downhill derivatives by what is shared, the own parameters following."""
        s, known = len(self.layout.shared), self.known
        own = known.own_step(self.pull[:, s:]) * known.own_scale
        met = np.einsum("gqs,gq->s", known.border, own) * known.shared_scale
        return np.asarray(self.pull[:, :s].sum(axis=0) - met)

    def settle(self, tolerance: float) -> Bools:
        """Take every group to its minimum: (G,) where a step gains less than ``tolerance``."""
        going, hard = np.arange(self.layout.n_groups), list[Ints]()
        for _ in range(_STEPS):
            pull = self._own_pull(going)
            step = self._memory.step(pull, going, self.known.own_step)
            gain = dot(pull, step)
            uphill = ~(gain >= 0)
            step[uphill] = 0.0
            own = self._own(going)
            moved = self._move(going, own, step) & ~uphill
            self._memory.remember(going, self._own(going) - own, pull - self._own_pull(going))
            left = ~(gain < tolerance) | uphill
            hard.append(going[left & ~moved])
            going = going[left & moved]
            if not going.size:
                break
        return self._settle_slowly(np.sort(np.concatenate([*hard, going])), tolerance)

    def _settle_slowly(self, hard: Ints, tolerance: float) -> Bools:
        """Take some groups to their minima by Fisher scoring in trust regions, from where they are
        and else from where they began: (G,) which are there or were before."""
        ended = np.ones(self.layout.n_groups, dtype=bool)
        ended[hard] = False
        for start in (self.x, self._start):
            if hard.size:
                ended[hard] = self._by_trust_region(hard, start, tolerance)
                hard = hard[~ended[hard]]
        return ended

    def _by_trust_region(self, groups: Ints, start: Floats, tolerance: float) -> Bools:
        """Search of some groups from their own parameters at a start: which came to a minimum."""
        part, real = self.layout.apart(groups, self.x), self.layout.own[groups] >= 0
        own = np.zeros(real.shape)
        own[real] = start[self.layout.own[groups][real]]
        here = Position(self._objective_of(groups), part, own[real])
        ended, _ = trust_region(here, tolerance, self._limit)
        own[real] = here.x
        self._place(groups, own)
        return ended

    def share(self, step: Floats) -> bool:
        """Move what is shared, and the groups after it: whether all could follow."""
        s, known = len(self.layout.shared), self.known
        every, before = np.arange(self.layout.n_groups), self.loss
        own = self._own(every)
        follow = known.own_step(self.pull[:, s:])
        follow -= known.ratio @ (step * known.shared_scale) / known.own_scale
        self.x[self.layout.shared] += step
        self._place(every, own + follow)
        left = np.flatnonzero(~(self.loss <= before + _JUMP))
        if left.size:
            self._place(left, own[left])
        return bool(np.isfinite(self.loss).all())

    def _own_pull(self, groups: Ints) -> Floats:
        """(n, q) downhill derivatives by the own parameters of some groups."""
        return self.pull[groups, len(self.layout.shared) :]

    def _own(self, groups: Ints) -> Floats:
        """(n, q) own parameters of some groups; 0 where there is padding."""
        free = self.layout.own[groups]
        return np.where(free >= 0, self.x[free], 0.0)

    def _move(self, groups: Ints, own: Floats, step: Floats) -> Bools:
        """Every group by the longest of a few halved steps that does not lose; none where all do:
        which moved."""
        before, pull = self.loss[groups], self.pull[groups]
        allowed = before + _NOISE * np.maximum(np.abs(before), 1.0)
        self._place(groups, own + step)
        worse = np.flatnonzero(~(self.loss[groups] <= allowed))
        length = 1.0
        for _ in range(_HALVINGS):
            if not worse.size:
                break
            length /= 2
            self._place(groups[worse], own[worse] + length * step[worse])
            worse = worse[~(self.loss[groups[worse]] <= allowed[worse])]
        moved = np.ones(len(groups), dtype=bool)
        if worse.size:
            moved[worse] = False
            self._put(groups[worse], own[worse])
            self.loss[groups[worse]], self.pull[groups[worse]] = before[worse], pull[worse]
        return moved

    def _put(self, groups: Ints, own: Floats) -> None:
        free = self.layout.own[groups]
        self.x[free[free >= 0]] = own[free >= 0]

    def _objective_of(self, groups: Ints) -> Objective[Any]:
        return cast("Objective[Any]", self.objective.of_groups(groups))  # where they can be parted

    def _place(self, groups: Ints, own: Floats) -> None:
        """Go to some own parameters of some groups."""
        self._put(groups, own)
        theta = self.layout.spread(self.x)
        objective = self.objective
        if len(groups) < len(theta):
            theta, objective = theta[groups], self._objective_of(groups)
        at = objective.evaluate(theta)
        self.loss[groups] = objective.loss(at)
        self.pull[groups] = self.layout.gather_of(groups, -objective.gradient(at))
