"""Many groups: each searches at its own pace, and what they share follows.

Where hundreds of groups move by steps of one length, the one that can follow least holds up all.
Here every group goes to its own minimum while what is shared is held; then what is shared moves by
a quasi-Newton step of its own, and the groups after it. What is shared rests on all groups and
hardly moves, so that a few rounds are enough.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from vaar.sem.arrays import Bools, Floats, Ints
from vaar.sem.search.apart import Apart
from vaar.sem.search.information import Information
from vaar.sem.search.memory import Memory
from vaar.sem.search.position import Position

MANY = 100
"""Groups from which on each searches at its own pace."""

_ROUNDS = 8
_FIRST = 1e-2  # expected gain of the next step of a group after which the first round ends
_CLOSER = 1e-2  # what groups may still gain, as a share of the last gain in what is shared
_ONLY = np.zeros(1, dtype=np.int64)  # what is shared is one search


def many_groups(
    here: Position[Any], known: Information, tolerance: float, limit: int
) -> Bools | None:
    """Search from the curvature of a known information.

    Parameters
    ----------
    limit : int
        Steps of a group whose search is hard.

    Returns
    -------
    (G,) array or None
        Where the expected gain of a step fell below ``tolerance``. None, and the search stays where
        it was, where there are fewer groups or the objective cannot be parted; and where groups
        share parameters, unless it fell so far in all of them: they are left to another search.
    """
    groups = here.layout.n_groups
    if groups < MANY or here.objective.of_groups(_ONLY) is None:
        return None
    apart = Apart(here, known, limit)
    if here.joint and not _together(apart, tolerance):
        return None
    ended = np.ones(groups, dtype=bool) if here.joint else apart.settle(tolerance)
    here.move(apart.x)
    return ended


def _together(apart: Apart, tolerance: float) -> bool:
    """Whether all groups came to their minimum, and what they share to rest."""
    groups = apart.layout.n_groups
    memory = Memory((1, len(apart.layout.shared)))
    near, last = _FIRST, None

    def known(pull: Floats, which: Ints) -> Floats:
        return apart.known.shared_step(pull[0])[None]

    for _ in range(_ROUNDS):
        if not apart.settle(near).all():
            return False
        pull = apart.shared_pull[None]
        if last is not None:
            memory.remember(_ONLY, last[0], last[1] - pull)
        step = memory.step(pull, _ONLY, known)
        last = step, pull
        gain = float(pull[0] @ step[0])
        if not gain > 0 or not apart.share(step[0]):
            return False
        if gain < tolerance and near <= tolerance:
            return True
        near = max(min(near, _CLOSER * gain / groups), tolerance / groups)
    return False
