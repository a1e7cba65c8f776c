"""Replies that were committed and are gone with their log: told, and asked again."""

import asyncio
import shutil
from contextlib import closing

import pytest

from support.scripted import Scripted, tiny_study
from vaar.errors import JournalNotWholeError
from vaar.journal.journal import Journal
from vaar.journal.lock import holder, locked, read_count
from vaar.journal.resume import open_to_go_on
from vaar.journal.status import read_status
from vaar.sessions.plan import plan_sessions
from vaar.sessions.runner.run import run_sessions


def planned(sessions=10):
    return plan_sessions(tiny_study(), ["r"], sessions, seed=1)


def ask(journal, sessions):
    respondent = Scripted("r", lambda m: "2")
    asyncio.run(run_sessions(tiny_study(), sessions, {"r": respondent}, journal, 4))


@pytest.fixture
def without_log(tmp_path):
    """A directory that was copied while its run went on, and its log was left behind."""
    source, copy = tmp_path / "source", tmp_path / "copy"
    source.mkdir()
    with locked(source), closing(Journal(source / "journal.sqlite")) as journal:
        journal.plan(planned())
        ask(journal, planned(6))
        journal._database.execute("PRAGMA wal_checkpoint(PASSIVE)")
        ask(journal, planned()[6:8])
        copy.mkdir()
        for name in ("journal.sqlite", ".lock"):
            shutil.copy(source / name, copy / name)
    return copy


def test_the_count_follows_the_journal_and_outlives_its_process(tmp_path):
    with locked(tmp_path), closing(Journal(tmp_path / "journal.sqlite")) as journal:
        journal.plan(planned())
        ask(journal, planned(3))
        assert read_count(tmp_path) == 15
        journal.forget_replies([1])
        assert read_count(tmp_path) == 10
    with locked(tmp_path):
        assert read_count(tmp_path) == 10, "taking the lock leaves it"
    assert holder(tmp_path) is None
    assert Journal.existing(tmp_path / "journal.sqlite").lost_replies == 0


def test_a_log_left_behind_is_told_by_whoever_reads(without_log):
    path = without_log / "journal.sqlite"
    with pytest.raises(JournalNotWholeError, match="10 replies that were committed are not in it"):
        Journal.existing(path)
    assert read_status(path).lost_replies == 10


def test_what_went_with_it_is_asked_again(without_log):
    path = without_log / "journal.sqlite"
    with locked(without_log):
        journal, repair = open_to_go_on(path, tiny_study(), planned())
        with closing(journal):
            assert (repair.lost, repair.sessions) == (10, 0), "their sessions had not begun"
            assert len(list(journal.turns())) == 30
            ask(journal, planned()[6:])
    assert read_count(without_log) == 50
    Journal.existing(path).close()


def test_a_journal_without_a_lock_file_is_counted_by_nobody(tmp_path):
    with closing(Journal(tmp_path / "journal.sqlite")) as journal:
        journal.plan(planned())
        ask(journal, planned(2))
    assert not (tmp_path / ".lock").exists()
    Journal.existing(tmp_path / "journal.sqlite").close()


def test_nothing_is_written_through_a_link(tmp_path):
    (tmp_path / "mine").write_text("mine")
    (tmp_path / ".lock").symlink_to(tmp_path / "mine")
    with closing(Journal(tmp_path / "journal.sqlite")) as journal:
        journal.plan(planned())
        ask(journal, planned(2))
    assert (tmp_path / "mine").read_text() == "mine"
