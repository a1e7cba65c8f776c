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
    """Follows the length of one session's conversation and the tokens counted for it.

    A conversation is one list that grows at its end; another list is another conversation. What has
    been measured of it is not measured again.
    """

    def __init__(self) -> None:
        self._messages: Sequence[Message] | None = None
        self._measured = self._characters = self._tokens = self._steps = 0

    def is_cut(self, messages: Sequence[Message], tokens: int) -> bool:
        """Whether a conversation was not read from its beginning.

        Parameters
        ----------
        messages : sequence of Message
            What was sent.
        tokens : int
            What the server counted for it; 0 where it does not say.
        """
        if messages is not self._messages:
            self._messages = messages
            self._measured = self._characters = self._tokens = self._steps = 0
        earlier, before = self._characters, self._tokens
        new = range(self._measured, len(messages))
        characters = earlier + sum([len(messages[place]["content"]) for place in new])
        self._measured, self._characters, self._tokens = len(messages), characters, tokens
        if not tokens or not before or characters < earlier + LEAST_GROWTH:
            return False
        if tokens > before:
            self._steps += 1
            return False
        whole = characters <= MOST_CHARACTERS * tokens and 2 * tokens >= before
        return whole and self._steps >= LEAST_STEPS
