"""Damage to the files of a run directory: what disks, hands and strangers do to them."""

from __future__ import annotations

import json
import random
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

VALUES: tuple[Any, ...] = (
    *(None, True, -1, 0, 2**62, 2**70, 1.5, float("nan"), float("inf"), "", "x", "\ud800"),
    *("\x1b[31m", [], {}, [1], {"a": 1}, [[[]]], "complete", "failed", "pending"),
)
STORED = (None, -1, 0, 2**62, 1.5, "", "x", "1e5", b"\x00\xff", "complete", "failed", "pending")
WORDS = ("x", "-1", "1e999", "nan", "", "[]", "*a", "!!python/x", "&a", "9" * 400, "'", '"')
WAYS = ("set", "delete", "all", "exchange", "session", "moved")
KEYS = {"sessions": "number", "turns": "session", "sources": "id", "sources_copy": "id"}


def damage(path: Path, draw: random.Random) -> str:
    """Damage a file in some way; says how."""
    ways = [_bytes]
    if path.suffix == ".json":
        ways += [_json, _json, _text]
    elif path.suffix == ".sqlite":
        ways += [_rows, _rows]
    elif path.suffix == ".parquet":
        ways += [_columns, _columns]
    else:
        ways += [_text, _text]
    return draw.choice(ways)(path, draw)


def _bytes(path: Path, draw: random.Random) -> str:
    content = bytearray(path.read_bytes())
    place = draw.randrange(len(content))
    way = draw.choice(["flip", "cut", "zeros", "noise", "empty", "more", "twice", "gone", "folder"])
    if way == "flip":
        content[place] ^= 1 << draw.randrange(8)
    elif way == "cut":
        del content[place:]
    elif way == "zeros":
        content[place : place + 200] = bytes(len(content[place : place + 200]))
    elif way in ("noise", "empty", "more", "twice"):
        noise = draw.randbytes(60)
        made = {"noise": noise, "empty": b"", "more": bytes(content) + noise}
        content = bytearray(made.get(way, bytes(2 * content)))
    else:
        path.unlink()
        if way == "folder":
            path.mkdir()
        return way
    path.write_bytes(content)
    return f"{way} at {place}"


def _json(path: Path, draw: random.Random) -> str:
    if draw.random() < 0.05:
        path.write_text("[" * 100_000 + "]" * 100_000)
        return "deep"
    content = json.loads(path.read_text())
    place = draw.choice(list(_places(content)))
    value = draw.choice(VALUES)
    if place:
        inner = content
        for part in place[:-1]:
            inner = inner[part]
        inner[place[-1]] = value
    else:
        content = value
    path.write_text(json.dumps(content))
    return f"{place} = {value!r}"


def _places(content: Any, before: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    yield before
    if isinstance(content, dict | list):
        keys = content if isinstance(content, dict) else range(len(content))
        for key in keys:
            yield from _places(content[key], (*before, key))


def _text(path: Path, draw: random.Random) -> str:
    lines = path.read_text().split("\n")
    place, other = draw.randrange(len(lines)), draw.randrange(len(lines))
    way = draw.choice(["gone", "twice", "word", "long", "swapped", "nul"])
    if way == "gone":
        del lines[place]
    elif way == "twice":
        lines.insert(place, lines[place])
    elif way == "word":
        words = re.split(r"([,: ])", lines[place])
        words[draw.randrange(len(words))] = draw.choice(WORDS)
        lines[place] = "".join(words)
    elif way == "long":
        lines[place] += ",x" * 2000
    elif way == "swapped":
        lines[place], lines[other] = lines[other], lines[place]
    else:
        lines[place] = f"{lines[place][:3]}\0{lines[place][3:]}"
    path.write_text("\n".join(lines))
    return f"{way}, line {place + 1}"


def _rows(path: Path, draw: random.Random) -> str:
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        table, way = draw.choice(list(KEYS)), draw.choice(WAYS)
        key = KEYS[table]
        columns = [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
        numbers = [row[0] for row in database.execute(f"SELECT DISTINCT {key} FROM {table}")]
        one, other, column = draw.choice(numbers), draw.choice(numbers), draw.choice(columns)
        turn = f" AND turn = {draw.randrange(5)}" if table == "turns" else ""
        try:
            if way == "set":
                value = draw.choice(STORED)
                command = f'UPDATE {table} SET "{column}" = ? WHERE {key} = ?{turn}'
                database.execute(command, (value, one))
            elif way == "delete":
                database.execute(f"DELETE FROM {table} WHERE {key} = ?{turn}", (one,))
            elif way == "all":
                database.execute(f"DELETE FROM {table}")
            elif way == "session":
                (number,) = draw.choice(database.execute("SELECT number FROM sessions").fetchall())
                for of, its in (("turns", "session"), ("sessions", "number")):
                    database.execute(f"DELETE FROM {of} WHERE {its} = ?", (number,))
            elif way == "moved":
                for now, then in ((-1, 1), (1, 2), (2, -1)):
                    database.execute("UPDATE turns SET session = ? WHERE session = ?", (now, then))
            else:
                theirs = f'(SELECT "{column}" FROM {table} WHERE {key} = ? LIMIT 1)'
                command = f'UPDATE {table} SET "{column}" = {theirs} WHERE {key} = ?'
                database.execute(command, (other, one))
        except sqlite3.Error:
            pass
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return f"{way} {table}.{column} of {one}"


def _columns(path: Path, draw: random.Random) -> str:
    table = pq.read_table(path)
    name = draw.choice(table.column_names)
    place, rows = table.column_names.index(name), len(table)
    way = draw.choice(["gone", "type", "nulls", "values", "rows"])
    if way == "gone":
        table = table.remove_column(place)
    elif way == "type":
        strange = draw.choice([1, {"a": 1}, "q", b"x", 1.5, [1]])
        table = table.set_column(place, name, pa.array([strange] * rows))
    elif way == "nulls":
        table = table.set_column(place, name, pa.nulls(rows))
    elif way == "rows":
        table = table.slice(0, rows // 2)
    else:
        values = table.column_names.index("value")
        table = table.set_column(values, "value", pa.array([1] * rows, pa.int32()))
    pq.write_table(table, path)
    return f"{way} {name}"


def files_of(directory: Path) -> list[Path]:
    """The files of a run directory, those that matter most several times."""
    found = sorted(path for path in directory.rglob("*") if path.is_file())
    matter = {"journal.sqlite": 5, "run.json": 5, "study.yaml": 3, "analysis.json": 2}
    return [path for path in found for _ in range(matter.get(path.name, 1))]


def copied(run: Path, place: Path) -> Path:
    """A copy of a run directory, in the place of an earlier one."""
    shutil.rmtree(place, ignore_errors=True)
    return shutil.copytree(run, place)
