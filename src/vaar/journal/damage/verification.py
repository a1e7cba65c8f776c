"""Whether a journal's sessions and replies are those that were written, in their order and all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from operator import itemgetter

from vaar.journal.format import rows
from vaar.journal.format.rows import Row, Source, StoredSession
from vaar.journal.format.seals import seal_of
from vaar.sessions.records import Session
from vaar.sessions.replay import first_missing
from vaar.study.model import Study

Sources = Mapping[int, Source]


class NotAsWrittenError(Exception):
    """The journal is not as it was written; the message says where."""


def sound_sessions(table: Iterable[Row]) -> list[StoredSession]:
    """The sessions in all rows of ``sessions``, ascending.

    Raises
    ------
    NotAsWrittenError
    """
    found: list[StoredSession] = []
    for row in table:
        if not rows.is_sound_session(row):
            raise NotAsWrittenError(f"session {row[0]} is not what was written")
        if found and row[0] <= found[-1].session.number:
            raise NotAsWrittenError(f"session {row[0]} does not stand in its place")
        found.append(rows.session_of(row))
    return found


def sound_conversation(stored: StoredSession, turns: Sequence[Row], sources: Sources) -> None:
    """See that the rows of one session are those that were written.

    Raises
    ------
    NotAsWrittenError
        One is not what was written, does not stand in its place or, where the session has ended,
        one is missing or should not be there.
    """
    number, before, follows = stored.session.number, (-1, -1), None
    keys = []
    for row in turns:
        place, checksum = row[1:3], row[-1]
        if not rows.is_sound_turn(row, sources.get(row[rows.TURN_SOURCE])):
            raise NotAsWrittenError(f"session {number}, turn {row[1]} is not what was written")
        if place <= before:
            raise NotAsWrittenError(f"session {number}, turn {row[1]} does not stand in its place")
        if row[rows.TURN_FOLLOWS] != follows:
            raise NotAsWrittenError(f"session {number} lacks a reply before turn {row[1]}")
        before, follows = place, checksum
        keys.append((*place, checksum))
    if seal_of(number, stored.status, stored.reason, keys) != stored.seal:
        raise NotAsWrittenError(
            f"session {number} is {stored.status}, and its replies are not those that were sealed"
        )


def sound_conversations(
    sessions: Sequence[StoredSession],
    turns: Iterable[Row],
    sources: Sources,
    study: Study | None = None,
) -> Iterator[tuple[StoredSession, list[Row]]]:
    """All sessions of a journal, each with the rows of its turns.

    Parameters
    ----------
    sessions : sequence of StoredSession
        All of them, ascending.
    turns : iterable of Row
        All rows of ``turns``, ordered by session, turn and attempt.
    study : Study, optional
        What was asked; each complete session is then held against it too.

    Raises
    ------
    NotAsWrittenError
        As of :func:`sound_conversation`, or a session has replies and is not there.
    """
    told = _grouped(turns)
    number, own = next(told, _NO_MORE)
    for stored in sessions:
        here = own if number == stored.session.number else []
        if study is not None and stored.status == "complete":
            _require_complete(study, stored.session, here)
        sound_conversation(stored, here, sources)
        yield stored, here
        if number == stored.session.number:
            number, own = next(told, _NO_MORE)
    if own:
        raise NotAsWrittenError(
            f"replies of session {number} stand where no such session is, or not in their place"
        )


_NO_MORE: tuple[None, list[Row]] = (None, [])


def _grouped(turns: Iterable[Row]) -> Iterator[tuple[object, list[Row]]]:
    for number, group in groupby(turns, key=itemgetter(0)):
        yield number, list(group)


def _require_complete(study: Study, session: Session, turns: Sequence[Row]) -> None:
    keys = [(row[1], row[2]) for row in turns]
    if (missing := first_missing(study, session, keys)) is not None:
        raise NotAsWrittenError(
            f"session {session.number} is complete, and its turn {missing} is missing"
        )
