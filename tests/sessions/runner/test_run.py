import asyncio
import gc
from collections import Counter
from contextlib import closing
from dataclasses import replace

import pytest

from support import simulated_time
from support.scripted import Scripted
from vaar.errors import ProviderError, RespondentHaltedError, RunDirectoryError
from vaar.journal.journal import Journal
from vaar.respondents.base import Reply
from vaar.sessions.plan import plan_sessions
from vaar.sessions.records import Turn
from vaar.sessions.runner.budget import Budget, Caps
from vaar.sessions.runner.run import run_sessions


class Died(Exception):
    pass


def run(study, respondents, path, sessions=3, concurrency=4, caps=None):
    by_name = {r.name: r for r in respondents}
    planned = plan_sessions(study, list(by_name), sessions, seed=1)
    journal = Journal(path)
    try:
        journal.plan(planned)
        pending = [s for s, status, _ in journal.sessions() if status == "pending"]
        budget = Budget(caps or Caps(), dict.fromkeys(by_name))
        progress = simulated_time.run(
            run_sessions(study, pending, by_name, journal, concurrency, budget)
        )
        return progress, list(journal.turns()), journal.sessions()
    finally:
        journal.close()


def test_every_session_is_asked_every_item(study, tmp_path):
    progress, turns, sessions = run(study, [Scripted("a", lambda m: "3")], tmp_path / "j")
    assert (progress.complete, progress.failed, progress.turns) == (3, 0, 15)
    assert (progress.input_tokens, progress.output_tokens) == (150, 15)
    assert {status for _, status, _ in sessions} == {"complete"}
    assert len(turns) == 15


@pytest.mark.parametrize("before", [False, True])
def test_the_garbage_collector_is_left_as_it_was_found(study, tmp_path, before):
    def script(messages):
        frozen.append(gc.get_freeze_count() > 0)
        return "3"

    frozen: list[bool] = []
    gc.unfreeze()
    try:
        if before:
            gc.freeze()
        run(study, [Scripted("a", script)], tmp_path / "j")
        assert all(frozen)
        assert (gc.get_freeze_count() > 0) == before
    finally:
        gc.freeze()


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


def test_a_session_begun_under_other_coding_rules_goes_on_as_it_was_asked(study, tmp_path):
    once = replace(study, limits=replace(study.limits, reasks=0))
    said = iter("???")

    def dying(messages):
        if (reply := next(said, None)) is None:
            raise Died
        return reply

    with pytest.raises(Died):
        run(once, [Scripted("a", dying)], tmp_path / "j", sessions=1)
    second = Scripted("a", lambda m: "2")
    _, turns, _ = run(study, [second], tmp_path / "j", sessions=1)
    keys = [(turn.turn, turn.attempt) for turn in turns]
    assert keys == [(0, 0), (1, 0), (2, 0), (2, 1), (3, 0), (4, 0)], "only the last is asked again"
    said_before = [m["content"] for _, messages in second.asked[:1] for m in messages]
    assert said_before.count("?") == 3


def test_a_conversation_with_a_gap_is_not_gone_on_with(study, tmp_path):
    planned = plan_sessions(study, ["a"], 1, seed=1)
    with closing(Journal(tmp_path / "j")) as journal:
        journal.plan(planned)
        journal.enter([Turn(1, 0, 0, Reply("2")), Turn(1, 2, 0, Reply("2"))], [])
    with pytest.raises(RunDirectoryError, match="turn 2, attempt 0, where turn 1, attempt 0"):
        run(study, [Scripted("a", lambda m: "2")], tmp_path / "j", sessions=1)


class Timed(Scripted):
    """Takes its time, in a clock of calls; can say how many it takes, and which model it is."""

    def __init__(self, name, seconds=0.0, capacity=64, models=("m",)):
        super().__init__(name, lambda m: "2")
        self.seconds = seconds
        self.capacity = capacity
        self.models = models
        self.ended = []

    async def reply(self, request):
        said = await super().reply(request)
        await asyncio.sleep(self.seconds)
        self.ended.append(asyncio.get_running_loop().time())
        number = min(len(self.asked) - 1, len(self.models) - 1)
        return replace(said, model=self.models[number])


@pytest.mark.parametrize("concurrency", [None, 2])
def test_a_slow_model_never_starves_a_fast_one(study, tmp_path, concurrency):
    """With one pool for both, the slow model's sessions would fill every place."""
    slow, fast = Timed("slow", seconds=0.02, capacity=2), Timed("fast", capacity=2)
    run(study, [slow, fast], tmp_path / "j", sessions=8, concurrency=concurrency)
    assert len(slow.ended) == len(fast.ended) == 8 * 5
    assert fast.ended[-1] < slow.ended[10]


def test_as_many_sessions_are_open_as_the_respondent_takes(study, tmp_path):
    respondent = Scripted("a", lambda m: "2")
    respondent.capacity = 7
    run(study, [respondent], tmp_path / "j", sessions=20, concurrency=None)
    assert respondent.most_in_flight == 7


class Breathing(Scripted):
    """Takes ten conversations, then two, then five; notes how many it had each time."""

    def __init__(self):
        super().__init__("a", lambda m: "2")
        self.seen = []

    @property
    def capacity(self):  # type: ignore[override]  # changes while it is asked
        calls = len(self.asked)
        return 10 if calls < 40 else 2 if calls < 100 else 5

    async def reply(self, request):
        self.seen.append((len(self.asked), self.in_flight + 1, request.respondent_seed))
        return await super().reply(request)


def test_open_sessions_follow_a_capacity_that_changes(study, tmp_path):
    respondent = Breathing()
    progress, turns, _ = run(study, [respondent], tmp_path / "j", sessions=40, concurrency=None)
    assert (progress.complete, len(turns)) == (40, 200)

    def most(first, last):
        return max(flight for calls, flight, _ in respondent.seen if first <= calls < last)

    assert (most(0, 40), most(60, 100), most(120, 200)) == (10, 2, 5)


def test_sessions_that_have_begun_go_before_new_ones_when_room_is_short(study, tmp_path):
    respondent = Breathing()
    run(study, [respondent], tmp_path / "j", sessions=40, concurrency=None)
    opened = list(dict.fromkeys(seed for _, _, seed in respondent.seen[:100]))
    by_seed = Counter(seed for _, _, seed in respondent.seen[:100])
    assert all(by_seed[seed] == 5 for seed in opened[:-2]), "the paused ones were finished first"


def test_a_resumed_run_finishes_what_has_begun_before_it_begins_more(study, tmp_path):
    calls = iter(range(1000))

    def dying(messages):
        if next(calls) == 7:
            raise Died
        return "2"

    first = Scripted("a", dying)
    with pytest.raises(Died):
        run(study, [first], tmp_path / "j", sessions=6, concurrency=3)
    begun = {seed for seed, _ in first.asked}
    second = Scripted("a", lambda m: "2")
    run(study, [second], tmp_path / "j", sessions=6, concurrency=1)
    order = list(dict.fromkeys(seed for seed, _ in second.asked))
    assert set(order[: len(begun)]) == begun


def test_at_a_cap_nothing_further_is_sent_and_open_sessions_stay_pending(study, tmp_path):
    respondent = Timed("a", seconds=0.001)
    progress, turns, sessions = run(
        study, [respondent], tmp_path / "j", sessions=9, concurrency=3, caps=Caps(tokens=110)
    )
    assert progress.stopped.startswith("--max-tokens 110 is reached")
    assert 10 <= len(respondent.asked) == len(turns) <= 12
    assert {status for _, status, _ in sessions} == {"pending"}


def test_a_cap_is_spent_evenly(study, tmp_path):
    slow, fast = Timed("a", seconds=0.004), Timed("b", seconds=0.001)
    progress, _, _ = run(
        study, [slow, fast], tmp_path / "j", sessions=50, concurrency=2, caps=Caps(tokens=880)
    )
    assert progress.stopped.startswith("--max-tokens 880 is reached")
    assert {len(slow.asked), len(fast.asked)} == {40}


def test_what_a_halted_or_finished_model_leaves_over_is_for_the_others(study, tmp_path):
    gone = Scripted("a", lambda m: RespondentHaltedError("gone"))
    short, long = Timed("b", seconds=0.001), Timed("c", seconds=0.001)
    planned = [s for s in plan_sessions(study, "abc", 40, seed=1) if s.respondent != "b"]
    planned += [s for s in plan_sessions(study, "abc", 2, seed=1) if s.respondent == "b"]
    by_name = {r.name: r for r in (gone, short, long)}
    journal, budget = Journal(tmp_path / "j"), Budget(Caps(tokens=880), dict.fromkeys(by_name))
    try:
        journal.plan(planned)
        progress = simulated_time.run(run_sessions(study, planned, by_name, journal, 2, budget))
    finally:
        journal.close()
    assert progress.stopped and len(short.asked) == 10
    assert len(long.asked) == 880 // 11 - 10


def test_time_is_capped_also_while_no_reply_comes(study, tmp_path, monkeypatch):
    monkeypatch.setattr("vaar.sessions.runner.run.PATIENCE", 0.01)
    hanging = Timed("a", seconds=3600)
    progress, turns, sessions = run(
        study, [hanging], tmp_path / "j", sessions=9, concurrency=3, caps=Caps(minutes=0.001)
    )
    assert progress.stopped == "--max-minutes 0.001 is reached"
    assert not turns
    assert {status for _, status, _ in sessions} == {"pending"}


def test_replies_under_way_when_a_cap_is_reached_are_kept(study, tmp_path):
    slow = Timed("a", seconds=0.1)
    progress, turns, _ = run(
        study, [slow], tmp_path / "j", sessions=9, concurrency=3, caps=Caps(minutes=0.0005)
    )
    assert progress.stopped
    assert len(turns) == len(slow.asked) == 3


def test_paused_sessions_end_with_the_run_too(study, tmp_path):
    respondent = Breathing()
    progress, _, _ = run(
        study,
        [respondent],
        tmp_path / "j",
        sessions=40,
        concurrency=None,
        caps=Caps(tokens=60 * 11),
    )
    assert progress.stopped
    assert len(respondent.asked) == 60


@pytest.mark.parametrize("models", [("a", "a", "b"), ("", "a", "b"), ("a",) * 4 + ("b",)])
def test_a_session_that_two_models_answered_has_failed(study, tmp_path, models):
    respondent = Timed("r", models=models)
    progress, _, sessions = run(study, [respondent], tmp_path / "j", sessions=1)
    assert (progress.failed, progress.complete) == (1, 0)
    assert [row[1:] for row in sessions] == [("failed", "model_changed: 'a' then 'b'")]
    assert len(respondent.asked) == len(models)


def test_replies_without_a_model_id_change_nothing(study, tmp_path):
    progress, _, _ = run(study, [Timed("r", models=("a", "", "a"))], tmp_path / "j", sessions=1)
    assert progress.complete == 1


def test_a_model_that_changed_between_two_calls_is_noticed(study, tmp_path):
    first = Timed("r", models=("a",))
    first.answer = lambda m: Died() if len(first.asked) == 3 else "2"
    with pytest.raises(Died):
        run(study, [first], tmp_path / "j", sessions=1)
    progress, _, sessions = run(study, [Timed("r", models=("b",))], tmp_path / "j", sessions=1)
    assert progress.failed == 1
    assert sessions[0][2] == "model_changed: 'a' then 'b'"


@pytest.mark.parametrize("wanted", [False, True])
def test_choices_are_given_only_where_distributions_are_wanted(study, tmp_path, wanted):
    given = []

    class Listening(Scripted):
        async def reply(self, request):
            given.append(request.choices)
            return await super().reply(request)

    respondent = Listening("a", lambda m: "3")
    planned = plan_sessions(study, ["a"], 1, seed=1)
    journal = Journal(tmp_path / "j")
    journal.plan(planned)
    run_all = run_sessions(study, planned, {"a": respondent}, journal, 1, distributions=wanted)
    simulated_time.run(run_all)
    journal.close()
    assert set(given) == {("1", "2", "3", "4", "5") if wanted else ()}


class Cutting(Scripted):
    """Reads no more of a conversation than its last characters."""

    def __init__(self, name, most=10**9):
        super().__init__(name, lambda m: "2")
        self.most = most

    async def reply(self, request):
        reply = await super().reply(request)
        characters = sum(len(message["content"]) for message in request.messages)
        return replace(reply, input_tokens=min(characters, self.most) // 4)


def test_a_conversation_that_is_cut_in_silence_fails_and_stops_its_respondent(study, tmp_path):
    path, respondent = tmp_path / "j", Cutting("a", most=340)
    progress, _, sessions = run(study, [respondent], path, sessions=6, concurrency=2)
    assert "leaves out its beginning" in progress.halted["a"]
    assert "OLLAMA_CONTEXT_LENGTH" in progress.halted["a"]
    failed = [reason for _, status, reason in sessions if status == "failed"]
    assert failed and all(reason.startswith("context_cut: at turn ") for reason in failed)
    assert progress.complete == 0 and any(status == "pending" for _, status, _ in sessions)


def test_sessions_that_were_cut_are_asked_anew(study, tmp_path):
    path = tmp_path / "j"
    run(study, [Cutting("a", most=340)], path, sessions=6, concurrency=2)
    mended = Cutting("a")
    for _ in range(2):  # those that were pending are found cut, and then asked anew as well
        journal = Journal(path)
        journal.reopen_failed()
        journal.close()
        progress, turns, _ = run(study, [mended], path, sessions=6, concurrency=2)
    assert progress.failed == 0 and len(turns) == 30
    counts: dict[int, list[int]] = {}
    for turn in turns:
        counts.setdefault(turn.session, []).append(turn.reply.input_tokens)
    assert all(tokens == sorted(set(tokens)) for tokens in counts.values())


def test_a_session_that_two_providers_answered_has_failed(study, tmp_path):
    class Routed(Scripted):
        async def reply(self, request):
            reply = await super().reply(request)
            return replace(reply, provider="one" if len(self.asked) < 3 else "two")

    _, _, sessions = run(study, [Routed("r", lambda m: "2")], tmp_path / "j", sessions=1)
    assert [row[2] for row in sessions] == ["model_changed: answered by 'one' then 'two'"]
