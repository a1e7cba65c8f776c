import asyncio
from dataclasses import replace

import pytest

from support.scripted import Scripted
from vaar.errors import ProviderError, RespondentHaltedError, RunDirectoryError
from vaar.session.journal import Journal
from vaar.session.plan import plan_sessions
from vaar.session.run import run_sessions


class Died(Exception):
    pass


def run(study, respondents, path, sessions=3, concurrency=4):
    by_name = {r.name: r for r in respondents}
    planned = plan_sessions(study, list(by_name), sessions, seed=1)
    journal = Journal(path)
    try:
        journal.plan(planned)
        pending = [s for s, status, _ in journal.sessions() if status == "pending"]
        progress = asyncio.run(run_sessions(study, pending, by_name, journal, concurrency))
        return progress, list(journal.turns()), journal.sessions()
    finally:
        journal.close()


def test_every_session_is_asked_every_item(study, tmp_path):
    progress, turns, sessions = run(study, [Scripted("a", lambda m: "3")], tmp_path / "j")
    assert (progress.complete, progress.failed, progress.turns) == (3, 0, 15)
    assert (progress.input_tokens, progress.output_tokens) == (150, 15)
    assert {status for _, status, _ in sessions} == {"complete"}
    assert len(turns) == 15


def test_sessions_run_side_by_side_up_to_the_limit(study, tmp_path):
    respondent = Scripted("a", lambda m: "3")
    run(study, [respondent], tmp_path / "j", sessions=10, concurrency=3)
    assert respondent.most_in_flight == 3


def test_sessions_do_not_see_each_other(study, tmp_path):
    respondent = Scripted("a", lambda m: str(1 + len(m) % 5))
    run(study, [respondent], tmp_path / "j", sessions=5)
    conversations: dict[int, list] = {}
    for seed, messages in respondent.asked:
        assert messages[: len(conversations.get(seed, []))] == conversations.get(seed, [])
        conversations[seed] = messages
    assert len(conversations) == 5


def test_a_failing_call_ends_its_session_and_no_other(study, tmp_path):
    calls = iter(range(1000))
    script = Scripted("a", lambda m: ProviderError("HTTP 500") if next(calls) == 4 else "2")
    progress, _, sessions = run(study, [script], tmp_path / "j")
    assert (progress.complete, progress.failed) == (2, 1)
    (reason,) = [reason for _, status, reason in sessions if status == "failed"]
    assert reason == "provider_error: HTTP 500"
    assert not any("HTTP 500" in str(messages) for _, messages in script.asked)


def test_a_halted_respondent_stops_alone_and_stays_pending(study, tmp_path):
    halted = Scripted("bad", lambda m: RespondentHaltedError("refused"))
    fine = Scripted("good", lambda m: "2")
    progress, _, sessions = run(study, [halted, fine], tmp_path / "j", sessions=20, concurrency=2)
    assert progress.halted == {"bad": "refused"}
    assert len(halted.asked) <= 2
    status = {(s.respondent, state) for s, state, _ in sessions}
    assert status == {("bad", "pending"), ("good", "complete")}


@pytest.mark.parametrize("dies_at", range(1, 15))
def test_a_run_that_died_goes_on_at_the_exact_turn(study, tmp_path, dies_at):
    """What is asked in the two halves together is what an unbroken run asks."""

    def answer(messages):
        return "?" if len(messages) == 4 else str(1 + len(messages) % 5)

    whole = Scripted("a", answer)
    _, unbroken, _ = run(study, [whole], tmp_path / "whole")

    calls = iter(range(1000))

    def dying(messages):
        if next(calls) == dies_at:
            raise Died
        return answer(messages)

    first = Scripted("a", dying)
    with pytest.raises(Died):
        run(study, [first], tmp_path / "j", concurrency=1)
    second = Scripted("a", answer)
    _, resumed, _ = run(study, [second], tmp_path / "j", concurrency=1)
    assert resumed == unbroken
    assert len(first.asked) - 1 + len(second.asked) == len(whole.asked)


def test_a_session_is_bounded_in_turns_and_tokens(study, tmp_path):
    for name, limits in {"turns": {"turns": 4}, "tokens": {"session_tokens": 40}}.items():
        bounded = replace(study, limits=replace(study.limits, **limits))
        script = Scripted("a", lambda m: "2")
        progress, _, sessions = run(bounded, [script], tmp_path / name, sessions=1)
        assert progress.failed == 1
        assert sessions[0][2].startswith("limit: ") and name in sessions[0][2]
        assert len(script.asked) == 4


def test_a_journal_of_other_coding_rules_is_not_misread(study, tmp_path):
    once = replace(study, limits=replace(study.limits, reasks=0))
    run(once, [Scripted("a", lambda m: "?")], tmp_path / "j", sessions=1)
    journal = Journal(tmp_path / "j")
    journal._database.execute("UPDATE sessions SET status = 'pending'")
    journal.close()
    with pytest.raises(RunDirectoryError, match="other coding rules"):
        run(study, [Scripted("a", lambda m: "2")], tmp_path / "j", sessions=1)
