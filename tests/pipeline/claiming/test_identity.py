"""How a run may grow, and what makes it another."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.scripted import tiny_study
from vaar.errors import RunDirectoryError
from vaar.pipeline.claiming.identity import (
    add_block,
    blocks_in,
    grown,
    identity_of_blocks,
    planned_again,
)
from vaar.sessions.plan import Block, plan_blocks, plan_sessions, session_key

KIND = {"study": "tiny", "study_hash": "0" * 64, "base_url": None}
STUDY = tiny_study()


def identity(*blocks, **further):
    return KIND | identity_of_blocks(blocks) | further


def block(names="a", sessions=20, seed=1, rule="turn"):
    return Block(tuple(names), sessions, seed, rule)


def grow(found, asked, given=True):
    return blocks_in(grown(Path("run"), found, asked, given))


def test_an_identity_tells_its_blocks():
    for blocks in ([block()], [block(rule="session")], [block(), block("ab", 30)]):
        assert blocks_in(identity(*blocks)) == blocks
    assert "blocks" not in identity(block())
    assert "seed_rule" not in identity(block(rule="session")), "as earlier versions wrote it"


def test_more_blocks_than_can_be_laid_out_in_time_are_refused():
    entry = {"respondents": ["a"], "sessions": 1, "seed": 1}
    for blocks in ([entry] * 10_001, {"a": entry}, "a"):
        with pytest.raises(TypeError, match="is no list, or has more than 10,000 entries"):
            blocks_in(identity(block()) | {"blocks": blocks})


def test_of_many_seeds_some_are_told():
    found = identity(*(block(seed=seed) for seed in range(300)))
    with pytest.raises(RunDirectoryError, match=r"seed: there 0, 1, .*, 9, …, asked 1000") as told:
        grow(found, identity(block(seed=1000)))
    assert len(str(told.value)) < 600


@pytest.mark.parametrize(
    ("found", "asked", "expected"),
    [
        ([block()], block(), [block()]),
        ([block()], block(sessions=10), [block()]),
        ([block()], block(sessions=30), [block(sessions=30)]),
        ([block("ab")], block("ba"), [block("ab")]),
        ([block("a")], block("b"), [block("a"), block("b")]),
        ([block("a")], block("ab"), [block("a"), block("ab")]),
        ([block("a"), block("ab")], block("ab", 30), [block("a"), block("ab", 30)]),
        ([block("ab")], block("a", 30), [block("ab"), block("a", 30)]),
        ([block(rule="session")], block(sessions=30), [block(sessions=30, rule="session")]),
    ],
)
def test_a_run_grows_by_sessions_and_respondents(found, asked, expected):
    assert grow(identity(*found), identity(asked)) == expected


def test_sessions_that_were_not_asked_for_add_none():
    found = identity(block("a", 20))
    assert grow(found, identity(block("a", 200)), given=False) == [block("a", 20)]
    assert grow(found, identity(block("ab", 200)), given=False) == [block("a", 20), block("b", 20)]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"study_hash": "1"}, "study_hash: there '0000"),
        ({"base_url": "http://other/v1"}, "base_url: there None, asked 'http://other/v1'"),
        ({"seed": 2}, "seed: there 1, asked 2"),
        ({"shard": "1/2"}, "shard: there None, asked '1/2'"),
        ({"distributions": True}, "distributions: there None, asked True"),
        ({"requests": {"a": "other", "b": "new"}}, "requests of a: there 'one', asked 'other'"),
    ],
)
def test_anything_else_makes_another_run(change, told):
    found = identity(block(), requests={"a": "one"})
    with pytest.raises(RunDirectoryError, match="holds another run") as refused:
        grow(found, identity(block("ab")) | change)
    assert told in str(refused.value)


def test_what_is_known_by_respondent_grows_with_them():
    found = identity(block("a"), requests={"a": "one"})
    asked = identity(block("b"), requests={"b": "two"})
    assert grown(Path("run"), found, asked, True)["requests"] == {"a": "one", "b": "two"}


blocks = st.lists(
    st.builds(
        Block,
        st.lists(st.sampled_from("abc"), min_size=1, max_size=3, unique=True).map(tuple),
        st.integers(1, 12),
        st.sampled_from([1, 2]),
        st.just("turn"),
    ),
    min_size=1,
    max_size=4,
)


@given(blocks)
def test_what_is_added_changes_nothing_that_was_planned(parts):
    held, before = [], []
    for part in parts:
        held = add_block(held, part)
        planned = plan_blocks(STUDY, held)
        assert planned[: len(before)] == before
        wanted = {session_key(s) for s in plan_blocks(STUDY, [part])}
        assert wanted <= {session_key(s) for s in planned}
        before = planned
    assert [s.number for s in before] == list(range(1, len(before) + 1))
    by_group: dict[str, list[int]] = {}
    for session in before:
        by_group.setdefault(session.group, []).append(session.replicate)
    for replicates in by_group.values():
        assert replicates == list(range(1, len(replicates) + 1))
    assert len({session_key(session) for session in before}) == len(before)
    assert planned_again(STUDY, identity(*held)) == before


def test_a_plan_of_one_block_is_a_plan():
    assert plan_blocks(STUDY, [block("ab", 5)]) == plan_sessions(STUDY, ["a", "b"], 5, 1)


@pytest.mark.parametrize(
    "broken",
    [
        {},
        {"respondents": "a", "sessions": 1, "seed": 1},
        {"respondents": ["a"], "sessions": "1", "seed": 1},
        {"respondents": ["a"], "sessions": 1, "seed": 1, "seed_rule": "none"},
        {"blocks": [3]},
    ],
)
def test_a_broken_identity_is_no_plan(broken):
    with pytest.raises((KeyError, TypeError, ValueError, AttributeError)):
        planned_again(STUDY, broken)
