"""The seal of a session that has ended: which turns it has, in which order, and how it ended.

A seal holds together what the checksums hold one by one: a reply that is taken out or put in, an
older version of one, another status or reason. It finds damage and careless edits; it has no key,
so whoever changes a journal on purpose can make it anew.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import blake2b

from vaar.sessions.records import Status

SIZE = 16
"""Bytes of a seal."""

TurnKey = tuple[int, int, int]
"""Turn, attempt and checksum of a row of ``turns``."""


def seal_of(
    session: int, status: Status, reason: str | None, turns: Iterable[TurnKey]
) -> bytes | None:
    """The seal of a session.

    Parameters
    ----------
    session : int
        Its number.
    turns : iterable of (int, int, int)
        In the order in which they were given.

    Returns
    -------
    bytes or None
        None while the session is pending.
    """
    if status == "pending":
        return None
    told = repr((session, status, reason, [tuple(turn) for turn in turns]))
    return blake2b(told.encode(errors="replace"), digest_size=SIZE).digest()
