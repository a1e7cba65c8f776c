"""Inequalities among parameters: which of them hold as equalities at the minimum."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from vaar.sem.arrays import Floats

_TOLERANCE = 1e-7  # by which an inequality may be missed


def active_set(slack: Callable[[frozenset[int]], Floats]) -> tuple[frozenset[int], bool]:
    """Find the inequalities that bind.

    One that is missed is held as an equality; one that is held is released again where the minimum
    without it meets it.

    Parameters
    ----------
    slack : callable
        For those that are held, by how much each inequality is met at the minimum: (T,), negative
        where it is missed.

    Returns
    -------
    frozenset, bool
        Those held; and whether the search ended, all being met and none held without need.
    """
    held: frozenset[int] = frozenset()
    known = {held: slack(held)}
    for _ in range(4 * len(known[held]) + 1):
        missed = {
            i: float(by) for i, by in enumerate(known[held]) if i not in held and by < -_TOLERANCE
        }
        if missed:
            held = held | {min(missed, key=lambda i: missed[i])}
            known.setdefault(held, np.empty(0))
            known[held] = slack(held)
            continue
        for i in sorted(held) if len(held) > 1 else ():
            without = held - {i}
            if without not in known:
                known[without] = slack(without)
            if known[without][i] >= -_TOLERANCE:
                held = without
                break
        else:
            return held, True
    return held, False
