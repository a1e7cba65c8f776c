"""One session: what is asked next, given what has been answered so far.

The protocol is a generator without input or output of its own. Whoever drives it sends the
replies: from a respondent while a session runs, from the journal when one is resumed.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from vaar.coding.answer import Answer, Reason
from vaar.coding.block import code_block
from vaar.coding.reply import code_reply
from vaar.coding.thoughts import said_aloud
from vaar.respondents.base import Message, Reply
from vaar.sessions import prompts
from vaar.sessions.administered import framing_of
from vaar.sessions.questions import Question, questions
from vaar.sessions.records import Said, Session, Turn
from vaar.study.conditions import ResponseForm
from vaar.study.model import Limits, ResponseScale, Study


@dataclass(frozen=True, slots=True)
class TurnRequest:
    """One request of a session.

    Attributes
    ----------
    turn : int
        Position in the session, counted from 0; re-asks share the turn of their first ask.
    attempt : int
        0 for the first ask, 1, 2, … for re-asks.
    messages : sequence of Message
        The conversation so far. The session owns and extends it.
    choices : tuple of str
        The answers among which one item's is asked for; empty for a block, and for an item that is
        answered in words.
    response : {'text', 'choice', 'schema'}
        How the answer to one item is to come about.
    """

    turn: int
    attempt: int
    messages: Sequence[Message]
    max_tokens: int
    schema: dict[str, Any] | None
    choices: tuple[str, ...] = ()
    response: ResponseForm = "text"


@lru_cache(maxsize=256)
def _choices(scale: ResponseScale) -> tuple[str, ...]:
    return tuple(map(str, scale.values))


_SHORT = 200
_short_aloud = lru_cache(maxsize=4096)(said_aloud)  # most replies are one of few short texts
_code_item = lru_cache(maxsize=4096)(code_reply)  # most replies to a scale are one of few texts


def code_turn(question: Question, codes: Sequence[str], reply: Reply | Said) -> dict[str, Answer]:
    """Code one reply for the items that it was asked for: values are points of their scales."""
    scale = question.scale
    if scale is None:
        return {question.codes[0]: Answer(None, Reason.NOT_CODED)}
    if question.block:
        answers = code_block(reply.text, codes, scale, reply.finish_reason)
    else:
        answers = {question.codes[0]: _code_item(reply.text, scale, reply.finish_reason)}
    if not question.mirrored:
        return answers
    return {code: _mirrored(answer, scale) for code, answer in answers.items()}


def _mirrored(answer: Answer, scale: ResponseScale) -> Answer:
    return answer if answer.value is None else Answer(scale.mirrored(answer.value))


def conduct(
    study: Study, session: Session, recorded: Sequence[Turn] = ()
) -> Generator[TurnRequest, Reply, None]:
    """Conduct one session: yield each request, take each reply.

    Parameters
    ----------
    recorded : sequence of Turn
        Replies that are there already, in their order. They, not today's coding rules, tell after
        which of them the item was asked again, so that a session which was begun under other
        rules can be gone on with; send each of them as its request comes.

    Yields
    ------
    TurnRequest
        What to send next. Send the :class:`Reply` back. The generator ends after the last item.
    """
    condition = study.condition[session.condition]
    messages: list[Message] = []
    asked_again = _AskedAgain(recorded)
    for question in questions(study, session):
        fresh = condition.history != "carried" and question.opens_instrument
        if not messages or fresh:
            framing = framing_of(study, condition, session, question.item)
            messages = [{"role": "system", "content": framing}] if framing else []
        yield from _put_question(question, messages, study, asked_again)


class _AskedAgain:
    """After which replies the record shows that the item was asked again."""

    def __init__(self, recorded: Sequence[Turn]) -> None:
        self._keys = {(turn.turn, turn.attempt) for turn in recorded}
        self._last = max(self._keys, default=None)

    def after(self, turn: int, attempt: int) -> bool | None:
        """None where the record does not tell."""
        told = self._last is not None and (turn, attempt) < self._last
        return (turn, attempt + 1) in self._keys if told else None


def _put_question(
    question: Question, messages: list[Message], study: Study, asked_again: _AskedAgain
) -> Generator[TurnRequest, Reply, None]:
    waiting: tuple[str, ...] = question.codes
    reasks = study.limits.reasks if question.response == "text" else 0  # nothing to misread
    for attempt in range(reasks + 1):
        words, ceiling, schema, choices = _put(question, waiting, attempt, study.limits)
        messages.append({"role": "user", "content": words})
        reply = yield TurnRequest(
            question.turn, attempt, messages, ceiling, schema, choices, question.response
        )
        messages.append(_said(reply))
        answers = code_turn(question, waiting, reply)
        unanswered = tuple(code for code in waiting if _is_open(answers[code]))
        again = asked_again.after(question.turn, attempt)
        if not (bool(unanswered) if again is None else again):
            return
        waiting = unanswered or waiting


def _said(reply: Reply) -> Message:
    """A reply as the conversation goes on with it: thoughts are no part of what was said."""
    text = reply.text
    said = _short_aloud(text) if len(text) < _SHORT else said_aloud(text)
    if reply.thoughts:
        return {"role": "assistant", "content": said, "thoughts": reply.thoughts}
    return {"role": "assistant", "content": said}


def wording(question: Question, waiting: Sequence[str], attempt: int = 0) -> str:
    """The words of a turn, or of its re-ask, for the items that have no answer yet."""
    instrument, item = question.instrument, question.item
    if question.block:
        return (
            prompts.block_reminder(instrument, waiting)
            if attempt
            else prompts.block_question(instrument, question.scale_direction)
        )
    if attempt and question.scale is not None:
        return prompts.item_reminder(instrument, item)
    first = question.opens_instrument and not attempt
    directions = question.scale_direction, question.opening_direction
    return prompts.item_question(instrument, item, first, *directions)


@lru_cache(maxsize=4096)
def _put(
    question: Question, waiting: tuple[str, ...], attempt: int, limits: Limits
) -> tuple[str, int, dict[str, Any] | None, tuple[str, ...]]:
    """Words, ceiling, schema and choices of a turn, or of its re-ask."""
    return (
        wording(question, waiting, attempt),
        ceiling_of(limits, question, waiting),
        prompts.block_schema(question.instrument, waiting) if question.block else None,
        () if question.block or question.scale is None else _choices(question.scale),
    )


def ceiling_of(limits: Limits, question: Question, waiting: Sequence[str]) -> int:
    """Most tokens of the reply to a question."""
    own = question.item.reply_tokens
    each = own if own is not None and not question.block else limits.reply_tokens
    return each * len(waiting)


def _is_open(answer: Answer) -> bool:
    """Whether an item may be asked again."""
    return answer.value is None and answer.reason is not Reason.NOT_CODED
