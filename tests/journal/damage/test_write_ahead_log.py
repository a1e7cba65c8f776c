"""Logs that were damaged after a kill: SQLite drops what stands behind the damage, and says not."""

import asyncio
import random
import shutil
import sqlite3
from contextlib import closing

import pytest

from support.scripted import Scripted, tiny_study
from vaar.errors import JournalNotWholeError
from vaar.journal.damage.write_ahead_log import commits_passed_over
from vaar.journal.format.schema import PAGE
from vaar.journal.journal import Journal
from vaar.journal.resume import open_to_go_on
from vaar.sessions.plan import plan_sessions
from vaar.sessions.runner.run import run_sessions

SESSIONS = 30
HEADER, FRAME = 32, 24 + PAGE


def planned():
    return plan_sessions(tiny_study(), ["r"], SESSIONS, seed=1)


@pytest.fixture(scope="module")
def killed(tmp_path_factory):
    """A journal whose process died: what was said is in the log alone."""
    directory = tmp_path_factory.mktemp("killed")
    respondent = Scripted("r", lambda m: str(1 + len(m) % 5))
    with closing(Journal(directory / "open.sqlite")) as journal:
        journal._database.execute("PRAGMA wal_autocheckpoint = 0")
        journal.plan(planned())
        journal._database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        asyncio.run(run_sessions(tiny_study(), planned(), {"r": respondent}, journal, 4))
        for side in ("", "-wal"):
            shutil.copy(f"{directory}/open.sqlite{side}", f"{directory}/journal.sqlite{side}")
    return directory


@pytest.fixture
def path(killed, tmp_path):
    for side in ("", "-wal"):
        shutil.copy(killed / f"journal.sqlite{side}", tmp_path)
    return tmp_path / "journal.sqlite"


def log_of(path):
    return path.with_name("journal.sqlite-wal")


def replies(path):
    with closing(Journal(path)) as journal:
        return list(journal.turns())


def seen_by_sqlite(path):
    with closing(sqlite3.connect(path)) as database:
        return database.execute("SELECT count(*) FROM turns").fetchone()[0]


def test_a_whole_log_has_none(path):
    assert commits_passed_over(path) == 0
    assert len(replies(path)) == 5 * SESSIONS


@pytest.mark.parametrize("seed", range(10))
def test_a_flipped_bit_is_told_and_what_stands_behind_it_is_saved(path, seed):
    log = bytearray(log_of(path).read_bytes())
    frames = (len(log) - HEADER) // FRAME
    draw = random.Random(seed)
    damaged = draw.randrange(frames - 5)
    log[HEADER + damaged * FRAME + draw.randrange(24, FRAME)] ^= 1 << draw.randrange(8)
    log_of(path).write_bytes(log)
    assert commits_passed_over(path) > 0
    with pytest.raises(JournalNotWholeError, match=r"its log journal\.sqlite-wal"):
        Journal(path)
    journal, repair = open_to_go_on(path, tiny_study(), planned())
    with closing(journal):
        kept = list(journal.turns())
    assert repair is not None
    by_sqlite = seen_by_sqlite(repair.kept_as)
    assert by_sqlite < len(kept) >= 5 * SESSIONS - 40, "one page of the log is lost, not the rest"


def test_a_damaged_header_loses_the_whole_log_for_sqlite_and_nothing_for_us(path):
    log = bytearray(log_of(path).read_bytes())
    log[17] ^= 4
    log_of(path).write_bytes(log)
    journal, repair = open_to_go_on(path, tiny_study(), planned())
    with closing(journal):
        assert len(list(journal.turns())) == 5 * SESSIONS
    assert repair is not None and repair.sessions == 0


def test_a_write_that_the_kill_broke_off_is_no_damage(path):
    log = log_of(path).read_bytes()
    log_of(path).write_bytes(log[: -FRAME // 2])
    assert commits_passed_over(path) == 0
    log_of(path).write_bytes(log[:-FRAME] + bytes(FRAME))
    assert commits_passed_over(path) == 0


def test_frames_of_an_earlier_round_are_no_damage(path):
    """After a checkpoint a log is written again from its start, over what it held."""
    with closing(Journal(path)) as journal:
        journal._database.execute("PRAGMA wal_checkpoint(PASSIVE)")
        journal.plan(plan_sessions(tiny_study(), ["r"], SESSIONS + 1, seed=1))
        assert commits_passed_over(path) == 0
        assert log_of(path).stat().st_size > 3 * FRAME


@pytest.mark.parametrize("content", [b"", b"\x37\x7f\x06\x82", bytes(100), b"\xff" * 9000])
def test_noise_is_no_reason_to_fail(path, content):
    log_of(path).write_bytes(content)
    assert commits_passed_over(path) >= 0
