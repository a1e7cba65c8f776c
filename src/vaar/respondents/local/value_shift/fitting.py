"""The probes of all layers of a model for one value, and the layers that are good enough."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from vaar.respondents.local.value_shift.probe import (
    Floats,
    HeldOut,
    Probe,
    fit_probe,
    held_out,
    shuffled_within_pairs,
)

FOLDS = 5
_SEED = 1


@dataclass(frozen=True)
class LayerProbe:
    """The probe of one layer, and how well it tells sentences that it was not fitted to.

    Attributes
    ----------
    layer : int
        Position of the block.
    shuffled : HeldOut
        The same of labels exchanged within a random half of the pairs.
    """

    layer: int
    probe: Probe
    told: HeldOut
    shuffled: HeldOut


@dataclass(frozen=True)
class Detector:
    """Tells whether a conversation concerns a value, from the stream of one layer."""

    layer: int
    probe: Probe
    told: HeldOut


def fit_layers(
    positive: Floats, negative: Floats, layers: Sequence[int], folds: int = FOLDS
) -> list[LayerProbe]:
    """Fit a probe to every layer, and judge it by held-out pairs.

    Parameters
    ----------
    positive, negative : ndarray, shape (n_pairs, n_layers, n_hidden)
        Streams of the sentences at their last token.
    layers : sequence of int
        Those that are wanted.
    """
    n = len(positive)
    labels, pairs = np.repeat([True, False], n), np.tile(np.arange(n), 2)
    shuffled = shuffled_within_pairs(labels, pairs, _SEED)
    both = np.concatenate([positive, negative])
    return [
        LayerProbe(
            layer,
            fit_probe(both[:, layer], labels),
            held_out(both[:, layer], labels, pairs, folds, _SEED),
            held_out(both[:, layer], shuffled, pairs, folds, _SEED),
        )
        for layer in layers
    ]


def fit_detector(
    inside: Floats,
    outside: Floats,
    units: NDArray[np.intp],
    layers: Sequence[int],
    folds: int = FOLDS,
) -> Detector:
    """Fit what tells sentences of a value, of either side, from all others; the best layer's.

    Parameters
    ----------
    inside, outside : ndarray, shape (n, n_layers, n_hidden)
    units : ndarray of int
        What each sentence, the inside ones first, belongs to: both of a pair, or a sentence alone.
    """
    both = np.concatenate([inside, outside])
    labels = np.arange(len(both)) < len(inside)
    judged = [(held_out(both[:, layer], labels, units, folds, _SEED), layer) for layer in layers]
    told, layer = max(judged, key=lambda pair: (pair[0].accuracy, pair[0].auc, -pair[1]))
    return Detector(layer, fit_probe(both[:, layer], labels), told)
