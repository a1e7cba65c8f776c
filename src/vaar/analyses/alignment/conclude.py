"""From paths to conclusions: the verdict on each, and the rate of each group with its interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.special import stdtrit

from vaar.analyses.alignment.collect import MANY_PERSONAS, Collected
from vaar.analyses.alignment.options import AlignmentOptions
from vaar.analyses.alignment.rate import divergence
from vaar.analyses.alignment.rate.arrays import Array, estimable
from vaar.analyses.alignment.rate.contexts import Kappa
from vaar.analyses.alignment.rate.function import RateFunction
from vaar.analyses.alignment.rate.inversion import inverted
from vaar.analyses.alignment.rate.reference import Reference, reference
from vaar.analyses.alignment.rate.same_sign import (
    context_probability,
    log_rate,
    log_same_sign,
)
from vaar.analyses.alignment.rate.verdicts import verdicts
from vaar.study.model import Hypothesis
from vaar.vocabulary import Z_95

DEFINITION = 2
"""Number of the definition of VAAR in force."""


@dataclass(frozen=True)
class Conclusions:
    """What follows from the paths; arrays of shape (G, K) by path or (G,) by group.

    NaN where a path, or one of a group's paths, is not estimable.

    Attributes
    ----------
    reference : Reference
        What the paths are held against.
    in_people : ndarray, shape (1, K)
        q: probability that a path has the expected sign in people.
    verdict : ndarray of Verdict, shape (G, K)
    df : ndarray, shape (G,)
        Degrees of freedom of t behind the intervals of the paths; infinite for the normal.
    confidence, kl : ndarray, shape (G, K)
        Within this context: that a path has its sign, and its divergence from q.
    context, same_sign : ndarray, shape (G, K)
        p and A: in a new context, that a path has the expected sign, and people's sign.
    vaar, lower, upper, uncorrected : ndarray, shape (G,)
        The rate with its interval, and as it is at the estimates.
    at_kappa : ndarray, shape (2, G)
        The rate at both ends of the interval of κ; NaN where κ is stated.
    log_rate, log_replicates : ndarray, shape (G,) and (R, G)
        ln of the rate at the estimates, and of bootstrap replicates.
    divergence, log_loss : ndarray, shape (G,)
        The rate of the first definition, and its mean cross-entropy.
    """

    reference: Reference
    in_people: Array
    kappa: Kappa
    verdict: NDArray[np.object_]
    df: Array
    confidence: Array
    kl: Array
    context: Array
    same_sign: Array
    vaar: Array
    lower: Array
    upper: Array
    uncorrected: Array
    at_kappa: Array
    log_rate: Array
    log_replicates: Array
    divergence: Array
    log_loss: Array


def conclude(
    collected: Collected,
    hypotheses: Sequence[Hypothesis],
    kappa: Kappa,
    options: AlignmentOptions,
) -> Conclusions:
    """Judge every path, and weigh the paths of every group."""
    full = collected.full
    b, se = full.std_estimate, full.std_se
    people = reference(hypotheses, collected.groups, se, collected.published)
    q, signs = people.probability(b), people.signs
    weights = people.weights / people.weights.sum()
    known = estimable(b, se)
    confidence = _confidence(collected, signs, options)
    b_known = np.where(known, b, np.nan)
    replicates = np.where(known, collected.replicated, np.nan)
    at_b = log_rates(b_known, people, kappa.value)
    df = degrees_of_freedom(collected)
    errors = _errors(b_known, replicates, collected)
    vaar, lower, upper, at_kappa = _intervals(b_known, replicates, errors, people, kappa)
    kl = divergence.kl_divergence(q, confidence)
    return Conclusions(
        reference=people,
        in_people=q,
        kappa=kappa,
        verdict=verdicts(b, se, signs, options.delta, df[:, None]),
        df=df,
        confidence=confidence,
        kl=kl,
        context=context_probability(b_known, signs, kappa.value[:, None]),
        same_sign=np.exp(log_same_sign(b_known, signs, q, kappa.value[:, None])),
        vaar=vaar,
        lower=lower,
        upper=upper,
        uncorrected=np.exp(at_b),
        at_kappa=at_kappa,
        log_rate=at_b,
        log_replicates=log_rates(replicates, people, kappa.value),
        divergence=divergence.divergence_rate(kl, weights),
        log_loss=divergence.log_loss(q, confidence) @ weights,
    )


def log_rates(estimate: Array, people: Reference, kappa: Array) -> Array:
    """ln VAAR of every group, (..., G) from paths (..., G, K); NaN where one path is."""
    q = people.probability(estimate)
    return log_rate(log_same_sign(estimate, people.signs, q, kappa[:, None]), people.weights)


def degrees_of_freedom(collected: Collected) -> Array:
    """P − 1 where P personas carry a group's standard errors, else infinite."""
    personas = [collected.personas.get(group, np.inf) for group in collected.groups]
    return np.array(personas, float) - 1


def _confidence(collected: Collected, signs: Array, options: AlignmentOptions) -> Array:
    full = collected.full
    normal = divergence.directional_confidence(full.std_estimate, full.std_se, signs)
    if options.confidence == "normal" or not len(collected.replicated):
        return normal
    share = divergence.bootstrap_confidence(collected.replicated, signs)
    return np.where(np.isfinite(normal), share, np.nan)


def _intervals(
    b: Array, replicates: Array, errors: Array, people: Reference, kappa: Kappa
) -> tuple[Array, Array, Array, Array]:
    """The rate with its interval, and the rate at both ends of the interval of κ."""
    unknown = np.full((2, len(b)), np.nan)
    if not len(replicates):
        return np.exp(log_rates(b, people, kappa.value)), *unknown, unknown
    place = np.concatenate([b, np.broadcast_to(people.beside(b), b.shape)], axis=-1)
    theirs = np.broadcast_to(people.errors(b, replicates), errors.shape)
    errors = np.concatenate([errors, theirs], axis=-1)

    def at(value: Array) -> tuple[Array, Array, Array]:
        rate = RateFunction(people.signs, people.weights, value[:, None], people.sd)
        return inverted(rate, np.where(np.isfinite(value)[:, None], place, np.nan), errors)

    if not kappa.estimated:
        return *at(kappa.value), unknown
    return *at(kappa.value), np.stack([at(end)[0] for end in (kappa.lower, kappa.upper)])


def _errors(b: Array, replicates: Array, collected: Collected) -> Array:
    """How far replicates lie from the estimates.

    A bootstrap of few personas finds errors too small, and normal quantiles are too low for them:
    there they are made as wide as the intervals of the paths.
    """
    errors = replicates - b
    reach = stdtrit(degrees_of_freedom(collected), 0.975) / Z_95
    for g, group in enumerate(collected.groups):
        if collected.personas.get(group, MANY_PERSONAS) >= MANY_PERSONAS:
            continue
        known = errors[np.isfinite(errors[:, g]).all(axis=1), g]
        if len(known) > 1:
            errors[:, g] *= reach[g] * collected.full.std_se[g] / known.std(axis=0, ddof=1)
    return errors
