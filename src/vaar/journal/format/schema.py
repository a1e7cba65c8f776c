"""The tables of the journal, and those of the formats before it."""

from __future__ import annotations

import sqlite3

FORMAT = 4
"""``user_version`` of the SQLite file."""

PAGE = 4096
"""Bytes of a page of the file."""

_SOURCE = """\
    id INTEGER PRIMARY KEY,
    finish_reason TEXT NOT NULL,
    model TEXT NOT NULL,
    simulated INTEGER NOT NULL,
    provider TEXT,
    system_fingerprint TEXT,
    service_tier TEXT,
    checksum INTEGER NOT NULL
"""

SCHEMA_4 = f"""
CREATE TABLE sessions (
    number INTEGER PRIMARY KEY,
    "group" TEXT NOT NULL,
    respondent TEXT NOT NULL,
    condition TEXT NOT NULL,
    replicate INTEGER NOT NULL,
    seed INTEGER NOT NULL,
    persona TEXT NOT NULL,
    instrument_order TEXT NOT NULL,
    item_order TEXT NOT NULL,
    scale_direction TEXT NOT NULL,
    paraphrase TEXT NOT NULL,
    facts TEXT,
    run_seed INTEGER,
    earlier INTEGER NOT NULL,
    status TEXT NOT NULL,
    reason TEXT,
    seal BLOB,
    checksum INTEGER NOT NULL
);
CREATE TABLE sources (
{_SOURCE});
CREATE TABLE sources_copy (
{_SOURCE}) WITHOUT ROWID;
CREATE TABLE turns (
    session INTEGER NOT NULL REFERENCES sessions(number),
    turn INTEGER NOT NULL,
    attempt INTEGER NOT NULL,
    text TEXT NOT NULL,
    source INTEGER NOT NULL REFERENCES sources(id),
    input_tokens INTEGER NOT NULL,
    output_tokens INTEGER NOT NULL,
    cached_tokens INTEGER,
    cache_write_tokens INTEGER,
    reasoning_tokens INTEGER,
    latency INTEGER NOT NULL,
    seed INTEGER,
    cost REAL,
    distribution BLOB,
    mass REAL,
    thoughts TEXT,
    follows INTEGER,
    checksum INTEGER NOT NULL,
    PRIMARY KEY (session, turn, attempt)
) WITHOUT ROWID;
"""
"""``latency`` is in microseconds; ``distribution`` has 32 bits for the billionths of each choice;
``follows`` is the checksum of the turn before in its session. What repeats from turn to turn stands
once, in ``sources``, and for the case that its page is lost, again in a table of another kind."""

SCHEMA_3 = """
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

SCHEMAS = {3: SCHEMA_3, FORMAT: SCHEMA_4}


def create_tables(database: sqlite3.Connection) -> None:
    """Make the tables of today's format in an empty file."""
    database.executescript(f"BEGIN; {SCHEMAS[FORMAT]} PRAGMA user_version = {FORMAT}; COMMIT;")
