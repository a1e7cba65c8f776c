"""Rows of the journal: what goes in comes out, and how much room it takes."""

import asyncio
from contextlib import closing
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaar.journal.format import rows
from vaar.journal.journal import Journal
from vaar.respondents.base import Reply
from vaar.sessions.plan import plan_sessions
from vaar.sessions.records import Session, Turn
from vaar.study.load import load_study

texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
counts = st.integers(0, 10**7)
shares = st.lists(st.integers(0, 10**9), min_size=1, max_size=11).map(
    lambda parts: tuple(part / 10**9 for part in parts)
)
replies = st.builds(
    Reply,
    text=texts,
    finish_reason=texts,
    input_tokens=counts,
    output_tokens=counts,
    cached_tokens=counts,
    latency=st.integers(0, 10**9).map(lambda n: n / 10**6),
    model=texts,
    simulated=st.booleans(),
    distribution=st.none() | shares,
    mass=st.none() | st.floats(1e-12, 1),
    reasoning_tokens=counts,
    cache_write_tokens=counts,
    cost=st.none() | st.floats(0, 100),
    provider=texts,
    system_fingerprint=texts,
    service_tier=texts,
    thoughts=texts,
)
sessions = st.builds(
    Session,
    number=st.integers(1, 10**6),
    group=texts,
    respondent=texts,
    condition=texts,
    replicate=st.integers(1, 10**6),
    seed=st.integers(0, 2**31 - 1),
    persona=texts,
    instrument_order=st.lists(st.sampled_from(["a", "b_1"]), max_size=3).map(tuple),
    facts=st.lists(st.tuples(texts, texts), max_size=3).map(tuple),
    run_seed=st.none() | st.integers(0, 2**63 - 1),
    earlier=st.integers(0, 100),
)


@given(replies, st.none() | st.integers(0, 2**31 - 1), st.none() | st.integers(0, 2**32 - 1))
def test_a_turn_comes_out_as_it_went_in(reply, seed, follows):
    turn = Turn(3, 1, 2, reply, seed)
    source = rows.source_of(reply)
    row = rows.turn_row(turn, source, 17, follows)
    assert len(row) == rows.N_TURN and row[rows.TURN_SOURCE] == 17
    assert rows.is_sound_turn(row, source)
    assert rows.turn_of(row, source) == turn


@given(sessions, st.sampled_from([("pending", None), ("complete", None), ("failed", "why")]))
def test_a_session_comes_out_as_it_went_in(session, end):
    status, reason = end
    row = rows.session_row(session, status, reason, b"seal")
    assert len(row) == rows.N_SESSION and rows.is_sound_session(row)
    assert rows.session_of(row) == (session, status, reason, b"seal")


@given(replies, replies)
def test_whatever_differs_changes_the_checksum(one, other):
    row = rows.turn_row(Turn(1, 0, 0, one), rows.source_of(one), 1, None)
    again = rows.turn_row(Turn(1, 0, 0, other), rows.source_of(other), 1, None)
    assert (row[-1] == again[-1]) == (one == other)


@pytest.mark.parametrize(
    ("field", "value", "kept"),
    [
        ("input_tokens", 2**62, 0),
        ("output_tokens", -3, 0),
        ("reasoning_tokens", 2**70, 0),
        ("latency", float("nan"), 0.0),
        ("latency", float("inf"), 0.0),
        ("latency", -1.0, 0.0),
        ("cost", float("nan"), None),
        ("distribution", (0.5, float("nan")), None),
        ("distribution", (1.5, -0.5), None),
        ("text", "\ud800 lone", "? lone"),
        ("thoughts", "\udfff", "?"),
    ],
)
def test_what_no_server_can_mean_stops_nothing(tmp_path, field, value, kept):
    reply = replace(Reply("4"), **{field: value})
    with closing(Journal(tmp_path / "j.sqlite")) as journal:
        journal.plan([Session(1, "g", "r", "carried", 1, 1)])
        journal.enter([Turn(1, 0, 0, reply)], [])
        (stored,) = journal.turns()
    assert getattr(stored.reply, field) == kept


def bytes_a_turn(path, reply, sessions=60):
    """Bytes of a journal for each turn, and of the replies' own texts."""
    study = load_study("privacy_prosocial_published")
    planned = plan_sessions(study, ["openai/some-model-2026-11"], sessions, seed=1)
    n_turns = 36

    async def said(journal, session):
        for number in range(n_turns):
            given = replace(reply, input_tokens=400 + 90 * number, latency=0.8 + number / 977)
            await journal.record(Turn(session.number, number, 0, given, 2**31 - 1 - number))
        await journal.end(session.number, "complete")

    async def all_said(journal):
        await asyncio.gather(*(said(journal, session) for session in planned))

    with closing(Journal(path)) as journal:
        journal.plan(planned)
        asyncio.run(all_said(journal))
    turns = sessions * n_turns
    return path.stat().st_size / turns - len(reply.text) - len(reply.thoughts)


FULL = Reply(
    "5",
    "stop",
    output_tokens=212,
    cached_tokens=384,
    model="some-model-2026-11-05",
    reasoning_tokens=210,
    cache_write_tokens=128,
    cost=0.000123,
    provider="Some Provider",
    system_fingerprint="fp_0123456789",
    service_tier="default",
)


def test_a_turn_takes_150_bytes_at_most_beside_its_text(tmp_path):
    assert bytes_a_turn(tmp_path / "full.sqlite", FULL) <= 150


@pytest.mark.parametrize("choices", [5, 7, 101])
def test_a_distribution_takes_8_bytes_a_choice_at_most(tmp_path, choices):
    told = replace(FULL, distribution=tuple([1 / choices] * choices), mass=0.9876)
    without = bytes_a_turn(tmp_path / "without.sqlite", FULL, 20)
    assert bytes_a_turn(tmp_path / "with.sqlite", told, 20) - without <= 8 * choices
