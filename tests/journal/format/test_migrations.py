"""Journals of older formats: read, brought to today's format, and gone on with, without loss."""

import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from support.format_3 import write_format_3
from support.journals import edited
from support.scripted import Scripted, tiny_study
from vaar.errors import RunDirectoryError
from vaar.journal.format import migrations
from vaar.journal.format.schema import FORMAT
from vaar.journal.journal import Journal
from vaar.journal.lock import locked
from vaar.journal.salvage import salvage
from vaar.journal.status import read_status
from vaar.pipeline.ask import CollectionOptions, ask
from vaar.pipeline.rundir import RunDirectory
from vaar.respondents.base import Reply
from vaar.sessions.plan import plan_sessions
from vaar.sessions.records import Turn

RECORD = Path(__file__).parents[2] / "data/three_respondents/journal.sqlite"
STUDY = tiny_study()
PLANNED = plan_sessions(STUDY, ["r"], 4, seed=1, seed_rule="session")
ENDS = [("complete", None), ("failed", "provider_error: 500"), ("pending", None), ("pending", None)]


def said(session, turn, attempt=0):
    told = (turn + session) % 2 == 0
    return Turn(
        session,
        turn,
        attempt,
        Reply(
            f"{1 + turn % 5} 🙂",
            "stop",
            10 + turn,
            2,
            8 * turn,
            0.123457 * turn,
            f"m-{session % 2}",
            session == 1,
            (0.333333, 0.0, 0.666667, 0.0, 0.0) if told else None,
            (1.0 if turn else 0.25) if told else None,
        ),
    )


TURNS = [said(1, turn) for turn in range(5)]
TURNS += [said(2, 0), said(2, 1), said(2, 1, 1)]
TURNS += [said(3, 0), said(3, 1)]


@pytest.fixture
def path(tmp_path):
    write_format_3(tmp_path / "journal.sqlite", zip(PLANNED, ENDS, strict=True), TURNS)
    return tmp_path / "journal.sqlite"


def version(path):
    with closing(sqlite3.connect(path)) as database:
        return database.execute("PRAGMA user_version").fetchone()[0]


def test_nothing_of_a_journal_of_format_3_is_lost(path):
    with closing(Journal.existing(path)) as journal:
        assert journal.sessions() == [
            (session, *end) for session, end in zip(PLANNED, ENDS, strict=True)
        ]
        assert list(journal.turns(STUDY)) == TURNS
        assert journal.stored_sessions()[0].seal is not None
    assert version(path) == FORMAT
    with closing(Journal.existing(path)) as journal:
        assert list(journal.turns(STUDY)) == TURNS, "the second time too"


def test_a_recorded_run_of_format_3_is_read_whole(tmp_path):
    path = tmp_path / "journal.sqlite"
    shutil.copy(RECORD, path)
    with closing(sqlite3.connect(path)) as database:
        old = database.execute(
            "SELECT session, turn, attempt, text, finish_reason, input_tokens, output_tokens, "
            "cached_tokens, latency, model, simulated FROM turns ORDER BY session, turn, attempt"
        ).fetchall()
    with closing(Journal.existing(path)) as journal:
        found = [
            (
                *(t.session, t.turn, t.attempt, t.reply.text, t.reply.finish_reason),
                *(t.reply.input_tokens, t.reply.output_tokens, t.reply.cached_tokens),
                *(t.reply.latency, t.reply.model, t.reply.simulated),
            )
            for t in journal.turns()
        ]
        assert len(journal.sessions()) == 180
    assert found == old and len(old) > 6000


def test_it_goes_on_under_its_own_rule_of_seeds(path):
    seeds = []

    class Noting(Scripted):
        async def reply(self, request):
            seeds.append((request.seed, request.session_seed))
            return replace(await super().reply(request), model="m-1")

    respondent = Noting("r", lambda m: "2")
    with locked(path.parent):
        done = ask(
            STUDY,
            PLANNED,
            [respondent],
            RunDirectory(path.parent),
            CollectionOptions(1),
            earlier=PLANNED,
        )
    assert (done.repair, done.progress.turns) == (None, 3 + 5)
    own = {session.seed for session in PLANNED[2:]}
    assert {seed for seed, _ in seeds} == own and all(one == both for one, both in seeds)


def test_status_reads_it_and_leaves_it_as_it_is(path):
    before = path.read_bytes()
    found = read_status(path)
    assert [(g.complete, g.failed, g.pending, g.replies) for g in found.groups] == [(1, 1, 2, 10)]
    assert found.models == {"r": {"m-0": 3, "m-1": 7}}
    assert path.read_bytes() == before and version(path) == 3


def test_a_migration_that_is_broken_off_leaves_it_as_it_was(path, monkeypatch):
    calls = iter(range(10))

    def dying(*args):
        if next(calls) == 2:
            raise KeyboardInterrupt
        return b"seal"

    monkeypatch.setattr(migrations, "seal_of", dying)
    with pytest.raises(KeyboardInterrupt):
        Journal(path)
    monkeypatch.undo()
    assert version(path) == 3
    with closing(Journal.existing(path)) as journal:
        assert list(journal.turns(STUDY)) == TURNS


@pytest.mark.parametrize(
    "edit",
    [
        "UPDATE turns SET text = '5' WHERE session = 1 AND turn = 2",
        "UPDATE sessions SET seed = 7 WHERE number = 2",
        "UPDATE sessions SET status = 'done' WHERE number = 1",
    ],
)
def test_an_edited_one_is_refused_and_salvaged(path, edit):
    with edited(path) as database:
        database.execute(edit)
    with pytest.raises(RunDirectoryError, match="is not what was written"):
        Journal(path)
    done = salvage(path, STUDY, PLANNED)
    assert done.kept >= len(TURNS) - 3
    with closing(Journal.existing(path)) as journal:
        assert set(map(repr, journal.turns(STUDY))) <= set(map(repr, TURNS))


def test_what_is_missing_in_a_complete_session_is_told_after_the_migration(path):
    with edited(path) as database:
        database.execute("DELETE FROM turns WHERE session = 1 AND turn = 3")
    with (
        closing(Journal.existing(path)) as journal,
        pytest.raises(RunDirectoryError, match="session 1 is complete, and its turn 3 is missing"),
    ):
        list(journal.turns(STUDY))


def test_a_process_of_the_older_version_is_not_disturbed(path):
    holding = (
        "import fcntl, os, sys; h = os.open(sys.argv[1], os.O_RDWR | os.O_CREAT); "
        "fcntl.flock(h, fcntl.LOCK_EX); os.write(h, str(os.getpid()).encode()); "
        "print('held', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", holding, str(path.parent / ".lock")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout is not None and process.stdin is not None
        assert process.stdout.readline() == "held\n"
        with pytest.raises(RunDirectoryError, match=f"process {process.pid} is still running"):
            Journal(path)
        process.stdin.close()
    assert version(path) == 3


def test_the_migrations_are_one_chain_to_today():
    assert list(migrations.MIGRATIONS) == list(range(migrations.OLDEST, FORMAT))
