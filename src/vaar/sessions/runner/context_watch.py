"""Finding out that a server leaves out the beginning of conversations without saying so.

The tokens that it counts for a conversation grow with every turn. Where they stop to grow although
the conversation goes on, its beginning is no longer read.
"""

from __future__ import annotations

from collections.abc import Sequence

from vaar.respondents.base import Message

LEAST_GROWTH = 40
"""Characters by which a conversation must have grown for its count of tokens to tell anything."""

LEAST_STEPS = 2
"""Turns over which the count must have grown before a turn at which it does not."""

MOST_CHARACTERS = 12
"""Characters of a token at most: a server that tells fewer tokens counts only what is new."""


class ContextWatch:
    """Follows the length of one session's conversation and the tokens counted for it."""

    def __init__(self) -> None:
        self._characters = self._tokens = self._steps = 0

    def is_cut(self, messages: Sequence[Message], tokens: int) -> bool:
        """Whether a conversation was not read from its beginning.

        Parameters
        ----------
        messages : sequence of Message
            What was sent.
        tokens : int
            What the server counted for it; 0 where it does not say.
        """
        characters = sum([len(message["content"]) for message in messages])
        earlier, before = self._characters, self._tokens
        self._characters, self._tokens = characters, tokens
        if not tokens or not before or characters < earlier + LEAST_GROWTH:
            self._steps = 0 if characters < earlier else self._steps
            return False
        if tokens > before:
            self._steps += 1
            return False
        whole = characters <= MOST_CHARACTERS * tokens and 2 * tokens >= before
        return whole and self._steps >= LEAST_STEPS
