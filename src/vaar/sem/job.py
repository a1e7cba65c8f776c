"""A model, an estimator and data, fitted to the groups that can carry the model."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import chain, islice
from types import MappingProxyType
from typing import Any

import numpy as np

from vaar.errors import DataError
from vaar.sem.arrays import Bools, Floats, Ints
from vaar.sem.data.frame import Table
from vaar.sem.data.sample import Sample
from vaar.sem.data.screening import Screened
from vaar.sem.data.source import Source
from vaar.sem.estimators.base import Estimator
from vaar.sem.limits.binding import Limits
from vaar.sem.limits.box import Box
from vaar.sem.limits.search import LimitedSearch
from vaar.sem.model.constraints import layout_of
from vaar.sem.model.equality import Equality
from vaar.sem.model.matrices import Structure
from vaar.sem.model.parameter_map import Layout
from vaar.sem.model.parameters import ModelSpec
from vaar.sem.results.fit import Fit
from vaar.sem.search.outcome import Outcome
from vaar.sem.search.rescaling import marker_scaled
from vaar.sem.search.starting_values import with_written_starts
from vaar.sem.solution.identification import identified_somewhere
from vaar.sem.solution.inequalities import AT_BOUND
from vaar.sem.solution.several_starts import Attempt, Problem, lowest
from vaar.sem.solution.solve import Solution, solution_at

BOX_STARTS = 5
"""Places from which minima within bounds are sought, where the free minimum is not allowed."""

_UNDETERMINED = (
    "the data of this group alone do not determine the model: the search does not end, or some "
    "parameters cannot be told apart"
)


@dataclass(frozen=True)
class Job:
    """A model, an estimator and data, ready to be fitted to a choice of groups.

    Attributes
    ----------
    source : Source
        What its samples are taken from.
    starts : int
        From how many places to search.
    result : type
        What a fit is made as.
    held : frozenset of int
        The inequalities and bounds of the model that hold as equalities, by their numbers.
    samples : dict
        By kept groups, their sample.
    """

    spec: ModelSpec
    structure: Structure
    estimator: Estimator[Any]
    equality: Equality
    table: Table
    source: Source
    starts: int = 1
    result: type[Fit] = Fit
    held: frozenset[int] = frozenset()
    samples: dict[tuple[int, ...], tuple[Sample, Ints]] = field(default_factory=dict)

    def under(self, equality: Equality) -> Job:
        """The same job under other equalities."""
        return replace(self, equality=equality)

    def fitted(self, screened: Screened, drop: bool = True) -> Fit:
        """Fit all groups; where some fail, drop those whose data do not determine the model, and
        fit the others.

        A parameter that no data could tell from others is a fault of the model, for which no group
        is dropped. Without ``drop``, failing groups stay in the fit and are marked by their
        outcome.
        """
        if not self.spec.is_bounded:
            return self._fitted(screened, drop)

        def fitted(held: frozenset[int]) -> Fit:
            return replace(self, held=held)._fitted(screened, drop=False)

        def elsewhere() -> Iterator[frozenset[int]]:
            return self._bound_elsewhere(screened)

        search = LimitedSearch(self._limits, fitted, elsewhere, screened.kept)
        held = search.held()
        if not drop or len(screened.kept) == 1:
            return search.known[held]
        fit = replace(self, held=held)._fitted(screened, drop)
        left = fit.screened
        return fit if left.kept == screened.kept else self.fitted(left, drop)

    def _fitted(self, screened: Screened, drop: bool) -> Fit:
        several = drop and len(screened.kept) > 1
        problem, default, given = self._problem(screened, self.equality)
        attempts = self._searched(screened, problem, default, given, retry=not several)
        solution = self._solution(problem, attempts)
        doubtful = self._doubtful(problem, solution)
        if several and doubtful.any():
            carried = ~doubtful | self._determined_alone(screened)
            dropping = carried.any() and not carried.all()
            if dropping and self._determinable(screened, self.equality).all():
                left = screened.without(carried, self.table, "no solution", _UNDETERMINED)
                return self._fitted(left, drop)
            if not solution.converged.all():
                attempts = self._searched(screened, problem, default, given, retry=True)
                solution = self._solution(problem, attempts)
        return self._fit(screened, problem, solution, attempts)

    def _bound_elsewhere(self, screened: Screened) -> Iterator[frozenset[int]]:
        """The sets of bounds that hold at minima within all bounds, met from several places."""
        free = replace(self, held=frozenset())
        problem, default, _ = free._problem(screened, self.equality)
        layout, kept = problem.layout, screened.kept
        objective = self.estimator.objective(problem.sample, self.structure)
        lower, upper = free._limits.box(layout, kept)
        if not np.isfinite([lower, upper]).any():
            return
        starts = islice(chain([default], problem.random_starts(default)), BOX_STARTS)
        for x in Box(objective, layout, lower, upper).minima(starts):
            yield free._limits.at(x, layout, kept)

    def _fit(
        self,
        screened: Screened,
        problem: Problem,
        solution: Solution,
        attempts: tuple[Attempt, ...],
    ) -> Fit:
        if self._limits.at_bounds:
            problem, solution = self._freed(screened, problem, attempts)
        sample, layout = problem.sample, problem.layout
        rows = np.flatnonzero(screened.rows)[self._sample(screened)[1]]
        made = list(self.estimator.findings(sample, self.spec, self.equality, layout))
        made += self._limits.findings()
        known = tuple(one for one in screened.findings if one.finding != AT_BOUND)
        new = tuple(one for one in made if one not in known)
        return self.result(
            self.spec,
            self.structure,
            layout,
            sample,
            solution,
            self.estimator,
            self.equality,
            self.table.names,
            replace(screened, findings=known + new),
            MappingProxyType(dict(zip(layout.groups, _outcomes(solution), strict=True))),
            self.table.row_index[rows],
            self.table.row_labels,
            self.table.group_column,
            self.table.cluster_column,
            self.table.weight_column,
            attempts,
        )

    def _freed(
        self, screened: Screened, problem: Problem, attempts: tuple[Attempt, ...]
    ) -> tuple[Problem, Solution]:
        """The same solution, parameters at their bounds being free."""
        layout, _ = self._layout(screened, self.equality, self._limits.equated)
        found = lowest(attempts, problem.layout)
        found = replace(found, x=layout.collect(found.theta))
        args = self.estimator, problem.sample, self.structure, layout
        return replace(problem, layout=layout), solution_at(*args, found)

    def _problem(
        self, screened: Screened, equality: Equality
    ) -> tuple[Problem, Floats, Floats | None]:
        """What is to be minimised, the default start, and the one that the text gives, if any."""
        layout, x = self._layout(screened, equality, self._limits.fixed)
        given = None
        if any(row.modifier.starts for row in self.spec.rows):
            given = with_written_starts(x, layout, self.spec, self.table.names)
        sample, _ = self._sample(screened)
        return Problem(self.estimator, sample, self.structure, layout), x, given

    def _layout(
        self, screened: Screened, equality: Equality, spec: ModelSpec
    ) -> tuple[Layout, Floats]:
        """Which parameters are free, and the default start."""
        layout, x = self._placed(self._sample(screened)[0], screened.kept, equality, spec)
        return replace(layout, n_held=len(self._limits.lines)), x

    def _placed(
        self, sample: Sample, kept: Sequence[int], equality: Equality, spec: ModelSpec
    ) -> tuple[Layout, Floats]:
        """The same for another sample of these groups."""
        known, names = sample.boundaries(spec.observed), self.table.names
        layout = layout_of(spec, equality, names, kept, sample.present, known)
        return self.estimator.start(sample, self.spec, self.structure, layout)

    def _searched(
        self,
        screened: Screened,
        problem: Problem,
        default: Floats,
        given: Floats | None,
        retry: bool,
    ) -> tuple[Attempt, ...]:
        """The searches; where all fail, one begins at the minimum of unit variances, if the text
        leaves the scale open."""
        if not retry or self.equality.identify != "marker" or self._open_scale == "marker":
            return problem.searched(default, given, self.starts, retry)

        def rescaled() -> Floats:
            other, x, _ = self._problem(screened, replace(self.equality, identify="std_lv"))
            found = lowest(other.searched(x, retry=True), other.layout)
            theta = marker_scaled(found.theta, problem.layout, self.structure)
            return problem.layout.collect(theta)

        return problem.searched(default, given, self.starts, retry, rescaled)

    @property
    def _open_scale(self) -> str:
        """How latent variables can be scaled, whatever the fit does: by unit variances, unless the
        text sets their scale."""
        scaled = ("loadings", "lv.variances")
        written = any(row.kind in scaled and row.modifier.values for row in self.spec.rows)
        related = self.spec.equalities or self.spec.is_bounded
        return self.equality.identify if written or related else "std_lv"

    @cached_property
    def _limits(self) -> Limits:
        return Limits(self.spec, self.table.names, self.held)

    def _solution(self, problem: Problem, attempts: tuple[Attempt, ...]) -> Solution:
        found = lowest(attempts, problem.layout)
        layout = problem.layout
        solution = solution_at(self.estimator, problem.sample, self.structure, layout, found)
        if not np.isfinite(solution.implied.cov).any():
            raise DataError(
                "the model implies no covariances, whatever its free parameters: its fixed values "
                "form a loop of regressions whose effects do not die out; change or free one"
            )
        return solution

    def _sample(self, screened: Screened) -> tuple[Sample, Ints]:
        """The rows of the kept groups; the same object whenever the same groups are kept."""
        if screened.kept not in self.samples:
            self.samples[screened.kept] = self.source.sample(screened)
        return self.samples[screened.kept]

    def _doubtful(self, problem: Problem, solution: Solution) -> Bools:
        """(G,) groups without a solution, or whose solution does not exist for a latent variable of
        unit variance."""
        bad = ~(solution.converged & solution.identified)
        at = [i for i, row in enumerate(self.spec.rows) if row.kind == "lv.variances"]
        free = problem.layout.index[:, at] >= 0
        negative = np.any(free & (solution.theta[:, at] < 0), axis=1)
        if "loadings" in self.equality.kinds:
            negative[1:] = False  # the first group's variance sets the scale of all
        return np.asarray(bad | (negative & (self.equality.identify != "std_lv")))

    def _determined_alone(self, screened: Screened) -> Bools:
        """(G,) whether the data of each group determine the model, if any data do.

        The scale of latent variables is that of unit variances, where the text leaves it open, so
        that the answer does not depend on how it is set in the fit.
        """
        apart = Equality(identify=self._open_scale, apart=True)
        problem, default, given = self._problem(screened, apart)
        solution = self._solution(problem, problem.searched(default, given, retry=True))
        found = solution.converged & solution.identified
        if found.all():
            return np.asarray(found)
        return np.asarray(found | ~self._determinable(screened, apart))

    def _determinable(self, screened: Screened, apart: Equality) -> Bools:
        """(G,) whether any data would determine the model of a group, all its items answered."""
        every = self._sample(screened)[0].completed()
        layout, start = self._placed(every, screened.kept, apart, self.spec)
        objective = self.estimator.objective(every, self.structure)
        found = identified_somewhere(objective, layout, self.structure, start)
        return np.asarray(found | ~every.present.all(axis=1))


def _outcomes(solution: Solution) -> list[Outcome]:
    finite = np.isfinite(np.where(np.isnan(solution.theta), 0.0, solution.se)).all(axis=1)
    out = []
    for converged, identified, admissible in zip(
        solution.converged, solution.identified & finite, solution.admissible, strict=True
    ):
        if not converged:
            out.append(Outcome.NOT_CONVERGED)
        elif not identified:
            out.append(Outcome.NOT_IDENTIFIED)
        else:
            out.append(Outcome.CONVERGED if admissible else Outcome.INADMISSIBLE)
    return out
