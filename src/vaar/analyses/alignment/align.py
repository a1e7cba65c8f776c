"""From scores to the VAAR: fit the MGSEM, read the paths, weigh them, and say how surely."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from vaar.analyses.alignment.collect import (
    Collected,
    clusters,
    collect,
    nothing_collected,
    with_few_personas,
)
from vaar.analyses.alignment.covariates import adjusted
from vaar.analyses.alignment.measurement import Measurement, measure
from vaar.analyses.alignment.options import AlignmentOptions
from vaar.analyses.alignment.reference import expectation
from vaar.analyses.alignment.resample import curve_sizes, group_sizes, percentiles, subsample_paths
from vaar.analyses.alignment.tables import curve_table, paths_table, vaar_table
from vaar.analyses.alignment.vaar import Array, bootstrap_confidence, estimable, weigh
from vaar.errors import DataError
from vaar.sem import MapChunks
from vaar.study.model import Study
from vaar.vocabulary import HUMAN, Estimability


@dataclass(frozen=True)
class Alignment:
    """The outcome of the analysis.

    Attributes
    ----------
    collected : Collected
        The paths of every group and bootstrap replicate, and what must be said of them.
    paths, vaar, vaar_by_n : DataFrame
        The tables of the same names in a run directory.
    replicates_failed : dict
        Bootstrap replicates in which a group could not be fitted again, by group.
    personas : dict
        Number of personas, by group in which some gave several sessions.
    """

    measurement: Measurement
    collected: Collected
    paths: pd.DataFrame
    vaar: pd.DataFrame
    vaar_by_n: pd.DataFrame
    replicates_failed: dict[str, int]
    personas: dict[str, int]


def align(
    scores: pd.DataFrame,
    study: Study,
    options: AlignmentOptions,
    map_chunks: MapChunks | None = None,
    covariates: Sequence[str] = (),
) -> Alignment:
    """Analyse scored sessions.

    Parameters
    ----------
    scores : DataFrame
        One row per session: ``group`` and the observed variables of the study's model. Where one
        group is called ``human``, the expected signs and their confidence come from it. Where
        there is a column ``persona``, the bootstrap draws all sessions of a persona together, and
        subsamples take whole personas.
    map_chunks : callable, optional
        Computes chunks of bootstrap replicates elsewhere; see :func:`vaar.sem.bootstrap`.
    covariates : sequence of str
        Columns of the scores that the paths are adjusted for: see
        :func:`vaar.analyses.alignment.covariates.adjusted`.

    Raises
    ------
    DataError
        The human reference cannot carry the model.
    """
    measurement = measure(scores, adjusted(study.structural_model, covariates), options)
    fit, hypotheses = measurement.fit, study.hypotheses
    if HUMAN in measurement.dropped:
        raise DataError(
            f"The human reference cannot carry the model: {measurement.dropped[HUMAN]}. "
            "Leave it out to use the signs of the study's hypotheses, or supply more people."
        )
    drawn = clusters(scores)
    collected = (
        nothing_collected(measurement.dropped, hypotheses)
        if fit is None
        else collect(fit, hypotheses, options, drawn, map_chunks)
    )

    collected = with_few_personas(collected, scores)
    full = collected.full
    expected = expectation(
        hypotheses, collected.groups, full.std_estimate, full.std_se, options.smallest_effect
    )
    p = _bootstrap_confidence(collected, expected.signs, options)
    evidence = weigh(full.std_estimate, full.std_se, expected, p)
    missing = evidence.n_not_estimable
    fitted_as_here = np.where(missing == len(hypotheses), -1, missing)

    def weighed(estimate: Array, se: Array) -> Array:
        """VAAR of refits, (R, G) from (R, G, K); NaN where paths were lost that are found here."""
        se = se * collected.stretch
        expected = expectation(hypotheses, collected.groups, estimate, se, options.smallest_effect)
        again = weigh(estimate, se, expected)
        return np.where(again.n_not_estimable == fitted_as_here, again.vaar, np.nan)

    bootstrapped = weighed(collected.replicated, collected.replicated_se)
    table = vaar_table(collected, evidence, bootstrapped, scores["group"].value_counts())

    by_n: dict[int, Array] = {}
    if fit is not None and (sizes := group_sizes(fit)):
        rng = np.random.default_rng(options.seed)
        by_n = {
            n: weighed(*subsample_paths(fit, collected.index, n, options.subsamples, rng, drawn))
            for n in sorted({*curve_sizes(max(sizes)), min(sizes)})
        }
        table = _with_equal_n(table, min(sizes), by_n[min(sizes)])
    return Alignment(
        measurement=measurement,
        collected=collected,
        paths=paths_table(hypotheses, collected, expected, evidence),
        vaar=_without_people(table),
        vaar_by_n=_without_people(curve_table(collected.groups, by_n)),
        replicates_failed=collected.failed,
        personas=collected.personas,
    )


def _bootstrap_confidence(
    collected: Collected, signs: Array, options: AlignmentOptions
) -> Array | None:
    if options.confidence == "normal":
        return None
    p = bootstrap_confidence(collected.replicated, signs, options.smallest_effect)
    known = estimable(collected.full.std_estimate, collected.full.std_se)
    return np.where(known, p, 0.5)


def _with_equal_n(table: pd.DataFrame, n: int, replicates: Array) -> pd.DataFrame:
    median, lower, upper = percentiles(replicates)
    rated = table["status"] != Estimability.NOT_ESTIMABLE
    return table.assign(
        equal_n=n,
        vaar_equal_n=np.where(rated, median, np.nan),
        vaar_equal_n_lower=np.where(rated, lower, np.nan),
        vaar_equal_n_upper=np.where(rated, upper, np.nan),
    )


def _without_people(table: pd.DataFrame) -> pd.DataFrame:
    return table[table["group"] != HUMAN].reset_index(drop=True)
