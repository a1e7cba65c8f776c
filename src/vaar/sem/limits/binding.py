"""What may bind at the minimum: the inequalities of a model among its labels, and the bounds of its
parameters."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from vaar.sem.arrays import Floats
from vaar.sem.data.screening import Finding
from vaar.sem.limits.bounds import Bound, bounds_of, held_at, slacks
from vaar.sem.model.parameter_map import Layout
from vaar.sem.model.parameters import ModelSpec
from vaar.sem.model.syntax import Definition
from vaar.sem.solution.inequalities import AT_BOUND, held_findings, slack_of


@dataclass(frozen=True)
class Limits:
    """The inequalities and bounds of a model, numbered in this order, and which of them hold.

    Attributes
    ----------
    spec : ModelSpec
    names : tuple of str
        All groups of the data.
    held : frozenset of int
    """

    spec: ModelSpec
    names: tuple[str, ...]
    held: frozenset[int] = frozenset()

    @cached_property
    def _bounds(self) -> tuple[Bound, ...]:
        return bounds_of(self.spec, self.names)

    def of_groups(self, groups: Collection[int]) -> list[int]:
        """The bounds of some groups."""
        first = len(self.spec.inequalities)
        return [i for i, one in enumerate(self._bounds, start=first) if one.group in groups]

    def without_latent_variance(self, held: frozenset[int]) -> set[int]:
        """Groups in which the variance of a latent variable is at its bound."""
        return {
            one.group
            for one in replace(self, held=held).at_bounds
            if self.spec.rows[one.place].kind == "lv.variances"
        }

    def box(self, layout: Layout, kept: Sequence[int]) -> tuple[Floats, Floats]:
        """(n_free,) lower and upper bounds of the free parameters of the groups that are fitted."""
        lower, upper = np.full(layout.n_free, -np.inf), np.full(layout.n_free, np.inf)
        for _, one, free in self._placed(layout, kept):
            if one.sign > 0:
                lower[free] = max(lower[free], one.value)
            else:
                upper[free] = min(upper[free], one.value)
        return lower, upper

    def at(self, x: Floats, layout: Layout, kept: Sequence[int]) -> frozenset[int]:
        """The bounds that (n_free,) parameters are at."""
        first = len(self.spec.inequalities)
        return frozenset(
            first + i
            for i, one, free in self._placed(layout, kept)
            if one.sign * (x[free] - one.value) <= 0
        )

    def _placed(self, layout: Layout, kept: Sequence[int]) -> Iterator[tuple[int, Bound, int]]:
        """The bounds of free parameters, each with its number and the parameter's."""
        position = {group: at for at, group in enumerate(kept)}
        for i, one in enumerate(self._bounds):
            at = position.get(one.group)
            free = -1 if at is None else int(layout.index[at, one.place])
            if free >= 0:
                yield i, one, free

    @property
    def lines(self) -> tuple[Definition, ...]:
        """Inequalities that hold as equalities."""
        return tuple(line for i, line in enumerate(self.spec.inequalities) if i in self.held)

    @property
    def at_bounds(self) -> tuple[Bound, ...]:
        """Bounds that parameters are at."""
        first = len(self.spec.inequalities)
        return tuple(one for i, one in enumerate(self._bounds, start=first) if i in self.held)

    @property
    def equated(self) -> ModelSpec:
        """The model with the inequalities that hold, parameters at their bounds being free."""
        return replace(self.spec, equalities=self.spec.equalities + self.lines)

    @property
    def fixed(self) -> ModelSpec:
        """The same with parameters fixed at their bounds."""
        return held_at(self.equated, self.at_bounds, len(self.names))

    def slack(self, theta: Floats, layout: Layout, kept: Sequence[int]) -> Floats:
        """(T + B,) by how much each is met, negative where it is missed; NaN where it says
        nothing."""
        bounded = slacks(self.spec, self._bounds, theta, layout, kept)
        return np.concatenate([slack_of(self.spec, theta, layout), bounded])

    def findings(self) -> Iterator[Finding]:
        """What is said of those that hold."""
        yield from held_findings(self.lines)
        for bound in self.at_bounds:
            yield Finding(
                self.names[bound.group] if len(self.names) > 1 else "",
                bound.written(self.spec),
                AT_BOUND,
                "estimate held at it",
                "standard errors, χ² and its degrees of freedom take the parameter as free",
            )
