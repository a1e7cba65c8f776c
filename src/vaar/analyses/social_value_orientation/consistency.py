"""Whether choices agree among themselves: transitivity, and equality against joint gain."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from graphlib import CycleError, TopologicalSorter

import numpy as np

from vaar.analyses.social_value_orientation.orientation import ROUNDING, best_options
from vaar.analyses.social_value_orientation.payoffs import Allocation, Payoffs

MOTIVES = ("equality", "joint gain", "own gain", "other's gain")


def winner(one: Allocation, place: int) -> str:
    """The value that an option serves best: that of the nearer end; empty at the exact middle.

    Parameters
    ----------
    place : int
        Position of the option, counted from 0.
    """
    from_left, from_right = place, one.n_options - 1 - place
    if from_left == from_right:
        return ""
    return one.left if from_left < from_right else one.right


def is_transitive(primary: Sequence[Allocation], winners: Sequence[str]) -> bool:
    """Whether the values can be ranked so that every item is won by the higher one.

    A tie ranks nobody.
    """
    beats: dict[str, set[str]] = {}
    for one, won in zip(primary, winners, strict=True):
        if won:
            beats.setdefault(one.right if won == one.left else one.left, set()).add(won)
    try:
        TopologicalSorter(beats).prepare()
    except CycleError:
        return False
    return True


def inequality_aversion(secondary: Sequence[Allocation], places: Mapping[str, int]) -> float:
    """D(equality) / (D(equality) + D(joint gain)): 0 for equal shares, 1 for the largest sum.

    D of a motive is the mean distance of the choices from its best options, as a share of the line;
    items on which a motive has no preference are left out of it.

    Parameters
    ----------
    places : mapping of str to int
        Position of the option taken, by item, counted from 0.

    Returns
    -------
    float
        NaN where an item was not answered, or where equality and joint gain are not nearer than
        one's own gain and the other's.
    """
    if any(one.code not in places for one in secondary):
        return float("nan")
    distance = {
        motive: float(np.mean([_distance(one, best, places[one.code]) for one, best in ideal]))
        for motive, ideal in _ideals(secondary).items()
    }
    equal, joint, *others = (distance.get(motive, np.nan) for motive in MOTIVES)
    if not max(equal, joint) < min(others):
        return float("nan")
    return equal / (equal + joint)


def _ideals(secondary: Sequence[Allocation]) -> dict[str, list[tuple[Allocation, int]]]:
    """The best option of each motive, on the items on which it has one."""
    found: dict[str, list[tuple[Allocation, int]]] = {}
    for one in secondary:
        for motive, worth in _worths(one).items():
            if np.ptp(worth) > ROUNDING:
                found.setdefault(motive, []).append((one, int(best_options(worth)[0])))
    return found


def _worths(one: Allocation) -> dict[str, Payoffs]:
    worths = (-np.abs(one.own - one.other), one.own + one.other, one.own, one.other)
    return dict(zip(MOTIVES, worths, strict=True))


def _distance(one: Allocation, best: int, place: int) -> float:
    return abs(place - best) / (one.n_options - 1)
