import asyncio
import sqlite3

import pytest

from vaar.errors import RunDirectoryError
from vaar.journal.journal import Journal
from vaar.respondents.base import Reply
from vaar.sessions.records import Session, Turn


def session(number):
    return Session(number, "g", "r", "carried", number, 100 + number)


def record_all(journal, turns):
    async def go():
        await asyncio.gather(*(journal.record(turn) for turn in turns))

    asyncio.run(go())


def test_what_was_recorded_is_there_for_another_reader_at_once(tmp_path):
    path = tmp_path / "journal.sqlite"
    journal = Journal(path)
    journal.plan([session(1)])
    turn = Turn(1, 0, 0, Reply("4", "stop", 10, 1, 8, 0.25, "m-1"))

    async def go():
        await journal.record(turn)
        other = sqlite3.connect(path)
        try:
            return other.execute("SELECT text FROM turns").fetchall()
        finally:
            other.close()

    assert asyncio.run(go()) == [("4",)]
    assert journal.turns_of(1) == [turn]
    journal.close()


def test_turns_come_back_session_by_session_however_they_came_in(tmp_path):
    journal = Journal(tmp_path / "j.sqlite")
    journal.plan([session(1), session(2)])
    keys = [(2, 0, 0), (1, 0, 0), (1, 0, 1), (1, 1, 0)]
    record_all(journal, [Turn(s, t, a, Reply(f"{s}{t}{a}")) for s, t, a in keys])
    assert [t.reply.text for t in journal.turns()] == ["100", "101", "110", "200"]
    journal.close()


def test_planning_again_changes_nothing(tmp_path):
    journal = Journal(tmp_path / "j.sqlite")
    journal.plan([session(1)])
    asyncio.run(journal.end(1, "complete"))
    journal.plan([session(1), session(2)])
    assert [(s.number, status) for s, status, _ in journal.sessions()] == [
        (1, "complete"),
        (2, "pending"),
    ]
    journal.close()


def test_simulated_replies_mark_their_respondent(tmp_path):
    journal = Journal(tmp_path / "j.sqlite")
    journal.plan([session(1), Session(2, "g", "other", "carried", 1, 1)])
    record_all(journal, [Turn(1, 0, 0, Reply("4", simulated=True)), Turn(2, 0, 0, Reply("4"))])
    assert journal.simulated_respondents() == {"r"}
    journal.close()


def test_costs_are_summed_over_all_attempts_of_a_session(tmp_path):
    journal = Journal(tmp_path / "j.sqlite")
    journal.plan([session(1), session(2), session(3)])
    keys = [(1, 0, 0), (1, 0, 1), (3, 0, 0)]
    said = Reply("4", input_tokens=10, output_tokens=2)
    record_all(journal, [Turn(s, t, a, said) for s, t, a in keys])
    assert journal.costs() == [(1, 2, 20, 4), (3, 1, 10, 2)]
    journal.close()


def test_failed_sessions_can_be_reopened(tmp_path):
    journal = Journal(tmp_path / "j.sqlite")
    journal.plan([session(1), session(2)])
    asyncio.run(journal.end(1, "failed", "provider_error: 500"))
    asyncio.run(journal.end(2, "complete"))
    assert journal.reopen_failed() == 0
    assert [(status, reason) for _, status, reason in journal.sessions()] == [
        ("pending", None),
        ("complete", None),
    ]
    journal.close()


@pytest.mark.parametrize(
    "text", ["", "\x00 null", "🙂 4️⃣", "\ud800 lone", "'); DROP TABLE turns;--"]
)
def test_any_reply_can_be_stored(tmp_path, text):
    journal = Journal(tmp_path / "j.sqlite")
    journal.plan([session(1)])
    record_all(journal, [Turn(1, 0, 0, Reply(text))])
    (stored,) = journal.turns_of(1)
    assert stored.reply.text == text.encode("utf-8", "replace").decode()
    journal.close()


def test_a_file_that_is_no_database_is_told(tmp_path):
    path = tmp_path / "j.sqlite"
    path.write_bytes(b"this is not a database, whatever its name says" * 100)
    with pytest.raises(RunDirectoryError, match=r"damaged.*vaar salvage"):
        Journal(path)


def test_a_database_of_something_else_is_refused(tmp_path):
    path = tmp_path / "j.sqlite"
    other = sqlite3.connect(path)
    other.execute("CREATE TABLE theirs (x)")
    other.close()
    with pytest.raises(RunDirectoryError, match="format"):
        Journal(path)


def test_a_changed_reply_is_noticed(tmp_path):
    journal = Journal(tmp_path / "j.sqlite")
    journal.plan([session(1)])
    record_all(journal, [Turn(1, 0, 0, Reply("4", distribution=(0.25, 0.75), mass=0.5))])
    reply = journal.turns_of(1)[0].reply
    assert (reply.distribution, reply.mass) == ((0.25, 0.75), 0.5)
    journal._database.execute("UPDATE turns SET text = '5'")
    with pytest.raises(RunDirectoryError, match="session 1, turn 0"):
        journal.turns_of(1)
    journal.close()


def test_a_session_of_two_models_is_reopened_without_its_replies(tmp_path):
    path = tmp_path / "j.sqlite"
    journal = Journal(path)
    journal.plan([session(1), session(2)])
    turns = [Turn(s, t, 0, Reply("a telling text" * 50)) for s in (1, 2) for t in range(40)]
    record_all(journal, turns)
    asyncio.run(journal.end(1, "failed", "model_changed: 'a' then 'b'"))
    asyncio.run(journal.end(2, "failed", "provider_error: model_changed: it says"))
    assert journal.reopen_failed() == 1
    assert journal.turns_of(1) == []
    assert len(journal.turns_of(2)) == 40
    journal.close()
    assert path.read_bytes().count(b"a telling text" * 50) == 40, "nothing is left to be salvaged"


def test_replies_are_counted_by_reported_model(tmp_path):
    journal = Journal(tmp_path / "j.sqlite")
    journal.plan([session(1), session(2), Session(3, "g", "other", "carried", 1, 1)])
    given = [(1, "m-1"), (2, "m-1"), (2, ""), (2, "m-2"), (3, "")]
    record_all(
        journal, [Turn(s, k, 0, Reply("4", model=name)) for k, (s, name) in enumerate(given)]
    )
    assert journal.reported_models() == {"r": {"m-1": 2, "m-2": 1}}
    journal.close()


def test_sessions_with_replies_have_begun(tmp_path):
    journal = Journal(tmp_path / "j.sqlite")
    journal.plan([session(number) for number in (1, 2, 3)])
    record_all(journal, [Turn(1, 0, 0, Reply("4")), Turn(3, 0, 0, Reply("4"))])
    asyncio.run(journal.end(3, "complete"))
    assert journal.begun() == {1}
    journal.close()


@pytest.mark.parametrize(
    "change", ["UPDATE sessions SET \"group\" = 'h'", "UPDATE sessions SET status = 'complte'"]
)
def test_a_changed_session_is_noticed(tmp_path, change):
    journal = Journal(tmp_path / "j.sqlite")
    journal.plan([session(1)])
    journal._database.execute(change)
    with pytest.raises(RunDirectoryError, match=r"session 1 is not what was written.*salvage"):
        journal.sessions()
    journal.close()


def test_a_reply_whose_text_is_no_text_any_more_is_damage(tmp_path):
    journal = Journal(tmp_path / "j.sqlite")
    journal.plan([session(1)])
    record_all(journal, [Turn(1, 0, 0, Reply("4"))])
    journal._database.execute("UPDATE turns SET text = CAST(x'ff34' AS TEXT)")
    with pytest.raises(RunDirectoryError, match=r"damaged.*salvage"):
        journal.turns_of(1)
    journal.close()


def test_a_truncated_file_is_noticed_when_it_is_opened(tmp_path):
    path = tmp_path / "j.sqlite"
    journal = Journal(path)
    journal.plan([session(number) for number in range(1, 200)])
    journal.close()
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(RunDirectoryError, match=r"damaged.*vaar salvage"):
        Journal.existing(path)


def test_what_is_entered_from_elsewhere_is_there(tmp_path):
    journal = Journal(tmp_path / "j.sqlite")
    journal.plan([session(1)])
    turns = [Turn(1, k, 0, Reply("4")) for k in range(3)]
    journal.enter(turns, [(1, "failed", "limit: 3 turns")])
    assert journal.turns_of(1) == turns
    assert [row[1:] for row in journal.sessions()] == [("failed", "limit: 3 turns")]
    journal.close()
