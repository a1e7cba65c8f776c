from __future__ import annotations

from support.made_up_run import MadeUp, made_up
from vaar.analyses.alignment.report.answer import (
    answer,
    by_vaar,
    drawable,
    not_estimable,
    overlap,
)


def test_one_model_has_no_lowest() -> None:
    run = made_up(["human-like"], [], [])
    said = answer(run.vaar, run.ranked).striptags()
    assert said == "Of 1 model, 1 could be estimated; highest VAAR: human-like >.99 [.94, >.99]."


def test_nobody_estimable() -> None:
    run = made_up(["a", "b"], ["a", "b"], ["a"])
    said = answer(run.vaar, run.ranked).striptags()
    assert said == (
        "Of 2 models, 0 could be estimated; not estimable: a simulated (every answer is the same), "
        "b (every answer is the same)."
    )


def test_models_in_several_conditions_are_groups(made: MadeUp) -> None:
    groups = made.groups_csv.assign(respondent=["m", "m", *"abcd"])
    assert answer(made.vaar, made.but(groups_csv=groups).groups).startswith("Of 6 groups, 5")


def test_a_partly_estimable_leader_is_said_to_be_so(made: MadeUp) -> None:
    vaar = made.vaar.replace({"status": {"estimated": "partly_estimable"}})
    assert "[.94, >.99] (partly estimable);" in answer(vaar, made.ranked).unescape()


def test_overlap_is_told_only_where_there_is_one(made: MadeUp) -> None:
    groups = made.ranked
    assert overlap(made.vaar, groups) == ""
    wide = made.vaar.assign(vaar_lower=0.01, vaar_upper=0.99)
    assert "noisy" in overlap(wide, groups)
    assert overlap(made.vaar.iloc[:1], groups) == ""


def test_hostile_names_are_escaped(hostile: MadeUp) -> None:
    said = answer(hostile.vaar, hostile.ranked)
    assert "&lt;script&gt;" in said and "<script" not in said
    assert "a" * 61 not in said


def test_highest_vaar_first_and_not_estimable_last(made: MadeUp) -> None:
    names = [group.name for group in by_vaar(made.vaar, made.groups)]
    assert names[0] == "human-like" and names[-1] == "constant"
    assert made.vaar.set_index("group")["vaar"].loc[names[:-1]].is_monotonic_decreasing


def test_a_group_absent_from_the_vaar_table_is_listed_with_a_reason(made: MadeUp) -> None:
    vaar = made.vaar[made.vaar["group"] != "noisy"]
    excluded = {e.group.name: e.reason for e in not_estimable(vaar, made.groups)}
    assert excluded == {"constant": "every answer is the same", "noisy": "never fitted"}


def test_an_estimated_group_without_a_figure_is_not_drawable(made: MadeUp) -> None:
    assert len(drawable(made.vaar)) == 5
    assert drawable(made.vaar.assign(vaar=float("nan"))).empty


def test_people_are_the_reference_and_asked_no_vaar() -> None:
    run = made_up(["human", "noisy"], [], [])
    groups = run.groups_csv.assign(people=[True, False])
    vaar = run.vaar[run.vaar["group"] != "human"]
    people = run.but(groups_csv=groups, vaar=vaar)
    assert answer(vaar, people.ranked).striptags().startswith("Of 1 model, 1 could be estimated")
    assert not_estimable(vaar, people.ranked) == ()
