"""The paths and the rate under one specification."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

import numpy as np

from vaar.analyses.alignment import notes
from vaar.analyses.alignment.align import Alignment
from vaar.analyses.alignment.collect import Collected, clusters, collect, with_few_personas
from vaar.analyses.alignment.collect import nothing_collected as nothing
from vaar.analyses.alignment.conclude import Conclusions, conclude
from vaar.analyses.alignment.covariates import adjusted
from vaar.analyses.alignment.measurement import Measurement, measure
from vaar.analyses.alignment.options import AlignmentOptions
from vaar.analyses.alignment.rate.contexts import kappa_of
from vaar.analyses.alignment.resample import bootstrapping
from vaar.analyses.alignment.screening.left_out import with_refused
from vaar.analyses.alignment.screening.prepare import Prepared, prepare
from vaar.analyses.base import Coded, Work
from vaar.analyses.notes import in_words
from vaar.analyses.specifications.composites import LEAST_REPLICATES
from vaar.analyses.specifications.declared import Specification
from vaar.analyses.specifications.disattenuate import disattenuated
from vaar.analyses.specifications.models import model_of, not_possible
from vaar.analyses.specifications.options import SpecificationsOptions
from vaar.analyses.specifications.same_as_main import same_as_main
from vaar.errors import DataError
from vaar.tables.text import listing


class Ended(StrEnum):
    """How a specification ended."""

    ESTIMATED = "estimated"
    SAME = "same as main"
    NOT_POSSIBLE = "not possible"
    FAILED = "failed"


@dataclass(frozen=True)
class Found:
    """One specification, and what came of it.

    Attributes
    ----------
    reason : str
        Why it was not estimated.
    collected, conclusions : optional
        The paths and what follows; None where it was not estimated.
    level : str
        Level of invariance that the paths are read from; empty where nothing was fitted.
    cfi, rmsea : float
        Of the joint fit; NaN where nothing was fitted.
    replicates : int
        Bootstrap replicates behind the interval of VAAR.
    """

    specification: Specification
    ended: Ended
    reason: str = ""
    collected: Collected | None = None
    conclusions: Conclusions | None = None
    level: str = ""
    cfi: float = float("nan")
    rmsea: float = float("nan")
    replicates: int = 0


@dataclass(frozen=True)
class Setting:
    """What all specifications of a run start from."""

    data: Coded
    main: AlignmentOptions
    alignment: Alignment
    options: SpecificationsOptions
    work: Work


def found_under(specification: Specification, setting: Setting) -> Found:
    """Estimate under one specification; what cannot be had ends in a reason, never in an error."""
    if why := not_possible(specification, setting.data.study):
        return Found(specification, Ended.NOT_POSSIBLE, why)
    try:
        if why := same_as_main(specification, setting.data, setting.main, setting.alignment):
            return Found(specification, Ended.SAME, why)
        return _estimated(specification, setting)
    except DataError as error:
        return Found(specification, Ended.FAILED, str(error))


def _estimated(specification: Specification, setting: Setting) -> Found:
    options = _options(specification, setting)
    if not set(specification.changes) - {"kappa", "delta"}:
        main = setting.alignment
        return _concluded(
            specification, main.collected, options, setting, main.measurement, setting.main
        )
    data, study = setting.data, setting.data.study
    if specification.changes.get("reliability") == "corrected":
        ready = prepare(data, options, study.structural_model)
        options = replace(options, replicates=max(options.replicates, LEAST_REPLICATES))
        collected = disattenuated(ready, study, options)
        return _concluded(specification, _whole(collected, ready), options, setting)
    model = model_of(specification, study)
    ready = prepare(data, options, model)
    if options.estimator == "WLSMV" and ready.covariates:
        raise DataError("WLSMV on single items takes no covariates")
    measurement = measure(ready.scores, adjusted(model, ready.columns), options)
    if measurement.fit is None:
        collected = nothing(measurement.dropped, study.hypotheses)
    else:
        drawn = clusters(ready.scores)
        resample = bootstrapping(options, drawn, setting.work.map_chunks)
        collected = collect(measurement.fit, study.hypotheses, resample, drawn)
    collected = _without_dependent(_whole(collected, ready), options)
    return _concluded(specification, collected, options, setting, measurement)


def _options(specification: Specification, setting: Setting) -> AlignmentOptions:
    """The options of the main analysis with what the specification changes."""
    chosen, changes = setting.options, specification.changes
    named = ("estimator", "missing", "level", "adjust", "covariates", "kappa", "delta")
    altered: dict[str, Any] = {key: value for key, value in changes.items() if key in named}
    replicates = chosen.item_replicates if specification.on_items else chosen.replicates
    return replace(setting.main, confidence="normal", replicates=replicates, **altered)


def _whole(collected: Collected, ready: Prepared) -> Collected:
    """With the groups that were refused before, and what is said of few personas."""
    return with_few_personas(with_refused(collected, ready.screened.refused), ready.scores)


def _without_dependent(collected: Collected, options: AlignmentOptions) -> Collected:
    """Without estimates of groups whose personas repeat, where no bootstrap gives their errors."""
    if options.replicates or not collected.personas:
        return collected
    rows = [g for g, group in enumerate(collected.groups) if group in collected.personas]
    std_se = collected.full.std_se.copy()
    std_se[rows] = np.nan
    said = {collected.groups[g]: [notes.not_fitted(_NO_ERRORS)] for g in rows}
    return replace(
        collected,
        full=replace(collected.full, std_se=std_se),
        notes={**collected.notes, **said},
    )


_NO_ERRORS = (
    "sessions of a persona are not independent, and without replicates there are no errors for "
    "that; `--set specifications.item_replicates=200` has them"
)


def _concluded(
    specification: Specification,
    collected: Collected,
    options: AlignmentOptions,
    setting: Setting,
    measurement: Measurement | None = None,
    counted: AlignmentOptions | None = None,
) -> Found:
    full = collected.full
    if not np.isfinite(full.std_se).any():
        whys = [in_words(own) for own in collected.notes.values() if own]
        return Found(specification, Ended.FAILED, listing(list(dict.fromkeys(whys))))
    collected = replace(collected, published=setting.alignment.collected.published)
    about, hypotheses = setting.data.groups, setting.data.study.hypotheses
    kappa = kappa_of(collected.groups, about, full.std_estimate, full.std_se, options.kappa)
    measures = measurement.fit.measures if measurement and measurement.fit else {}
    return Found(
        specification,
        Ended.ESTIMATED,
        collected=collected,
        conclusions=conclude(collected, hypotheses, kappa, options),
        level=measurement.level if measurement else "",
        cfi=_measure(measures, "cfi"),
        rmsea=_measure(measures, "rmsea"),
        replicates=(counted or options).replicates,
    )


def _measure(measures: Mapping[str, float], name: str) -> float:
    variants = (f"{name}_robust", f"{name}_scaled", name)
    values = (float(measures.get(v, np.nan)) for v in variants)
    return next((value for value in values if np.isfinite(value)), float("nan"))
