"""What choices without any value would show: options taken at random, or always the first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce
from itertools import product

import numpy as np

from vaar.analyses.social_value_orientation.consistency import is_transitive, winner
from vaar.analyses.social_value_orientation.orientation import VALUES, angle, category_places
from vaar.analyses.social_value_orientation.payoffs import Allocation, Payoffs


@dataclass(frozen=True)
class Expected:
    """What independent choices with known probabilities show of their angle.

    Attributes
    ----------
    mean, sd : float
        Of the angle, in degrees.
    shares : dict of str to float
        Probability of each category.
    """

    mean: float
    sd: float
    shares: dict[str, float]


def expected(primary: Sequence[Allocation], chances: Sequence[Payoffs]) -> Expected:
    """Distribution of the angle over all combinations of options.

    Parameters
    ----------
    chances : sequence of ndarray, shape (n_options,)
        Probability of every option of each item.
    """
    own = reduce(np.add.outer, [one.own for one in primary]).ravel() / len(primary)
    other = reduce(np.add.outer, [one.other for one in primary]).ravel() / len(primary)
    weight = reduce(np.multiply.outer, chances).ravel()
    angles = angle(own, other)
    mean = float(weight @ angles)
    places = category_places(angles)
    shares = {value: float(weight[places == n].sum()) for n, value in enumerate(VALUES)}
    return Expected(mean, float(np.sqrt(weight @ (angles - mean) ** 2)), shares)


def at_random(primary: Sequence[Allocation]) -> Expected:
    """Every option equally often."""
    return expected(primary, [np.full(one.n_options, 1 / one.n_options) for one in primary])


def first_printed(primary: Sequence[Allocation]) -> float:
    """Angle of always the first option, in the order in which the options are published."""
    own, other = (np.mean([getattr(one, name)[0] for one in primary]) for name in ("own", "other"))
    return float(angle(own, other))


def transitive_at_random(primary: Sequence[Allocation]) -> float:
    """Probability that options taken at random pass as transitive."""
    outcomes = []
    for one in primary:
        won = [winner(one, place) for place in range(one.n_options)]
        outcomes.append([(name, won.count(name) / len(won)) for name in dict.fromkeys(won)])
    return sum(
        float(np.prod([share for _, share in drawn]))
        for drawn in product(*outcomes)
        if is_transitive(primary, [name for name, _ in drawn])
    )
