"""ln VAAR as a function of all that is uncertain in it: a model's paths, and people's.

A place is an array (..., 2K): a model's K standardised paths, then the K of the people it is held
against. A sign taken as given stands there as a path of people infinitely far from 0.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from vaar.analyses.alignment.rate.arrays import Array
from vaar.analyses.alignment.rate.same_sign import log_rate, log_same_sign

_LOG_ROOT_2_PI = 0.5 * np.log(2 * np.pi)


@dataclass(frozen=True)
class RateFunction:
    """ln VAAR of G groups, and how fast it changes.

    Attributes
    ----------
    signs : ndarray, shape (K,)
        Expected signs, −1 or +1.
    weights : ndarray, shape (K,)
        Positive; any scale.
    kappa : ndarray, shape (G, 1)
        κ > 0 of each group.
    people_sd : ndarray, shape (K,)
        √(se² + τ²) of people's paths, in force where these are finite.
    """

    signs: Array
    weights: Array
    kappa: Array
    people_sd: Array

    def of(self, groups: NDArray[np.bool_]) -> RateFunction:
        """The function of some of the groups."""
        return replace(self, kappa=self.kappa[groups])

    def sureness(self, place: Array) -> Array:
        """q (..., K): probability that people's path has the expected sign."""
        return np.asarray(ndtr(self._people(place)))

    def __call__(self, place: Array) -> Array:
        """ln VAAR (...,)."""
        return log_rate(self._log_agreement(place), self.weights)

    def slopes(self, place: Array) -> Array:
        """Partial derivatives of ln VAAR, (..., 2K)."""
        own, people = place[..., : len(self.signs)] * self.signs / self.kappa, self._people(place)
        log_a = self._log_agreement(place)
        by_own = (2 * ndtr(people) - 1) / self.kappa * _relative_density(own, log_a)
        by_people = (2 * ndtr(own) - 1) / self.people_sd * _relative_density(people, log_a)
        share = self.signs * self.weights / self.weights.sum()
        return np.concatenate([share * by_own, share * by_people], axis=-1)

    def _log_agreement(self, place: Array) -> Array:
        own = place[..., : len(self.signs)]
        return log_same_sign(own, self.signs, self.sureness(place), self.kappa)

    def _people(self, place: Array) -> Array:
        return place[..., len(self.signs) :] * self.signs / self.people_sd


def _relative_density(z: Array, log_a: Array) -> Array:
    return np.asarray(np.exp(-0.5 * z**2 - _LOG_ROOT_2_PI - log_a))
