"""Tests from which CFI, TLI and RMSEA are computed where answers are missing.

With missing answers the full-information test mixes misfit with missingness. Zhang & Savalei (2023)
take instead the complete-data discrepancy F_C between the saturated moments and those the model
implies, and correct it by what it would be in a model that holds:

    E[N F_C] = tr(W Q Γ Qᵀ),   Q = I − Δ (Δᵀ J Δ)⁻¹ Δᵀ J,

W being the complete-data information of the moments, J their full-information one, Γ the sampling
covariance of their estimates and Δ the derivative of the moments by the parameters.

References
----------
Zhang & Savalei (2023), Psychological Methods 28, 263–283. doi:10.1037/met0000445
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from vaar.sem.arrays import Bools, Floats
from vaar.sem.data.sample import Moments, Sample
from vaar.sem.estimators.normal_likelihood import (
    evaluate,
    expected_information,
    observed_information,
    score_products,
)
from vaar.sem.fit_measures.benchmarks import (
    Benchmark,
    free_structure,
    free_values,
    independence,
    saturated,
)
from vaar.sem.fit_measures.measures import ChiSquare
from vaar.sem.model.matrices import Implied, Structure, imply
from vaar.sem.model.parameter_map import Layout
from vaar.sem.search.information import SINGULAR, information_of, inverse, sandwich


@dataclass(frozen=True)
class FreeMoments:
    """The free means and covariances of G groups, in M coordinates, and what is known of them.

    Attributes
    ----------
    complete : (G, M, M) array
        W: information that complete data would hold.
    known : (G, M, M) array
        J: information that the data hold.
    meat : (G, M, M) array
        Summed outer products of the rows' scores; equal to J where not robust.
    exists : (G, M) array
        False for the moments of masked items.
    """

    moments: Moments
    structure: Structure
    complete: Floats
    known: Floats
    meat: Floats
    exists: Bools

    @cached_property
    def trace(self) -> Floats:
        """(G,) tr(J⁻¹ B), for the scaled test, over the directions the data say something of."""
        out = np.full(len(self.exists), np.nan)
        for g, (values, vectors, root) in enumerate(self._directions):
            meat = self.meat[g][np.ix_(self.exists[g], self.exists[g])]
            told = values > SINGULAR
            turned = vectors[:, told] / root[:, None]
            out[g] = np.einsum("ij,ij->j", turned, meat @ turned) @ (1 / values[told])
        return out

    @cached_property
    def identified(self) -> bool:
        """Whether the data say something of every moment: of two variables that no row has together
        they say nothing."""
        return all((values > SINGULAR).all() for values, _, _ in self._directions)

    @cached_property
    def _directions(self) -> tuple[tuple[Floats, Floats, Floats], ...]:
        """Eigenvalues and eigenvectors of J scaled to a unit diagonal, and its scale, by group."""
        out = []
        for known, here in zip(self.known, self.exists, strict=True):
            part = known[np.ix_(here, here)]
            diagonal = np.diagonal(part)
            root = np.sqrt(np.where(diagonal > 0, diagonal, 1.0))
            out.append((*np.linalg.eigh(part / np.outer(root, root)), root))
        return tuple(out)


def free_moments(sample: Sample, robust: bool) -> FreeMoments:
    """The saturated model of a sample with gaps."""
    cov, mean = sample.moments.best
    present, p = sample.present, sample.values.shape[1]
    structure = free_structure(p)
    theta = free_values(cov, mean, present, structure)
    implied = imply(theta, structure)
    moments = _as_complete(sample, cov, mean)
    at = evaluate(implied, sample.moments)
    known = np.array(list(observed_information(at, sample.moments, structure)))
    complete = np.array(list(expected_information(evaluate(implied, moments), moments, structure)))
    meat = np.array(list(score_products(at, sample, structure))) if robust else known
    upper = np.triu_indices(p)
    exists = np.hstack([present[:, upper[0]] & present[:, upper[1]], present])
    return FreeMoments(moments, structure, complete, known, meat, exists)


def model_test(
    free: FreeMoments,
    implied: Implied,
    structure: Structure,
    layout: Layout,
    held: list[int],
    df: float,
) -> ChiSquare:
    """The complete-data test of a fitted model, with its correction as factor.

    ``held`` are the parameters at sample values: the model does not estimate them, the data do.
    """
    slopes = _slopes(implied, structure)
    spread = np.array([layout.spread_matrix(g) for g in range(layout.n_groups)])
    columns = np.concatenate([slopes @ spread, slopes[:, :, held]], axis=2)
    trace = _expected_loss(free, columns, len(layout.shared))
    return ChiSquare(_discrepancy(free, implied), df, _factor(trace, df))


def baseline(sample: Sample, free: list[int], robust: bool) -> Benchmark:
    """The model in which only the variables numbered in ``free`` covary, which may have gaps."""
    if sample.observed[:, free].all():
        return independence(sample, free, robust)
    others = np.setdiff1d(np.arange(sample.values.shape[1]), free).tolist()
    alone = independence(sample.columns(others), (), robust)
    answered = _answered(sample, free)
    together = saturated(answered, robust)
    trace = free_moments(answered, robust).trace if robust else together.trace
    return Benchmark(
        alone.loss + together.loss,
        alone.trace + trace,
        alone.n_parameters + together.n_parameters,
        np.empty(0),
        np.empty(0),
    )


def _answered(sample: Sample, columns: list[int]) -> Sample:
    """These variables alone, of the rows that answer any."""
    part = sample.columns(columns)
    return part.take(np.flatnonzero(part.observed[part.block].any(axis=1)))


def baseline_test(free: FreeMoments, sample: Sample, held: list[int], df: float) -> ChiSquare:
    """The same for the model in which only the variables in ``held`` covary."""
    p = sample.values.shape[1]
    first, second = np.triu_indices(p)
    together = np.isin(first, held) & np.isin(second, held)
    wanted = np.concatenate([(first == second) | together, np.ones(p, dtype=bool)])
    columns = np.broadcast_to(
        np.eye(len(wanted))[:, wanted], (sample.n_groups, len(wanted), int(wanted.sum()))
    )
    implied = imply(_independent_values(sample, held, free.structure), free.structure)
    trace = _expected_loss(free, columns, 0)
    return ChiSquare(_discrepancy(free, implied), df, _factor(trace, df))


def _factor(trace: float, df: float) -> float:
    """The mean of the discrepancy for each degree of freedom; a saturated model has none to
    correct."""
    if df == 0:
        return 1.0
    return float(trace / df) if df > 0 else float("nan")


def _slopes(implied: Implied, structure: Structure) -> Floats:
    """(G, M, P) derivatives of the covariances and means by the parameters."""
    z, u, v = implied.z, structure.u, structure.v
    first, second = np.triu_indices(structure.p)
    w = implied.mean_factor[:, structure.w]
    cov = structure.c * (
        z[:, first][:, :, u] * z[:, second][:, :, v] + z[:, first][:, :, v] * z[:, second][:, :, u]
    )
    return np.concatenate([cov, w[:, None, :] * z[:, :, u]], axis=1)


def _as_complete(sample: Sample, cov: Floats, mean: Floats) -> Moments:
    groups = sample.n_groups
    return Moments(sample.moments.group_n, mean, cov, sample.present, np.arange(groups), groups)


def _independent_values(sample: Sample, held: list[int], structure: Structure) -> Floats:
    """Means and variances of each variable from all its answers, and all moments of the held."""
    groups, p = sample.present.shape
    cov, mean = np.zeros((groups, p, p)), np.zeros((groups, p))
    for g in range(groups):
        rows = sample.rows_of(g)
        values, here = sample.values[rows], sample.observed[sample.block[rows]]
        counted, _ = sample.design.weighted(here.astype(float), rows)
        count = np.where(here.any(axis=0), counted.sum(axis=0), 1)
        mean[g] = (values * counted).sum(axis=0) / count
        square = (counted * (values - mean[g]) ** 2).sum(axis=0) / count
        cov[g] = np.diag(np.where(here.any(axis=0), square, 1.0))
    if held:
        within = np.ix_(range(groups), held, held)
        cov[within], mean[:, held] = _answered(sample, held).moments.best
    return free_values(cov, mean, np.ones((groups, p), dtype=bool), structure)


def _discrepancy(free: FreeMoments, implied: Implied) -> float:
    """N F_C between the saturated moments and the implied ones."""
    at = evaluate(implied, free.moments)
    cov, n = free.moments.cov, free.moments.n
    best = 0.0
    for g, here in enumerate(free.moments.observed):
        log_det = np.linalg.slogdet(cov[g][np.ix_(here, here)])[1]
        best += 0.5 * n[g] * (log_det + here.sum())
    return max(2 * float(at.loss.sum() - best), 0.0)


def _expected_loss(free: FreeMoments, columns: Floats, shared: int) -> float:
    """tr(W Q Γ Qᵀ) from blocks of one group each; NaN where some moments are not identified."""
    if not free.identified:
        return float("nan")
    across = columns.transpose(0, 2, 1)
    try:
        info = information_of(across @ free.known @ columns, len(columns), shared)
        bread = inverse(info)
        filling, _ = sandwich(bread, across @ free.meat @ columns)
        total = 0.0
        for g, here in enumerate(free.exists):
            part = np.ix_(here, here)
            w, d = free.complete[g][part], columns[g][here]
            ratio = np.linalg.solve(free.known[g][part], w)
            gamma = np.linalg.solve(free.known[g][part], free.meat[g][part] @ ratio)
            total += float(np.trace(gamma))
            total -= 2 * float(np.sum(bread.columns(g) * (d.T @ free.meat[g][part] @ ratio @ d).T))
            total += float(np.sum(filling.columns(g) * (d.T @ w @ d)))
    except np.linalg.LinAlgError:
        return float("nan")
    return total
