"""Replies in a journal that came without a count of tokens, counted as the most they can be."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Protocol

from vaar.respondents.base import Request
from vaar.sessions.protocol import conduct
from vaar.sessions.records import ModelUsage, Session, Status, Turn
from vaar.sessions.runner.budget import Budget
from vaar.study.model import Study


class Replies(Protocol):
    """Where replies are kept."""

    def spent(self) -> list[ModelUsage]: ...

    def sessions(self) -> list[tuple[Session, Status, str | None]]: ...

    def turns_of(self, session: int) -> list[Turn]: ...


def count_uncounted(budget: Budget, study: Study, journal: Replies) -> None:
    """Add to a capped budget what a journal's replies can have used that it has no count of.

    Their conversations are put together again, as far as they went.
    """
    if budget.caps.tokens is None and budget.caps.cost is None:
        return
    silent = {
        part.group
        for part in journal.spent()
        if part.replies and not (part.input_tokens or part.output_tokens)
    }
    for session, _, _ in journal.sessions() if silent else ():
        if session.group in silent:
            _count(budget, study, session, journal.turns_of(session.number))


def _count(budget: Budget, study: Study, session: Session, turns: Iterable[Turn]) -> None:
    conversation = conduct(study, session)
    try:
        ask = next(conversation)
        for turn in turns:
            if (turn.turn, turn.attempt) != (ask.turn, ask.attempt):
                return
            request = Request(ask.messages, 0, study.temperature, ask.max_tokens)
            counted_already = turn.reply.cost is not None
            reply = replace(turn.reply, cost=0.0) if counted_already else turn.reply
            budget.add(session.respondent, reply, request)
            ask = conversation.send(turn.reply)
    except StopIteration:
        return
