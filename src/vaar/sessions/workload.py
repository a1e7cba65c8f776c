"""What sessions are expected to send and to receive, estimated from the length of the text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass

from vaar.sessions.administered import framing_of
from vaar.sessions.protocol import ceiling_of, wording
from vaar.sessions.questions import Question, questions
from vaar.sessions.records import Session
from vaar.study.model import Study

CHARACTERS_PER_TOKEN = 4
"""Usual for English prose."""

REPLY_TOKENS = 2
"""Of a reply to one item: a number."""

BLOCK_REPLY_TOKENS = 8
"""Of a block's reply, for each item: a code and its number."""

CHOICE_TOKENS = 1
"""Of an answer that is drawn from the probabilities of the first token."""

SCHEMA_TOKENS = 7
"""Of an answer in a JSON object."""

REASKED = 0.1
"""Re-asks that are expected for each question."""

_SAMPLED = 32  # sessions of a group whose length is looked at


@dataclass(frozen=True)
class Workload:
    """What sessions are expected to send and to receive.

    Attributes
    ----------
    turns : float
        Requests.
    input_tokens : float
        History is counted each time it is sent.
    output_tokens, reasoning_tokens : float
        Received; the latter are part of the former.
    """

    turns: float
    input_tokens: float
    output_tokens: float
    reasoning_tokens: float = 0.0

    def __add__(self, other: Workload) -> Workload:
        """Both together."""
        return Workload(*(a + b for a, b in zip(astuple(self), astuple(other), strict=True)))


NO_WORK = Workload(0.0, 0.0, 0.0)


def expected_workload(
    study: Study, session: Session, reasks: float = REASKED, thoughts: int = 0
) -> Workload:
    """Estimate one session's turns and tokens.

    Parameters
    ----------
    reasks : float
        Re-asks of each question.
    thoughts : int
        Tokens that a model spends on thoughts before each reply.
    """
    condition = study.condition[session.condition]
    turns = sent = said = history = 0.0
    for question in questions(study, session):
        if not turns or (condition.history != "carried" and question.opens_instrument):
            history = _tokens(framing_of(study, condition, session, question.item))
        asked_once = question.scale is None or question.response != "text"
        reply, reasked = _reply_tokens(study, question), 0.0 if asked_once else reasks
        history += _tokens(wording(question, question.codes))
        again = reply + _tokens(wording(question, question.codes, attempt=1))
        # the k-th re-ask, of which there are as many as asked for on average, sends k more of both
        sent += (1 + reasked) * history + again * reasked * (reasked + 1) / 2
        said += (1 + reasked) * reply
        turns += 1 + reasked
        kept = reply if question.response == "text" else CHOICE_TOKENS
        history += kept + reasked * again
    return Workload(turns, sent, said + turns * thoughts, turns * thoughts)


def _reply_tokens(study: Study, question: Question) -> int:
    if question.scale is None:  # words, of which a ceiling is all that is known
        return ceiling_of(study.limits, question, question.codes)
    if question.response != "text":
        return CHOICE_TOKENS if question.response == "choice" else SCHEMA_TOKENS
    return BLOCK_REPLY_TOKENS * len(question.codes) if question.block else REPLY_TOKENS


def expected_total(
    study: Study, sessions: Sequence[Session], reasks: float = REASKED, thoughts: int = 0
) -> Workload:
    """Estimate the turns and tokens of a group's sessions from the first of them."""
    loads = [expected_workload(study, s, reasks, thoughts) for s in sessions[:_SAMPLED]]
    scale = len(sessions) / max(len(loads), 1)
    return Workload(*(scale * sum(part) for part in zip(*map(astuple, loads), strict=True)))


def _tokens(text: str) -> float:
    return len(text) / CHARACTERS_PER_TOKEN
