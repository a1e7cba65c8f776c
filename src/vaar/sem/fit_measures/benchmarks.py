"""The two models a fit is held against: all moments free, and no variable related to another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vaar.sem.arrays import Bools, Floats, Ints
from vaar.sem.data.sample import Sample
from vaar.sem.data.sampling_design import SamplingDesign, few_clusters
from vaar.sem.estimators.normal_likelihood import evaluate
from vaar.sem.model.matrices import Structure, imply, structure_of
from vaar.sem.model.parameters import ModelSpec, Row


@dataclass(frozen=True)
class Benchmark:
    """A model without a structure, fitted.

    Attributes
    ----------
    loss : (G,) array
        Negative log-likelihood, without its constant.
    trace : (G,) array
        tr(A⁻¹ B) of its parameters; NaN where not asked for, or where answers are missing.
    n_parameters : (G,) array
    cov, mean : (G, p, p) and (G, p) arrays
    """

    loss: Floats
    trace: Floats
    n_parameters: Floats
    cov: Floats
    mean: Floats


def saturated(sample: Sample, robust: bool, with_means: bool = True) -> Benchmark:
    """The model in which every covariance is free, and every mean where means are modelled."""
    moments = sample.moments
    one_block = moments.is_one_block_a_group
    cov, mean = moments.best
    loss, trace = np.zeros(sample.n_groups), np.full(sample.n_groups, np.nan)
    present = sample.present
    if one_block:
        for g, here in enumerate(present):
            loss[g] = 0.5 * moments.n[g] * (_log_det(cov[g][np.ix_(here, here)]) + here.sum())
            if robust:
                rows = sample.rows_of(g)
                trace[g] = free_trace(sample.values[:, here], sample.design, rows, with_means)
    else:
        structure = free_structure(sample.values.shape[1])
        theta = free_values(cov, mean, present, structure)
        at = evaluate(imply(theta, structure), moments)
        loss = moments.by_group(at.loss)
    p = present.sum(axis=1)
    return Benchmark(loss, trace, p * (p + 1) / 2 + with_means * p, cov, mean)


def independence(
    sample: Sample, free: Sequence[int], robust: bool, with_means: bool = True
) -> Benchmark:
    """The model in which only the variables numbered in ``free`` covary."""
    groups, p = sample.present.shape
    loss, trace, count = np.zeros(groups), np.zeros(groups), np.zeros(groups)
    alone = np.setdiff1d(np.arange(p), free)
    by_moments = not robust and sample.moments.is_one_block_a_group
    for g in range(groups):
        find = _from_moments if by_moments else _from_rows
        columns = alone, np.asarray(free, dtype=int)
        loss[g], trace[g], count[g] = find(sample, g, *columns, robust, with_means)
    return Benchmark(loss, trace, count, np.empty(0), np.empty(0))


_Found = tuple[float, float, float]  # loss, trace and number of parameters


def _from_moments(
    sample: Sample, group: int, alone: Ints, free: Ints, robust: bool, with_means: bool
) -> _Found:
    moments, here = sample.moments, sample.present[group]
    alone, free = alone[here[alone]], free[here[free]]
    n, cov = moments.n[group], moments.cov[group]
    variance = np.diagonal(cov)[alone]
    loss = 0.5 * n * (np.log(np.where(variance > 0, variance, np.nan)) + 1).sum()
    p = len(free)
    loss += 0.5 * n * (_log_det(cov[np.ix_(free, free)]) + p) if p else 0.0
    return float(loss), float("nan"), len(alone) + p * (p + 1) / 2 + with_means * (len(alone) + p)


def _from_rows(
    sample: Sample, group: int, alone: Ints, free: Ints, robust: bool, with_means: bool
) -> _Found:
    rows = sample.rows_of(group)
    values, seen = sample.values[rows], sample.observed[sample.block[rows]]
    design = sample.design.select(rows)
    out = np.array(_each_alone(values[:, alone], seen[:, alone], design, robust, with_means))
    if len(free):
        out += _together(values[:, free], seen[:, free], design, robust, with_means)
    return float(out[0]), float(out[1]), float(out[2])


def _each_alone(
    values: Floats, seen: Bools, design: SamplingDesign, robust: bool, with_means: bool
) -> _Found:
    """Where variables have a mean and a variance each."""
    every = slice(0, len(values))
    counted, _ = design.weighted(seen.astype(float), every)
    n = counted.sum(axis=0)
    answered = np.where(n > 0, n, 1.0)
    mean = (values * counted).sum(axis=0) / answered
    deviation = np.where(seen, values - mean, 0.0)
    variance = (counted * deviation**2).sum(axis=0) / answered
    variance[variance == 0] = np.nan
    loss = np.where(n > 0, 0.5 * n * (np.log(variance) + 1), 0.0).sum()
    count = (1.0 + with_means) * np.count_nonzero(n)
    if not robust:
        return float(loss), float("nan"), count
    spread = design.totals(counted * (deviation**2 / variance - 1), every)
    square = 0.5 * np.einsum("nj,nj->j", spread, spread)
    if with_means:
        level = design.totals(counted * deviation, every)
        square += np.einsum("nj,nj->j", level, level) / variance
    return float(loss), float(np.where(n > 0, square / answered, 0.0).sum()), count


def _together(
    values: Floats, seen: Bools, design: SamplingDesign, robust: bool, with_means: bool
) -> _Found:
    """Where variables covary, from the rows that answer them all."""
    complete = np.asarray(seen.all(axis=1))
    data, design = values[complete], design.select(complete)
    if not len(data):
        return 0.0, 0.0, 0.0
    p, every = data.shape[1], slice(0, len(data))
    _, cov, n = _weighted_moments(data, design, every)
    trace = free_trace(data, design, every, with_means) if robust else float("nan")
    return 0.5 * n * (_log_det(cov) + p), trace, p * (p + 1) / 2 + with_means * p


def _log_det(cov: Floats) -> float:
    sign, value = np.linalg.slogdet(cov)
    return float(value) if sign > 0 else float("nan")


def _weighted_moments(
    values: Floats, design: SamplingDesign, rows: slice
) -> tuple[Floats, Floats, float]:
    """Deviations from the mean, covariances with divisor n, and n."""
    weighted, n = design.weighted(values, rows)
    centred = values - weighted.sum(axis=0) / n
    return centred, centred.T @ design.weighted(centred, rows)[0] / n, n


def free_trace(
    values: Floats, design: SamplingDesign, rows: slice, with_means: bool = True
) -> float:
    """tr(A⁻¹ B) of the free means and covariances of complete rows.

    For independent rows of equal weight, ½ (mean squared Mahalanobis distance² + p), and p less
    without means. With weights or clusters the part of the means is another.

    Parameters
    ----------
    values : (N, p) array
    rows : slice
        Which of them are meant.
    with_means : bool
        Whether means are parameters.
    """
    centred, cov, n = _weighted_moments(values[rows], design, rows)
    try:
        unit = np.linalg.solve(np.linalg.cholesky(cov), centred.T).T
    except np.linalg.LinAlgError:
        return float("nan")
    size, p = np.einsum("ij,ij->i", unit, unit), unit.shape[1]
    if design.cluster is None:
        weight = design.weights(rows)
        spread = size**2 + p - (0 if with_means else 2 * size)
        return float(0.5 * np.sum(weight**2 * spread) / n)
    weighted, _ = design.weighted(unit, rows)
    level = np.sum(design.totals(weighted, rows) ** 2) if with_means else 0.0
    return float((level + 0.5 * _squared_spread(unit, weighted, design, rows)) / n)


def _squared_spread(unit: Floats, weighted: Floats, design: SamplingDesign, rows: slice) -> float:
    """Σ over clusters of ‖Σ w (y yᵀ − I)‖², for standardised rows y; corrected as
    :meth:`SamplingDesign.totals` are."""
    total, identity, weight = 0.0, np.eye(unit.shape[1]), design.weights(rows)
    clusters = design.select(rows).members
    for members in clusters:
        square = unit[members].T @ weighted[members] - weight[members].sum() * identity
        total += float(np.vdot(square, square))
    return total * few_clusters(len(clusters))


def free_structure(p: int) -> Structure:
    """The saturated model of p variables: covariances by row of the upper triangle, then means."""
    names = tuple(f"x{j}" for j in range(p))
    rows = [Row(a, "~~", b, "residuals") for i, a in enumerate(names) for b in names[i:]]
    rows += [Row(name, "~1", "1", "intercepts") for name in names]
    return structure_of(ModelSpec("", names, (), (), (), tuple(rows), (), (), True))


def free_values(cov: Floats, mean: Floats, present: Bools, structure: Structure) -> Floats:
    """(G, P) parameters of the saturated model; unit variances where an item is masked."""
    upper = np.triu_indices(cov.shape[1])
    filled = np.where(present[:, :, None] & present[:, None, :], cov, np.eye(cov.shape[1]))
    return np.hstack([filled[:, upper[0], upper[1]], mean])


def exogenous_part(
    sample: Sample, held: Sequence[int], robust: bool, with_means: bool = True
) -> Benchmark:
    """The exogenous variables numbered in ``held`` alone, all their moments free."""
    zeros = np.zeros(sample.n_groups)
    if not held:
        return Benchmark(zeros, zeros, zeros, np.empty(0), np.empty(0))
    return independence(sample.columns(list(held)), range(len(held)), robust, with_means)
