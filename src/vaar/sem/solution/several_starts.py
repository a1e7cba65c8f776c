"""Searching from several starts, and taking the lowest minimum."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from vaar.sem.arrays import Floats
from vaar.sem.data.sample import Sample
from vaar.sem.estimators.base import Estimator
from vaar.sem.model.matrices import Structure, imply
from vaar.sem.model.parameter_map import Layout
from vaar.sem.search.candidates import cautious, nearest_possible, possible, random_starts
from vaar.sem.search.minimise import MAX_STEPS, TOLERANCE, Minimum
from vaar.sem.solution.standardise import standardised_values

_RETRIES = 3  # random starts after searches that did not end
_SEED = 1
SAME = 1e-6  # by which the losses of one minimum may differ, in units of the log-likelihood


@dataclass(frozen=True)
class Attempt:
    """One search.

    Attributes
    ----------
    start : {'given', 'default', 'random', 'rescaled'}
        Where it began: at values of ``start(…)``, at the default place, at random, or at the
        minimum of the model with unit variances.
    minimum : Minimum
    """

    start: str
    minimum: Minimum

    @property
    def loss(self) -> float:
        """Of all groups; infinite where the search did not end."""
        return float(self.minimum.loss.sum()) if self.minimum.converged.all() else np.inf


@dataclass(frozen=True)
class Problem:
    """What is to be minimised."""

    estimator: Estimator[Any]
    sample: Sample
    structure: Structure
    layout: Layout

    def searched(
        self,
        default: Floats,
        given: Floats | None = None,
        count: int = 1,
        retry: bool = False,
        rescaled: Callable[[], Floats] | None = None,
    ) -> tuple[Attempt, ...]:
        """Search from given starts and the default ones, and from random ones.

        Parameters
        ----------
        default : (n_free,) array
        given : (n_free,) array or None
            The same with the values of ``start(…)``, if there are any.
        count : int
            How many starts are wanted; a given one is always held against the default one.
        retry : bool
            Whether to go on while no search has ended: from a rescaled start, then at random.
        rescaled : callable, optional
            Makes a start of the minimum of the same model with another scale.
        """
        made: list[Attempt] = []
        starts = self._starts(default, given)
        enough = max(count, 1 if given is None else 2)
        while True:
            failed = all(np.isinf(attempt.loss) for attempt in made)
            if len(made) >= enough + (_RETRIES if retry and failed else 0):
                return tuple(made)
            if rescaled is not None and failed and len(made) == enough:
                made.append(Attempt("rescaled", self._from(rescaled(), default)))
                continue
            kind, x = next(starts, ("", default))
            if not kind:
                return tuple(made)
            made.append(Attempt(kind, self._from(x, default)))

    def _starts(self, default: Floats, given: Floats | None) -> Iterator[tuple[str, Floats]]:
        if given is not None:
            yield "given", given
        yield "default", default
        for x in self.random_starts(default):
            yield "random", x

    def random_starts(self, default: Floats) -> Iterator[Floats]:
        """Places about the default one, the same in every call, without end; none where it and
        those near it are not possible."""
        anchor = self._anchor(default)
        if anchor is not None:
            rng = np.random.default_rng(_SEED)
            yield from random_starts(anchor, self.layout, self.structure, self._unit(anchor), rng)

    def _unit(self, x: Floats) -> Floats:
        """(G, P) what one standardised unit of each parameter is."""
        theta = self.layout.spread(x.copy())
        scale = standardised_values(
            np.ones_like(theta), imply(theta, self.structure), self.structure
        )
        known = np.isfinite(scale) & (scale > 0)
        return 1 / np.where(known, scale, 1.0)

    def _anchor(self, default: Floats) -> Floats | None:
        """The default place, or one more cautious, that is possible."""
        objective = self.estimator.objective(self.sample, self.structure)
        for x in (default, *cautious(default, self.layout, self.structure)):
            if possible(objective, self.layout, x):
                return x
        return None

    def _from(self, x: Floats, default: Floats) -> Minimum:
        """The minimum met from a start, or from the place nearest to it that is possible."""
        found = self._minimum(x) if x is default else None
        if found is not None and found.converged.all():
            return found
        objective = self.estimator.objective(self.sample, self.structure)
        if found is not None and possible(objective, self.layout, x):
            return found
        anchor = self._anchor(default)
        place = None if anchor is None else nearest_possible(objective, self.layout, x, anchor)
        return self._minimum(x if place is None else place)

    def _minimum(self, x: Floats) -> Minimum:
        return self.estimator.minimum(
            self.sample, self.structure, self.layout, x, TOLERANCE, MAX_STEPS, None
        )


def lowest(attempts: Sequence[Attempt], layout: Layout) -> Minimum:
    """The lowest minimum, in each group apart where groups share nothing; of searches that did not
    end, the one that came lowest."""
    found = [attempt.minimum for attempt in attempts]
    if len(found) == 1:
        return found[0]
    loss = np.array([np.where(one.converged, one.loss, np.inf) for one in found])
    reached = np.array([one.loss for one in found])
    if len(layout.shared):
        loss, reached = loss.sum(axis=1, keepdims=True), reached.sum(axis=1, keepdims=True)
    chosen = np.where(np.isfinite(loss).any(axis=0), _first(loss), _first(reached))
    if len(layout.shared):
        return found[int(chosen[0])]
    return _joined(found, chosen.tolist(), layout)


def _first(loss: Floats) -> Floats:
    """(G,) the first of several that is as low as the lowest."""
    known = np.where(np.isnan(loss), np.inf, loss)
    with np.errstate(invalid="ignore"):
        return np.asarray(np.argmax(known <= known.min(axis=0) + SAME, axis=0))


def _joined(found: Sequence[Minimum], chosen: Sequence[int], layout: Layout) -> Minimum:
    """One minimum of the chosen ones of each group."""
    x = found[0].x.copy()
    for group, which in enumerate(chosen):
        own = layout.index[group][layout.index[group] >= 0]
        x[own] = found[which].x[own]
    parts = [found[which] for which in chosen]
    return Minimum(
        x,
        np.array([part.theta[g] for g, part in enumerate(parts)]),
        np.array([part.converged[g] for g, part in enumerate(parts)]),
        sum(one.steps for one in found),
        np.array([part.loss[g] for g, part in enumerate(parts)]),
    )
