"""One simulated data set, judged by the functions that judge the answers of models."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from vaar.analyses.alignment.align import Read, read_paths
from vaar.analyses.alignment.collect import clusters
from vaar.analyses.alignment.conclude import Conclusions, conclude
from vaar.analyses.alignment.measurement import levels_needed
from vaar.analyses.alignment.options import AlignmentOptions
from vaar.analyses.alignment.rate.arrays import Array
from vaar.analyses.alignment.rate.contexts import kappa_of
from vaar.analyses.alignment.screening.prepare import prepare
from vaar.analyses.base import Coded
from vaar.calibration.design import Design
from vaar.calibration.path_draws import drawing
from vaar.scoring.scales import score


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

    As :func:`vaar.analyses.alignment.align.align` does, but for the bootstrap, in whose place
    stands :func:`vaar.calibration.path_draws.drawing`.

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
    study = design.study
    responses = design.responses(values)
    scores = score(responses, study)
    factors = design.factors.set_axis(scores.index)
    data = Coded(study, responses, scores, factors, design.groups, design.by)
    ready = prepare(data, options, study.structural_model)
    resample = drawing(rng, options.replicates, clusters(ready.scores))
    levels = levels_needed(options, len(design.groups))
    read = read_paths(ready.scores, study, options, resample, ready.columns, ready.screened, levels)
    collected, full = read.collected, read.collected.full
    asked = options.kappa
    kappa = kappa_of(collected.groups, design.groups, full.std_estimate, full.std_se, asked)
    found = conclude(collected, study.hypotheses, kappa, options)
    n_kept = ready.scores["group"].value_counts()
    return _judged(read, found, design, n_kept, ready.screened.n_sessions)


def _judged(
    read: Read,
    found: Conclusions,
    design: Design,
    n_kept: pd.Series,
    n_sessions: pd.Series,
) -> Judged:
    groups = [str(group) for group in design.groups["group"]]
    collected, full = read.collected, read.collected.full
    at = [collected.groups.index(group) for group in groups]
    fits = [read.group_fits.get(group) for group in groups]
    kept, there = (n.reindex(groups, fill_value=0).to_numpy(float) for n in (n_kept, n_sessions))
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
