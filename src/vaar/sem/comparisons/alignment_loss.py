"""The loss of the alignment of groups, and its minimum (Asparouhov & Muthén 2014).

Group g has loadings l and intercepts n under a latent variable of mean 0 and variance 1. With the
mean a and the standard deviation e^s they become λ = l e^−s and ν = n − a λ. The loss adds up
w f(λ_g − λ_h) and w f(ν_g − ν_h) over pairs of groups and items, with f(x) = (x² + ε)^¼, which is
small where few parameters differ much, and w = √(n_g n_h). Standard deviations have the product 1.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations

import numpy as np
import scipy

from vaar.sem.arrays import Bools, Floats

_SEED = 3
_SMOOTH = (1.0, 0.1, 0.01)  # ε of the first searches, which have fewer local minima
_MANY = 20  # groups from which one random start is enough: local minima are few


@dataclass(frozen=True)
class Loss:
    """The loss of one latent variable.

    Attributes
    ----------
    loading, intercept : (G, J) arrays
        Under mean 0 and variance 1; anything where an item is not in a group.
    present : (G, J) array
    n : (G,) array
        Rows of each group.
    fixed : int or None
        The group whose mean is 0; None where all means are free.
    epsilon : float
    """

    loading: Floats
    intercept: Floats
    present: Bools
    n: Floats
    fixed: int | None
    epsilon: float

    @property
    def n_groups(self) -> int:
        return len(self.n)

    @cached_property
    def _pairs(self) -> tuple[Floats, Floats]:
        """(T, G) differences between the groups of each pair, and (T, J) weights."""
        pairs = np.array(list(combinations(range(self.n_groups), 2)))
        difference = np.zeros((len(pairs), self.n_groups))
        difference[np.arange(len(pairs)), pairs[:, 0]] = 1.0
        difference[np.arange(len(pairs)), pairs[:, 1]] = -1.0
        weight = np.sqrt(self.n[pairs[:, 0]] * self.n[pairs[:, 1]]) / self.n.mean()
        both = self.present[pairs[:, 0]] & self.present[pairs[:, 1]]
        return difference, weight[:, None] * both

    def split(self, x: Floats) -> tuple[Floats, Floats]:
        """(2G,) free numbers to log standard deviations that add up to 0, and means."""
        spread, mean = x[: self.n_groups], x[self.n_groups :].copy()
        if self.fixed is not None:
            mean[self.fixed] = 0.0
        return spread - spread.mean(), mean

    def aligned(self, x: Floats) -> tuple[Floats, Floats]:
        """(G, J) λ and ν."""
        spread, mean = self.split(x)
        loading = self.loading * np.exp(-spread)[:, None]
        return loading, self.intercept - mean[:, None] * loading

    def value(self, x: Floats, epsilon: float) -> tuple[float, Floats]:
        """The loss and its gradient."""
        (difference, weight), (_, mean) = self._pairs, self.split(x)
        loading, intercept = self.aligned(x)
        total, slopes = 0.0, []
        for part in (loading, intercept):
            gap = difference @ part
            root = np.sqrt(gap * gap + epsilon)
            quarter = np.sqrt(root)
            total += float((weight * quarter).sum())
            slopes.append(difference.T @ (weight * (0.5 * gap) / (root * quarter)))
        on_loading = slopes[0] - mean[:, None] * slopes[1]
        by_spread = -(on_loading * loading).sum(axis=1)
        by_mean = -(slopes[1] * loading).sum(axis=1)
        if self.fixed is not None:
            by_mean[self.fixed] = 0.0
        return total, np.concatenate([by_spread - by_spread.mean(), by_mean])

    def parts(self, x: Floats) -> tuple[Floats, Floats]:
        """(J,) shares of the loss of each item's loadings and intercepts."""
        difference, weight = self._pairs
        loading, intercept = (
            (weight * ((difference @ part) ** 2 + self.epsilon) ** 0.25).sum(axis=0)
            for part in self.aligned(x)
        )
        total = loading.sum() + intercept.sum()
        return loading / total, intercept / total

    def curvature(self, part: Floats) -> tuple[Floats, Floats]:
        """Of a (G, J) part, the (G, J) first and (J, G, G) second derivatives of its loss."""
        difference, weight = self._pairs
        gap = difference @ part
        root = gap * gap + self.epsilon
        first = difference.T @ (weight * 0.5 * gap * root**-0.75)
        second = weight * (0.5 * root**-0.75 - 0.75 * gap * gap * root**-1.75)
        return first, np.array([(difference.T * one) @ difference for one in second.T])


def minimum(loss: Loss) -> tuple[Floats, float, bool]:
    """The lowest of the minima met from several starts: where, how low, and whether another start
    led to the same."""
    found = sorted(
        (_searched(loss, start) for start in _starts(loss)), key=lambda each: float(each[1])
    )
    (best, low), (_, second) = found[:2]
    return best, low, bool(second - low < 1e-5 * abs(low))


def _searched(loss: Loss, x: Floats) -> tuple[Floats, float]:
    levels = [each for each in _SMOOTH if each > loss.epsilon] + [loss.epsilon]
    for epsilon in levels:
        last = epsilon == loss.epsilon
        options = {"maxiter": 1000 if last else 40, "ftol": 1e-12, "gtol": 1e-7, "maxcor": 20}
        found = scipy.optimize.minimize(
            loss.value, x, (epsilon,), jac=True, method="L-BFGS-B", options=options
        )
        x = found.x
    return x, float(found.fun)


def _starts(loss: Loss) -> Iterator[Floats]:
    """By medians, by means, and at random about the first."""
    rng = np.random.default_rng(_SEED)
    masked = np.where(loss.present, loss.loading, np.nan)
    level = np.where(loss.present, loss.intercept, np.nan)
    anchor = 0 if loss.fixed is None else loss.fixed
    made = []
    for centre in (np.nanmedian, np.nanmean):
        size = np.maximum(centre(np.abs(masked), axis=1), 1e-6)
        spread = np.log(size) - np.log(size).mean()
        scaled = masked / np.exp(spread)[:, None]
        usual = centre(scaled, axis=0)
        mean = centre((level - level[anchor]) / np.where(usual == 0, np.nan, usual), axis=1)
        made.append(np.concatenate([spread, np.nan_to_num(mean)]))
    yield from made
    for _ in range(1 if loss.n_groups >= _MANY else 4):
        yield made[0] + 0.2 * rng.normal(size=len(made[0]))
