"""The human reference: how probable each expected sign is in people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from vaar.analyses.alignment.rate.arrays import Array
from vaar.analyses.alignment.rate.published import PublishedPaths
from vaar.analyses.alignment.rate.same_sign import reference_probability
from vaar.study.model import Hypothesis
from vaar.vocabulary import HUMAN


@dataclass(frozen=True)
class Reference:
    """What groups are held against: the people among them, published paths, or signs as given.

    A sign taken as given is a path of people infinitely far from 0.

    Attributes
    ----------
    signs : ndarray, shape (K,)
        Expected signs of the hypotheses, −1 or +1, fixed before the data.
    weights : ndarray, shape (K,)
        Positive; any scale.
    sd : ndarray, shape (K,)
        √(se² + τ²) of people's paths, behind q; 1 where the sign is given.
    human : int, optional
        Which of the groups are people, in force before anything published.
    published : PublishedPaths, optional
        In force where nobody of the groups is; a path of which nothing is published has its sign
        as given.
    """

    signs: Array
    weights: Array
    sd: Array
    human: int | None = None
    published: PublishedPaths | None = None

    def beside(self, estimate: Array) -> Array:
        """People's paths, (1, K) or (R, 1, K), for paths (G, K) of groups or replicates of them.

        Each replicate has people of its own: its own human group, or published paths drawn anew.
        """
        if self.human is not None:
            return estimate[..., self.human : self.human + 1, :]
        given = np.inf * self.signs[None, :]
        if self.published is None:
            return given
        told = self.published.estimate[None, :]
        if estimate.ndim > 2:
            told = self.published.drawn(len(estimate))[:, None, :]
        return np.where(np.isfinite(told), told, given)

    def probability(self, estimate: Array) -> Array:
        """q: probability that the path has the expected sign in the people beside `estimate`.

        1 for a sign taken as given; NaN where people's own path is not estimable.
        """
        return reference_probability(self.beside(estimate), self.sd, self.signs)

    def errors(self, estimate: Array, replicates: Array) -> Array:
        """How far people lie from their estimates in each replicate, (R, 1, K)."""
        theirs = self.beside(estimate)
        given = np.isinf(theirs)
        return np.where(given, 0.0, self.beside(replicates) - np.where(given, 0.0, theirs))


def reference(
    hypotheses: Sequence[Hypothesis],
    groups: Sequence[str] = (),
    se: ArrayLike = (),
    published: PublishedPaths | None = None,
) -> Reference:
    """Choose what groups are held against.

    Parameters
    ----------
    groups : sequence of str
        The G groups; the one called ``human``, if any, is the reference.
    se : array_like, shape (G, K)
        Standard errors of their standardised paths in the whole sample.
    published : PublishedPaths, optional
        How far a path moves between studies is in force with people among the groups, too.
    """
    signs, weights = np.array([(h.sign, h.weight) for h in hypotheses], float).T
    tau = published.between_studies if published else 0.0
    if HUMAN in groups:
        human = list(groups).index(HUMAN)
        return Reference(signs, weights, np.hypot(np.asarray(se, float)[human], tau), human)
    if published is None:
        return Reference(signs, weights, np.ones(len(signs)))
    sd = np.where(np.isfinite(published.estimate), np.hypot(published.se, tau), 1.0)
    return Reference(signs, weights, sd, published=published)
