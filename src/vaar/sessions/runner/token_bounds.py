"""The most tokens that a call can use, also where its server tells none."""

from __future__ import annotations

from vaar.respondents.base import Reply, Request

AROUND = 16
"""Tokens that stand around a message at most: its role, its beginning and its end."""


def most_tokens(request: Request) -> int:
    """The most tokens that a conversation can have: each holds a byte of its text at least."""
    return sum(
        AROUND + (len(text) if (text := message["content"]).isascii() else len(text.encode()))
        for message in request.messages
    )


def most_received(reply: Reply, ceiling: int) -> int:
    """The most tokens that a reply can have that came without a count: those of its ceiling."""
    if not (reply.text or reply.thoughts):
        return 0
    return max(ceiling, len(reply.text.encode(errors="replace")))


class TokenBounds:
    """Learns how many tokens a respondent's server counts for a conversation."""

    def __init__(self) -> None:
        self._most: dict[str, float] = {}

    def learn(self, name: str, request: Request, sent: int) -> None:
        """Take note of how many tokens the server counted for a conversation."""
        share = sent / max(1, most_tokens(request))
        self._most[name] = max(share, self._most.get(name, 0.0))

    def sent(self, name: str, request: Request) -> int:
        """How many tokens the server will count for a conversation at most, by what is known."""
        return round(most_tokens(request) * self._most.get(name, 1.0)) + 1
