"""The angle of social value orientation, the category it falls into, and how near it is to a value.

The angle is that of Murphy, Ackermann & Handgraaf [1]_. The value rationality is as defined by this
package: the published one is not recoverable.

References
----------
.. [1] Murphy, Ackermann & Handgraaf (2011), Measuring social value orientation. Judgment and
   Decision Making 6(8), 771–781.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from vaar.analyses.social_value_orientation.payoffs import Allocation, Payoffs

Angles = NDArray[np.float64]

VALUES = ("altruistic", "prosocial", "individualistic", "competitive")
"""The categories, from the largest angle to the smallest."""

CUTS = (57.15, 22.45, -12.04)
"""The least angle of each category but the last, in degrees."""

CENTRE = 50.0
"""Coins from which the angle is taken."""

ROUNDING = 1.0
"""Coins by which the published numbers differ from the straight line that they round."""


def angle(own: Payoffs, other: Payoffs) -> Angles:
    """Angle of mean divisions, in degrees, from −180 to 180.

    Parameters
    ----------
    own, other : ndarray, shape (…)
        Mean coins for oneself and for the other over the primary items, and no others.
    """
    angles: Angles = np.degrees(np.arctan2(other - CENTRE, own - CENTRE))
    return angles


def category_places(angles: Angles) -> NDArray[np.intp]:
    """Position in :data:`VALUES` of the category of each angle."""
    places: NDArray[np.intp] = (angles[..., None] < np.array(CUTS)).sum(axis=-1)
    return places


def category(angle: float) -> str:
    """The category of an angle; empty where there is none."""
    return VALUES[int(category_places(np.array(angle)))] if np.isfinite(angle) else ""


@dataclass(frozen=True)
class Ideal:
    """Angles of those who always choose as a value has it, and how far from them one can be.

    Attributes
    ----------
    lower, upper : float
        The angles that choices in full accord with the value can have.
    farthest : float
        The largest distance from them of any choices.
    """

    lower: float
    upper: float
    farthest: float

    def distance(self, angle: float) -> float:
        """Degrees between an angle and the nearest ideal one."""
        return max(self.lower - angle, angle - self.upper, 0.0)

    def rationality(self, angle: float) -> float:
        """1 − distance / largest distance: 1 in full accord, 0 as far from it as can be."""
        return 1 - self.distance(angle) / self.farthest


def ideals(primary: Sequence[Allocation]) -> dict[str, Ideal]:
    """The ideal angles of every value.

    Altruists maximise the other's coins, individualists their own, competitors the difference;
    prosocials either the sum or the equality of both. Where several options are best, all of them
    count.
    """
    reached = {value: _reach(value, primary) for value in VALUES}
    anything = _angles_of([(one, np.arange(one.n_options)) for one in primary])
    lowest, highest = float(anything.min()), float(anything.max())
    return {
        value: Ideal(lower, upper, max(highest - upper, lower - lowest))
        for value, (lower, upper) in reached.items()
    }


_Worth = Callable[[Allocation], Payoffs]
_WORTHS: dict[str, tuple[_Worth, ...]] = {
    "altruistic": (lambda one: one.other,),
    "prosocial": (lambda one: one.own + one.other, lambda one: -np.abs(one.own - one.other)),
    "individualistic": (lambda one: one.own,),
    "competitive": (lambda one: one.own - one.other,),
}


def best_options(worth: Payoffs, tolerance: float = 0.0) -> NDArray[np.intp]:
    """Positions of the options that are worth most, counted from 0."""
    return np.flatnonzero(worth >= worth.max() - tolerance)


def _reach(value: str, primary: Sequence[Allocation]) -> tuple[float, float]:
    """Smallest and largest angle of choices in full accord with a value."""
    found = [
        _angles_of([(one, best_options(worth(one), _tolerance(worth(one)))) for one in primary])
        for worth in _WORTHS[value]
    ]
    return float(min(a.min() for a in found)), float(max(a.max() for a in found))


def _tolerance(worth: Payoffs) -> float:
    """What differs by no more than rounding over all options is the same for all of them."""
    return ROUNDING if np.ptp(worth) <= ROUNDING else 0.0


def _angles_of(chosen: Sequence[tuple[Allocation, NDArray[np.intp]]]) -> Angles:
    """Angles of all combinations of these options."""
    own = reduce(np.add.outer, [one.own[options] for one, options in chosen]) / len(chosen)
    other = reduce(np.add.outer, [one.other[options] for one, options in chosen]) / len(chosen)
    return angle(own, other)
