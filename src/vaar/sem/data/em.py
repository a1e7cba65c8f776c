"""Means and covariances of a group whose rows have gaps, by EM (Dempster, Laird & Rubin 1977)."""

from __future__ import annotations

import numpy as np

from vaar.sem.arrays import Bools, Floats

_TOLERANCE = 1e-10  # change of a step, in standard deviations
_STEPS = 5000


def expectation_maximisation(
    n: Floats, mean: Floats, cov: Floats, seen: Bools
) -> tuple[Floats, Floats]:
    """Maximum-likelihood covariances and means of the blocks of one group.

    Parameters
    ----------
    n, mean, cov, seen : (T,), (T, p), (T, p, p) and (T, p) arrays
        Rows, moments and observed variables of each block; every variable is seen somewhere.

    Returns
    -------
    (p, p) and (p,) arrays
        Covariances and means.
    """
    share = n / n.sum()
    answered = np.maximum((n[:, None] * seen).sum(axis=0), 1)
    centre = (n[:, None] * mean).sum(axis=0) / answered
    square = np.einsum("tii->ti", cov) + ((mean - centre) * seen) ** 2
    variance = (n[:, None] * square).sum(axis=0) / answered
    spread: Floats = np.diag(np.where(variance > 0, variance, 1.0))
    for _ in range(_STEPS):
        fill, left = _regressions(spread, seen)
        residual = (mean - centre) * seen
        shift = share @ np.einsum("tij,tj->ti", fill, residual)
        inner = cov + residual[:, :, None] * residual[:, None, :]
        new = np.einsum("t,tij->ij", share, fill @ inner @ fill.transpose(0, 2, 1) + left)
        new -= np.outer(shift, shift)
        scale = np.sqrt(np.diagonal(new))
        change = max(
            np.abs((new - spread) / np.outer(scale, scale)).max(), np.abs(shift / scale).max()
        )
        spread, centre = new, centre + shift
        if change < _TOLERANCE:
            break
    return spread, centre


def _regressions(cov: Floats, seen: Bools) -> tuple[Floats, Floats]:
    """For each block: the regression of all variables on the seen ones, and what it leaves."""
    both = seen[:, :, None] & seen[:, None, :]
    weight = np.linalg.inv(np.where(both, cov, np.eye(len(cov)))) * both
    fill = cov @ weight
    return fill, cov - fill @ cov
