"""Models without a structure, fitted to two levels: all moments free, or no variable related."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from vaar.sem.arrays import Bools, Floats
from vaar.sem.model.matrices import imply, structure_of
from vaar.sem.model.parameter_map import Layout
from vaar.sem.model.parameters import ModelSpec, Row
from vaar.sem.two_level.estimator import TwoLevelMaximumLikelihood
from vaar.sem.two_level.free_moments import free_moments
from vaar.sem.two_level.levels import Levels, is_between, unmarked
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


def independence(sample: TwoLevelSample, free: frozenset[str], robust: bool) -> Reference:
    """The model in which only the variables in ``free`` covary."""
    related = np.array([name in free for name in sample.levels.spec.observed], dtype=bool)
    return _fitted(sample, related, robust)


def exogenous_part(sample: TwoLevelSample, held: tuple[str, ...], robust: bool) -> Reference:
    """The held predictors alone, all their moments free."""
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
    spec = _unstructured(sample.levels, related)
    structure, count = structure_of(spec), len(spec.rows)
    layout = Layout(
        tuple(map(str, range(sample.n_groups))),
        np.arange(sample.n_groups * count).reshape(sample.n_groups, count),
        np.zeros((sample.n_groups, count)),
        np.ones((sample.n_groups, count), dtype=bool),
        (("",) * count,) * sample.n_groups,
    )
    estimator = TwoLevelMaximumLikelihood(robust)
    objective = estimator.objective(sample, structure)
    found = free_moments(sample, related)
    theta = _moments(spec, found.cov, found.mean)
    trace = float("nan")
    if robust:
        try:
            trace = estimator.precision(sample, structure, layout, theta).trace
        except np.linalg.LinAlgError:
            trace = float("nan")
    implied = imply(theta, structure)
    return Reference(
        objective.loss(objective.evaluate(theta)),
        trace,
        count * sample.n_groups,
        bool(found.converged.all()),
        found.inside,
        implied.cov,
        implied.mean,
    )


def _unstructured(levels: Levels, related: Bools) -> ModelSpec:
    """Variances, the covariances of related variables of one level, and means: at level 2 where a
    variable has both."""
    names = levels.spec.observed
    rows = [Row(name, "~~", name, "residuals") for name in names]
    among = [name for name, one in zip(names, related, strict=True) if one]
    rows += [
        Row(one, "~~", other, "residual.covariances")
        for one, other in combinations(among, 2)
        if is_between(one) == is_between(other)
    ]
    has_mean = levels.between | ~levels.both
    rows += [
        Row(name, "~1", "1", "intercepts") for name, one in zip(names, has_mean, strict=True) if one
    ]
    return ModelSpec("", names, (), (), (), tuple(rows), (), (), True)


def _moments(spec: ModelSpec, cov: Floats, mean: Floats) -> Floats:
    """(G, P) parameters at these moments."""
    place = {name: i for i, name in enumerate(spec.observed)}
    out = np.empty((len(cov), len(spec.rows)))
    for i, row in enumerate(spec.rows):
        at = place[row.lhs]
        out[:, i] = mean[:, at] if row.op == "~1" else cov[:, at, place[row.rhs]]
    return out
