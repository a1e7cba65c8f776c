"""Sessions that are another one over again: the same seed, and the same conversation byte by byte.

A group comes to such sessions where runs of one seed are brought together that drew the seeds of
their turns differently, and whoever answered heeds the session's seed alone, or none.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b

from vaar.responses.coded import Conversation
from vaar.sessions.records import Said, Session

Repeated = Counter[str]
"""Sessions that were left out for repeating another one, by group as it was asked."""


def said_once(
    conversations: Iterable[Conversation], planned: Sequence[Session], repeated: Repeated
) -> Iterator[Conversation]:
    """Leave out each conversation of a group that an earlier one under the same seed is.

    Parameters
    ----------
    conversations : iterable of Conversation
        As the journal has them.
    planned : sequence of Session
        All sessions of the run.
    repeated : Counter
        What is left out is counted here, as the conversations are taken.
    """
    twice = _seeds_twice(planned)
    if not twice:
        yield from conversations
        return
    heard: set[tuple[str, int, bytes]] = set()
    for session, said in conversations:
        if said and (session.group, session.seed) in twice:
            key = session.group, session.seed, _fingerprint(session, said)
            if key in heard:
                repeated[session.group] += 1
                continue
            heard.add(key)
        yield session, said


def _seeds_twice(planned: Sequence[Session]) -> set[tuple[str, int]]:
    """Seeds that several sessions of a group have; sessions of one drawing have different ones."""
    if len({(session.run_seed, session.earlier) for session in planned}) < 2:
        return set()
    counts = Counter((session.group, session.seed) for session in planned)
    return {key for key, n in counts.items() if n > 1}


def _fingerprint(session: Session, said: Sequence[Said]) -> bytes:
    """Of what a session was given and what it replied; its group says the rest."""
    given = (
        *(session.persona, session.instrument_order, session.item_order),
        *(session.scale_direction, session.paraphrase, session.facts),
    )
    replies = [(one.turn, one.attempt, one.text) for one in said]
    return blake2b(repr((given, replies)).encode(), digest_size=16).digest()
