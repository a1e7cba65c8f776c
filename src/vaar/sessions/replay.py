"""Replies that are there already, held against what the session asks."""

from __future__ import annotations

from collections.abc import Sequence

from vaar.sessions.protocol import conduct
from vaar.sessions.records import Session, Turn
from vaar.study.model import Study


def replay(study: Study, session: Session, turns: Sequence[Turn]) -> tuple[int, bool]:
    """How many replies follow one another without a gap, and whether they end the session."""
    conversation = conduct(study, session)
    kept = 0
    try:
        ask = next(conversation)
        for turn in turns:
            if (turn.turn, turn.attempt) != (ask.turn, ask.attempt):
                break
            kept += 1
            ask = conversation.send(turn.reply)
    except StopIteration:
        return kept, True
    return kept, False
