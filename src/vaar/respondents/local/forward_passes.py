"""Passes of a batch of conversations through a model, each conversation as far as it has come."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from inspect import signature
from typing import Any, Protocol

import torch
from transformers import DynamicCache
from transformers.cache_utils import DynamicLayer

from vaar.errors import RespondentHaltedError


@dataclass(frozen=True)
class Past:
    """What a model has computed of the beginning of one conversation.

    Attributes
    ----------
    ids : list of int
        Its tokens.
    layers : list of (tensor, tensor)
        Keys and values of each layer, (heads, tokens, width).
    """

    ids: list[int]
    layers: list[tuple[Any, Any]]

    def until(self, length: int) -> Past:
        """Its first ``length`` tokens."""
        layers = [(keys[:, :length], values[:, :length]) for keys, values in self.layers]
        return Past(self.ids[:length], layers)


@dataclass(frozen=True)
class Network:
    """The model itself, and what it takes."""

    model: Any
    device: Any

    def takes(self, argument: str) -> bool:
        """Whether its forward pass knows an argument."""
        return argument in signature(self.model.forward).parameters

    @property
    def keeps(self) -> bool:
        """Whether what it has computed of a conversation can be kept, cut and put together.

        True where every layer attends to all that came before: not with sliding windows,
        recurrent states, or positions that the model counts by itself.
        """
        layers = DynamicCache(config=self.model.config).layers
        plain = bool(layers) and all(type(layer) is DynamicLayer for layer in layers)
        return plain and self.takes("position_ids")


class Steered(Protocol):
    """What is done to the streams of a batch in every pass."""

    def active(self, model: Any) -> AbstractContextManager[None]:
        """Let one pass through the model be changed."""
        ...


class Passes:
    """Feeds tokens to a model, row by row of different lengths.

    Rows are padded on the left and the padding is masked, so that a row's result depends on the
    others by rounding alone.

    Parameters
    ----------
    pasts : sequence of Past or None
        What is known of each row; None: nothing.
    steering : Steered, optional
        What is done to the rows' streams, at every position that is fed.
    """

    def __init__(
        self, network: Network, pasts: Sequence[Past | None], steering: Steered | None = None
    ) -> None:
        self._network = network
        self.steering = steering
        self.ids = [list(past.ids) if past else [] for past in pasts]
        self._mask = self._padded([[1] * len(ids) for ids in self.ids])
        self._cache = _joined(pasts)

    def feed(self, chunks: Sequence[Sequence[int]]) -> Any:
        """Add tokens to every row, none to some; return the logits after each row's last token.

        A row that was passed over may go on later only where the network keeps: the padding
        takes up places in a sliding window.

        Returns
        -------
        tensor (rows, vocabulary)
            Double precision; without meaning for a row that was fed nothing.

        Raises
        ------
        RespondentHaltedError
            The model computes what is no number.
        """
        starts = [len(ids) for ids in self.ids]
        fresh = self._padded([[1] * len(chunk) for chunk in chunks])
        self._mask = torch.cat([self._mask, fresh], dim=1)
        positions = [range(start, start + len(c)) for start, c in zip(starts, chunks, strict=True)]
        logits = self._forward(self._padded(chunks), self._padded(positions))
        for ids, chunk in zip(self.ids, chunks, strict=True):
            ids.extend(chunk)
        self._check(logits[[bool(chunk) for chunk in chunks]])
        return logits

    @property
    def filled(self) -> float:
        """Share of the cache that is no padding."""
        places = self._mask.numel()
        return sum(len(ids) for ids in self.ids) / places if places else 1.0

    @property
    def size(self) -> int:
        """Bytes of what is known."""
        layers = self._cache.layers if self._cache else ()
        parts = [part for layer in layers for part in (layer.keys, layer.values)]
        return sum(part.numel() * part.element_size() for part in parts)

    def compacted(self) -> Passes:
        """The same with no more padding than the rows' lengths ask for."""
        pasts = [self.past(row) for row in range(len(self.ids))]
        return Passes(self._network, pasts, self.steering)

    def past(self, row: int) -> Past:
        """What is known of one row now, in memory of its own."""
        real = self._mask[row].bool()
        layers = [(x.keys[row][:, real], x.values[row][:, real]) for x in self._cache.layers]
        return Past(list(self.ids[row]), layers)

    def _forward(self, ids: Any, positions: Any) -> Any:
        network = self._network
        wanted = {"position_ids": positions, "logits_to_keep": 1}
        known = {name: value for name, value in wanted.items() if network.takes(name)}
        steered = self.steering.active(network.model) if self.steering else nullcontext()
        with torch.inference_mode(), steered:
            out = network.model(
                input_ids=ids,
                attention_mask=self._mask,
                past_key_values=self._cache,
                use_cache=True,
                **known,
            )
        self._cache = out.past_key_values
        last = out.logits[:, -1]
        return (last.cpu() if last.device.type == "mps" else last).double()

    def _padded(self, rows: Sequence[Sequence[int]]) -> Any:
        width = max(len(row) for row in rows)
        full = [[0] * (width - len(row)) + list(row) for row in rows]
        return torch.tensor(full, dtype=torch.long, device=self._network.device)

    def _check(self, logits: Any) -> None:
        if not bool(logits.logsumexp(-1).isfinite().all()):
            raise RespondentHaltedError(
                "the model computes what is no number: its weights are damaged, or its dtype is "
                "too narrow for it. Write dtype: float32 or bfloat16 in a models file, or fetch "
                "the model again"
            )


def _joined(pasts: Sequence[Past | None]) -> Any:
    """The pasts of a batch as one cache, padded on the left; None where there are none."""
    known = [past for past in pasts if past]
    if not known:
        return None
    cache = DynamicCache()
    width = max(len(past.ids) for past in known)
    for number in range(len(known[0].layers)):
        sides = [
            _stacked([past and past.layers[number][s] for past in pasts], width) for s in (0, 1)
        ]
        cache.update(*sides, number)
    return cache


def _stacked(parts: Sequence[Any], width: int) -> Any:
    like = next(part for part in parts if part is not None)
    whole = like.new_zeros(len(parts), like.shape[0], width, like.shape[2])
    for row, part in enumerate(parts):
        if part is not None:
            whole[row, :, width - part.shape[1] :] = part
    return whole
