"""From scores to the VAAR: fit the MGSEM, read the paths, judge them, and say how surely."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from vaar.analyses.alignment.collect import (
    Collected,
    Resample,
    clusters,
    collect,
    nothing_collected,
    with_few_personas,
)
from vaar.analyses.alignment.conclude import Conclusions, conclude, log_rates
from vaar.analyses.alignment.covariates import adjusted
from vaar.analyses.alignment.items import on_items
from vaar.analyses.alignment.measurement import (
    LADDER,
    Measurement,
    estimation,
    measure,
    nothing_measured,
)
from vaar.analyses.alignment.options import AlignmentOptions
from vaar.analyses.alignment.ranking import rank_table
from vaar.analyses.alignment.rate.arrays import Array
from vaar.analyses.alignment.rate.contexts import kappa_of
from vaar.analyses.alignment.rate.published import published_paths
from vaar.analyses.alignment.resample import (
    bootstrapping,
    curve_sizes,
    group_sizes,
    percentiles,
    sample_paths,
    subsample_paths,
)
from vaar.analyses.alignment.screening.few_sessions import few_sessions
from vaar.analyses.alignment.screening.fit_gate import GroupFit, group_fits, notes_of_fits
from vaar.analyses.alignment.screening.item_fit import ItemFit, item_fits
from vaar.analyses.alignment.screening.left_out import few_clusters, with_notes, with_refused
from vaar.analyses.alignment.screening.screen import Screened, unscreened
from vaar.analyses.alignment.tables import curve_table, paths_table, vaar_table
from vaar.analyses.groups import AskedGroup, groups_table
from vaar.analyses.notes import in_words
from vaar.errors import DataError
from vaar.sem import Fit, MapChunks
from vaar.sem.model.parameters import specify
from vaar.study.model import Study
from vaar.vocabulary import HUMAN, Estimability


@dataclass(frozen=True)
class Alignment:
    """The outcome of the analysis.

    Attributes
    ----------
    collected : Collected
        The paths of every group and bootstrap replicate, and what must be said of them.
    conclusions : Conclusions
        What follows from them.
    paths, vaar, vaar_by_n : DataFrame
        The tables of the same names in a run directory.
    replicates_failed : dict
        Bootstrap replicates in which a group could not be fitted again, by group.
    personas : dict
        Number of personas, by group in which some gave several sessions.
    group_fits : dict of GroupFit
        How the model fits each group alone.
    item_fits : dict of ItemFit
        The same on items in the place of parcels.
    """

    measurement: Measurement
    collected: Collected
    conclusions: Conclusions
    paths: pd.DataFrame
    vaar: pd.DataFrame
    vaar_by_n: pd.DataFrame
    replicates_failed: dict[str, int]
    personas: dict[str, int]
    group_fits: dict[str, GroupFit]
    item_fits: dict[str, ItemFit]


def align(
    scores: pd.DataFrame,
    study: Study,
    options: AlignmentOptions,
    map_chunks: MapChunks | None = None,
    covariates: Sequence[str] = (),
    about: pd.DataFrame | None = None,
    screened: Screened | None = None,
) -> Alignment:
    """Analyse scored sessions.

    Parameters
    ----------
    scores : DataFrame
        One row per session: ``group`` and the observed variables of the study's model. Where one
        group is called ``human``, the expected signs and their confidence come from it. Where
        there is a column ``persona``, the bootstrap draws all sessions of a persona together,
        subsamples take whole personas, and errors are of personas.
    map_chunks : callable, optional
        Computes bootstrap replicates, samples of other sizes and fits of single groups elsewhere;
        see :func:`vaar.sem.bootstrap`.
    covariates : sequence of str
        Columns of the scores that the paths are adjusted for: see
        :func:`vaar.analyses.alignment.covariates.adjusted`.
    about : DataFrame, optional
        The groups, as :func:`vaar.analyses.groups.groups_table` lays them out: those of the same
        condition, all real or all simulated, are ranked together. Default: all groups together.
    screened : Screened, optional
        What was left out of the scores, and what must be said of them.

    Raises
    ------
    DataError
        The human reference cannot carry the model.
    """
    screened = screened or unscreened(scores)
    drawn = clusters(scores)
    resample = bootstrapping(options, drawn, map_chunks)
    read = read_paths(scores, study, options, resample, covariates, screened, map_chunks=map_chunks)
    measurement, collected, alone = read.measurement, read.collected, read.group_fits
    fit, hypotheses = measurement.fit, study.hypotheses
    full = collected.full
    about = _about(collected.groups) if about is None else about
    kappa = kappa_of(collected.groups, about, full.std_estimate, full.std_se, options.kappa)
    found = conclude(collected, hypotheses, kappa, options)
    table = vaar_table(collected, found, screened.n_sessions)
    table = table.join(rank_table(collected, found, about, measurement.comparable))
    by_n: dict[int, Array] = {}
    if fit is not None and group_sizes(fit):
        again = _Again(fit, collected, found, options, drawn, map_chunks)
        table = _with_equal_n(table, *again.at_equal_n())
        by_n = again.by_n()
    return Alignment(
        measurement=measurement,
        collected=collected,
        conclusions=found,
        paths=paths_table(hypotheses, collected, found),
        vaar=_without_people(table),
        vaar_by_n=_without_people(curve_table(collected.groups, by_n)),
        replicates_failed=collected.failed,
        personas=collected.personas,
        group_fits=alone,
        item_fits={} if fit is None else item_fits(scores, study, fit.groups, map_chunks),
    )


@dataclass(frozen=True)
class Read:
    """The paths that scores give, before anything is concluded from them."""

    measurement: Measurement
    collected: Collected
    group_fits: dict[str, GroupFit]


def read_paths(
    scores: pd.DataFrame,
    study: Study,
    options: AlignmentOptions,
    resample: Resample,
    covariates: Sequence[str],
    screened: Screened,
    levels: Sequence[str] = LADDER,
    map_chunks: MapChunks | None = None,
) -> Read:
    """Fit the model, and read the paths with all that must be said of them.

    Parameters
    ----------
    resample : callable
        Gives the paths of other samples; see :func:`vaar.analyses.alignment.collect.collect`.
    levels : sequence of str
        Steps of the invariance ladder that are fitted.

    Other parameters are those of :func:`align`.

    Raises
    ------
    DataError
        The human reference cannot carry the model.
    """
    model = study.structural_model
    if options.estimator == "WLSMV":
        if len(covariates):
            raise DataError(
                "WLSMV on single items takes no covariates: leave --covariate out, or use MLR"
            )
        model = on_items(model, study)
    model = adjusted(model, covariates)
    measurement = nothing_measured()
    if not scores.empty:
        measurement = measure(scores, model, options, levels)
    fit, hypotheses = measurement.fit, study.hypotheses
    refused = screened.refused
    if why := measurement.dropped.get(HUMAN, refused.get(HUMAN)):
        raise _no_reference(why)
    collected = (
        nothing_collected({**measurement.dropped, **refused}, hypotheses)
        if fit is None
        else with_refused(collect(fit, hypotheses, resample, clusters(scores)), refused)
    )
    collected = replace(collected, published=published_paths(study))
    alone = _alone(fit, scores, model, options, map_chunks)
    collected = with_few_personas(collected, scores)
    few = {} if fit is None else few_sessions(scores, model, fit.groups)
    for more in (few_clusters(collected), few, screened.notes, notes_of_fits(alone)):
        collected = with_notes(collected, more)
    if HUMAN in collected.groups and not _estimated(collected, HUMAN):
        raise _no_reference(in_words(collected.notes[HUMAN]))
    return Read(measurement, collected, alone)


def _no_reference(why: str) -> DataError:
    return DataError(
        f"The human reference cannot carry the model: {why}. If its import told of items that run "
        "against the rest or go with another scale, set its columns right first. Else leave it out "
        "(--no-human) to use the signs of the study's hypotheses, or supply more people, each of "
        "them once."
    )


def _estimated(collected: Collected, group: str) -> bool:
    return bool(np.isfinite(collected.full.std_se[collected.groups.index(group)]).all())


def _alone(
    fit: Fit | None,
    scores: pd.DataFrame,
    model: str,
    options: AlignmentOptions,
    map_chunks: MapChunks | None,
) -> dict[str, GroupFit]:
    if fit is None:
        return {}
    latents = [name for name in specify(model).latents if name in scores]
    own = scores.drop(columns=latents)
    return group_fits(own, model, fit.groups, map_chunks, **estimation(model, options))


@dataclass(frozen=True)
class _Again:
    """The rates of other samples of the same sessions."""

    fit: Fit
    collected: Collected
    found: Conclusions
    options: AlignmentOptions
    clusters: pd.Series | None
    map_chunks: MapChunks | None

    def at_equal_n(self) -> tuple[int, Array]:
        """Sessions of the smallest group, and rates (R, G) of subsamples of that size."""
        n = min(group_sizes(self.fit))
        rng = np.random.default_rng(self.options.seed)
        drawn = (self.fit, self.collected.index, n, self._samples, rng, self.clusters)
        return n, self._rates(subsample_paths(*drawn, self.map_chunks))

    def by_n(self) -> dict[int, Array]:
        """Rates (R, G) of samples drawn with replacement, by their size."""
        rng = np.random.default_rng(self.options.seed)
        drawn = (self._samples, rng, self.clusters, self.map_chunks)
        sizes = curve_sizes(max(group_sizes(self.fit)), len(self.fit.groups))
        index = self.collected.index
        return {n: self._rates(sample_paths(self.fit, index, n, *drawn)) for n in sizes}

    @property
    def _samples(self) -> int:
        return self.options.samples(len(self.fit.groups))

    def _rates(self, paths: Array) -> Array:
        estimate = np.where(np.isfinite(self.collected.full.std_se), paths, np.nan)
        return np.exp(log_rates(estimate, self.found.reference, self.found.kappa.value))


def _about(groups: Sequence[str]) -> pd.DataFrame:
    """Groups of which only the names are known: each a respondent of its own."""
    models = [AskedGroup(name, name, "", False) for name in groups if name != HUMAN]
    return groups_table(models, {}, [HUMAN] if HUMAN in groups else [])


def _with_equal_n(table: pd.DataFrame, n: int, replicates: Array) -> pd.DataFrame:
    median, lower, upper = percentiles(replicates)
    rated = table["status"] == Estimability.ESTIMATED
    return table.assign(
        equal_n=n,
        vaar_equal_n=np.where(rated, median, np.nan),
        equal_n_spread_lower=np.where(rated, lower, np.nan),
        equal_n_spread_upper=np.where(rated, upper, np.nan),
    )


def _without_people(table: pd.DataFrame) -> pd.DataFrame:
    return table[table["group"] != HUMAN].reset_index(drop=True)
