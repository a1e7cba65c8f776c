"""From the probabilities of tokens to those of answers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from math import exp, isfinite
from typing import NamedTuple

_WHITE = " \t\r\n\v\f\u00a0\u0120\u010a\u0109\u2581"
"""White space, and what byte-level and SentencePiece tokenizers write for it."""

_BYTE = re.compile(r"<0x([0-7][0-9A-Fa-f])>")  # SentencePiece's notation of a single byte


class Told(NamedTuple):
    """How probable each answer was.

    Attributes
    ----------
    distribution : tuple of float
        Probability of each choice, given that it is one of them; sums to 1. Empty where ``mass`` is
        0.
    mass : float
        Probability that it is one of them, 0 ≤ mass ≤ 1; 0 where no token that was told is one.
    """

    distribution: tuple[float, ...]
    mass: float

    @property
    def shares(self) -> tuple[float, ...] | None:
        """The distribution; None where no choice has any probability."""
        return self.distribution or None


NO_CHOICE = Told((), 0.0)
"""No token that was told is a choice."""


def tellable(choices: Sequence[str]) -> bool:
    """Whether one token can tell the choices apart: each is a single character.

    A 1 that may go on to be a 10 is no answer yet.
    """
    return bool(choices) and all(len(choice) == 1 for choice in choices)


def weigh(tokens: Iterable[tuple[str, float]], choices: Sequence[str]) -> Told | None:
    """Weigh the choices by the tokens that may stand in one place of a reply.

    Parameters
    ----------
    tokens : iterable of (str, float)
        The most probable tokens and the logarithms of their probabilities. A token counts for the
        choice that it is, white space around it aside, which some servers write as their tokenizer
        does (``'Ġ4'``, ``'▁4'``).
    choices : sequence of str

    Returns
    -------
    Told or None
        None where no token is told, or the choices cannot be told by one token.
    """
    listed = dict(tokens)
    if not listed or not tellable(choices):
        return None
    weight = dict.fromkeys(choices, 0.0)
    for text, logprob in listed.items():
        if (said := _plain(text)) in weight:
            weight[said] += exp(min(logprob, 0.0))
    mass = sum(weight.values())
    if not mass:
        return NO_CHOICE
    return Told(tuple(weight[choice] / mass for choice in choices), min(mass, 1.0))


def first_tokens(content: object) -> list[tuple[str, float]]:
    """The tokens that may stand first in a reply, in the chat-completions format.

    Parameters
    ----------
    content : object
        ``choices[0].logprobs.content``: one entry for each token of the reply. Those that are only
        white space are passed over.
    """
    entries = content if isinstance(content, list) else []
    for entry in entries:
        given = _token(entry)
        if given is not None and _plain(given[0]):
            others = entry.get("top_logprobs")
            listed = map(_token, others if isinstance(others, list) else [])
            return [given, *(token for token in listed if token is not None)]
    return []


def _plain(token: str) -> str:
    """What a token says, without the white space around it in whatever notation."""
    if byte := _BYTE.fullmatch(token):
        token = chr(int(byte[1], 16))
    return token.strip(_WHITE)


def _token(entry: object) -> tuple[str, float] | None:
    if not isinstance(entry, Mapping):
        return None
    text, logprob = entry.get("token"), entry.get("logprob")
    if not isinstance(text, str) or not isinstance(logprob, int | float):
        return None
    return (text, float(logprob)) if isfinite(logprob) else None
