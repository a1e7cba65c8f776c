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

    def leave(self, reply: Reply | None) -> None:
        """An observed call ended, with a reply or without."""
        self._under_way -= 1
        if reply is not None:
            kind = kind_of(reply)
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
        }
        return ", ".join(
            f"{self._seen[kind]} {said}" for kind, said in words.items() if self._seen[kind]
        )

    @property
    def thinks(self) -> bool:
        """Whether thoughts were seen."""
        return self._seen["thoughts"] > 0

    @property
    def _most(self) -> int:
        return FIRST_REPLIES

    @property
    def _bad(self) -> int:
        return self._seen["thoughts"] + self._seen["cut"] + self._seen["empty"]

    def _wake(self) -> None:
        waiting, self._waiting = self._waiting, []
        for waiter in waiting:
            if not waiter.done():
                waiter.set_result(None)


def kind_of(reply: Reply) -> str:
    """``'answer'``, where it may hold one, ``'withheld'``, or how it fails to.

    A cut reply may hold one only where it is a number.
    """
    reason = reply.finish_reason.lower()
    if _WITHHELD.search(reason):
        return "withheld"
    text, cut = reply.text.strip(), _CUT.search(reason) is not None
    if text and (not cut or _A_NUMBER.fullmatch(text)):
        return "answer"
    if reply.thoughts or reply.reasoning_tokens:
        return "thoughts"
    return "cut" if cut else "empty"
