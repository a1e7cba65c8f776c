"""Sessions and turns as rows of the journal: their columns, and the checksum of each.

A checksum is the CRC-32 of a row as it is read, what stands in ``sources`` in its place. It finds
damage and careless edits. It has no key, so it does not stop whoever means to change a row.
"""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Iterable, Sequence
from functools import lru_cache
from operator import attrgetter
from sys import intern
from typing import Any, NamedTuple
from zlib import crc32

from vaar.respondents.base import Reply
from vaar.sessions.records import STATUSES, Said, Session, Status, Turn

Row = tuple[Any, ...]
Source = tuple[Any, ...]

PLANNED = (
    *("number", "group", "respondent", "condition", "replicate", "seed", "persona"),
    *("instrument_order", "item_order", "scale_direction", "paraphrase", "facts", "run_seed"),
    "earlier",
)
"""Columns of a session as it was planned; then come status, reason, seal and checksum."""

N_SESSION = len(PLANNED) + 4
N_SOURCE = 8
N_TURN = 18
TURN_SOURCE = 4
"""Place of the source's id in a row of ``turns``."""

TURN_FOLLOWS = 16
"""Place of the checksum of the turn before."""

_TURN_REALS = (12, 14)
_MOST = 2**40  # of a count; what is more is none
_MICRO, _NANO = 10**6, 10**9
_session_values = attrgetter(*PLANNED)
_ORDER, _FACTS = PLANNED.index("instrument_order"), PLANNED.index("facts")
_source_values = attrgetter(
    "finish_reason", "model", "simulated", "provider", "system_fingerprint", "service_tier"
)


class StoredSession(NamedTuple):
    """A session with how it ended, and the seal of what was said in it."""

    session: Session
    status: Status
    reason: str | None
    seal: bytes | None


def session_row(
    session: Session,
    status: Status = "pending",
    reason: str | None = None,
    seal: bytes | None = None,
) -> Row:
    """The columns of a session."""
    values = list(_session_values(session))
    values[_ORDER] = " ".join(session.instrument_order)
    values[_FACTS] = json.dumps(session.facts, ensure_ascii=False) if session.facts else None
    return with_checksum((*values, status, None if reason is None else storable(reason), seal))


def session_of(row: Sequence[Any]) -> StoredSession:
    """The session in a row of ``sessions``; words that come again and again are held once."""
    said: list[Any] = [
        intern(value) if type(value) is str else value for value in row[: len(PLANNED)]
    ]
    said[_ORDER], said[_FACTS] = _order_in(said[_ORDER]), _facts_in(said[_FACTS])
    return StoredSession(Session(*said), *row[-4:-1])


@lru_cache(maxsize=1024)
def _order_in(text: str) -> tuple[str, ...]:
    return tuple(map(intern, text.split()))


@lru_cache(maxsize=1024)
def _facts_in(text: str | None) -> tuple[tuple[str, str], ...]:
    return tuple((fact, level) for fact, level in json.loads(text or "[]"))


def is_sound_session(row: Sequence[Any]) -> bool:
    """Whether a row of ``sessions`` is the one that was written."""
    return is_sound(row) and row[-4] in STATUSES


def source_of(reply: Reply) -> Source:
    """What repeats from reply to reply."""
    return _source(*_source_values(reply))


@lru_cache(maxsize=256)
def _source(finish_reason: str, model: str, simulated: bool, *further: str) -> Source:
    return (
        storable(finish_reason),
        storable(model),
        int(simulated),
        *(storable(told) or None for told in further),
    )


def source_row(number: int, source: Source) -> Row:
    """All columns of a source."""
    return with_checksum((number, *source))


def turn_row(turn: Turn, source: Source, source_id: int, follows: int | None) -> Row:
    """All columns of a turn.

    Parameters
    ----------
    follows : int or None
        Checksum of the turn before it in its session; None for the first.
    """
    reply = turn.reply
    shares = None if reply.distribution is None else _packed(reply.distribution)
    row = (
        turn.session,
        turn.turn,
        turn.attempt,
        storable(reply.text),
        source,
        _count(reply.input_tokens),
        _count(reply.output_tokens),
        _count(reply.cached_tokens),
        _count(reply.cache_write_tokens),
        _count(reply.reasoning_tokens),
        _microseconds(reply.latency),
        turn.seed,
        _finite(reply.cost),
        shares,
        None if reply.distribution is not None and shares is None else _finite(reply.mass),
        storable(reply.thoughts) or None,
        follows,
    )
    return (*row[:TURN_SOURCE], source_id, *row[TURN_SOURCE + 1 :], _checksum(row))


def turn_of(row: Sequence[Any], source: Source) -> Turn:
    """The turn in a row of ``turns``."""
    finish_reason, model, simulated, *further = source
    return Turn(
        row[0],
        row[1],
        row[2],
        Reply(
            text=row[3],
            finish_reason=finish_reason,
            input_tokens=row[5],
            output_tokens=row[6],
            cached_tokens=row[7],
            latency=row[10] / _MICRO,
            model=model,
            simulated=bool(simulated),
            distribution=None if row[13] is None else _unpacked(row[13]),
            mass=row[14],
            reasoning_tokens=row[9],
            cache_write_tokens=row[8],
            cost=row[12],
            provider=further[0] or "",
            system_fingerprint=further[1] or "",
            service_tier=further[2] or "",
            thoughts=row[15] or "",
        ),
        row[11],
    )


def said_of(row: Sequence[Any], source: Source) -> Said:
    """What the turn in a row of ``turns`` says and took."""
    shares = row[13]
    return Said(
        row[1],
        row[2],
        row[3],
        source[0],
        row[5] + row[6],
        row[10] / _MICRO,
        None if shares is None else _unpacked(shares),
        row[14],
    )


def is_sound_turn(row: Sequence[Any], source: Source | None) -> bool:
    """Whether a row of ``turns``, with its source, is the one that was written."""
    if source is None:
        return False
    told = (*row[:TURN_SOURCE], source, *row[TURN_SOURCE + 1 : -1])
    return bool(_checksum(told) == row[-1])


def is_sound(row: Sequence[Any]) -> bool:
    """Whether a row whose last column is its checksum is the one that was written."""
    return bool(_checksum(tuple(row[:-1])) == row[-1])


def with_checksum(row: Row) -> Row:
    """A row with its checksum behind it."""
    return (*row, _checksum(row))


def with_reals(row: Sequence[Any], reals: Iterable[int] = _TURN_REALS) -> Row:
    """A turn's row with its reals as such: SQLite files one without a fraction as an integer."""
    values = list(row)
    for column in reals:
        if isinstance(values[column], int):
            values[column] = float(values[column])
    return tuple(values)


def marks(columns: int) -> str:
    """Placeholders for so many columns."""
    return ", ".join("?" * columns)


def storable(text: str) -> str:
    """Lone surrogates cannot be stored as UTF-8; they become question marks."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def _checksum(row: Row) -> int:
    return crc32(repr(row).encode(errors="replace"))


def _count(tokens: int) -> int:
    """A count of tokens; what can be none is 0, as where nothing is said."""
    return tokens if 0 <= tokens < _MOST else 0


def _microseconds(seconds: float) -> int:
    return round(seconds * _MICRO) if 0 <= seconds < _NANO else 0


def _finite(value: float | None) -> float | None:
    return None if value is None or not math.isfinite(value) else float(value)


def _packed(shares: Sequence[float]) -> bytes | None:
    """Probabilities as billionths, 32 bits each; None where one is no probability."""
    if not all(0 <= share <= 1 for share in shares):
        return None
    return struct.pack(f"<{len(shares)}I", *(round(share * _NANO) for share in shares))


def _unpacked(shares: bytes) -> tuple[float, ...]:
    return tuple(number / _NANO for (number,) in struct.iter_unpack("<I", shares))
