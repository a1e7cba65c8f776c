"""From older formats of the journal to the one after: numbered, and never changed once released."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Mapping
from typing import Any
from zlib import crc32

from vaar.journal.format import rows
from vaar.journal.format.rows import Row
from vaar.journal.format.schema import SCHEMA_4
from vaar.journal.format.seals import seal_of
from vaar.journal.format.sources import Sources
from vaar.respondents.base import Reply
from vaar.sessions.records import STATUSES, Session, Turn

OLDEST = 3
"""The oldest format that is read."""

N_SESSION_3, N_TURN_3 = 14, 14
"""Columns of format 3."""

_TURN_REALS_3 = (8, 12)


def from_3_to_4(database: sqlite3.Connection) -> None:
    """Replies keep all they had; sessions that have ended are sealed as they are found.

    Raises
    ------
    sqlite3.DatabaseError
        A row is not the one that was written.
    """
    for table in ("sessions", "turns"):
        database.execute(f"ALTER TABLE {table} RENAME TO {table}_3")
    for statement in filter(str.strip, SCHEMA_4.split(";")):
        database.execute(statement)
    sources = Sources(database)
    _enter_turns(database, sources)
    for row in database.execute("SELECT * FROM sessions_3 ORDER BY number").fetchall():
        if (session := session_of_format_3(row)) is None:
            raise sqlite3.DatabaseError(f"session {row[0]} is not what was written")
        status, reason = row[-2:]
        keys = database.execute(
            "SELECT turn, attempt, checksum FROM turns WHERE session = ? ORDER BY turn, attempt",
            (row[0],),
        ).fetchall()
        seal = seal_of(row[0], status, reason, keys)
        database.execute(
            f"INSERT INTO sessions VALUES ({rows.marks(rows.N_SESSION)})",
            rows.session_row(session, status, reason, seal),
        )
    for table in ("turns_3", "sessions_3"):
        database.execute(f"DROP TABLE {table}")


def _enter_turns(database: sqlite3.Connection, sources: Sources) -> None:
    reader = database.execute("SELECT * FROM turns_3 ORDER BY session, turn, attempt")
    before: Row = (None,)
    while batch := reader.fetchmany(10_000):
        entered: list[Row] = []
        for old in batch:
            if (turn := turn_of_format_3(old)) is None:
                raise sqlite3.DatabaseError(
                    f"session {old[0]}, turn {old[1]} is not what was written"
                )
            before = sources.turn_row(turn, before[-1] if before[0] == turn.session else None)
            entered.append(before)
        database.executemany(f"INSERT INTO turns VALUES ({rows.marks(rows.N_TURN)})", entered)


def session_of_format_3(row: Row) -> Session | None:
    """The session in a row of format 3; None where it is not the one that was written."""
    *planned, checksum, status, _ = row
    if _checksum_3(tuple(planned)) != checksum or status not in STATUSES:
        return None
    number, group, respondent, condition, replicate, seed, persona, order, *further = planned
    return Session(
        *(number, group, respondent, condition, replicate, seed, persona),
        tuple(order.split()),
        *further,
    )


def turn_of_format_3(row: Row) -> Turn | None:
    """The turn in a row of format 3; None where it is not the one that was written."""
    row = rows.with_reals(row, _TURN_REALS_3)
    if _checksum_3(row[:-1]) != row[-1]:
        return None
    told: dict[str, Any] = dict(
        zip(
            (
                *("text", "finish_reason", "input_tokens", "output_tokens", "cached_tokens"),
                *("latency", "model", "simulated", "distribution", "mass"),
            ),
            row[3:-1],
            strict=True,
        )
    )
    given = told["distribution"]
    told["distribution"] = None if given is None else tuple(json.loads(given))
    told["simulated"] = bool(told["simulated"])
    return Turn(row[0], row[1], row[2], Reply(**told))


def _checksum_3(row: Row) -> int:
    return crc32(repr(row).encode())


MIGRATIONS: Mapping[int, Callable[[sqlite3.Connection], None]] = {3: from_3_to_4}
"""By the format that each begins with."""
