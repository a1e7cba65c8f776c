"""Polyserial correlations of ordinal items with continuous variables.

Two-step ML (Olsson, Drasgow & Dorans 1982): thresholds, means and variances are given by each
variable alone, and the likelihood of each pair is maximised over its correlation. The continuous
variable enters standardised, so that a polyserial correlation does not depend on its units.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import scipy
from numpy.typing import NDArray

from vaar.sem.data.ordinal.bivariate_normal import FAR, normal_density
from vaar.sem.data.ordinal.continuous import ContinuousVariables, moment_effects, varies
from vaar.sem.data.ordinal.pairs import PairOutcome, PairStatistics
from vaar.sem.data.ordinal.pairwise_ml import Likelihood, maximise_correlations
from vaar.sem.data.ordinal.polychoric import OrdinalItems

Floats = NDArray[np.float64]
Indices = NDArray[np.intp]

_BEYOND = 1e3  # a threshold beyond every standardised value
_TINY = 1e-100


def polyserial(
    items: OrdinalItems, variables: ContinuousVariables, item: Indices, variable: Indices
) -> PairStatistics:
    """Estimate correlations of ordinal items with continuous variables, with their influences.

    A pair in which every standardised value lies between the thresholds of its category is
    `PERFECT`: its likelihood rises up to ±1.

    Parameters
    ----------
    items, variables
        Of the same n rows; from `code_items` and `standardise`.
    item, variable : (m,) arrays of int
        The item and the variable of each pair.
    """
    pairs = _intervals(items, variables, item, variable)
    correlations, outcomes = _association(pairs)
    fit = np.flatnonzero(outcomes == PairOutcome.ESTIMATED)
    fitted = pairs.take(fit)

    def likelihood(rho: Floats, active: Indices) -> Likelihood:
        return _likelihood(fitted.take(active), rho, variables.weight)

    rho, converged = maximise_correlations(likelihood, _start(fitted))
    outcomes[fit[~converged]] = PairOutcome.NOT_CONVERGED
    outcomes[fit[(_inside(fitted, rho) <= _TINY).any(axis=0)]] = PairOutcome.IMPROBABLE
    sound = outcomes[fit] == PairOutcome.ESTIMATED
    fit, rho = fit[sound], rho[sound]
    correlations[fit] = rho
    influences = np.full(pairs.z.shape, np.nan)
    influences[:, fit] = _influences(pairs.take(fit), rho, items, variables)
    return PairStatistics(correlations, outcomes, influences)


@dataclass(frozen=True)
class _Intervals:
    """Pairs of an item and a variable: each row's value and the interval of its category.

    Rows without one of the two have the interval (−∞, ∞) and the value 0: they add nothing.
    """

    item: Indices
    variable: Indices
    both: NDArray[np.bool_]
    codes: Indices
    z: Floats
    lower: Floats
    upper: Floats

    def take(self, pairs: Indices) -> _Intervals:
        if len(pairs) == len(self.item):
            return self
        return _Intervals(
            item=self.item[pairs],
            variable=self.variable[pairs],
            both=self.both[:, pairs],
            codes=self.codes[:, pairs],
            z=self.z[:, pairs],
            lower=self.lower[:, pairs],
            upper=self.upper[:, pairs],
        )


def _intervals(
    items: OrdinalItems, variables: ContinuousVariables, item: Indices, variable: Indices
) -> _Intervals:
    cells = items.counts.shape[1]
    codes = items.codes[:, item]
    both = (codes < cells) & variables.present[:, variable]
    finite = np.where(items.thresholds == FAR, _BEYOND, items.thresholds)
    edges = np.pad(finite, ((0, 0), (1, 1)), constant_values=(-_BEYOND, _BEYOND))
    known = np.minimum(codes, cells - 1)
    return _Intervals(
        item=item,
        variable=variable,
        both=both,
        codes=codes,
        z=np.where(both, variables.standardised[:, variable], 0.0),
        lower=np.where(both, edges[item, known], -_BEYOND),
        upper=np.where(both, edges[item, known + 1], _BEYOND),
    )


def _association(pairs: _Intervals) -> tuple[Floats, NDArray[np.int8]]:
    rising = ((pairs.lower < pairs.z) & (pairs.z < pairs.upper)).all(axis=0)
    falling = ((pairs.lower < -pairs.z) & (-pairs.z < pairs.upper)).all(axis=0)
    outcomes = np.full(len(pairs.item), PairOutcome.ESTIMATED, dtype=np.int8)
    outcomes[rising | falling] = PairOutcome.PERFECT
    vary = varies(pairs.z, pairs.both) & varies(pairs.codes.astype(float), pairs.both)
    outcomes[~vary] = PairOutcome.CONSTANT
    outcomes[~pairs.both.any(axis=0)] = PairOutcome.NO_OVERLAP
    sign = np.where(rising, 1.0, -1.0)
    return np.where(outcomes == PairOutcome.PERFECT, sign, np.nan), outcomes


def _start(pairs: _Intervals) -> Floats:
    """One step of scoring from ρ = 0, where the score is the covariance with the normal scores."""
    count = np.maximum(pairs.both.sum(axis=0), 1)
    score = (normal_density(pairs.lower) - normal_density(pairs.upper)) / (
        scipy.special.ndtr(pairs.upper) - scipy.special.ndtr(pairs.lower)
    )
    products, squares = (score * pairs.z).sum(axis=0), (score * score).sum(axis=0)
    return np.asarray(np.clip(products / np.maximum(squares, count * 1e-3), -0.8, 0.8))


def _likelihood(pairs: _Intervals, rho: Floats, weight: Floats) -> Likelihood:
    inside = _inside(pairs, rho)
    upper, upper_slope = _edge(pairs.upper, pairs.z, rho)
    lower, lower_slope = _edge(pairs.lower, pairs.z, rho)
    first = (upper - lower) / inside
    second = (upper_slope - lower_slope) / inside - first * first
    return Likelihood(weight @ np.log(inside), weight @ first, weight @ second)


def _inside(pairs: _Intervals, rho: Floats) -> Floats:
    """Probability of each row's category given its value, from the tail where it is precise."""
    spread = np.sqrt((1.0 - rho) * (1.0 + rho))
    lower = (pairs.lower - rho * pairs.z) / spread
    upper = (pairs.upper - rho * pairs.z) / spread
    flip = lower > 0.0
    lower, upper = np.where(flip, -upper, lower), np.where(flip, -lower, upper)
    return np.asarray(np.maximum(scipy.special.ndtr(upper) - scipy.special.ndtr(lower), _TINY))


def _edge(edge: Floats, z: Floats, rho: Floats) -> tuple[Floats, Floats]:
    """First two derivatives with respect to ρ of P(category ends below this edge | z)."""
    free = (1.0 - rho) * (1.0 + rho)
    spread = np.sqrt(free)
    place = (edge - rho * z) / spread
    speed = (rho * edge - z) / (free * spread)
    acceleration = (edge + 3.0 * rho * speed * spread) / (free * spread)
    density = normal_density(place)
    return density * speed, density * (acceleration - place * speed * speed)


def _influences(
    pairs: _Intervals, rho: Floats, items: OrdinalItems, variables: ContinuousVariables
) -> Floats:
    inside, spread = _inside(pairs, rho), np.sqrt((1.0 - rho) * (1.0 + rho))
    score = (_edge(pairs.upper, pairs.z, rho)[0] - _edge(pairs.lower, pairs.z, rho)[0]) / inside
    above = normal_density((pairs.upper - rho * pairs.z) / spread) / (spread * inside)
    below = normal_density((pairs.lower - rho * pairs.z) / spread) / (spread * inside)
    pull = rho * (above - below)
    weight = variables.weight[:, None]
    influence = variables.n * score
    influence -= _threshold_effects(pairs, items, weight * score * above, weight * score * below)
    influence -= moment_effects(
        variables, pairs.variable, score, pairs.z + pull, pairs.z * (pairs.z + pull) - 1.0
    )
    return np.asarray(influence / (variables.weight @ score**2))


def _threshold_effects(
    pairs: _Intervals, items: OrdinalItems, above: Floats, below: Floats
) -> Floats:
    """What the estimated thresholds of each pair's item add to the score of each row."""
    cells = items.counts.shape[1]
    position = pairs.codes + (cells + 1) * np.arange(len(pairs.item))
    shape = (len(pairs.item), cells + 1)
    upper, lower = (
        np.bincount(position.ravel(), weights.ravel(), minlength=shape[0] * shape[1]).reshape(shape)
        for weights in (above, below)
    )
    by_threshold = upper[:, : cells - 1] - lower[:, 1:cells]
    effects = (items.threshold_influence[pairs.item] @ by_threshold[:, :, None])[:, :, 0]
    return np.asarray(effects.ravel()[position])
