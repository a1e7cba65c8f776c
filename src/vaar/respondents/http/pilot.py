"""The first calls to a model: one alone, then few, until one reply may hold an answer.

The first call shows what the server takes, and every other waits for that. A model that spends
its ceiling on thoughts shows it in its first replies, before many of them are paid for.
"""

from __future__ import annotations

import asyncio
import re
from collections import Counter

from vaar.respondents.base import Reply

FIRST_REPLIES = 10
"""Replies, all of them cut or empty, after which a model is not asked further."""

_A_NUMBER = re.compile(r"\W*[0-9]+(?:[.,][0-9]+)?\W*")

LEAST_MASS = 0.01
"""Where all answers together are less likely than this, a model was not about to answer."""

_WITHHELD = re.compile(r"filter|safety|refus|sensitiv|prohibit|block|recitation|spii|polic|flag")
_CUT = re.compile(r"length|limit|max|token|context|window|truncat|incomplete|budget")


class Pilot:
    """Lets the first calls through, and judges their replies.

    Attributes
    ----------
    open : bool
        Whether calls go on unobserved.
    stopped : bool
        Whether the first replies were all cut or empty.
    """

    def __init__(self) -> None:
        self.open = False
        self.stopped = False
        self._answered = False
        self._under_way = 0
        self._seen: Counter[str] = Counter()
        self._waiting: list[asyncio.Future[None]] = []

    async def enter(self) -> bool:
        """Wait until one more call may be made; whether it is observed."""
        while not (self.open or self.stopped):
            if self._under_way < (self._most - self._bad if self._answered else 1):
                self._under_way += 1
                return True
            waiter = asyncio.get_running_loop().create_future()
            self._waiting.append(waiter)
            await waiter
        return False

    def answered(self) -> None:
        """The server has answered a call in a way that is not adapted to."""
        if not self._answered:
            self._answered = True
            self._wake()

    def leave(self, reply: Reply | None, forced: bool = False) -> None:
        """An observed call ended, with a reply or without.

        Parameters
        ----------
        forced : bool
            Whether the answer was drawn from its probabilities, or written under a schema.
        """
        self._under_way -= 1
        if reply is not None:
            kind = "unlikely" if forced and _is_unlikely(reply) else kind_of(reply)
            self._seen[kind] += 1
            self.open = self.open or kind == "answer"
            self.stopped = not self.open and self._bad >= self._most
        self._answered = True
        self._wake()

    def told(self) -> str:
        """What the first replies were: ``'8 cut at the ceiling after thoughts, 2 empty'``."""
        words = {
            "thoughts": "spent on thoughts",
            "cut": "cut at the ceiling",
            "empty": "without any text",
            "unlikely": f"of which less than {LEAST_MASS:.0%} was the probability of any answer",
        }
        return ", ".join(
            f"{self._seen[kind]} {said}" for kind, said in words.items() if self._seen[kind]
        )

    @property
    def thinks(self) -> bool:
        """Whether thoughts were seen."""
        return self._seen["thoughts"] > 0

    @property
    def begins_otherwise(self) -> bool:
        """Whether replies were seen that would hardly have begun with an answer."""
        return self._seen["unlikely"] > 0

    @property
    def _most(self) -> int:
        return FIRST_REPLIES

    @property
    def _bad(self) -> int:
        return sum(self._seen[kind] for kind in ("thoughts", "cut", "empty", "unlikely"))

    def _wake(self) -> None:
        waiting, self._waiting = self._waiting, []
        for waiter in waiting:
            if not waiter.done():
                waiter.set_result(None)


def kind_of(reply: Reply) -> str:
    """``'answer'``, where it may hold one, ``'withheld'``, or how it fails to.

    A cut reply may hold one only where it is a number.
    """
    if is_withheld(reply.finish_reason):
        return "withheld"
    text, cut = reply.text.strip(), is_cut(reply.finish_reason)
    if text and (not cut or _A_NUMBER.fullmatch(text)):
        return "answer"
    if reply.thoughts or reply.reasoning_tokens:
        return "thoughts"
    return "cut" if cut else "empty"


def is_withheld(finish_reason: str) -> bool:
    """Whether a filter or a refusal ended a reply."""
    return _WITHHELD.search(finish_reason.lower()) is not None


def is_cut(finish_reason: str) -> bool:
    """Whether a ceiling ended a reply."""
    return _CUT.search(finish_reason.lower()) is not None


def _is_unlikely(reply: Reply) -> bool:
    return reply.mass is not None and reply.mass < LEAST_MASS
