"""What was computed of the conversations under way, kept for their next turns."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import blake2b
from itertools import takewhile
from typing import Any

import torch

from vaar.respondents.base import Request
from vaar.respondents.local.forward_passes import Past

_ON_PROCESSOR = 2 * 1024**3
_SHARE_OF_CARD = 0.25
_BATCHES = 16  # a conversation that took no turn in so many batches is over


class Memory:
    """Pasts of conversations, in bounded memory.

    A history only grows at its end, so a turn need compute no more than what came since. What is
    kept changes the cost of a reply, and its numbers by rounding alone. When it is full, further
    conversations are not kept.

    Parameters
    ----------
    room : int
        Bytes; 0 keeps nothing.
    """

    def __init__(self, room: int) -> None:
        self._room = room
        self._pasts: dict[bytes, Past] = {}
        self._used: dict[bytes, int] = {}
        self._now = 0

    def tick(self) -> None:
        """Begin a batch, and forget what is over."""
        self._now += 1
        for key in [key for key, used in self._used.items() if used < self._now - _BATCHES]:
            self._drop(key)

    def past(self, request: Request, ids: Sequence[int]) -> Past | None:
        """What is known of the beginning of these tokens; at least the last is left to compute."""
        kept = self._pasts.get(_conversation(request))
        pairs = zip(kept.ids, ids[:-1], strict=False) if kept else ()
        length = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))
        return kept.until(length) if kept and length else None

    def keep(self, request: Request, past: Past) -> None:
        """Keep what is known of a conversation, where there is room."""
        key = _conversation(request)
        self._drop(key)
        if past.size + sum(kept.size for kept in self._pasts.values()) <= self._room:
            self._pasts[key] = past
            self._used[key] = self._now

    @property
    def empty(self) -> bool:
        """Whether nothing is kept."""
        return not self._pasts

    def forget(self) -> None:
        """Give all memory back, and keep nothing from now on."""
        self._room = 0
        self._pasts.clear()
        self._used.clear()

    def _drop(self, key: bytes) -> None:
        self._pasts.pop(key, None)
        self._used.pop(key, None)


def room_on(device: Any) -> int:
    """Bytes that a device can spare for what is kept."""
    if device.type != "cuda":
        return _ON_PROCESSOR
    free, _ = torch.cuda.mem_get_info(device)
    return int(free * _SHARE_OF_CARD)


def _conversation(request: Request) -> bytes:
    """A conversation is known by its session's seed and how it opens."""
    roles = [message["role"] for message in request.messages]
    opening = request.messages[: roles.index("user") + 1 if "user" in roles else None]
    said = repr((request.respondent_seed, [tuple(message.values()) for message in opening]))
    return blake2b(said.encode(errors="replace")).digest()
