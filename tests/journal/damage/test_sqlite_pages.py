"""Rows read page by page are those that SQLite gives."""

import random
import sqlite3

import pytest

from vaar.journal.damage.sqlite_pages import read_rows
from vaar.journal.format.schema import PAGE

VALUES = [
    *(None, 0, 1, -1, 127, -128, 2**15, -(2**23), 2**31, 2**47, -(2**63), 2**63 - 1),
    *(0.1, -1e300, "", "four", "🙂" * 500, "x" * 20_000),
    *("x" * n for n in (*range(985, 1005), *range(4040, 4070))),  # where rows begin to overflow
    *(b"", b"\x00" * 5000),
]


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "some.sqlite"
    database = sqlite3.connect(path, isolation_level=None)
    database.execute(f"PRAGMA page_size = {PAGE}")
    database.execute("PRAGMA journal_mode = WAL")
    database.execute("PRAGMA synchronous = OFF")
    database.execute("CREATE TABLE clustered (a, b, c, PRIMARY KEY (a, b)) WITHOUT ROWID")
    database.execute("CREATE TABLE numbered (n INTEGER PRIMARY KEY, value)")
    yield path, database
    database.close()


def fill(database, n=400):
    draw = random.Random(5)
    rows = [(k, draw.choice("abc"), draw.choice(VALUES)) for k in range(n)]
    draw.shuffle(rows)
    database.execute("BEGIN")
    database.executemany("INSERT INTO clustered VALUES (?, ?, ?)", rows)
    database.executemany("INSERT INTO numbered VALUES (?, ?)", [row[::2] for row in rows])
    database.execute("COMMIT")


def found(path):
    clustered, numbered = {}, {}
    for number, values in read_rows(path):
        if number is None:
            clustered[values[:2]] = values
        elif len(values) == 2:
            numbered[number] = values[1]
    return clustered, numbered


def expected(database):
    clustered = {row[:2]: row for row in database.execute("SELECT * FROM clustered")}
    return clustered, dict(database.execute("SELECT * FROM numbered"))


@pytest.mark.parametrize("checkpoint", ["TRUNCATE", "PASSIVE", None])
def test_every_row_is_found_in_the_file_or_its_log(file, checkpoint):
    path, database = file
    fill(database)
    if checkpoint:
        database.execute(f"PRAGMA wal_checkpoint({checkpoint})")
    assert found(path) == expected(database)


def test_the_latest_version_of_a_row_comes_last(file):
    path, database = file
    fill(database)
    for state in ("one", "two"):
        database.execute("UPDATE clustered SET c = ?", (state,))
        database.execute("UPDATE numbered SET value = ?", (state,))
    assert found(path) == expected(database)


@pytest.mark.parametrize("seed", range(8))
def test_noise_is_no_reason_to_fail(file, seed):
    path, database = file
    fill(database)
    database.close()
    draw = random.Random(seed)
    noisy = bytearray(path.read_bytes())
    for _ in range(300):
        noisy[draw.randrange(len(noisy))] = draw.randrange(256)
    path.write_bytes(noisy[: draw.randrange(len(noisy))])
    clustered, _ = found(path)
    assert len(clustered) < 500


def test_a_file_that_is_not_there_holds_nothing(tmp_path):
    assert list(read_rows(tmp_path / "none")) == []
