"""Linear equations among parameters, solved so that each fixes one in terms of independent ones."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
_ZERO = 1e-10  # coefficients smaller than this share of the largest one are rounding


@dataclass(frozen=True)
class Linear(Generic[Key]):
    """A linear function: ``constant`` plus the sum of ``weights`` times what they belong to."""

    weights: Mapping[Key, float]
    constant: float = 0.0

    def plus(self, other: Linear[Key], factor: float = 1.0) -> Linear[Key]:
        """The sum with a multiple of another one, terms that cancel left out."""
        keys = dict.fromkeys((*self.weights, *other.weights))
        summed = {
            key: (self.weights.get(key, 0.0), factor * other.weights.get(key, 0.0)) for key in keys
        }
        kept = {
            key: one + two
            for key, (one, two) in summed.items()
            if abs(one + two) > _ZERO * max(abs(one), abs(two))
        }
        return Linear(kept, self.constant + factor * other.constant)

    def times(self, factor: float) -> Linear[Key]:
        weights = {key: factor * weight for key, weight in self.weights.items()} if factor else {}
        return Linear(weights, factor * self.constant)


class Contradiction(Exception):
    """An equation that no values can meet beside those before it."""


@dataclass
class System(Generic[Key]):
    """Equations, each solved for one key in terms of keys that no equation is solved for.

    Attributes
    ----------
    rank : callable
        Of the keys in an equation, the one with the largest value is solved for.
    solved : dict
        By key, the function of other keys that it equals.
    """

    rank: Callable[[Key], Any]
    solved: dict[Key, Linear[Key]] = field(default_factory=dict)

    def add(self, equation: Linear[Key]) -> None:
        """Take in ``equation = 0``.

        Raises
        ------
        Contradiction
            No values can meet it beside the equations before it.
        """
        left = self.reduced(equation)
        if not left.weights:
            if abs(left.constant) > _ZERO * max(1.0, abs(equation.constant)):
                raise Contradiction
            return
        key = max(left.weights, key=self.rank)
        weight = left.weights[key]
        rest = Linear({k: w for k, w in left.weights.items() if k != key}, left.constant)
        value = rest.times(-1 / weight)
        for known, function in self.solved.items():
            if key in function.weights:
                self.solved[known] = _substituted(function, key, value)
        self.solved[key] = value

    def reduced(self, function: Linear[Key]) -> Linear[Key]:
        """A function, in terms of keys that no equation is solved for."""
        for key, value in self.solved.items():
            if key in function.weights:
                function = _substituted(function, key, value)
        return function

    def fixed(self) -> Iterator[tuple[Key, float]]:
        """Keys that have one value."""
        return ((key, f.constant) for key, f in self.solved.items() if not f.weights)

    def equal(self) -> Iterator[tuple[Key, Key]]:
        """Keys that equal another one."""
        for key, function in self.solved.items():
            weights = list(function.weights.values())
            if len(weights) == 1 and abs(weights[0] - 1) < _ZERO and not function.constant:
                yield key, next(iter(function.weights))


def _substituted(function: Linear[Key], key: Key, value: Linear[Key]) -> Linear[Key]:
    rest = Linear({k: w for k, w in function.weights.items() if k != key}, function.constant)
    return rest.plus(value, function.weights[key])
