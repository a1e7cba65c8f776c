from dataclasses import replace

from vaar.sessions.plan import plan_sessions


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
