"""The union of several journals of one run: nothing lost, nothing twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from vaar.errors import RunDirectoryError
from vaar.journal.database import unplanned
from vaar.journal.format.rows import StoredSession
from vaar.journal.journal import Journal
from vaar.sessions.plan import SessionKey, session_key
from vaar.sessions.records import Session, Status, Turn

_FINALITY: tuple[Status, ...] = ("pending", "failed", "complete")


@dataclass(frozen=True)
class _Copy:
    """What one journal holds of a session."""

    journal: Journal
    status: Status
    reason: str | None
    turns: list[Turn]

    @property
    def extent(self) -> tuple[int, int]:
        """Further answered first; of two that are answered alike, the one that ended."""
        return len(self.turns), _FINALITY.index(self.status)


@dataclass(frozen=True)
class United:
    """What came together.

    Attributes
    ----------
    sessions : Counter
        By status.
    twice : int
        Sessions that several sources have replies to; each counts once.
    """

    sessions: Counter[Status]
    twice: int


def unite(sources: Sequence[Journal], planned: Sequence[Session], into: Journal) -> United:
    """Enter into an empty journal what several others hold of a run.

    Where two hold the same session, one must be the beginning of the other.

    Parameters
    ----------
    planned : sequence of Session
        All sessions of the run; one that no source holds is entered as pending.

    Raises
    ------
    RunDirectoryError
        A source is damaged, holds a session that is not planned, or holds other replies than
        another source.
    """
    held = [_held(source, planned) for source in sources]
    into.plan(planned)
    counts: Counter[Status] = Counter()
    twice = 0
    for session in planned:
        copies = list(_copies(session, sources, held))
        furthest = max(copies, key=lambda copy: copy.extent, default=None)
        if furthest is None:
            counts["pending"] += 1
            continue
        for copy in copies:
            _require_beginning(session, copy, furthest)
        into.enter(furthest.turns, [(session.number, furthest.status, furthest.reason)])
        counts[furthest.status] += 1
        twice += sum(bool(copy.turns) for copy in copies) > 1
    return United(counts, twice)


_Held = dict[SessionKey, StoredSession]


def _held(source: Journal, planned: Sequence[Session]) -> _Held:
    """What a journal holds, by what its sessions are known by; their numbers may be others."""
    by_key = {session_key(session): session for session in planned}
    held: _Held = {}
    for stored in source.stored_sessions():
        session, key = stored.session, session_key(stored.session)
        if _as_planned(session) != _as_planned(by_key.get(key)):
            raise unplanned(source.path, session)
        held[key] = stored
    return held


def _as_planned(session: Session | None) -> Session | None:
    """A session without its place in a plan."""
    return session and replace(session, number=0, replicate=0, earlier=0)


def _copies(session: Session, sources: Sequence[Journal], held: Sequence[_Held]) -> Iterator[_Copy]:
    for source, its in zip(sources, held, strict=True):
        if stored := its.get(session_key(session)):
            turns = [
                replace(turn, session=session.number)
                for turn in source.turns_of(stored.session.number)
            ]
            yield _Copy(source, stored.status, stored.reason, turns)


def _require_beginning(session: Session, copy: _Copy, furthest: _Copy) -> None:
    for one, other in zip(copy.turns, furthest.turns, strict=False):
        if one != other:
            raise RunDirectoryError(
                f"session {session.number} ({session.group}, replicate {session.replicate}) was "
                f"asked twice: {copy.journal.path} and {furthest.journal.path} hold different "
                f"replies to turn {one.turn}. Leave one of the two directories out."
            )
