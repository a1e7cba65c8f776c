"""The χ² test of a model of two levels, its baseline's, and the measures taken from both."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import compress
from typing import Any

import numpy as np

from vaar.sem.arrays import Bools, Floats, Ints
from vaar.sem.estimators.base import Estimator
from vaar.sem.estimators.normal_likelihood import LOG_2PI
from vaar.sem.fit_measures.benchmarks import Benchmark
from vaar.sem.fit_measures.chi_square_tests import (
    Goodness,
    measures_of,
    rmsea_measures,
    scaling_factor,
    statistic,
    test_measures,
)
from vaar.sem.fit_measures.indices import further
from vaar.sem.fit_measures.measures import ChiSquare, information_criteria, root_mean_squares
from vaar.sem.model.matrices import Structure
from vaar.sem.model.parameter_map import Layout
from vaar.sem.model.parameters import ModelSpec
from vaar.sem.solution.solve import Solution
from vaar.sem.two_level.references import (
    Reference,
    exogenous_part,
    held_throughout,
    independence,
    saturated,
)
from vaar.sem.two_level.sample import TwoLevelSample


@dataclass(frozen=True)
class TwoLevelGoodness(Goodness):
    """The same, and in which groups all moments of the free model could move, (G,)."""

    inside: Bools


def two_level_goodness(
    spec: ModelSpec,
    structure: Structure,
    estimator: Estimator[Any],
    sample: TwoLevelSample,
    layout: Layout,
    solution: Solution,
) -> TwoLevelGoodness:
    """Test a solution against free moments of both levels, and the baseline too.

    n in RMSEA and in BIC is the number of rows. SRMR is the sum of those of the two levels, from
    correlations, diagonals counted, as in lavaan.
    """
    robust, groups = estimator.robust, layout.n_groups
    free = saturated(sample, robust)
    base = independence(sample, spec, robust)
    apart_from_all = held_throughout(spec, sample.levels)
    outside = exogenous_part(sample, apart_from_all, robust)
    objective = estimator.objective(sample, structure)
    at = objective.evaluate(layout.filled(solution.theta))
    loss, best, apart = objective.loss(at).sum(), free.loss.sum(), outside.loss.sum()
    df = float(free.n_parameters - layout.n_parameters - groups * _count_held(spec, sample))
    base_df = float(free.n_parameters - base.n_parameters)
    known = solution.precision is not None and solution.identified.all()
    trace = solution.precision.trace if solution.precision is not None and known else np.nan
    factors = 1.0, 1.0
    if robust:
        told = outside.trace if set(apart_from_all) == set(spec.held) else np.nan
        factors = (
            scaling_factor(free.trace - told - trace, df),
            scaling_factor(free.trace - base.trace, base_df),
        )
    test = ChiSquare(_value(loss, best, free), df, factors[0])
    baseline = ChiSquare(_value(base.loss.sum(), best, free, base), base_df, factors[1])
    constant = _constant(sample, apart_from_all)
    logl = float(apart - loss) - constant
    n, npar = float(sample.n_rows), layout.n_parameters
    values = {"npar": float(npar), "ntotal": n, "logl": logl}
    values["unrestricted_logl"] = float(apart - best) - constant
    values |= test_measures(test, baseline, robust) | information_criteria(logl, npar, n)
    values |= rmsea_measures(test, n, groups, robust)
    values |= _srmr(sample, free.cov, solution.implied.cov)
    values |= further(values, groups, robust)
    zeros = np.zeros(groups)
    moments = Benchmark(free.loss, zeros, zeros, free.cov, free.mean)
    return TwoLevelGoodness(test, baseline, moments, measures_of(values, solution), free.inside)


def _count_held(spec: ModelSpec, sample: TwoLevelSample) -> int:
    """Moments of a group that are held: means only where a variable has one."""
    levels = sample.levels
    with_mean = set(compress(spec.observed, (levels.between | ~levels.both).tolist()))
    held = [row for row in spec.rows if row.from_data]
    return sum(row.op != "~1" or row.lhs in with_mean for row in held)


def _value(loss: float, best: float, *references: Reference) -> float:
    """Twice a difference of losses; NaN where one of the references did not end at its minimum."""
    if not all(reference.converged for reference in references):
        return float("nan")
    return statistic(float(loss), float(best))


def _constant(sample: TwoLevelSample, held: tuple[str, ...]) -> float:
    """What the losses leave out of the negative log-likelihood of the modelled answers."""
    names, between = sample.levels.spec.observed, sample.levels.between
    free = np.array([name not in held for name in names])
    rows = int(np.sum(~between & free))  # parts at level 1: a value for each row
    clusters = int(np.sum(between & free & ~sample.levels.both))
    values = rows * sample.n_rows + clusters * len(sample.sizes)
    return 0.5 * LOG_2PI * values + 0.5 * rows * float(np.log(sample.sizes).sum())


def _srmr(sample: TwoLevelSample, cov: Floats, implied: Floats) -> dict[str, float]:
    out = {}
    for name, level in (("within", False), ("between", True)):
        at = np.flatnonzero(sample.levels.between == level)
        residual = _correlations(cov, at) - _correlations(implied, at)
        every = np.ones(residual.shape[:2], dtype=bool)
        each = root_mean_squares(residual, None, every)
        out["srmr_" + name] = float(np.average(each, weights=np.bincount(sample.group)))
    return {"srmr": out["srmr_within"] + out["srmr_between"]} | out


def _correlations(cov: Floats, at: Ints) -> Floats:
    part = cov[:, at][:, :, at]
    variance = np.einsum("gpp->gp", part)
    with np.errstate(invalid="ignore"):
        scale = np.sqrt(np.where(variance > 0, variance, np.nan))
    return np.asarray(part / (scale[:, :, None] * scale[:, None, :]))
