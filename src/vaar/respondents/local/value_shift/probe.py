"""A logistic probe of one layer: how probable a value is, given the residual stream.

P(e) = σ(wᵀe + b), fitted by penalised maximum likelihood. Accuracy and AUC are held out by pair:
both sentences of a pair are in training, or neither is.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.special import expit, logit
from scipy.stats import rankdata

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Probe:
    """The direction in which a layer tells a value.

    Attributes
    ----------
    weights : ndarray, shape (n_hidden,)
    bias : float
    """

    weights: Floats
    bias: float

    @property
    def norm(self) -> float:
        """Length of the weights."""
        return float(np.linalg.norm(self.weights))

    def probability(self, states: Floats) -> Floats:
        """P(e) of residual streams, shape (…, n_hidden) → (…,)."""
        probabilities: Floats = expit(states @ self.weights + self.bias)
        return probabilities

    def least_distance(self, states: Floats, target: float, suppress: bool = False) -> Floats:
        """How far along the weights a stream must move for P to reach a target; 0 where it has.

        Parameters
        ----------
        states : ndarray, shape (…, n_hidden)
        target : float
            In (0, 1).
        suppress : bool
            Whether P is to come down to the target rather than up to it; distances are then
            negative.
        """
        away = (logit(target) - self.bias - states @ self.weights) / self.norm
        distance: Floats = np.minimum(away, 0.0) if suppress else np.maximum(away, 0.0)
        return distance

    def shifted(self, states: Floats, target: float, suppress: bool = False) -> Floats:
        """The streams after the least shift by which P reaches the target."""
        distance = self.least_distance(states, target, suppress)
        moved: Floats = states + distance[..., None] * self.weights / self.norm
        return moved


def fit_probe(states: Floats, labels: NDArray[np.bool_], penalty: float = 1.0) -> Probe:
    """Fit by maximum likelihood with a ridge on the weights of standardised columns.

    Parameters
    ----------
    states : ndarray, shape (n, n_hidden)
    labels : ndarray of bool, shape (n,)
    penalty : float
        Of half the squared length of the weights.
    """
    centre, spread = states.mean(axis=0), states.std(axis=0)
    spread = np.where(spread > 0, spread, 1.0)
    scaled, sign = (states - centre) / spread, np.where(labels, 1.0, -1.0)

    def loss(theta: Floats) -> tuple[float, Floats]:
        margin = sign * (scaled @ theta[:-1] + theta[-1])
        wrong = expit(-margin) * -sign
        gradient = np.append(scaled.T @ wrong + penalty * theta[:-1], wrong.sum())
        value = np.logaddexp(0.0, -margin).sum() + penalty * (theta[:-1] @ theta[:-1]) / 2
        return float(value), gradient

    found = minimize(loss, np.zeros(states.shape[1] + 1), jac=True, method="L-BFGS-B")
    weights = found.x[:-1] / spread
    return Probe(weights, float(found.x[-1] - centre @ weights))


@dataclass(frozen=True)
class HeldOut:
    """How well a probe tells sentences that it was not fitted to."""

    accuracy: float
    auc: float


def held_out(
    states: Floats,
    labels: NDArray[np.bool_],
    pairs: NDArray[np.intp],
    folds: int,
    seed: int,
    penalty: float = 1.0,
) -> HeldOut:
    """Cross-validate by pair.

    Parameters
    ----------
    pairs : ndarray of int, shape (n,)
        The pair that each sentence belongs to.
    """
    told = np.empty(len(labels))
    for out in _folds(pairs, folds, seed):
        probe = fit_probe(states[~out], labels[~out], penalty)
        told[out] = states[out] @ probe.weights + probe.bias
    return HeldOut(float(np.mean((told > 0) == labels)), auc(told, labels))


def shuffled_within_pairs(
    labels: NDArray[np.bool_], pairs: NDArray[np.intp], seed: int
) -> NDArray[np.bool_]:
    """Labels exchanged within a random half of the pairs: what a probe makes of nothing."""
    names = np.unique(pairs)
    turned = np.random.default_rng(seed).permutation(len(names)) < len(names) // 2
    return labels ^ turned[np.searchsorted(names, pairs)]


def auc(told: Floats, labels: NDArray[np.bool_]) -> float:
    """Probability that a positive sentence is told higher than a negative one, ties by half."""
    positive = int(labels.sum())
    ranks = rankdata(told)[labels].sum() - positive * (positive + 1) / 2
    return float(ranks / (positive * (len(labels) - positive)))


def _folds(pairs: NDArray[np.intp], folds: int, seed: int) -> Iterator[NDArray[np.bool_]]:
    names = np.random.default_rng(seed).permutation(np.unique(pairs))
    for part in np.array_split(names, folds):
        yield np.isin(pairs, part)
