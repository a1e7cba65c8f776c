"""The χ² test of a model of ordinal items, its baseline's, and the measures taken from both."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from vaar.sem.arrays import Bools, Floats, Ints
from vaar.sem.data.ordinal.sample import Frame, OrdinalSample
from vaar.sem.estimators.base import Estimator
from vaar.sem.estimators.dwls.concentrated_thresholds import freely_met
from vaar.sem.estimators.dwls.objective import implied_statistics
from vaar.sem.fit_measures.benchmarks import Benchmark
from vaar.sem.fit_measures.chi_square_tests import (
    Goodness,
    measures_of,
    rmsea_measures,
    test_measures,
)
from vaar.sem.fit_measures.indices import further, residual_indices
from vaar.sem.fit_measures.measures import ChiSquare, srmr
from vaar.sem.fit_measures.ordinal_catml import Expected, expected_of, robust_measures
from vaar.sem.fit_measures.ordinal_robust import (
    Piece,
    Traces,
    baseline_traces,
    mean_adjusted,
    mean_variance_adjusted,
    model_traces,
    pieces_of,
)
from vaar.sem.model.latent_response import response_scale
from vaar.sem.model.matrices import Structure
from vaar.sem.model.parameter_map import Layout
from vaar.sem.solution.solve import Solution

Adjust = Callable[[float, float, Traces], ChiSquare]
_ADJUST: dict[str, Adjust] = {"WLSMV": mean_variance_adjusted, "WLSM": mean_adjusted}
_UNKNOWN = Traces(float("nan"), float("nan"))


def ordinal_goodness_of(
    estimator: Estimator[Any],
    structure: Structure,
    sample: OrdinalSample,
    layout: Layout,
    solution: Solution,
    exogenous: Sequence[int] = (),
) -> Goodness:
    """Test a solution against free thresholds and correlations, and the baseline too.

    The statistics count as many degrees of freedom as are in use: a pair of items without an
    estimable correlation takes no part. As in lavaan, RMSEA has N − G in place of N, SRMR leaves
    levels and variances out, and CFI, TLI and RMSEA have robust variants where all variables are
    ordinal and no threshold is restricted. ``exogenous`` are variables that covary in the baseline.
    """
    statistics, n, groups = sample.statistics, sample.n_rows, layout.n_groups
    apart = _unrelated_pairs(sample.frame, exogenous)
    scale = response_scale(solution.implied, structure)
    unit = scale[:, :, None] * scale[:, None, :] * solution.implied.cov
    cov, mean = _comparable(sample, unit)
    sums, correlations = _Sums(), None
    if estimator.robust:
        wanted = _allows_robust(sample, layout, structure)
        if wanted and np.linalg.eigvalsh(np.concatenate([cov, unit])).min() > 0:
            correlations = (cov, unit)
        pieces = pieces_of(sample, structure, layout, solution)
        sums = _summed(pieces, sample, correlations, apart)
    test, baseline = _tests(estimator, sample, layout, solution, scale, sums, apart)
    values = {"npar": float(layout.n_parameters)}
    values |= _plain(test_measures(test, baseline, estimator.robust))
    values |= {"ntotal": float(n)}
    values |= _plain(rmsea_measures(test, n - groups, groups, estimator.robust))
    if sums.expected and test.df > 0:
        values |= robust_measures(sums.expected, n, groups, test.df)
    sizes = (sample.present, statistics.n)
    level = _same_variances(cov, unit)
    values["srmr"] = srmr(cov, mean, level, mean, *sizes, with_means=False)
    reduced = values | {"ntotal": float(n - groups)}
    values |= _comparable_indices(further(reduced, groups, estimator.robust))
    values |= _residual_indices(cov, mean, unit, sizes)
    free = Benchmark(
        np.zeros(groups), np.zeros(groups), sample.present.sum(axis=1).astype(float), cov, mean
    )
    return Goodness(test, baseline, free, measures_of(values, solution))


def _tests(
    estimator: Estimator[Any],
    sample: OrdinalSample,
    layout: Layout,
    solution: Solution,
    scale: Floats,
    sums: _Sums,
    pairs: Ints,
) -> tuple[ChiSquare, ChiSquare]:
    """Of the model and of its baseline, which has the statistics ``pairs`` at 0."""
    statistics = sample.statistics
    implied = implied_statistics(solution.implied, scale, statistics.frame)
    weight = (statistics.n[:, None] - 1) * statistics.weight
    value = float(np.sum(weight * (statistics.value - implied) ** 2))
    base = float(np.sum((weight * statistics.value**2)[:, pairs]))
    df = float(statistics.count - layout.n_parameters)
    base_df = float(np.count_nonzero(statistics.weight[:, pairs]))
    if not estimator.robust:
        return ChiSquare(value, df), ChiSquare(base, base_df)
    adjust = _ADJUST[estimator.name]
    return adjust(value, df, sums.model), adjust(base, base_df, sums.baseline)


@dataclass(frozen=True)
class _Sums:
    """Sums over groups for the robust tests and measures."""

    model: Traces = _UNKNOWN
    baseline: Traces = _UNKNOWN
    expected: Expected | None = None


def _unrelated_pairs(frame: Frame, exogenous: Sequence[int]) -> Ints:
    """Statistics of pairs of variables that are unrelated in the baseline."""
    first, second = (part[frame.pairs - frame.n_levels] for part in (frame.first, frame.second))
    together = np.isin(first, exogenous) & np.isin(second, exogenous)
    return np.asarray(frame.pairs[~together])


def _summed(
    pieces: Iterator[Piece],
    sample: OrdinalSample,
    correlations: tuple[Floats, Floats] | None,
    pairs: Ints,
) -> _Sums:
    """One pass over the groups; ``correlations`` where their expected discrepancy is wanted."""
    statistics, frame = sample.statistics, sample.frame
    out = _Sums()
    for g, piece in enumerate(pieces):
        base = baseline_traces(piece.influence[:, pairs], statistics.weight[g, pairs], piece.n)
        model, expected = model_traces(piece), None
        if correlations is not None:
            observed, implied = (part[g] for part in correlations)
            expected = expected_of(piece, frame, observed, implied, sample.n_rows)
        if g:
            model, base = out.model + model, out.baseline + base
            expected = out.expected + expected if out.expected and expected else None
        out = _Sums(model, base, expected)
    return out


def _plain(values: dict[str, float]) -> dict[str, float]:
    """Without the robust variants, which have another definition for ordinal items."""
    return {name: value for name, value in values.items() if not name.endswith("_robust")}


def _comparable_indices(values: dict[str, float]) -> dict[str, float]:
    """Without those that are functions of a likelihood."""
    return {name: value for name, value in values.items() if name not in ("ecvi", "fmin")}


def _same_variances(cov: Floats, implied: Floats) -> Floats:
    """Implied covariances with the sample's variances, which lavaan leaves out of residuals."""
    out = implied.copy()
    every = np.arange(out.shape[1])
    out[:, every, every] = cov[:, every, every]
    return out


def _residual_indices(
    cov: Floats, mean: Floats, implied: Floats, sizes: tuple[Bools, Floats]
) -> dict[str, float]:
    level = _same_variances(cov, implied)
    out = residual_indices(cov, mean, level, mean, *sizes, with_means=False)
    correlations = residual_indices(cov, mean, implied, mean, *sizes, with_means=False)
    out["crmr_nomean"] = correlations["crmr_nomean"]
    return {name: value for name, value in out.items() if name.endswith("_nomean")}


def _allows_robust(sample: OrdinalSample, layout: Layout, structure: Structure) -> bool:
    statistics = sample.statistics
    met = int(freely_met(layout, structure).sum())
    levels = int(np.count_nonzero(statistics.weight[:, : statistics.frame.n_levels]))
    return bool(sample.ordered.all() and met == levels and statistics.weight.all())


def _comparable(sample: OrdinalSample, implied: Floats) -> tuple[Floats, Floats]:
    """Sample covariances and means, with the implied ones in place of pairs without any."""
    cov, mean = sample.response_moments
    frame, weight = sample.frame, sample.statistics.weight[:, sample.frame.n_levels :]
    out = cov.copy()
    groups, pairs = np.nonzero(weight == 0)
    one, other = frame.first[pairs], frame.second[pairs]
    out[groups, one, other] = out[groups, other, one] = implied[groups, one, other]
    return out, mean
