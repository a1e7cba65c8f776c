"""The human reference: which sign each path has in people, and how surely."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike
from scipy.special import ndtr

from vaar.analyses.alignment.vaar import Array, Expectation, estimable
from vaar.study.model import Hypothesis
from vaar.vocabulary import HUMAN


def from_literature(hypotheses: Sequence[Hypothesis], smallest_effect: float = 0.0) -> Expectation:
    """Take the signs from the study's hypotheses, with reference confidence 1."""
    return Expectation(
        signs=np.array([h.sign for h in hypotheses], float),
        confidence=np.ones(len(hypotheses)),
        weights=np.array([h.weight for h in hypotheses], float),
        smallest_effect=smallest_effect,
    )


def from_human_data(
    hypotheses: Sequence[Hypothesis],
    estimate: ArrayLike,
    se: ArrayLike,
    smallest_effect: float = 0.0,
) -> Expectation:
    """Take the signs from a group of people fitted in the same model: q = Φ(|b| / se).

    Parameters
    ----------
    estimate, se : array_like, shape (..., K)
        The human group's standardised paths. Where one is not estimable, the hypothesis's sign
        stands, with q = ½: people give no direction there.
    """
    estimate, se = np.asarray(estimate, float), np.asarray(se, float)
    literature = from_literature(hypotheses, smallest_effect)
    known = estimable(estimate, se)
    z = np.divide(np.abs(estimate), se, out=np.zeros(known.shape), where=known)
    signs = np.where(known & (estimate != 0), np.sign(np.nan_to_num(estimate)), literature.signs)
    return Expectation(signs, np.asarray(ndtr(z)), literature.weights, smallest_effect)


def expectation(
    hypotheses: Sequence[Hypothesis],
    groups: Sequence[str],
    estimate: Array,
    se: Array,
    smallest_effect: float = 0.0,
) -> Expectation:
    """What groups are held against: the people among them, or the literature.

    Parameters
    ----------
    groups : sequence of str
        The G groups; the one called ``human``, if any, is the reference.
    estimate, se : ndarray, shape (..., G, K)
        Their standardised paths. Replicates of the human group carry their own reference.
    """
    if HUMAN not in groups:
        return from_literature(hypotheses, smallest_effect)
    human = list(groups).index(HUMAN)
    people = slice(human, human + 1)
    return from_human_data(
        hypotheses, estimate[..., people, :], se[..., people, :], smallest_effect
    )
