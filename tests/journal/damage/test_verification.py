"""Rows of a journal taken out, exchanged or edited by hand, in every way: nothing passes unsaid."""

import shutil
import sqlite3
from contextlib import closing

import pytest

from support.journals import edited
from support.scripted import Scripted, tiny_study
from vaar.errors import JournalNotWholeError, ProviderError, RunDirectoryError
from vaar.journal.format import rows
from vaar.journal.format.schema import PAGE
from vaar.journal.journal import Journal
from vaar.journal.resume import open_to_go_on
from vaar.journal.status import read_status
from vaar.pipeline.ask import CollectionOptions, ask
from vaar.pipeline.rundir import RunDirectory
from vaar.sessions.plan import plan_sessions

SESSIONS = 40


def answer(messages):
    return "I am not sure" if len(messages) % 7 == 0 else f"{1 + len(messages) % 5} of course"


def go(study, directory, respondent, sessions=SESSIONS):
    planned = plan_sessions(study, ["r"], sessions, seed=1)
    earlier = planned if (directory / "journal.sqlite").exists() else ()
    files = RunDirectory(directory)
    return ask(study, planned, [respondent], files, CollectionOptions(5), earlier=earlier)


@pytest.fixture(scope="module")
def original(tmp_path_factory):
    directory = tmp_path_factory.mktemp("original")
    calls = iter(range(10**6))

    def failing(messages):
        return ProviderError("HTTP 500") if next(calls) == 60 else answer(messages)

    go(tiny_study(), directory, Scripted("r", failing))
    with closing(Journal(directory / "journal.sqlite")) as journal:
        assert {status for _, status, _ in journal.sessions()} == {"complete", "failed"}
    return directory


@pytest.fixture
def directory(original, tmp_path):
    return shutil.copytree(original, tmp_path / "run")


def read(directory, study):
    """All that an analysis reads: sessions and replies, or why not."""
    with closing(Journal.existing(directory / "journal.sqlite")) as journal:
        journal.require_planned(plan_sessions(study, ["r"], SESSIONS, seed=1))
        return journal.sessions(), list(journal.turns(study))


EDITS = {
    "a turn in the middle": "DELETE FROM turns WHERE (session, turn, attempt) = (3, 2, 0)",
    "the first turn": "DELETE FROM turns WHERE session = 3 AND turn = 0",
    "the last turn": "DELETE FROM turns WHERE session = 3 AND turn = 4",
    "a re-ask": "DELETE FROM turns WHERE attempt = 1",
    "the first of several asks": """
        DELETE FROM turns WHERE attempt = 0
        AND EXISTS (SELECT 1 FROM turns AS t WHERE t.session = turns.session
                    AND t.turn = turns.turn AND t.attempt = 1)
    """,
    "all turns of a session": "DELETE FROM turns WHERE session = 5",
    "all turns": "DELETE FROM turns",
    "a session": "DELETE FROM sessions WHERE number = 7",
    "the first session": "DELETE FROM sessions WHERE number = 1",
    "the last session": "DELETE FROM sessions WHERE number = 40",
    "a session and its turns": "DELETE FROM sessions WHERE number = 7; "
    "DELETE FROM turns WHERE session = 7",
    "the last session and its turns": "DELETE FROM sessions WHERE number = 40; "
    "DELETE FROM turns WHERE session = 40",
    "all sessions": "DELETE FROM sessions",
    "all sources": "DELETE FROM sources; DELETE FROM sources_copy",
    "a text": "UPDATE turns SET text = '5 of course' WHERE session = 4 AND turn = 1",
    "a text and a number of tokens": "UPDATE turns SET text = '5', output_tokens = 1",
    "a finish reason": "UPDATE sources SET finish_reason = 'length'; "
    "UPDATE sources_copy SET finish_reason = 'length'",
    "a model": "UPDATE sources SET model = 'better'; UPDATE sources_copy SET model = 'better'",
    "a reply to another turn": "UPDATE turns SET turn = 9 WHERE session = 4 AND turn = 4",
    "a reply to another session": "UPDATE OR REPLACE turns SET session = 8 WHERE session = 9",
    "replies of two sessions exchanged": """
        UPDATE turns SET session = -1 WHERE session = 8;
        UPDATE turns SET session = 8 WHERE session = 9;
        UPDATE turns SET session = 9 WHERE session = -1
    """,
    "two turns exchanged": """
        UPDATE turns SET turn = -1 WHERE session = 8 AND turn = 1;
        UPDATE turns SET turn = 1 WHERE session = 8 AND turn = 2;
        UPDATE turns SET turn = 2 WHERE session = 8 AND turn = -1
    """,
    "two texts exchanged": """
        UPDATE turns SET text = CASE turn WHEN 1 THEN
            (SELECT text FROM turns WHERE session = 8 AND turn = 2) ELSE
            (SELECT text FROM turns WHERE session = 8 AND turn = 1) END
        WHERE session = 8 AND turn IN (1, 2) AND attempt = 0
    """,
    "a reply copied to a further turn": """
        INSERT INTO turns SELECT session, 5, attempt, text, source, input_tokens, output_tokens,
            cached_tokens, cache_write_tokens, reasoning_tokens, latency, seed, cost, distribution,
            mass, thoughts, follows, checksum
        FROM turns WHERE session = 4 AND turn = 4 AND attempt = 0
    """,
    "a failed session made complete": "UPDATE sessions SET status = 'complete', reason = NULL "
    "WHERE status = 'failed'",
    "a complete session made failed": "UPDATE sessions SET status = 'failed', reason = 'limit' "
    "WHERE number = 12",
    "a complete session made pending": "UPDATE sessions SET status = 'pending', seal = NULL "
    "WHERE number = 12",
    "an edited reason": "UPDATE sessions SET reason = 'it refused' WHERE status = 'failed'",
    "no reason": "UPDATE sessions SET reason = NULL WHERE status = 'failed'",
    "another seal": "UPDATE sessions SET seal = zeroblob(16) WHERE number = 12",
    "no seal": "UPDATE sessions SET seal = NULL WHERE number = 12",
    "the seal of another session": "UPDATE sessions SET seal = "
    "(SELECT seal FROM sessions WHERE number = 13) WHERE number = 12",
    "another replicate": "UPDATE sessions SET replicate = 99 WHERE number = 12",
    "another seed": "UPDATE sessions SET seed = 1 WHERE number = 12",
    "another paraphrase": "UPDATE sessions SET paraphrase = 'plain' WHERE number = 12",
    "another number": "UPDATE sessions SET number = 99 WHERE number = 12",
    "two sessions exchanged": """
        UPDATE sessions SET number = -1 WHERE number = 12;
        UPDATE sessions SET number = 12 WHERE number = 13;
        UPDATE sessions SET number = 13 WHERE number = -1
    """,
}


@pytest.mark.parametrize("edit", EDITS.values(), ids=EDITS)
def test_no_edit_passes_unsaid_and_what_is_missing_is_asked_again(study, original, directory, edit):
    sessions, turns = read(original, study)
    with edited(directory / "journal.sqlite") as database:
        database.executescript(edit)
    with pytest.raises(RunDirectoryError, match=r"vaar salvage|not the one that this run has"):
        read(directory, study)
    again = Scripted("r", answer)
    done = go(study, directory, again)
    assert done.repair is not None and done.repair.reason
    assert done.repair.kept_as.is_file()
    mended_sessions, mended = read(directory, study)
    assert {turn.session for turn in mended} == {turn.session for turn in turns}
    complete = {s.number for s, status, _ in mended_sessions if status == "complete"}
    was_complete = {s.number for s, status, _ in sessions if status == "complete"}
    assert was_complete <= complete
    by_key = {(t.session, t.turn, t.attempt): t for t in turns}
    for turn in mended:
        before = by_key.get((turn.session, turn.turn, turn.attempt))
        assert before is None or turn.reply.text == before.reply.text
    assert go(study, directory, again).repair is None, "the second time all is well"


@pytest.mark.parametrize("edit", [e for e in EDITS.values() if "sessions SET" in e])
def test_status_passes_over_no_edited_session(directory, edit):
    with edited(directory / "journal.sqlite") as database:
        database.executescript(edit)
    with pytest.raises(RunDirectoryError, match="is not what was written"):
        read_status(directory / "journal.sqlite")


def leaf_pages(path):
    content = path.read_bytes()
    return [k for k in range(1, len(content) // PAGE) if content[k * PAGE] in (10, 13)]


def test_no_two_pages_can_be_exchanged_unsaid(study, original, tmp_path):
    """Every pair of leaves of one table, swapped: SQLite's own check passes over most of them."""
    whole = read(original, study)
    content = (original / "journal.sqlite").read_bytes()
    pages = leaf_pages(original / "journal.sqlite")
    silent, tried = [], 0
    for one in pages:
        for other in pages:
            if not one < other or content[one * PAGE] != content[other * PAGE]:
                continue
            swapped = bytearray(content)
            a, b = slice(one * PAGE, (one + 1) * PAGE), slice(other * PAGE, (other + 1) * PAGE)
            swapped[a], swapped[b] = content[b], content[a]
            directory = tmp_path / "swapped"
            directory.mkdir(exist_ok=True)
            (directory / "journal.sqlite").write_bytes(swapped)
            tried += 1
            try:
                found = read(directory, study)
            except RunDirectoryError:
                continue
            if found != whole:
                silent.append((one, other))
    assert tried >= 30
    assert not silent


def test_an_older_version_of_a_session_does_not_pass(study, original, directory, tmp_path):
    """A page of the time before a session ended, put in the place of the one that tells its end."""
    path = directory / "journal.sqlite"
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        row = list(database.execute("SELECT * FROM sessions WHERE number = 9").fetchone())
        turns = database.execute("SELECT count(*) FROM turns WHERE session = 9").fetchone()
    assert turns[0] >= 5
    older = rows.session_row(rows.session_of(row).session)
    with edited(path) as database:
        marks = rows.marks(rows.N_SESSION)
        database.execute(f"INSERT OR REPLACE INTO sessions VALUES ({marks})", older)
    second = Scripted("r", answer)
    go(study, directory, second)
    assert not second.asked, "it is gone on with, and was complete"
    assert [t.reply.text for t in read(directory, study)[1]] == [
        t.reply.text for t in read(original, study)[1]
    ]


def test_a_sound_journal_is_left_as_it_is(study, original, tmp_path):
    journal, repair = open_to_go_on(
        shutil.copytree(original, tmp_path / "run") / "journal.sqlite",
        study,
        plan_sessions(study, ["r"], SESSIONS, seed=1),
    )
    journal.close()
    assert repair is None


def test_a_journal_of_another_plan_is_no_journal_of_this_run(study, directory):
    with (
        closing(Journal(directory / "journal.sqlite")) as journal,
        pytest.raises(RunDirectoryError, match="not the one that this run has planned"),
    ):
        journal.require_planned(plan_sessions(study, ["r"], SESSIONS, seed=2))
    with (
        closing(Journal(directory / "journal.sqlite")) as journal,
        pytest.raises(JournalNotWholeError, match=r"2 of the sessions in run\.json"),
    ):
        journal.require_planned(plan_sessions(study, ["r"], SESSIONS + 2, seed=1))
