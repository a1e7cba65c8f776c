"""Collect what the data say of the paths: estimates, their uncertainty, and where there is none."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto

import numpy as np
import pandas as pd

import vaar.sem as sem
from vaar.analyses.alignment import notes
from vaar.analyses.alignment.paths import PathEstimates, PathIndex, estimates
from vaar.analyses.alignment.rate.arrays import Array
from vaar.analyses.alignment.rate.published import PublishedPaths
from vaar.analyses.notes import Note
from vaar.study.model import Hypothesis

MIN_REPLICATES_FITTED = 0.5
"""A group is not estimable if fewer than this share of its bootstrap replicates can be fitted."""

FEWEST_PERSONAS = 20
"""Fewer personas of a group are taken as given: a bootstrap of so few clusters finds errors far too
small (Cameron, Gelbach & Miller 2008, doi:10.1162/rest.90.3.414)."""


MANY_PERSONAS = 100
"""From so many personas that repeat on, errors are those of the bootstrap. With fewer it finds them
up to a tenth too small, and each persona is left out in turn instead."""

Resample = Callable[[sem.Fit, PathIndex], Array]
"""Gives standardised paths as other samples might have given them, shape (R, G, K); R may be 0."""


class Errors(Enum):
    """Where the standard errors of a group come from; nowhere if it is not estimable."""

    FIT = auto()
    REPLICATES = auto()
    LEFT_OUT = auto()
    NOWHERE = auto()


@dataclass(frozen=True)
class Collected:
    """The hypothesised paths of every group.

    Attributes
    ----------
    full : PathEstimates
        From the whole sample, shape (G, K); NaN where a group is not estimable.
    replicated : ndarray, shape (R, G, K)
        Standardised paths of bootstrap replicates; NaN where one could not be fitted.
    notes : dict
        By group: why it is not estimable, or where its standard errors come from if not from the
        fit.
    personas : dict
        Personas of each group in which some gave several of the sessions analysed.
    published : PublishedPaths or None
        People's paths, where they come from a publication.
    """

    index: PathIndex
    full: PathEstimates
    replicated: Array
    notes: dict[str, list[Note]]
    personas: dict[str, int]
    published: PublishedPaths | None = None

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
    resample: Resample,
    clusters: pd.Series | None = None,
) -> Collected:
    """Read the paths of a fit, and how they vary from sample to sample.

    A group whose solution is inadmissible takes its standard errors from replicates, and so does
    one in which personas repeat: replicates draw whole personas, while the errors of the fit take
    sessions as independent. Where fewer than :data:`MANY_PERSONAS` repeat, each is left out in turn
    (:func:`vaar.sem.jackknife`). A group that could not be fitted in most replicates, or not
    without one of so few personas, is not estimable.

    Parameters
    ----------
    resample : callable
        Usually :func:`vaar.analyses.alignment.resample.bootstrapping`.
    clusters : Series, optional
        For each row of the scores, what it is drawn with; default: every session alone.
    """
    index = PathIndex.of(fit, hypotheses)
    again = resample(fit, index)
    full = estimates(fit, index)
    estimate, se = full.std_estimate.copy(), full.std_se.copy()
    personas = repeating(fit, clusters)
    fitted = np.asarray(np.isfinite(again).all(axis=2))
    origin = [
        errors_of(fit.group_outcome[group], fitted[:, g], personas.get(group))
        for g, group in enumerate(fit.groups)
    ]
    without_each = _left_out(fit, index, origin, clusters)
    noted = {group: [notes.not_fitted(reason)] for group, reason in fit.dropped.items()}
    for g, group in enumerate(fit.groups):
        outcome, several = fit.group_outcome[group], personas.get(group)
        noted[group] = _noted(outcome, origin[g], fitted[:, g], several)
        if origin[g] is Errors.REPLICATES:
            se[g] = again[fitted[:, g], g].std(axis=0, ddof=1)
        elif origin[g] is Errors.LEFT_OUT:
            se[g] = without_each[g]
            if not np.isfinite(se[g]).all():
                noted[group], origin[g] = [notes.indispensable_persona()], Errors.NOWHERE
        if origin[g] is Errors.NOWHERE:
            estimate[g] = se[g] = np.nan
    full = replace(full, std_estimate=estimate, std_se=se)
    return Collected(index, full, again, noted, personas)


def errors_of(outcome: sem.Outcome, fitted: np.ndarray, personas: int | None) -> Errors:
    """Where the errors of a fitted group come from.

    Parameters
    ----------
    fitted : ndarray of bool, shape (R,)
        Which of its replicates could be fitted.
    personas : int or None
        Number of its personas, where some gave several sessions.
    """
    if not outcome.usable or (fitted.size and fitted.mean() < MIN_REPLICATES_FITTED):
        return Errors.NOWHERE
    if fitted.sum() < 2:  # of which there is no spread
        return Errors.FIT
    if personas is not None:
        return Errors.LEFT_OUT if personas < MANY_PERSONAS else Errors.REPLICATES
    return Errors.REPLICATES if outcome is sem.Outcome.INADMISSIBLE else Errors.FIT


def _left_out(
    fit: sem.Fit, index: PathIndex, origin: Sequence[Errors], clusters: pd.Series | None
) -> Array:
    """(G, K) errors of the groups whose errors come from leaving out each persona, else NaN."""
    few = [group for group, one in zip(fit.groups, origin, strict=True) if one is Errors.LEFT_OUT]
    if clusters is None or not few:
        return np.full((len(index.groups), index.rows.shape[1]), np.nan)
    drawn = clusters.to_numpy(dtype=object, copy=True)
    drawn[fit.row_index[~np.isin(np.asarray(fit.row_groups, dtype=object), few)]] = None
    return index.spread(sem.jackknife(fit, drawn).errors(standardised=True))


def _noted(
    outcome: sem.Outcome, origin: Errors, fitted: np.ndarray, personas: int | None
) -> list[Note]:
    """What must be said of a fitted group."""
    if not outcome.usable:
        return [notes.no_solution(outcome)]
    if origin is Errors.NOWHERE:
        return [notes.few_replicates(fitted.mean())]
    improper = outcome is sem.Outcome.INADMISSIBLE
    found = [notes.inadmissible(outcome)] if improper else []
    if personas is not None:
        left_out = origin is Errors.LEFT_OUT
        found.append(notes.personas_repeat(personas, origin is not Errors.FIT, left_out))
    elif origin is Errors.REPLICATES:
        found.append(notes.bootstrap_errors())
    return found


def repeating(fit: sem.Fit, clusters: pd.Series | None) -> dict[str, int]:
    """Number of personas of each group in which one gave several of the sessions analysed."""
    if clusters is None:
        return {}
    drawn = clusters.to_numpy(dtype=object)[fit.row_index]
    found = {}
    for group in fit.groups:
        own = drawn[fit.row_groups == group]
        if (n := len(set(own))) < len(own):
            found[group] = n
    return found


def nothing_collected(dropped: Mapping[str, str], hypotheses: Sequence[Hypothesis]) -> Collected:
    """What is known of the paths where no group can carry the model: why, for each."""
    unknown = np.full((len(dropped), len(hypotheses)), np.nan)
    index = PathIndex(tuple(dropped), np.empty((0, len(hypotheses)), int))
    full = PathEstimates(unknown, unknown, unknown, unknown)
    none = unknown[None][:0]
    noted = {group: [notes.not_fitted(reason)] for group, reason in dropped.items()}
    return Collected(index, full, none, noted, {})


def clusters(scores: pd.DataFrame) -> pd.Series | None:
    """The persona of each session; one without, or of few personas, is drawn alone."""
    if "persona" not in scores:
        return None
    alone = pd.Series(range(len(scores)), scores.index, dtype=object)
    few = scores["group"].map(few_personas(scores)).notna()
    persona = scores["persona"].astype(object)
    return persona.where(scores["persona"].notna() & (scores["persona"] != "") & ~few, alone)


def few_personas(scores: pd.DataFrame) -> dict[str, int]:
    """Number of personas of each group that has some, but too few to stand for others."""
    if "persona" not in scores:
        return {}
    named = scores[scores["persona"].notna() & (scores["persona"] != "")]
    counts = named.groupby("group", observed=True)["persona"].nunique()
    return {str(group): int(n) for group, n in counts.items() if n < FEWEST_PERSONAS}


def with_few_personas(collected: Collected, scores: pd.DataFrame) -> Collected:
    """Note which groups' personas are taken as given."""
    noted = dict(collected.notes)
    for group, n in few_personas(scores).items():
        noted[group] = [*noted.get(group, []), notes.few_personas(n)]
    return replace(collected, notes=noted)
