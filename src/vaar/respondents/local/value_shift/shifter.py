"""A model's shifts: probes fitted once for each value, then the shift of every conversation."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import torch

from vaar.errors import RespondentError
from vaar.respondents.local.chat_template import Chat
from vaar.respondents.local.forward_passes import Network, Passes
from vaar.respondents.local.model_config import PROBE_ACCURACY
from vaar.respondents.local.value_shift.decoder import blocks, changed, may_be_shifted
from vaar.respondents.local.value_shift.fitting import (
    Detector,
    LayerProbe,
    fit_detector,
    fit_layers,
)
from vaar.respondents.local.value_shift.probe import Floats
from vaar.respondents.local.value_shift.sentences import (
    bundled_values,
    neutral_sentences,
    pairs_of,
)
from vaar.respondents.local.value_shift.steering import Directions, Finding, RowShift
from vaar.study.conditions import Shift

_BATCH = 16
_KEPT = 256  # shifts of conversations that may go on


@dataclass(frozen=True)
class Known:
    """What is known of a value in one model.

    Attributes
    ----------
    layers : list of LayerProbe
        Of all layers that may be shifted.
    """

    layers: list[LayerProbe]
    pairs: int
    digest: str


class Shifter:
    """Finds the shifts of conversations with one model. Not to be used from two threads at once.

    Parameters
    ----------
    name : str
        The respondent's, for messages.
    files : mapping of str to str
        CSV files of further values.
    accuracy : float
        Held-out accuracy above which a layer is shifted.
    """

    def __init__(
        self,
        name: str,
        network: Network,
        chat: Chat,
        files: Mapping[str, str],
        accuracy: float = PROBE_ACCURACY,
    ) -> None:
        self._name = name
        self._accuracy = accuracy
        self._network = network
        self._chat = chat
        self._files = files
        self._values: dict[str, Known] = {}
        self._detectors: dict[str, Detector] = {}
        self._states: dict[tuple[str, ...], Floats] = {}
        self._found: OrderedDict[Any, RowShift | None] = OrderedDict()

    @cached_property
    def layers(self) -> range:
        """Positions of the blocks that may be shifted."""
        return may_be_shifted(len(blocks(self._network.model)))

    def fit(self, shift: Shift) -> None:
        """Fit what a shift needs, once.

        Raises
        ------
        RespondentError
            The value is not known, or no layer tells it well enough.
        """
        self.directions(shift)
        if shift.gate:
            self.detector(shift.value)

    def measured(self) -> dict[str, Any]:
        """How well each layer tells each value, as JSON."""
        return {value: self._measured(value, known) for value, known in self._values.items()}

    def _measured(self, value: str, known: Known) -> dict[str, Any]:
        detector = self._detectors.get(value)
        return {
            "pairs": known.pairs,
            "of_layers": len(blocks(self._network.model)),
            "layers": [
                {
                    "layer": one.layer + 1,
                    "accuracy": one.told.accuracy,
                    "auc": one.told.auc,
                    "shuffled_accuracy": one.shuffled.accuracy,
                    "shuffled_auc": one.shuffled.auc,
                    "used": one.told.accuracy > self._accuracy,
                }
                for one in known.layers
            ],
            "gate": None
            if detector is None
            else {
                "layer": detector.layer + 1,
                "accuracy": detector.told.accuracy,
                "auc": detector.told.auc,
            },
        }

    def known(self, value: str) -> Known:
        """The probes of a value."""
        if value not in self._values:
            pairs = pairs_of(value, self._files)
            positive, negative = self._streams(pairs.positive), self._streams(pairs.negative)
            found = fit_layers(positive, negative, self.layers)
            self._values[value] = Known(found, len(pairs.positive), pairs.digest)
        return self._values[value]

    def used(self, shift: Shift) -> list[LayerProbe]:
        """The probes of the layers that a shift moves."""
        layers = self.known(shift.value).layers
        used = [one for one in layers if one.told.accuracy > self._accuracy]
        if not used:
            best = max(layers, key=lambda one: one.told.accuracy)
            raise RespondentError(
                f"{self._name}: no layer that may be shifted tells sentences of "
                f"{shift.value} from their opposites with a held-out accuracy above "
                f"{self._accuracy:g} (best: layer {best.layer + 1} with "
                f"{best.told.accuracy:.3f}); write a lower probe_accuracy in a models file, or "
                "ask a larger model"
            )
        return used

    def directions(self, shift: Shift) -> Directions:
        """The probes of the layers that a shift moves, as tensors."""
        used = self.used(shift)
        exact = torch.float32 if self._network.device.type == "mps" else torch.float64
        place = {"dtype": exact, "device": self._network.device}
        return Directions(
            tuple(one.layer for one in used),
            torch.tensor(np.array([one.probe.weights for one in used]), **place),
            torch.tensor(np.array([one.probe.bias for one in used]), **place),
        )

    def detector(self, value: str) -> Detector:
        """What tells whether a conversation concerns a value."""
        if value not in self._detectors:
            pairs = pairs_of(value, self._files)
            others = [pairs_of(name, {}) for name in bundled_values() if name != value]
            n = len(pairs.positive)
            units = [np.tile(np.arange(n), 2)]
            sentences: list[Floats] = []
            first = n
            for other in others:
                sentences += [self._streams(other.positive), self._streams(other.negative)]
                units.append(first + np.tile(np.arange(len(other.positive)), 2))
                first += len(other.positive)
            neutral = neutral_sentences()
            sentences.append(self._streams(neutral))
            units.append(first + np.arange(len(neutral)))
            inside = np.concatenate([self._streams(pairs.positive), self._streams(pairs.negative)])
            self._detectors[value] = fit_detector(
                inside, np.concatenate(sentences), np.concatenate(units), self.layers
            )
        return self._detectors[value]

    def shifts_of(
        self, keys: Sequence[Any], shifts: Sequence[Shift], ids: Sequence[Sequence[int]]
    ) -> list[RowShift | None]:
        """The shift of each conversation, None where its gate stays closed.

        Parameters
        ----------
        keys : sequence
            What each is remembered by.
        ids : sequence of sequence of int
            The tokens that it is found on.
        """
        new = [at for at, key in enumerate(keys) if key not in self._found]
        for start in range(0, len(new), _BATCH):
            part = new[start : start + _BATCH]
            found = self._find([shifts[at] for at in part], [ids[at] for at in part])
            self._found.update(zip([keys[at] for at in part], found, strict=True))
        told = [self._found[key] for key in keys]
        while len(self._found) > _KEPT:
            self._found.popitem(last=False)
        return told

    def _find(self, shifts: Sequence[Shift], ids: Sequence[Sequence[int]]) -> list[RowShift | None]:
        opens = self._open(shifts, ids)
        moved = [at for at, is_open in enumerate(opens) if is_open]
        found: list[RowShift | None] = [None] * len(shifts)
        if not moved:
            return found
        wanted = [(self.directions(s), s.p0, s.lowers) for s in (shifts[at] for at in moved)]
        finding = Finding(wanted)
        Passes(self._network, [None] * len(moved), finding).feed([ids[at] for at in moved])
        for at, row in zip(moved, finding.found(), strict=True):
            found[at] = row.along(self._ways(row, shifts[at])) if shifts[at].random else row
        return found

    def _open(self, shifts: Sequence[Shift], ids: Sequence[Sequence[int]]) -> list[bool]:
        """Whether each conversation is shifted at all."""
        opens = [not shift.gate for shift in shifts]
        gated = [at for at, shift in enumerate(shifts) if shift.gate]
        if gated:
            streams = self._last_states([ids[at] for at in gated])
            for at, states in zip(gated, streams, strict=True):
                detector = self.detector(shifts[at].value)
                opens[at] = bool(detector.probe.probability(states[detector.layer]) >= 0.5)
        return opens

    def _ways(self, row: RowShift, shift: Shift) -> Any:
        """Random unit vectors, one for each layer, the same for every conversation."""
        width = row.vectors.shape[1]
        drawn = [
            np.random.default_rng((shift.random, layer)).standard_normal(width)
            for layer in row.directions.layers
        ]
        ways = torch.tensor(np.array(drawn), dtype=torch.float32, device=row.vectors.device)
        return ways / ways.norm(dim=1, keepdim=True)

    def _streams(self, sentences: tuple[str, ...]) -> Floats:
        """Streams of sentences, each said by a user, where the reply would begin."""
        if sentences not in self._states:
            ids = [self._chat.ids([{"role": "user", "content": text}]) for text in sentences]
            parts = [
                self._last_states(ids[start : start + _BATCH])
                for start in range(0, len(ids), _BATCH)
            ]
            self._states[sentences] = np.concatenate(parts)
        return self._states[sentences]

    def _last_states(self, ids: Sequence[Sequence[int]]) -> Floats:
        """Streams at the last token, shape (rows, layers that may be shifted, width)."""
        noting = _Noting(self.layers)
        Passes(self._network, [None] * len(ids), noting).feed(ids)
        return np.stack(noting.states, axis=1)


class _Noting:
    """Notes the stream that leaves each block at the last token, and changes nothing."""

    def __init__(self, layers: Sequence[int]) -> None:
        self._layers = layers
        self.states: list[Floats] = []

    def active(self, model: Any) -> Any:
        def note(hidden: Any) -> Any:
            self.states.append(hidden[:, -1].double().cpu().numpy())
            return hidden

        return changed(model, dict.fromkeys(self._layers, note))
