"""Journals that were really damaged: pages overwritten, files cut off, logs lost."""

import asyncio
import random
import shutil
from contextlib import closing
from dataclasses import replace

import pytest

from support.scripted import Scripted
from vaar.errors import ProviderError, RunDirectoryError
from vaar.journal.format.schema import PAGE
from vaar.journal.journal import Journal
from vaar.journal.salvage import salvage
from vaar.sessions.plan import plan_sessions
from vaar.sessions.runner.run import run_sessions

SESSIONS = 120


def answer(messages):
    """A long reply, so that the journal has many pages; some are re-asked."""
    n = len(messages)
    return "I am not sure" if n % 7 == 0 else f"{1 + n % 5} {'of course ' * 20}"


class Telling(Scripted):
    """Tells distributions too, with masses that SQLite files as whole numbers among them."""

    async def reply(self, request):
        given = await super().reply(request)
        n = len(request.messages)
        mass = (None, 1.0, 0.25)[n % 3]
        return replace(given, distribution=(0.0, 0.0, 1.0, 0.0, 0.0) if mass else None, mass=mass)


def ask(study, path, respondent, sessions=None):
    planned = plan_sessions(study, ["r"], SESSIONS, seed=1)
    with closing(Journal(path)) as journal:
        journal.check()
        journal.plan(planned)
        pending = [s for s, status, _ in journal.sessions() if status == "pending"]
        asyncio.run(run_sessions(study, pending[:sessions], {"r": respondent}, journal, 10))


def contents(path):
    with closing(Journal.existing(path)) as journal:
        return [
            (t.session, t.turn, t.attempt, t.reply.text, t.reply.distribution, t.reply.mass)
            for t in journal.turns()
        ]


@pytest.fixture
def unbroken(study, tmp_path):
    path = tmp_path / "unbroken.sqlite"
    ask(study, path, Telling("r", answer))
    return path


@pytest.fixture
def planned(study):
    return plan_sessions(study, ["r"], SESSIONS, seed=1)


def overwrite(path, seed, share):
    draw = random.Random(seed)
    content = bytearray(path.read_bytes())
    pages = range(len(content) // PAGE)
    for page in draw.sample(pages, max(1, int(share * len(pages)))):
        content[page * PAGE : (page + 1) * PAGE] = draw.randbytes(PAGE)
    path.write_bytes(content)


def require_mended(study, path, unbroken, planned):
    """What was saved is a sound beginning of every session, and the rest can be asked again."""
    done = salvage(path, study, planned)
    saved, whole = contents(path), contents(unbroken)
    assert len(saved) == done.kept
    assert set(saved) <= set(whole)
    assert done.complete + done.failed + done.pending == SESSIONS
    second = Telling("r", answer)
    ask(study, path, second)
    assert contents(path) == whole
    assert len(second.asked) == len(whole) - len(saved), "what is saved is not asked again"
    return done


@pytest.mark.parametrize("seed", range(10))
def test_overwritten_pages_lose_their_own_rows_only(study, unbroken, planned, tmp_path, seed):
    path = tmp_path / "journal.sqlite"
    shutil.copy(unbroken, path)
    overwrite(path, seed, share=0.1)
    done = require_mended(study, path, unbroken, planned)
    assert done.kept > 0.6 * len(contents(unbroken))
    assert done.damaged.name == "journal.damaged-1.sqlite"
    assert done.damaged.stat().st_size == unbroken.stat().st_size


def test_the_first_page_is_not_needed(study, unbroken, planned, tmp_path):
    path = tmp_path / "journal.sqlite"
    path.write_bytes(bytes(PAGE) + unbroken.read_bytes()[PAGE:])
    with pytest.raises(RunDirectoryError):
        Journal.existing(path)
    done = require_mended(study, path, unbroken, planned)
    assert (done.kept, done.complete) == (len(contents(unbroken)), SESSIONS)


@pytest.mark.parametrize("share", [0.0, 0.2, 0.5, 0.9])
def test_what_stands_before_a_cut_is_saved(study, unbroken, planned, tmp_path, share):
    path = tmp_path / "journal.sqlite"
    whole = unbroken.read_bytes()
    path.write_bytes(whole[: int(share * len(whole))])
    done = require_mended(study, path, unbroken, planned)
    assert (done.kept > 0) == (share > 0)


def test_a_log_that_is_lost_loses_what_it_held(study, unbroken, planned, tmp_path):
    open_one = tmp_path / "open.sqlite"
    with closing(Journal(open_one)) as journal:
        journal.plan(planned)
        asyncio.run(run_sessions(study, planned[:60], {"r": Telling("r", answer)}, journal, 10))
        journal._database.execute("PRAGMA wal_checkpoint(PASSIVE)")
        asyncio.run(run_sessions(study, planned[60:80], {"r": Telling("r", answer)}, journal, 10))
        with_log, without = tmp_path / "with.sqlite", tmp_path / "without.sqlite"
        for target in (with_log, without):
            shutil.copy(open_one, target)
        shutil.copy(f"{open_one}-wal", f"{with_log}-wal")
    assert require_mended(study, with_log, unbroken, planned).complete == 80
    assert require_mended(study, without, unbroken, planned).complete == 60


def test_lost_sessions_come_back_from_the_plan(study, unbroken, planned, tmp_path):
    path = tmp_path / "journal.sqlite"
    with closing(Journal(unbroken)) as journal:
        root = journal._database.execute("SELECT rootpage FROM sqlite_master").fetchone()[0]
        journal._database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    content = bytearray(unbroken.read_bytes())
    shutil.copy(unbroken, path)
    tables = [k for k in range(len(content) // PAGE) if content[k * PAGE] == 13 or k == root - 1]
    for page in tables:
        content[page * PAGE : (page + 1) * PAGE] = bytes(PAGE)
    path.write_bytes(content)
    done = require_mended(study, path, unbroken, planned)
    assert (done.restored, done.complete) == (SESSIONS, SESSIONS)


def test_a_failed_session_stays_failed_for_its_reason(study, planned, tmp_path):
    path = tmp_path / "journal.sqlite"
    calls = iter(range(10**6))
    script = Scripted("r", lambda m: ProviderError("500") if next(calls) == 9 else "2")
    ask(study, path, script)
    path.write_bytes(bytes(PAGE) + path.read_bytes()[PAGE:])
    done = salvage(path, study, planned)
    assert (done.failed, done.complete, done.cut) == (1, SESSIONS - 1, 0)
    with closing(Journal.existing(path)) as journal:
        assert [r for _, s, r in journal.sessions() if s == "failed"] == ["provider_error: 500"]


def test_a_changed_reply_is_left_out_with_what_follows_it(study, unbroken, planned, tmp_path):
    path = tmp_path / "journal.sqlite"
    shutil.copy(unbroken, path)
    with closing(Journal(path)) as journal:
        journal._database.execute("UPDATE turns SET text = '1' WHERE session = 7 AND turn = 2")
    done = require_mended(study, path, unbroken, planned)
    lost = [turn for turn in contents(unbroken) if turn[0] == 7 and turn[1] >= 2]
    assert (done.cut, done.pending) == (1, 1)
    assert done.kept == len(contents(unbroken)) - len(lost)


def test_salvaging_twice_keeps_both_damaged_journals(study, unbroken, planned, tmp_path):
    path = tmp_path / "journal.sqlite"
    shutil.copy(unbroken, path)
    names = [salvage(path, study, planned).damaged.name for _ in range(2)]
    assert names == ["journal.damaged-1.sqlite", "journal.damaged-2.sqlite"]
    assert contents(path) == contents(unbroken)
