"""A journal is opened as a stranger's file."""

import os
import sqlite3
from contextlib import closing

import pytest

from vaar.errors import RunDirectoryError
from vaar.journal.database import open_journal, open_to_read
from vaar.journal.format.schema import FORMAT
from vaar.journal.journal import Journal
from vaar.journal.status import read_status
from vaar.sessions.records import Session


@pytest.fixture
def path(tmp_path):
    with closing(Journal(tmp_path / "journal.sqlite")) as journal:
        journal.plan([Session(1, "g", "r", "carried", 1, 1)])
    return tmp_path / "journal.sqlite"


ENDLESS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n"
STRANGE = {
    "a view": f"CREATE VIEW mine AS {ENDLESS}",
    "a table that is a view": f"DROP TABLE turns; CREATE VIEW turns AS {ENDLESS}",
    "a trigger": "CREATE TRIGGER mine AFTER INSERT ON sessions BEGIN "
    "UPDATE sessions SET reason = 'x'; END",
    "an index": "CREATE INDEX mine ON turns (text)",
    "a further table": "CREATE TABLE mine (x)",
    "a virtual table": "CREATE VIRTUAL TABLE mine USING fts5(x)",
    "a further column": "ALTER TABLE sessions ADD COLUMN mine",
    "a generated column": "ALTER TABLE sessions ADD COLUMN mine GENERATED ALWAYS AS (1) VIRTUAL",
    "a table with a check": "DROP TABLE sources; CREATE TABLE sources (id CHECK (id > 0))",
    "a schema rewritten by hand": "PRAGMA writable_schema = ON; UPDATE sqlite_master "
    "SET sql = replace(sql, 'reason TEXT', 'reason TEXT DEFAULT 7') WHERE name = 'sessions'",
}


@pytest.mark.parametrize("statement", STRANGE.values(), ids=STRANGE)
@pytest.mark.parametrize("opened", [open_journal, open_to_read])
def test_a_schema_that_is_not_vaars_own_is_refused(path, statement, opened):
    with closing(sqlite3.connect(path, isolation_level=None)) as stranger:
        stranger.executescript(statement)
    with pytest.raises(RunDirectoryError, match=r"holds what no journal of vaar has.*salvage"):
        opened(path)


def test_a_table_that_is_gone_is_damage(path):
    with closing(sqlite3.connect(path)) as stranger:
        stranger.execute("DROP TABLE sources_copy")
    with pytest.raises(RunDirectoryError, match="a table is missing"):
        open_journal(path)


@pytest.mark.parametrize("version", [1, 2, FORMAT + 1, 99])
def test_a_format_that_is_not_known_is_refused(path, version):
    with closing(sqlite3.connect(path)) as stranger:
        stranger.execute(f"PRAGMA user_version = {version}")
    with pytest.raises(RunDirectoryError, match=f"format {version}; this vaar reads formats 3 to"):
        open_journal(path)


@pytest.mark.parametrize("opened", [open_journal, open_to_read])
def test_nothing_in_a_file_is_trusted(path, opened):
    with closing(opened(path)) as database:
        assert database.execute("PRAGMA trusted_schema").fetchone() == (0,)
        assert database.execute("PRAGMA cell_size_check").fetchone() == (1,)


def test_an_empty_file_reads_as_a_journal_without_sessions(tmp_path):
    (tmp_path / "empty.sqlite").touch()
    with closing(open_to_read(tmp_path / "empty.sqlite")) as database:
        assert database.execute("SELECT count(*) FROM sessions").fetchone() == (0,)
    assert (tmp_path / "empty.sqlite").read_bytes() == b""


@pytest.mark.parametrize("read", [open_to_read, read_status], ids=["journal", "status"])
def test_a_reader_leaves_nothing_beside_a_journal(path, read):
    before = path.read_bytes(), path.stat().st_mtime_ns
    for _ in range(2):
        found = read(path)
        if read is open_to_read:
            found.execute("SELECT count(*) FROM sessions").fetchone()
            found.close()
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before


def test_a_reader_beside_a_writer_sees_what_was_committed_and_takes_nothing_away(path):
    with closing(Journal(path)) as journal:
        journal.plan([Session(2, "g", "r", "carried", 2, 1)])
        assert read_status(path).groups[0].pending == 2
        assert path.with_name("journal.sqlite-wal").stat().st_size
        journal.plan([Session(3, "g", "r", "carried", 3, 1)])
    assert read_status(path).groups[0].pending == 3


@pytest.mark.parametrize("opened", [open_journal, open_to_read])
@pytest.mark.parametrize("link", [os.symlink, os.link], ids=["link", "hard link"])
def test_what_a_link_leads_to_is_read_and_never_written(path, tmp_path_factory, opened, link):
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    there = path.rename(elsewhere / "theirs.sqlite")
    before = there.read_bytes(), there.stat().st_mtime_ns
    link(there, path)
    if opened is open_journal:
        with pytest.raises(RunDirectoryError, match=r"is a link|hard link"):
            opened(path)
    else:
        opened(path).close()
        assert read_status(path).groups[0].pending == 1
        with closing(Journal.existing(path)) as journal, pytest.raises(RunDirectoryError):
            journal.plan([Session(2, "g", "r", "carried", 2, 1)])
    assert (there.read_bytes(), there.stat().st_mtime_ns) == before
    assert [entry.name for entry in elsewhere.iterdir()] == [there.name]
    assert [entry.name for entry in path.parent.iterdir()] == [path.name]


def test_a_link_to_a_journal_that_is_being_written_is_not_read_without_its_log(path, tmp_path):
    beside = tmp_path / "beside"
    beside.mkdir()
    (beside / path.name).symlink_to(path)
    with closing(Journal(path)) as journal:
        journal.plan([Session(2, "g", "r", "carried", 2, 1)])
        with pytest.raises(RunDirectoryError, match="replies may stand in the log"):
            open_to_read(beside / path.name)
    assert read_status(beside / path.name).groups[0].pending == 2
    (beside / path.name).unlink()
    (beside / path.name).write_bytes(path.read_bytes())
    (tmp_path / "log").write_bytes(b"x")
    (beside / "journal.sqlite-wal").symlink_to(tmp_path / "log")
    with pytest.raises(RunDirectoryError, match="is a link"):
        open_to_read(beside / path.name)


@pytest.mark.parametrize("opened", [open_journal, open_to_read])
def test_a_pipe_in_the_place_of_a_log_is_refused(path, opened):
    os.mkfifo(path.with_name("journal.sqlite-wal"))
    with pytest.raises(RunDirectoryError, match="no plain file"):
        opened(path)


def test_a_log_of_zeros_without_an_end_holds_up_nobody(path):
    with path.with_name("journal.sqlite-wal").open("wb") as log:
        log.truncate(40 * 2**30)
    open_to_read(path).close()


@pytest.mark.parametrize("opened", [open_journal, open_to_read])
def test_a_rollback_journal_from_elsewhere_is_not_written_into_the_replies(
    path, tmp_path_factory, opened
):
    before, theirs = path.read_bytes(), tmp_path_factory.mktemp("theirs") / "journal.sqlite"
    with closing(sqlite3.connect(theirs, isolation_level=None)) as other:
        other.executescript("PRAGMA page_size = 4096; CREATE TABLE t (x); PRAGMA cache_size = 1")
        other.executescript("BEGIN; INSERT INTO t VALUES (zeroblob(99999)); UPDATE t SET x = 1")
        unfinished = theirs.with_name("journal.sqlite-journal").read_bytes()
    beside = path.with_name("journal.sqlite-journal")
    beside.write_bytes(bytes.fromhex("d9d505f920a163d7") + unfinished[8:])
    with pytest.raises(RunDirectoryError, match=r"sqlite-journal: belongs to no journal of vaar"):
        opened(path)
    assert path.read_bytes() == before
    beside.write_bytes(b"")
    opened(path).close()
