"""What was computed of the conversations under way, kept for their next turns."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from itertools import takewhile
from typing import Any

import torch

from vaar.respondents.base import Message, Request
from vaar.respondents.local.forward_passes import Passes, Past

_ON_PROCESSOR = 2 * 1024**3
_SHARE_OF_CARD = 0.25
_BATCHES = 16  # a batch that did not come again among so many is over

WELL_FILLED = 0.7
"""A batch of which padding takes up more than the rest is put together anew before it is kept."""


class Memory:
    """What is known of conversations, in bounded memory.

    A history only grows at its end, so a turn need compute no more than what came since. What is
    kept changes the cost of a reply, and its numbers by rounding alone. A batch that comes again
    as it was goes on where it stopped, without a copy; of other batches each conversation is taken
    out. When memory is full, further conversations are not kept.

    Parameters
    ----------
    room : int
        Bytes; 0 keeps nothing.
    """

    def __init__(self, room: int) -> None:
        self._room = room
        self._batches: dict[tuple[bytes, ...], Passes] = {}
        self._used: dict[tuple[bytes, ...], int] = {}
        self._now = 0

    def tick(self) -> None:
        """Begin a batch, and forget what is over."""
        self._now += 1
        for keys in [keys for keys, used in self._used.items() if used < self._now - _BATCHES]:
            self._drop(keys)

    def batch(
        self, requests: Sequence[Request], ids: Sequence[Sequence[int]]
    ) -> tuple[Passes, list[int]] | None:
        """The passes of a batch whose conversations all go on, and the position of each row.

        Returns
        -------
        (Passes, list of int) or None
            Row ``r`` of the passes belongs to request ``order[r]``. None where no kept batch holds
            just these conversations, or one does not go on where it was.
        """
        keys = [conversation_of(request) for request in requests]
        for kept, passes in self._batches.items():
            if len(kept) == len(keys) and set(kept) == set(keys):
                order = [keys.index(key) for key in kept]
                grown = all(_grows(passes.ids[r], ids[at]) for r, at in enumerate(order))
                return (passes, order) if grown else None
        return None

    def together(self, requests: Sequence[Request], size: int) -> list[int]:
        """Positions of the requests that are best answered in one batch, at least one.

        A batch that was answered together goes on together, and small ones become one: torn apart,
        what is known of some of its conversations would be lost.
        """
        place = {conversation_of(request): at for at, request in enumerate(requests)}
        chosen: list[int] = []
        for kept in sorted(self._batches, key=self._used.__getitem__):
            whole = all(key in place for key in kept)
            if whole and len(chosen) + len(kept) <= size:
                chosen += [place[key] for key in kept]
        known = {key for kept in self._batches for key in kept}
        fresh = [at for key, at in place.items() if key not in known]
        if chosen:
            return chosen + fresh[: size - len(chosen)]
        parts = [[place[key] for key in kept if key in place] for kept in self._batches]
        return max([fresh, *parts], key=len)[:size]

    def past(self, request: Request, ids: Sequence[int]) -> Past | None:
        """What is known of the beginning of these tokens; at least the last is left to compute."""
        key = conversation_of(request)
        found = next((kept for kept in self._batches if key in kept), None)
        if found is None:
            return None
        passes, row = self._batches[found], found.index(key)
        pairs = zip(passes.ids[row], ids[:-1], strict=False)
        length = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
        return passes.past(row).until(length) if length else None

    def keep(self, requests: Sequence[Request], passes: Passes) -> None:
        """Keep what is known of these conversations, where there is room."""
        keys = tuple(conversation_of(request) for request in requests)
        for kept in [kept for kept in self._batches if set(kept) & set(keys)]:
            self._drop(kept)
        if len(set(keys)) < len(keys):
            return
        if passes.filled < WELL_FILLED:
            passes = passes.compacted()
        if passes.size + sum(kept.size for kept in self._batches.values()) <= self._room:
            self._batches[keys] = passes
            self._used[keys] = self._now

    @property
    def empty(self) -> bool:
        """Whether nothing is kept."""
        return not self._batches

    def forget(self) -> None:
        """Give all memory back, and keep nothing from now on."""
        self._room = 0
        self._batches.clear()
        self._used.clear()

    def _drop(self, keys: tuple[bytes, ...]) -> None:
        del self._batches[keys], self._used[keys]


def _grows(kept: Sequence[int], ids: Sequence[int]) -> bool:
    return len(kept) < len(ids) and list(ids[: len(kept)]) == list(kept)


def room_on(device: Any) -> int:
    """Bytes that a device can spare for what is kept."""
    if device.type != "cuda":
        return _ON_PROCESSOR
    free, _ = torch.cuda.mem_get_info(device)
    return int(free * _SHARE_OF_CARD)


def opening_of(request: Request) -> Sequence[Message]:
    """How a conversation opens: up to its first question."""
    roles = [message["role"] for message in request.messages]
    return request.messages[: roles.index("user") + 1 if "user" in roles else None]


def conversation_of(request: Request) -> bytes:
    """A conversation is known by its session's seed, how it opens, and how it is shifted."""
    opening = [tuple(message.values()) for message in opening_of(request)]
    shift = () if request.shift is None else (request.shift,)
    said = repr((request.respondent_seed, opening, *shift))
    return blake2b(said.encode(errors="replace")).digest()
