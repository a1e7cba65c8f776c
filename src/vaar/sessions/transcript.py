"""A session's conversation, rebuilt from the study and the replies that were kept."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from vaar.coding.answer import Answer
from vaar.respondents.base import Message, Reply
from vaar.sessions.protocol import TurnRequest, code_turn, conduct
from vaar.sessions.questions import Question, questions
from vaar.sessions.records import Session, Status, Turn
from vaar.study.model import Study


@dataclass(frozen=True)
class Exchange:
    """One prompt and the reply to it.

    Attributes
    ----------
    turn, attempt : int
        Position in the session, counted from 0; re-asks share the turn of their first ask.
    system : str or None
        The system message (empty: none), where a conversation begins here; else None.
    prompt : str or None
        What was asked; None where it cannot be told, as a reply before it is missing.
    reply : Reply
    answers : mapping of str to Answer
        The reply as it is coded today, for each item that the turn asks.
    """

    turn: int
    attempt: int
    instrument: str
    system: str | None
    prompt: str | None
    reply: Reply
    answers: dict[str, Answer]


@dataclass(frozen=True)
class Transcript:
    """A session with its whole conversation.

    Attributes
    ----------
    reason : str
        Why it failed; else empty.
    """

    session: Session
    status: Status
    reason: str
    exchanges: tuple[Exchange, ...]

    @property
    def messages(self) -> list[Message]:
        """System messages, prompts and replies, in order, as one list."""
        return [message for exchange in self.exchanges for message in _messages(exchange)]


def transcript(
    study: Study, session: Session, turns: Sequence[Turn], status: Status, reason: str | None
) -> Transcript:
    """Rebuild the conversation of a session.

    Parameters
    ----------
    turns : sequence of Turn
        The replies of the session, in order.
    """
    by_turn = {question.turn: question for question in questions(study, session)}
    prompts = _prompts(study, session, turns)
    exchanges = tuple(_exchange(by_turn[turn.turn], turn, next(prompts, None)) for turn in turns)
    return Transcript(session, status, reason or "", exchanges)


def requests(study: Study, session: Session) -> Iterator[TurnRequest]:
    """Every request of a session in which each item is answered at once, as it would be sent.

    The replies in the messages are empty, for nobody has given them.
    """
    conversation = conduct(study, session)
    try:
        request = next(conversation)
        while True:
            messages = [m if m["role"] != "assistant" else _said("") for m in request.messages]
            yield replace(request, messages=tuple(messages))
            request = conversation.send(Reply(_usable(request)))
    except StopIteration:
        return


_Told = tuple[str | None, str] | None


def _prompts(study: Study, session: Session, turns: Sequence[Turn]) -> Iterator[_Told]:
    """System message (None within a conversation) and prompt of each turn, up to a gap."""
    conversation = conduct(study, session, turns)
    try:
        request = next(conversation)
        for turn in turns:
            if (request.turn, request.attempt) != (turn.turn, turn.attempt):
                return
            yield _system(request), request.messages[-1]["content"]
            request = conversation.send(turn.reply)
    except StopIteration:
        return


def _system(request: TurnRequest) -> str | None:
    first, *others = request.messages
    if first["role"] == "system":
        return first["content"] if len(others) == 1 else None
    return None if others else ""


def _exchange(question: Question, turn: Turn, told: _Told) -> Exchange:
    system, prompt = told or (None, None)
    return Exchange(
        turn=turn.turn,
        attempt=turn.attempt,
        instrument=question.instrument.code,
        system=system,
        prompt=prompt,
        reply=turn.reply,
        answers=code_turn(question, question.codes, turn.reply),
    )


def _messages(exchange: Exchange) -> Iterator[Message]:
    if exchange.system:
        yield {"role": "system", "content": exchange.system}
    if exchange.prompt is not None:
        yield {"role": "user", "content": exchange.prompt}
    yield _said(exchange.reply.text)


def _said(text: str) -> Message:
    return {"role": "assistant", "content": text}


def _usable(request: TurnRequest) -> str:
    """A reply that answers everything a request asks."""
    if request.schema is None:
        return request.choices[0] if request.choices else "a"
    first = {code: own["enum"][0] for code, own in request.schema["properties"].items()}
    return json.dumps(first)
