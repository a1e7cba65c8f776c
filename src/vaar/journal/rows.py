"""Sessions and turns as rows of the journal: their columns, and the checksum that seals each."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import fields
from operator import attrgetter
from typing import Any
from zlib import crc32

from vaar.respondents.base import Reply
from vaar.sessions.records import STATUSES, Session, Turn

FORMAT = 3
"""``user_version`` of the SQLite file."""

SCHEMA = """
CREATE TABLE sessions (
    number INTEGER PRIMARY KEY,
    "group" TEXT NOT NULL,
    respondent TEXT NOT NULL,
    condition TEXT NOT NULL,
    replicate INTEGER NOT NULL,
    seed INTEGER NOT NULL,
    persona TEXT NOT NULL,
    "order" TEXT NOT NULL,
    items TEXT NOT NULL,
    options TEXT NOT NULL,
    wording TEXT NOT NULL,
    checksum INTEGER NOT NULL,
    status TEXT NOT NULL DEFAULT 'pending',
    reason TEXT
);
CREATE TABLE turns (
    session INTEGER NOT NULL REFERENCES sessions(number),
    turn INTEGER NOT NULL,
    attempt INTEGER NOT NULL,
    text TEXT NOT NULL,
    finish_reason TEXT NOT NULL,
    input_tokens INTEGER NOT NULL,
    output_tokens INTEGER NOT NULL,
    cached_tokens INTEGER NOT NULL,
    latency REAL NOT NULL,
    model TEXT NOT NULL,
    simulated INTEGER NOT NULL,
    distribution TEXT,
    mass REAL,
    checksum INTEGER NOT NULL,
    PRIMARY KEY (session, turn, attempt)
) WITHOUT ROWID;
"""

_SESSION = tuple(field.name for field in fields(Session))
_REPLY = (
    *("text", "finish_reason", "input_tokens", "output_tokens", "cached_tokens", "latency"),
    *("model", "simulated", "distribution", "mass"),
)
_REALS = tuple(3 + _REPLY.index(name) for name in ("latency", "mass"))
_session_values = attrgetter(*_SESSION)
_ORDER = _SESSION.index("instrument_order")
_N_PLANNED = len(_SESSION)
N_SESSION = _N_PLANNED + 3
"""Columns of a session: as planned, checksum, status, reason."""
N_TURN = 3 + len(_REPLY) + 1
"""Columns of a turn; the last is its checksum."""

Row = tuple[Any, ...]


def session_row(session: Session) -> Row:
    """The columns of a pending session, what was planned of it sealed with its checksum."""
    planned = _session_values(session)
    row = (*planned[:_ORDER], " ".join(session.instrument_order), *planned[_ORDER + 1 :])
    return (*row, _seal(row), "pending", None)


def session_of(row: Sequence[Any]) -> Session:
    """The session in a row of ``sessions``."""
    said = dict(zip(_SESSION, row[:_N_PLANNED], strict=True))
    return Session(**said | {"instrument_order": tuple(said["instrument_order"].split())})


def is_sound_session(row: Sequence[Any]) -> bool:
    """Whether a row of ``sessions`` is the one that was planned, with a status there is."""
    *planned, checksum, status, _ = row
    return bool(_seal(tuple(planned)) == checksum and status in STATUSES)


def turn_row(turn: Turn) -> Row:
    """All columns of a turn, sealed with its checksum."""
    reply = turn.reply
    given = reply.distribution
    row = (
        turn.session,
        turn.turn,
        turn.attempt,
        _storable(reply.text),
        _storable(reply.finish_reason),
        reply.input_tokens,
        reply.output_tokens,
        reply.cached_tokens,
        round(float(reply.latency), 6),
        _storable(reply.model),
        int(reply.simulated),
        None if given is None else json.dumps([round(share, 6) for share in given]),
        None if reply.mass is None else round(float(reply.mass), 6),
    )
    return (*row, _seal(row))


def is_sound(row: Sequence[Any]) -> bool:
    """Whether a row of ``turns`` is the one that was written."""
    return bool(_seal(tuple(row[:-1])) == row[-1])


def turn_of(row: Sequence[Any]) -> Turn:
    """The turn in a row of ``turns``."""
    (session, turn, attempt), said = row[:3], dict(zip(_REPLY, row[3:-1], strict=True))
    given = said["distribution"]
    said["distribution"] = None if given is None else tuple(json.loads(given))
    said["simulated"] = bool(said["simulated"])
    return Turn(session, turn, attempt, Reply(**said))


def with_reals(row: Sequence[Any]) -> Row:
    """A turn's row with its reals as such: SQLite files one without a fraction as an integer."""
    values = list(row)
    for column in _REALS:
        if isinstance(values[column], int):
            values[column] = float(values[column])
    return tuple(values)


def marks(columns: int) -> str:
    """Placeholders for so many columns."""
    return ", ".join("?" * columns)


def _seal(row: Row) -> int:
    return crc32(repr(row).encode())


def _storable(text: str) -> str:
    """Lone surrogates cannot be stored as UTF-8; they become question marks."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()
