"""Drawing the next token of each conversation from its own stream of random numbers."""

from __future__ import annotations

import json
import struct
from collections.abc import Sequence
from hashlib import blake2b
from typing import Any

import torch

from vaar.respondents.base import Request


def stream_of(name: str, request: Request) -> bytes:
    """Key of the random numbers behind one reply: respondent, session and whole conversation.

    The conversation is part of it, for a session's seed is the same in all its turns, and its
    answers would otherwise move together.
    """
    said = json.dumps([name, request.respondent_seed, list(request.messages)])
    return blake2b(said.encode(), digest_size=32).digest()


def uniform(stream: bytes, step: int) -> float:
    """The random number behind one token; 0 ≤ u < 1."""
    digest = blake2b(step.to_bytes(8), key=stream, digest_size=8).digest()
    return float((struct.unpack("<Q", digest)[0] >> 11) / 2**53)


def draw(logits: Any, temperatures: Sequence[float], uniforms: Sequence[float]) -> list[int]:
    """One token for each row.

    Parameters
    ----------
    logits : tensor (rows, vocabulary)
        Double precision.
    temperatures : sequence of float
        0 takes the likeliest token.
    uniforms : sequence of float
        Where in the cumulated probabilities each row's token lies.
    """
    scale = torch.tensor([t or 1.0 for t in temperatures], device=logits.device)
    cumulated = (logits / scale.to(logits.dtype)[:, None]).softmax(-1).cumsum(-1)
    places = torch.tensor(uniforms, device=logits.device, dtype=logits.dtype)
    targets = (places * cumulated[:, -1])[:, None]
    drawn = torch.searchsorted(cumulated, targets, right=True)[:, 0]
    drawn = drawn.clamp(max=logits.shape[-1] - 1)
    cold = torch.tensor([t == 0 for t in temperatures], device=logits.device)
    chosen: list[int] = torch.where(cold, logits.argmax(-1), drawn).tolist()
    return chosen
