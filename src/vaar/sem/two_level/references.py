"""Models without a structure, fitted to two levels: all moments free, or no variable related."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from vaar.sem.arrays import Bools, Floats
from vaar.sem.model.matrices import structure_of
from vaar.sem.model.parameter_map import Layout
from vaar.sem.model.parameters import ModelSpec, Row
from vaar.sem.two_level.estimator import TwoLevelMaximumLikelihood
from vaar.sem.two_level.free_moments import FreeMoments, free_moments
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
    levels = sample.levels
    found = free_moments(sample, related)
    loss = at_moments(sample.level_moments, levels, found.cov, found.mean)[2]
    pairs = _together(levels, related)
    return Reference(
        sample.level_moments.blocks.by_group(loss),
        _trace(sample, pairs, found) if robust else float("nan"),
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


def _trace(sample: TwoLevelSample, pairs: list[tuple[int, int]], found: FreeMoments) -> float:
    """tr(A⁻¹ B); NaN where A cannot be inverted."""
    names, means = sample.levels.spec.observed, np.flatnonzero(_has_mean(sample.levels))
    rows = [
        Row(names[i], "~~", names[j], "residuals" if i == j else "residual.covariances")
        for i, j in pairs
    ]
    rows += [Row(names[i], "~1", "1", "intercepts") for i in means]
    structure = structure_of(ModelSpec("", names, (), (), (), tuple(rows), (), (), True))
    one, other = np.array(pairs).T
    theta = np.hstack([found.cov[:, one, other], found.mean[:, means]])
    layout = Layout(
        tuple(map(str, range(sample.n_groups))),
        np.arange(theta.size).reshape(theta.shape),
        np.zeros(theta.shape),
        np.ones(theta.shape, dtype=bool),
        (("",) * theta.shape[1],) * sample.n_groups,
    )
    try:
        return TwoLevelMaximumLikelihood(True).precision(sample, structure, layout, theta).trace
    except np.linalg.LinAlgError:
        return float("nan")
