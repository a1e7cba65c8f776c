"""Writes a journal of format 3, as versions of vaar did that had it."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from zlib import crc32

from vaar.journal.format.schema import SCHEMA_3
from vaar.sessions.records import Session, Turn

End = tuple[str, str | None]


def write_format_3(
    path: Path, sessions: Iterable[tuple[Session, End]], turns: Iterable[Turn]
) -> None:
    """Write a journal; the sessions' orders are joined by blanks, as they were."""
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        database.execute("PRAGMA page_size = 4096")
        database.execute("PRAGMA journal_mode = WAL")
        database.executescript(f"BEGIN; {SCHEMA_3} PRAGMA user_version = 3; COMMIT;")
        database.execute("BEGIN")
        for session, end in sessions:
            row = _session(session)
            database.execute(f"INSERT INTO sessions VALUES ({_marks(14)})", (*row, *end))
        for turn in turns:
            database.execute(f"INSERT INTO turns VALUES ({_marks(14)})", _turn(turn))
        database.execute("COMMIT")


def _session(session: Session) -> tuple[object, ...]:
    s = session
    row = (
        *(s.number, s.group, s.respondent, s.condition, s.replicate, s.seed, s.persona),
        " ".join(s.instrument_order),
        *(s.item_order, s.scale_direction, s.paraphrase),
    )
    return (*row, crc32(repr(row).encode()))


def _turn(turn: Turn) -> tuple[object, ...]:
    reply = turn.reply
    given = reply.distribution
    row = (
        *(turn.session, turn.turn, turn.attempt, reply.text, reply.finish_reason),
        *(reply.input_tokens, reply.output_tokens, reply.cached_tokens),
        round(float(reply.latency), 6),
        *(reply.model, int(reply.simulated)),
        None if given is None else json.dumps([round(share, 6) for share in given]),
        None if reply.mass is None else round(float(reply.mass), 6),
    )
    return (*row, crc32(repr(row).encode()))


def _marks(columns: int) -> str:
    return ", ".join("?" * columns)
