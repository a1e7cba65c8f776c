"""Collect what the data say of the paths: estimates, their uncertainty, and where there is none."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

import vaar.sem as sem
from vaar.alignment.options import AnalysisOptions
from vaar.alignment.paths import PathEstimates, PathIndex, estimates
from vaar.alignment.resample import bootstrap_paths
from vaar.alignment.vaar import Array
from vaar.study.model import Hypothesis

MIN_REPLICATES_FITTED = 0.5
"""A group is not estimable if fewer than this share of its bootstrap replicates can be fitted."""


@dataclass(frozen=True)
class Collected:
    """The hypothesised paths of every group.

    Attributes
    ----------
    full : PathEstimates
        From the whole sample, shape (G, K); NaN where a group is not estimable.
    replicated, replicated_se : ndarray, shape (R, G, K)
        From bootstrap replicates; NaN where one could not be fitted.
    reasons : dict
        Why a group is not estimable, or where its standard errors come from if not from the fit.
    """

    index: PathIndex
    full: PathEstimates
    replicated: Array
    replicated_se: Array
    reasons: dict[str, str]

    @property
    def groups(self) -> tuple[str, ...]:
        return self.index.groups

    @property
    def failed(self) -> dict[str, int]:
        """Bootstrap replicates in which a fitted group could not be fitted again, by group."""
        lost = ~np.isfinite(self.replicated).all(axis=2)
        fitted = self.groups[: self.index.n_fitted]
        return dict(zip(fitted, lost.sum(axis=0).tolist(), strict=False))


def collect(
    fit: sem.Fit,
    hypotheses: tuple[Hypothesis, ...],
    options: AnalysisOptions,
    rng: np.random.Generator,
) -> Collected:
    """Read the paths of a fit and bootstrap them over sessions.

    A group whose solution is inadmissible takes its standard errors from the bootstrap; one that
    could not be fitted in most replicates is not estimable.
    """
    index = PathIndex.of(fit, hypotheses)
    replicated, replicated_se = bootstrap_paths(fit, index, options.replicates, rng)
    full = estimates(fit, index)
    estimate, se = full.std_estimate.copy(), full.std_se.copy()
    reasons = dict(fit.dropped)
    for g, group in enumerate(fit.groups):
        outcome = fit.group_outcome[group]
        fitted = np.isfinite(replicated[:, g]).all(axis=1)
        if not outcome.usable:
            estimate[g] = se[g] = np.nan
            reasons[group] = str(outcome)
        elif fitted.size and fitted.mean() < MIN_REPLICATES_FITTED:
            estimate[g] = se[g] = np.nan
            reasons[group] = f"only {fitted.mean():.0%} of its bootstrap replicates could be fitted"
        elif outcome is sem.Outcome.INADMISSIBLE and fitted.sum() > 1:
            se[g] = replicated[fitted, g].std(axis=0, ddof=1)
            reasons[group] = f"{outcome}; standard errors from the bootstrap"
    full = replace(full, std_estimate=estimate, std_se=se)
    return Collected(index, full, replicated, replicated_se, reasons)
