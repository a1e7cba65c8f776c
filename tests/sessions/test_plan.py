from dataclasses import replace

import pytest

from vaar.errors import OptionError
from vaar.sessions.plan import LARGEST_SEED, MOST_SESSIONS, Block, plan_blocks, plan_sessions


def test_every_respondent_in_every_condition_in_rounds(study):
    sessions = plan_sessions(study, ["a", "b"], 3, seed=1)
    assert [s.number for s in sessions] == list(range(1, 7))
    assert [(s.group, s.replicate) for s in sessions[:3]] == [("a", 1), ("b", 1), ("a", 2)]


def test_groups_name_the_condition_only_where_there_are_several(study):
    (one,) = study.conditions
    both = replace(study, conditions=(one, replace(one, name="isolated", history="isolated")))
    assert [s.group for s in plan_sessions(both, ["a"], 1, 1)] == ["a [carried]", "a [isolated]"]
    assert [s.group for s in plan_sessions(study, ["a"], 1, 1)] == ["a"]


def test_a_replicate_has_one_seed_in_every_condition_and_for_every_respondent(study):
    sessions = plan_sessions(study, ["a", "b"], 5, seed=9)
    by_replicate = {s.replicate: s.seed for s in sessions}
    assert all(s.seed == by_replicate[s.replicate] for s in sessions)


def test_no_plan_fills_the_memory(study, monkeypatch):
    monkeypatch.setattr("vaar.sessions.plan.MOST_SESSIONS", 6)
    assert len(plan_blocks(study, [Block(("a", "b"), 2, 1), Block(("a",), 2, 2)])) == 6
    with pytest.raises(OptionError, match="more than 6 sessions"):
        plan_blocks(study, [Block(("a", "b"), 2, 1), Block(("a",), 3, 2)])


@pytest.mark.parametrize("sessions", [MOST_SESSIONS + 1, 10**12, 10**400])
def test_what_a_strangers_file_plans_is_bounded(study, sessions):
    with pytest.raises(OptionError, match="split the models over several runs"):
        plan_sessions(study, ["a"], sessions, 1)


@pytest.mark.parametrize("seed", [-1, LARGEST_SEED + 1, 10**400])
def test_a_seed_is_one_that_a_journal_holds(study, seed):
    with pytest.raises(OptionError, match=f"between 0 and {LARGEST_SEED}"):
        plan_sessions(study, ["a"], 1, seed)
    assert len(plan_sessions(study, ["a"], 1, LARGEST_SEED)) == 1
