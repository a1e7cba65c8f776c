"""Scores of latent variables from continuous answers, block by block."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vaar.sem.arrays import Bools, Floats
from vaar.sem.data.sample import Sample
from vaar.sem.model.matrices import Implied, Matrices, Structure
from vaar.sem.model.parameters import ModelSpec
from vaar.sem.solution.solve import Solution

_EXACT = 1e-9  # share of its variance that an indicator without a residual is given one of


def latent_scores(
    spec: ModelSpec,
    structure: Structure,
    sample: Sample,
    solution: Solution,
    block: int,
    method: str,
) -> tuple[Floats, Floats]:
    """(n, latents) regression or Bartlett scores of the rows of a block, and (latents,) errors."""
    rows = slice(sample.edges[block], sample.edges[block + 1])
    group, seen = int(sample.block_group[block]), sample.observed[block]
    mean = solution.implied.mean if spec.mean_structure else sample.moments.mean
    centred = np.asarray((sample.values[rows] - mean[group])[:, seen])
    find = _regression if method == "regression" else _bartlett
    return find(_Rows(spec, structure, solution.implied, group, seen, centred))


@dataclass(frozen=True)
class _Rows:
    """The rows of a block, less the means of their group, of the variables seen there."""

    spec: ModelSpec
    structure: Structure
    implied: Implied
    group: int
    seen: Bools
    centred: Floats


def _regression(rows: _Rows) -> tuple[Floats, Floats]:
    implied, group, seen = rows.implied, rows.group, rows.seen
    count = len(rows.spec.latents)
    cross = (implied.matrices.loading[group] @ implied.phi[group])[seen, :count]
    cov = implied.cov[group][np.ix_(seen, seen)]
    gain = np.linalg.solve(cov, cross)
    left = np.diagonal(implied.phi[group])[:count] - np.einsum("ij,ij->j", cross, gain)
    scores = implied.eta[group, :count] + rows.centred @ gain
    return scores, np.sqrt(np.maximum(left, 0.0))


def _bartlett(rows: _Rows) -> tuple[Floats, Floats]:
    """Generalised least squares on the indicators, each less what its observed predictors say."""
    spec, implied, group, seen = rows.spec, rows.implied, rows.group, rows.seen
    count = len(spec.latents)
    loading, path, residual = _measurement(rows.structure, implied.matrices, group, count)
    indicator = np.array([name in spec.scale for name in spec.observed])
    known = ~((path != 0) & ~seen).any(axis=1)
    used = seen & known & indicator & (np.diagonal(residual) >= 0)
    measured = np.flatnonzero(np.any(loading[used] != 0, axis=0))
    loading = loading[np.ix_(used, measured)]
    out, error = np.full((len(rows.centred), count), np.nan), np.full(count, np.nan)
    exact = np.diagonal(residual) == 0
    residual = residual + np.diag(_EXACT * exact * np.diagonal(implied.cov[group]))
    weight = np.linalg.solve(residual[np.ix_(used, used)], loading)
    inner = loading.T @ weight
    if measured.size and _invertible(inner):
        own = (np.eye(len(path)) - path)[np.ix_(used, seen)]
        gain = np.linalg.solve(inner, weight.T)
        out[:, measured] = implied.eta[group, measured] + rows.centred @ own.T @ gain.T
        error[measured] = np.sqrt(np.diagonal(np.linalg.inv(inner)))
    return out, error


def _invertible(inner: Floats) -> bool:
    diagonal = np.diagonal(inner)
    if not (diagonal > 0).all():
        return False
    scale = np.sqrt(diagonal)
    return bool(np.linalg.cond(inner / np.outer(scale, scale)) < 1e12)


def _measurement(
    structure: Structure, matrices: Matrices, group: int, count: int
) -> tuple[Floats, Floats, Floats]:
    """(p, count) loadings on the latent variables, (p, p) paths from observed variables and (p, p)
    residual covariances of the observed variables of a group, those with paths among them."""
    loading = matrices.loading[group, :, :count].copy()
    residual = matrices.residual_cov[group].copy()
    at = np.array([structure.names.index(name) for name in structure.factors[count:]], dtype=int)
    regression = matrices.regression[group, count:]
    path = np.zeros_like(residual)
    loading[at] = regression[:, :count]
    path[np.ix_(at, at)] = regression[:, count:]
    residual[np.ix_(at, at)] = matrices.latent_cov[group, count:, count:]
    return loading, path, residual
