"""Which inequalities and bounds hold at the minimum that they allow."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from vaar.errors import DataError
from vaar.sem.arrays import Floats
from vaar.sem.limits.binding import Limits
from vaar.sem.results.fit import Fit
from vaar.sem.search.active_set import active_set
from vaar.sem.search.outcome import Outcome
from vaar.sem.solution.several_starts import SAME


@dataclass(frozen=True)
class LimitedSearch:
    """The minimum that inequalities and bounds allow.

    Attributes
    ----------
    limits : Limits
    fitted : callable
        The fit in which some of them hold.
    elsewhere : callable
        Sets of bounds that hold together at minima met from other places.
    kept : tuple of int
        The numbers of the groups that are fitted.
    known : dict
        The fits that were made, by what held in them.
    """

    limits: Limits
    fitted: Callable[[frozenset[int]], Fit]
    elsewhere: Callable[[], Iterable[frozenset[int]]]
    kept: tuple[int, ...]
    known: dict[frozenset[int], Fit] = field(default_factory=dict)

    def held(self) -> frozenset[int]:
        """Those that hold.

        Where the free minimum is not allowed, the nearest place on its side can be a bad one, such
        as a latent variable without variance. So minima are sought from other places too, and with
        each other bound of a group held that has such a minimum; the lowest is taken.

        Raises
        ------
        DataError
            No search ends.
        """
        held, ended = self._from(frozenset())
        if ended and not held:
            return held
        best = self._lowest(self.elsewhere(), held if ended else None)
        if best is None:
            raise DataError(
                "the search among the inequalities of the model does not end: take some of them out"
            )
        lowest = self._lowest((frozenset((one,)) for one in self._others(best)), best)
        return best if lowest is None else lowest

    def _lowest(
        self, sets: Iterable[frozenset[int]], best: frozenset[int] | None
    ) -> frozenset[int] | None:
        """The best of the minima in which some sets hold, and of one that is known."""
        for one in dict.fromkeys(sets):
            other, ended = self._from(one)
            if ended and (best is None or self._loss(other) < self._loss(best) - SAME):
                best = other
        return best

    def _others(self, held: frozenset[int]) -> list[int]:
        """Bounds of the groups whose minimum may be a bad one, but those that hold."""
        fit = self._fit(held)
        doubtful = {
            group
            for group, outcome in zip(self.kept, fit.group_outcome.values(), strict=True)
            if outcome is not Outcome.CONVERGED
        }
        groups = doubtful | self.limits.without_latent_variance(held)
        return [i for i in self.limits.of_groups(groups) if i not in held]

    def _fit(self, held: frozenset[int]) -> Fit:
        if held not in self.known:
            self.known[held] = self.fitted(held)
        return self.known[held]

    def _from(self, always: frozenset[int]) -> tuple[frozenset[int], bool]:
        def slack(held: frozenset[int]) -> Floats:
            fit = self._fit(held | always)
            return self.limits.slack(fit.solution.theta, fit.layout, self.kept)

        held, ended = active_set(slack)
        return held | always, ended

    def _loss(self, held: frozenset[int]) -> float:
        return min(attempt.loss for attempt in self._fit(held).attempts)
