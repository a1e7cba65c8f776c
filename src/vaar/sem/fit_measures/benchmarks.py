"""The two models a fit is held against: all moments free, and no variable related to another."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vaar.sem.arrays import Bools, Floats
from vaar.sem.data.sample import Sample
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
    """The model in which every mean and covariance is free."""
    moments = sample.moments
    one_block = moments.is_one_block_a_group
    cov, mean = moments.best
    loss, trace = np.zeros(sample.n_groups), np.full(sample.n_groups, np.nan)
    present = sample.present
    if one_block:
        for g, here in enumerate(present):
            loss[g] = 0.5 * moments.n[g] * (_log_det(cov[g][np.ix_(here, here)]) + here.sum())
            if robust:
                rows = sample.values[sample.edges[g] : sample.edges[g + 1], here]
                trace[g] = _kurtosis_trace(rows)
    else:
        structure = free_structure(sample.values.shape[1])
        theta = free_values(cov, mean, present, structure)
        at = evaluate(imply(theta, structure), moments)
        loss = moments.by_group(at.loss)
    p = present.sum(axis=1)
    return Benchmark(loss, trace, p * (p + 1) / 2 + with_means * p, cov, mean)


def independence(sample: Sample, free: Sequence[int], robust: bool) -> Benchmark:
    """The model in which only the variables numbered in ``free`` covary."""
    groups, p = sample.present.shape
    loss, trace, count = np.zeros(groups), np.zeros(groups), np.zeros(groups)
    alone = np.setdiff1d(np.arange(p), free)
    edges = np.searchsorted(sample.group, np.arange(groups + 1))
    for g in range(groups):
        rows = slice(edges[g], edges[g + 1])
        values, seen = sample.values[rows], sample.observed[sample.block[rows]]
        parts = [_each_alone(values[:, alone], seen[:, alone], robust)]
        if free:
            parts.append(_together(values[:, free], seen[:, free], robust))
        loss[g], trace[g], count[g] = np.sum(parts, axis=0)
    return Benchmark(loss, trace, count, np.empty(0), np.empty(0))


def _each_alone(values: Floats, seen: Bools, robust: bool) -> tuple[float, float, float]:
    """Loss, trace and number of parameters where variables have a mean and a variance each."""
    n = seen.sum(axis=0)
    answered = np.maximum(n, 1)
    squares = np.where(seen, values - values.sum(axis=0, where=seen) / answered, 0.0) ** 2
    variance = squares.sum(axis=0) / answered
    variance[variance == 0] = np.nan
    loss = np.where(n > 0, 0.5 * n * (np.log(variance) + 1), 0.0).sum()
    if not robust:
        return float(loss), float("nan"), 2.0 * np.count_nonzero(n)
    kurtosis = np.einsum("nj,nj->j", squares, squares) / answered / variance**2
    trace = np.where(n > 0, 0.5 * (kurtosis + 1), 0.0).sum()
    return float(loss), float(trace), 2.0 * np.count_nonzero(n)


def _together(values: Floats, seen: Bools, robust: bool) -> tuple[float, float, float]:
    """The same where variables covary, from the rows that answer them all."""
    data = values[seen.all(axis=1)]
    if not len(data):
        return 0.0, 0.0, 0.0
    p = data.shape[1]
    cov = np.cov(data.T, ddof=0).reshape(p, p)
    trace = _kurtosis_trace(data) if robust else float("nan")
    return 0.5 * len(data) * (_log_det(cov) + p), trace, p * (p + 3) / 2


def _log_det(cov: Floats) -> float:
    sign, value = np.linalg.slogdet(cov)
    return float(value) if sign > 0 else float("nan")


def _kurtosis_trace(rows: Floats) -> float:
    """tr(A⁻¹ B) of free means and covariances: ½ (mean squared Mahalanobis distance² + p)."""
    centred = rows - rows.mean(axis=0)
    cov = centred.T @ centred / len(rows)
    try:
        distance = np.einsum("ij,ij->i", centred, np.linalg.solve(cov, centred.T).T)
    except np.linalg.LinAlgError:
        return float("nan")
    return float(0.5 * (np.mean(distance**2) + rows.shape[1]))


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


def exogenous_part(sample: Sample, held: Sequence[int], robust: bool) -> Benchmark:
    """The exogenous variables numbered in ``held`` alone, all their moments free."""
    zeros = np.zeros(sample.n_groups)
    if not held:
        return Benchmark(zeros, zeros, zeros, np.empty(0), np.empty(0))
    columns = list(held)
    part = Sample(
        sample.values[:, columns],
        sample.block,
        sample.block_group,
        sample.observed[:, columns],
        sample.n_groups,
    )
    return independence(part, range(len(columns)), robust)
