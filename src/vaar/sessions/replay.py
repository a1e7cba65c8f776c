"""Replies that are there already, held against what the session asks."""

from __future__ import annotations

from collections.abc import Sequence

from vaar.sessions.protocol import conduct
from vaar.sessions.questions import number_of_turns
from vaar.sessions.records import Session, Turn
from vaar.study.model import Study


def first_missing(study: Study, session: Session, keys: Sequence[tuple[int, int]]) -> int | None:
    """The first turn of a complete session without a reply; None where every one has its replies.

    Which replies had to be asked again is not looked into, for that depends on the coding rules of
    the day.

    Parameters
    ----------
    keys : sequence of (int, int)
        Turn and attempt of every reply, ascending.
    """
    before, attempt = -1, study.limits.reasks
    for turn, now in keys:
        again = turn == before and now == attempt + 1 <= study.limits.reasks
        if not again and (turn, now) != (before + 1, 0):
            return before + 1
        before, attempt = turn, now
    return None if before + 1 == number_of_turns(study, session) else before + 1


def replay(
    study: Study, session: Session, turns: Sequence[Turn], *, by_the_rules: bool = False
) -> tuple[int, bool]:
    """How many replies follow one another without a gap, and whether they end the session.

    Parameters
    ----------
    by_the_rules : bool
        Whether an item must have been asked again exactly where today's coding rules would; else
        the replies themselves tell where it was, so that replies collected under other rules pass.
    """
    conversation = conduct(study, session, () if by_the_rules else turns)
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
