"""The human reference: how probable each expected sign is in people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vaar.analyses.alignment.rate.arrays import Array
from vaar.analyses.alignment.rate.published import PublishedPaths
from vaar.analyses.alignment.rate.same_sign import reference_probability
from vaar.study.model import Hypothesis
from vaar.vocabulary import HUMAN


@dataclass(frozen=True)
class Expectation:
    """What the paths are held against.

    Attributes
    ----------
    signs : ndarray, shape (K,)
        Expected signs of the hypotheses, −1 or +1, fixed before the data.
    probability : ndarray, shape (..., K)
        q: probability that the path has that sign in people. 1 for a sign taken as given; NaN where
        the people's own path is not estimable.
    weights : ndarray, shape (K,)
        Positive; any scale.
    """

    signs: Array
    probability: Array
    weights: Array


def from_literature(hypotheses: Sequence[Hypothesis]) -> Expectation:
    """Take the signs of the study's hypotheses as given: q = 1."""
    return Expectation(
        signs=np.array([h.sign for h in hypotheses], float),
        probability=np.ones(len(hypotheses)),
        weights=np.array([h.weight for h in hypotheses], float),
    )


def expectation(
    hypotheses: Sequence[Hypothesis],
    groups: Sequence[str],
    estimate: Array,
    se: Array,
    published: PublishedPaths | None = None,
) -> Expectation:
    """What groups are held against: the people among them, published ones, or signs as given.

    Parameters
    ----------
    groups : sequence of str
        The G groups; the one called ``human``, if any, is the reference.
    estimate : ndarray, shape (..., G, K)
        Their standardised paths. Replicates of the human group carry their own reference.
    se : ndarray, shape (G, K)
        Their standard errors in the whole sample.
    published : PublishedPaths, optional
        In force where there are no people among the groups; each replicate draws them anew. A path
        of which nothing is published has its sign as given. How far a path moves between studies
        is in force with people among the groups, too.
    """
    given = from_literature(hypotheses)
    if HUMAN not in groups:
        return given if published is None else _held_against(published, given, estimate)
    human = list(groups).index(HUMAN)
    theirs = estimate[..., human : human + 1, :]
    tau = published.between_studies if published else 0.0
    q = reference_probability(theirs, se[human : human + 1], given.signs, tau)
    return Expectation(given.signs, q, given.weights)


@dataclass(frozen=True)
class PeoplesPaths:
    """People's paths where they are uncertain; a sign taken as given is a path infinitely far off.

    Attributes
    ----------
    estimate : ndarray, shape (K,)
    errors : ndarray, shape (R, K)
        How far other samples of people lie from the estimates.
    sd : ndarray, shape (K,)
        √(se² + τ²), behind q.
    """

    estimate: Array
    errors: Array
    sd: Array


def peoples_paths(
    hypotheses: Sequence[Hypothesis],
    groups: Sequence[str],
    estimate: Array,
    se: Array,
    replicates: Array,
    published: PublishedPaths | None = None,
) -> PeoplesPaths:
    """The paths behind :func:`expectation`: estimates (G, K), and replicates (R, G, K) of them."""
    given = np.inf * np.array([h.sign for h in hypotheses], float)
    none = np.zeros((len(replicates), len(given)))
    if HUMAN in groups:
        human = list(groups).index(HUMAN)
        theirs = estimate[human]
        tau = published.between_studies if published else 0.0
        return PeoplesPaths(theirs, replicates[:, human] - theirs, np.hypot(se[human], tau))
    if published is None:
        return PeoplesPaths(given, none, np.ones(len(given)))
    known = np.isfinite(published.estimate)
    return PeoplesPaths(
        np.where(known, published.estimate, given),
        np.where(known, published.drawn(len(replicates)) - published.estimate, none),
        np.where(known, np.hypot(published.se, published.between_studies), 1.0),
    )


def _held_against(published: PublishedPaths, given: Expectation, estimate: Array) -> Expectation:
    theirs = published.estimate
    if estimate.ndim > 2:
        theirs = published.drawn(len(estimate))[:, None, :]
    q = reference_probability(theirs, published.se, given.signs, published.between_studies)
    return Expectation(given.signs, np.where(np.isfinite(q), q, 1.0), given.weights)
