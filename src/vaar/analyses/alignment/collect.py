"""Collect what the data say of the paths: estimates, their uncertainty, and where there is none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

import vaar.sem as sem
from vaar.analyses.alignment import notes
from vaar.analyses.alignment.options import AlignmentOptions
from vaar.analyses.alignment.paths import PathEstimates, PathIndex, estimates, replicated
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
    options: AlignmentOptions,
    clusters: pd.Series | None = None,
    map_chunks: sem.MapChunks | None = None,
) -> Collected:
    """Read the paths of a fit and bootstrap them over sessions.

    A group whose solution is inadmissible takes its standard errors from the bootstrap, and so does
    one in which personas repeat: the bootstrap draws whole personas, while the errors of the fit
    take sessions as independent. Where fewer than :data:`MANY_PERSONAS` repeat, each is left out
    in turn (:func:`vaar.sem.jackknife`). A group that could not be fitted in most replicates is
    not estimable.

    Parameters
    ----------
    clusters : Series, optional
        For each row of the scores, what it is drawn with; default: every session alone.
    map_chunks : callable, optional
        Computes chunks of replicates elsewhere; see :func:`vaar.sem.bootstrap`.
    """
    index = PathIndex.of(fit, hypotheses)
    again = replicated(_refits(fit, options, clusters, map_chunks), index)
    full = estimates(fit, index)
    estimate, se = full.std_estimate.copy(), full.std_se.copy()
    personas = repeating(fit, clusters)
    without_each = _left_out(fit, index, personas, clusters) if len(again) else se
    noted = {group: [notes.not_fitted(reason)] for group, reason in fit.dropped.items()}
    for g, group in enumerate(fit.groups):
        outcome = fit.group_outcome[group]
        fitted = np.asarray(np.isfinite(again[:, g]).all(axis=1))
        noted[group] = _noted(outcome, fitted, personas.get(group))
        if any(note.kind in notes.WITHOUT_ESTIMATE for note in noted[group]):
            estimate[g] = se[g] = np.nan
        elif _bootstrapped(fitted) and (outcome is sem.Outcome.INADMISSIBLE or group in personas):
            se[g] = again[fitted, g].std(axis=0, ddof=1)
            if personas.get(group, MANY_PERSONAS) < MANY_PERSONAS:
                se[g] = without_each[g]
    full = replace(full, std_estimate=estimate, std_se=se)
    return Collected(index, full, again, noted, personas)


def _left_out(
    fit: sem.Fit, index: PathIndex, personas: Mapping[str, int], clusters: pd.Series | None
) -> Array:
    """(G, K) standard errors of standardised paths of the groups of few personas that repeat."""
    few = [group for group, count in personas.items() if count < MANY_PERSONAS]
    if clusters is None or not few:
        return np.full((len(index.groups), index.rows.shape[1]), np.nan)
    drawn = clusters.to_numpy(dtype=object, copy=True)
    drawn[fit.row_index[~np.isin(np.asarray(fit.row_groups, dtype=object), few)]] = None
    return index.spread(sem.jackknife(fit, drawn).errors(standardised=True))


def _noted(outcome: sem.Outcome, fitted: np.ndarray, personas: int | None) -> list[Note]:
    """What must be said of a fitted group, given which of its replicates could be fitted."""
    if not outcome.usable:
        return [notes.no_solution(outcome)]
    if fitted.size and fitted.mean() < MIN_REPLICATES_FITTED:
        return [notes.few_replicates(fitted.mean())]
    improper = outcome is sem.Outcome.INADMISSIBLE
    found = [notes.inadmissible(outcome)] if improper else []
    if personas is not None:
        few = personas < MANY_PERSONAS
        found.append(notes.personas_repeat(personas, _bootstrapped(fitted), few))
    elif improper and _bootstrapped(fitted):
        found.append(notes.bootstrap_errors())
    return found


def _bootstrapped(fitted: np.ndarray) -> bool:
    """Whether enough replicates could be fitted for a standard deviation."""
    return int(fitted.sum()) > 1


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


def _refits(
    fit: sem.Fit,
    options: AlignmentOptions,
    clusters: pd.Series | None,
    map_chunks: sem.MapChunks | None,
) -> sem.Refits:
    if not options.replicates:
        return sem.refit(fit, [], with_errors=False)
    return sem.bootstrap(
        fit,
        options.replicates,
        clusters,
        options.seed,
        map_chunks=map_chunks,
    ).refits
