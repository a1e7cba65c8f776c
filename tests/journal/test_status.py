import asyncio
import sqlite3
from contextlib import closing

import pytest

from vaar.errors import RunDirectoryError
from vaar.journal.journal import Journal
from vaar.journal.status import GroupStatus, read_status
from vaar.respondents.base import Reply
from vaar.sessions.records import Session, Turn


@pytest.fixture
def journal(tmp_path):
    with closing(Journal(tmp_path / "j.sqlite")) as journal:
        journal.plan(
            [Session(n, "g" if n < 4 else "h", "r", "carried", n, 100 + n) for n in range(1, 6)]
        )
        yield journal


def record(journal, *turns):
    async def go():
        await asyncio.gather(*(journal.record(turn) for turn in turns))

    asyncio.run(go())


def test_it_is_told_while_the_journal_is_being_written(journal):
    reply = Reply("4", input_tokens=100, output_tokens=2, cached_tokens=64, model="m-1")
    record(journal, *(Turn(s, t, 0, reply) for s in (1, 2) for t in range(3)))
    asyncio.run(journal.end(1, "complete"))
    asyncio.run(journal.end(2, "failed", "provider_error: HTTP 500"))
    found = read_status(journal.path)
    assert found.groups == (
        GroupStatus("g", "r", 1, 1, 1, 6, 600, 12, 384),
        GroupStatus("h", "r", 0, 2, 0),
    )
    assert found.failures == {"provider_error: HTTP 500": 1}
    assert found.models == {"r": {"m-1": 6}}


def test_a_reader_in_the_middle_holds_up_no_writer(journal):
    with closing(sqlite3.connect(f"{journal.path.as_uri()}?mode=ro", uri=True)) as reader:
        reader.execute("BEGIN")
        assert reader.execute("SELECT count(*) FROM turns").fetchone() == (0,)
        record(journal, Turn(1, 0, 0, Reply("4")))
        assert read_status(journal.path).groups[0].replies == 1


def test_a_run_that_has_only_just_begun_has_no_groups(tmp_path):
    path = tmp_path / "j.sqlite"
    sqlite3.connect(path).close()
    path.touch()
    assert read_status(path).groups == ()


def test_a_journal_that_is_not_there_or_damaged_is_told(tmp_path, journal):
    with pytest.raises(RunDirectoryError, match="no such file"):
        read_status(tmp_path / "none")
    (tmp_path / "other").write_bytes(b"no database at all" * 1000)
    with pytest.raises(RunDirectoryError, match="vaar salvage"):
        read_status(tmp_path / "other")
