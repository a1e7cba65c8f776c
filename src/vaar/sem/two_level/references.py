"""Models without a structure, fitted to two levels: all moments free, or no variable related."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from vaar.sem.arrays import Bools, Floats
from vaar.sem.model.matrices import Structure, imply, structure_of
from vaar.sem.model.parameter_map import Layout
from vaar.sem.model.parameters import ModelSpec, Row
from vaar.sem.search.minimise import minimise
from vaar.sem.two_level.estimator import TwoLevelMaximumLikelihood
from vaar.sem.two_level.free_moments import free_moments
from vaar.sem.two_level.levels import Levels, unmarked
from vaar.sem.two_level.likelihood import at_moments
from vaar.sem.two_level.sample import TwoLevelSample


@dataclass(frozen=True)
class Reference:
    """A model without a structure.

    Attributes
    ----------
    loss : (G,) array
        Negative log-likelihood, without its constants.
    trace : float
        tr(A⁻¹ B) of its parameters over all groups; NaN where not asked for.
    n_parameters : int
        Of all groups.
    converged : bool
    inside : (G,) array
        Whether all moments could move; else level 2 is where variances would become negative.
    cov, mean : (G, p, p) and (G, p) arrays
        Of the joined model's variables.
    """

    loss: Floats
    trace: float
    n_parameters: int
    converged: bool
    inside: Bools
    cov: Floats
    mean: Floats


def saturated(sample: TwoLevelSample, robust: bool) -> Reference:
    """The model in which all moments of both levels are free."""
    return _fitted(sample, _every(sample), robust)


def independence(sample: TwoLevelSample, spec: ModelSpec, robust: bool) -> Reference:
    """The model in which only observed predictors covary.

    What is a predictor at one of its levels only is related to others there and not at the other
    level, so that moments of neither have a form of their own: such a model is searched for, its
    predictors held where those of the model are.
    """
    levels = sample.levels
    related = np.array([name in spec.exogenous for name in spec.observed], dtype=bool)
    sides = [set(levels.column[related & levels.both & side]) for side in _sides(levels)]
    if sides[0] == sides[1]:
        return _fitted(sample, related, robust)
    held = np.array([name in spec.held for name in spec.observed], dtype=bool)
    return _searched(sample, _together(levels, related), held, robust)


def _sides(levels: Levels) -> tuple[Bools, Bools]:
    return ~levels.between, levels.between


def held_throughout(spec: ModelSpec, levels: Levels) -> tuple[str, ...]:
    """Held predictors that are held at every level they stand at."""
    held = np.array([name in spec.held for name in spec.observed], dtype=bool)
    loose = set(levels.column[~held])
    pairs = zip(spec.observed, held, levels.column, strict=True)
    return tuple(name for name, is_held, column in pairs if is_held and column not in loose)


def exogenous_part(sample: TwoLevelSample, held: tuple[str, ...], robust: bool) -> Reference:
    """Predictors that are held at every level they stand at, alone and with all moments free."""
    if not held:
        none = np.empty((sample.n_groups, 0))
        inside = np.ones(sample.n_groups, dtype=bool)
        return Reference(np.zeros(sample.n_groups), 0.0, 0, True, inside, none[:, :, None], none)
    part = only(sample, held)
    return _fitted(part, _every(part), robust)


def _every(sample: TwoLevelSample) -> Bools:
    return np.ones(len(sample.levels.spec.observed), dtype=bool)


def only(sample: TwoLevelSample, names: tuple[str, ...]) -> TwoLevelSample:
    """The sample of some variables of the joined model."""
    variables = tuple(dict.fromkeys(map(unmarked, names)))
    at = [sample.levels.variables.index(name) for name in variables]
    spec = replace(sample.levels.spec, observed=names, rows=())
    return replace(
        sample,
        values=sample.values[:, at],
        observed=sample.observed[:, at],
        levels=Levels(spec, variables),
    )


def _fitted(sample: TwoLevelSample, related: Bools, robust: bool) -> Reference:
    levels = sample.levels
    found = free_moments(sample, related)
    loss = at_moments(sample.level_moments, levels, found.cov, found.mean)[2]
    pairs = _together(levels, related)
    return Reference(
        sample.level_moments.blocks.by_group(loss),
        _Unstructured.of(levels, pairs, found.cov, found.mean).trace(sample)
        if robust
        else float("nan"),
        (len(pairs) + int(_has_mean(levels).sum())) * sample.n_groups,
        bool(found.converged.all()),
        found.inside,
        found.cov,
        found.mean,
    )


def _together(levels: Levels, related: Bools) -> list[tuple[int, int]]:
    """The variances, and the covariances of related variables of one level."""
    free = related[:, None] & related & (levels.between[:, None] == levels.between)
    pairs = np.argwhere(np.triu(free, 1)).tolist()
    return [(i, i) for i in range(len(related))] + [(i, j) for i, j in pairs]


def _has_mean(levels: Levels) -> Bools:
    """(p,) which variables have a mean: that of level 2, where one is of both."""
    return np.asarray(levels.between | ~levels.both)


@dataclass(frozen=True)
class _Unstructured:
    """A model of variances, of some covariances, and of means."""

    structure: Structure
    theta: Floats
    rows: tuple[Row, ...]

    @staticmethod
    def of(
        levels: Levels, pairs: list[tuple[int, int]], cov: Floats, mean: Floats
    ) -> _Unstructured:
        names, means = levels.spec.observed, np.flatnonzero(_has_mean(levels))
        rows = [
            Row(names[i], "~~", names[j], "residuals" if i == j else "residual.covariances")
            for i, j in pairs
        ]
        rows += [Row(names[i], "~1", "1", "intercepts") for i in means]
        spec = ModelSpec("", names, (), (), (), tuple(rows), (), (), True)
        one, other = np.array(pairs).T
        theta = np.hstack([cov[:, one, other], mean[:, means]])
        return _Unstructured(structure_of(spec), theta, tuple(rows))

    def layout(self, held: Bools) -> Layout:
        """Everything free in each group, but the held places."""
        groups, count = self.theta.shape
        free = np.cumsum(~held) - 1 + np.arange(groups)[:, None] * int((~held).sum())
        return Layout(
            tuple(map(str, range(groups))),
            np.where(held, -1, free),
            np.where(held, self.theta, 0.0),
            np.ones((groups, count), dtype=bool),
            (("",) * count,) * groups,
        )

    def trace(self, sample: TwoLevelSample) -> float:
        """tr(A⁻¹ B); NaN where A cannot be inverted."""
        layout = self.layout(np.zeros(self.theta.shape[1], dtype=bool))
        estimator = TwoLevelMaximumLikelihood(True)
        try:
            return estimator.precision(sample, self.structure, layout, self.theta).trace
        except np.linalg.LinAlgError:
            return float("nan")


def _searched(
    sample: TwoLevelSample, pairs: list[tuple[int, int]], held: Bools, robust: bool
) -> Reference:
    """The same by a search; held moments are those of the sample, and leave the trace open."""
    levels = sample.levels
    known, begin = sample.held, sample.best
    cov = np.where(held[:, None] & held, known[0], begin[0])
    model = _Unstructured.of(levels, pairs, cov, np.where(held, known[1], begin[1]))
    place = {name: i for i, name in enumerate(levels.spec.observed)}
    fixed = [held[place[r.lhs]] and (r.op == "~1" or held[place[r.rhs]]) for r in model.rows]
    layout = model.layout(np.array(fixed, dtype=bool))
    objective = TwoLevelMaximumLikelihood().objective(sample, model.structure)
    found = minimise(objective, layout, layout.collect(model.theta))
    implied = imply(found.theta, model.structure)
    return Reference(
        found.loss,
        replace(model, theta=found.theta).trace(sample)
        if robust and not held.any()
        else float("nan"),
        model.theta.size,
        bool(found.converged.all()),
        np.ones(sample.n_groups, dtype=bool),
        implied.cov,
        implied.mean,
    )
