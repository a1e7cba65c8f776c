"""A session that is another one over again counts once; anything that differs counts by itself."""

from dataclasses import replace

import pytest

from vaar.responses.said_once import Repeated, said_once
from vaar.sessions.plan import Block, plan_blocks
from vaar.sessions.records import Said


def planned(study, *rules, sessions=3):
    return plan_blocks(study, [Block(("m",), sessions, 7, rule) for rule in rules])


def said(*texts):
    return [Said(n, 0, text, "stop", 3, 0.1, None, None) for n, text in enumerate(texts)]


def once(sessions, replies):
    repeated = Repeated()
    kept = list(said_once(zip(sessions, replies, strict=True), sessions, repeated))
    return [session.number for session, _ in kept], dict(repeated)


def test_a_run_that_was_begun_under_another_rule_of_seeds_counts_each_session_once(study):
    sessions = planned(study, "session", "turn")
    assert [s.seed for s in sessions[:3]] == [s.seed for s in sessions[3:]]
    same = [said("1", "2"), said("3", "4"), said("5", "1")]
    assert once(sessions, [*same, *same]) == ([1, 2, 3], {"m": 3})
    other = [said("1", "2"), said("3", "3"), said("5", "1")]
    assert once(sessions, [*same, *other]) == ([1, 2, 3, 5], {"m": 2})


@pytest.mark.parametrize(
    "changes",
    [
        {"group": "n"},
        {"persona": "p2"},
        {"facts": (("risk", "high"),)},
        {"paraphrase": "plain"},
        {"instrument_order": ("beta", "alpha")},
        {"seed": 1},
    ],
)
def test_what_was_given_otherwise_is_another_session(study, changes):
    first, second = planned(study, "session", "turn", sessions=1)
    pair = [first, replace(second, **changes)]
    assert once(pair, [said("1"), said("1")]) == ([1, 2], {})


def test_sessions_that_said_nothing_yet_are_no_copies(study):
    sessions = planned(study, "session", "turn")
    assert once(sessions, [[]] * 6) == ([1, 2, 3, 4, 5, 6], {})


def test_sessions_of_one_drawing_have_seeds_of_their_own(study):
    sessions = planned(study, "turn")
    assert once(sessions, [said("1")] * 3) == ([1, 2, 3], {})
    assert len({session.seed for session in sessions}) == 3
