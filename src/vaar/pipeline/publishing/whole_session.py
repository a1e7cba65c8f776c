"""One session of a run as the page shows it, from the first prompt to the last reply."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from vaar.coding.answer import Answer
from vaar.journal.journal import Journal
from vaar.report.section import Conversation, Turn
from vaar.sessions.transcript import Exchange, transcript
from vaar.study.model import Study
from vaar.tables.text import excerpt

LONGEST = 2000
"""Characters of a reply that are shown."""

_LOST = "(asked again, as today's rules of coding would not: the words are lost)"


def whole_session(study: Study, journal: Journal) -> Conversation | None:
    """The first session that was completed; None where none was."""
    for session, status, reason in journal.sessions():
        if status == "complete":
            turns = journal.turns_of(session.number)
            exchanges = transcript(study, session, turns, status, reason).exchanges
            told = tuple(turn for exchange in exchanges for turn in _turns(exchange))
            title = f"Session {session.number} of {session.group}, from beginning to end"
            return Conversation(title, told)
    return None


def _turns(exchange: Exchange) -> Iterator[Turn]:
    if exchange.system:
        yield Turn("system", exchange.system)
    again = ", asked again" if exchange.attempt else ""
    yield Turn(f"turn {exchange.turn + 1}{again}", exchange.prompt or _LOST)
    reply = exchange.reply.text
    shown = reply if len(reply) <= LONGEST else excerpt(reply, LONGEST)
    yield Turn("reply", shown or "(no text)", _coded(exchange.answers))


def _coded(answers: Mapping[str, Answer]) -> str:
    told = (
        f"{code}: {answer.value if answer.reason is None else answer.reason}"
        for code, answer in answers.items()
    )
    return f"coded as {', '.join(told)}"
