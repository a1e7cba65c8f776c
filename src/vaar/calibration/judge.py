"""One simulated data set, judged by the functions that judge the answers of models."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from vaar.analyses.alignment.align import Read, read_paths
from vaar.analyses.alignment.collect import Collected, clusters
from vaar.analyses.alignment.conclude import Conclusions, conclude
from vaar.analyses.alignment.measurement import levels_needed
from vaar.analyses.alignment.options import AlignmentOptions
from vaar.analyses.alignment.rate.arrays import Array
from vaar.analyses.alignment.rate.contexts import kappa_of
from vaar.analyses.alignment.screening.prepare import prepare
from vaar.analyses.base import Coded
from vaar.calibration.design import Design
from vaar.calibration.path_draws import path_draws
from vaar.scoring.scales import score

DRAWN_WITH = "drawn_with"
"""Column of the scores: the persona, where sessions of one share an error."""


@dataclass(frozen=True)
class Judged:
    """What is said of one data set, its G groups in the order of the design.

    Attributes
    ----------
    verdict : ndarray of Verdict, shape (G, K)
    estimate : ndarray, shape (G, K)
        Standardised paths; NaN where not estimable.
    se : ndarray, shape (G, K)
    df : ndarray, shape (G,)
        Of t behind the intervals of the paths; infinite for the normal distribution.
    vaar, vaar_lower, vaar_upper : ndarray, shape (G,)
    flagged : ndarray of bool, shape (G,)
        Whether the fit of the group is flagged.
    left_out : ndarray, shape (G,)
        Share of the group's sessions that screening left out.
    """

    verdict: NDArray[np.object_]
    estimate: Array
    se: Array
    df: Array
    vaar: Array
    vaar_lower: Array
    vaar_upper: Array
    flagged: NDArray[np.bool_]
    left_out: Array


def judge(
    values: NDArray[np.int64], design: Design, options: AlignmentOptions, rng: np.random.Generator
) -> Judged:
    """Score, screen, fit and judge the answers of one data set.

    Standard errors are those of the fit, by clusters where personas repeat, and intervals of the
    rate come from :func:`vaar.calibration.path_draws.path_draws`; both stand in for the bootstrap.

    Parameters
    ----------
    values : ndarray, shape (n_sessions, n_items)
        Points on the scales.
    rng : Generator
        From which paths are drawn about their estimates.

    Raises
    ------
    DataError
        A covariate does not vary.
    """
    study, options = design.study, replace(options, replicates=0)
    responses = design.responses(values)
    scores = score(responses, study)
    factors = design.factors.set_axis(scores.index)
    data = Coded(study, responses, scores, factors, design.groups, design.by)
    ready = prepare(data, options, study.structural_model)
    kept, cluster = _with_clusters(ready.scores)
    levels = levels_needed(options, len(design.groups))
    read = read_paths(kept, study, options, None, ready.columns, ready.screened, cluster, levels)
    collected = _with_draws(read, rng)
    full = collected.full
    asked = options.kappa
    kappa = kappa_of(collected.groups, design.groups, full.std_estimate, full.std_se, asked)
    found = conclude(collected, study.hypotheses, kappa, options)
    n_kept = kept["group"].value_counts()
    return _judged(read, collected, found, design, n_kept, ready.screened.n_sessions)


def _with_clusters(scores: pd.DataFrame) -> tuple[pd.DataFrame, str | None]:
    """The scores with a column of clusters, where personas repeat."""
    drawn = clusters(scores)
    if drawn is None or not drawn.duplicated().any():
        return scores, None
    return scores.assign(**{DRAWN_WITH: drawn.map(str)}), DRAWN_WITH


def _with_draws(read: Read, rng: np.random.Generator) -> Collected:
    """The paths with draws about them in the place of bootstrap replicates."""
    collected, fit = read.collected, read.measurement.fit
    if fit is None:
        return collected
    estimate = collected.full.std_estimate
    return replace(collected, replicated=path_draws(fit, collected.index, estimate, rng))


def _judged(
    read: Read,
    collected: Collected,
    found: Conclusions,
    design: Design,
    n_kept: pd.Series,
    n_sessions: pd.Series,
) -> Judged:
    groups = [str(group) for group in design.groups["group"]]
    at = [collected.groups.index(group) for group in groups]
    fits = [read.group_fits.get(group) for group in groups]
    kept, there = (n.reindex(groups, fill_value=0).to_numpy(float) for n in (n_kept, n_sessions))
    full = collected.full
    return Judged(
        verdict=found.verdict[at],
        estimate=full.std_estimate[at],
        se=full.std_se[at],
        df=found.df[at],
        vaar=found.vaar[at],
        vaar_lower=found.lower[at],
        vaar_upper=found.upper[at],
        flagged=np.array([fit is not None and bool(fit.flaws) for fit in fits]),
        left_out=1 - kept / there,
    )
