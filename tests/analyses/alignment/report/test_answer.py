from __future__ import annotations

from support.made_up_run import MadeUp, made_up
from vaar.analyses.alignment.report.answer import (
    answer,
    drawable,
    flagged,
    in_order,
    not_estimable,
    ranking,
    unlike_expected,
)
from vaar.tables.table import Table
from vaar.tables.text import without_marks


def test_every_model_is_told_by_its_verdicts(made: MadeUp) -> None:
    said = without_marks(answer(made.vaar, made.ranked))
    assert said.startswith("Of 6 models, 5 could be estimated; as in people on every path: human-l")
    assert "against people on some path: acquiescent (simulated), contrarian (simulated);" in said
    assert "no settled answer on some path: noisy (simulated), privacy-blind (simulated);" in said
    assert "highest" not in said and "lowest" not in said


def test_where_people_are_unlike_the_expectation_nobody_is_called_like_people() -> None:
    run = made_up(["human", "noisy"], [], [])
    people = run.paths["group"] == "human"
    as_expected = run.paths.assign(verdict="as in people")
    assert unlike_expected(as_expected) == []
    otherwise = as_expected["verdict"].mask(people & run.paths["path"].eq("aods ~ psa"), "against")
    paths = as_expected.assign(verdict=otherwise)
    assert unlike_expected(paths) == ["aods ~ psa"]
    vaar = run.vaar[run.vaar["group"] != "human"]
    groups = run.groups_csv.assign(people=[True, False])
    section = run.but(paths=paths, vaar=vaar, groups_csv=groups).alignment()
    said = without_marks(section.lead)
    assert "the people of this run do not show what it expects of aods ~ psa" in said
    assert "as in people" not in said and "against people" not in said
    table = next(block for block in section.summary if isinstance(block, Table))
    told = {cell.text for row in table.rows for cell in row.cells}
    assert {"as the study expects", "as in people"} <= told


def test_nobody_estimable() -> None:
    run = made_up(["a", "b"], ["a", "b"], ["a"])
    said = without_marks(answer(run.vaar, run.ranked))
    assert said == (
        "Of 2 models, 0 could be estimated; not estimable: a (simulated) (every answer is the "
        "same), b (every answer is the same)."
    )


def test_models_in_several_conditions_are_groups(made: MadeUp) -> None:
    groups = made.groups_csv.assign(respondent=["m", "m", *"abcd"])
    said = without_marks(answer(made.vaar, made.but(groups_csv=groups).groups))
    assert said.startswith("Of 6 groups, 5")


def test_a_partly_estimable_group_has_no_rate_and_is_told_with_its_reason(made: MadeUp) -> None:
    lost = made.vaar["group"] == "noisy"
    vaar = made.vaar.assign(status=made.vaar["status"].mask(lost, "partly_estimable"))
    vaar = vaar.assign(reason=vaar["reason"].mask(lost, "one path is lost"))
    assert "noisy (simulated) (one path is lost)" in without_marks(answer(vaar, made.ranked))
    assert len(drawable(vaar)) == 4


def test_a_flagged_group_is_in_no_headline(made: MadeUp) -> None:
    first = made.vaar["group"] == "human-like"
    vaar = made.vaar.assign(flag=made.vaar["flag"].mask(first, "the model does not fit"))
    said = without_marks(answer(vaar, made.ranked))
    assert "as in people on every path" not in said
    assert "not to be relied on: human-like (simulated) (the model does not fit)" in said
    assert [one.group.name for one in flagged(vaar, made.ranked)] == ["human-like"]
    assert flagged(made.vaar, made.ranked) == ()


def test_ranks_are_told_as_far_as_the_data_carry_them(made: MadeUp) -> None:
    groups = made.ranked
    assert "Ranks among 5 (1 is the highest VAAR) that hold" in ranking(made.vaar, groups)
    assert "human-like (simulated) 1; " in without_marks(ranking(made.vaar, groups))
    none = made.vaar.assign(rank_lower=1, rank_upper=5)
    assert "every one of them may be the highest or the lowest" in ranking(none, groups)
    some = none.assign(rank_upper=none["rank_upper"].mask(none["group"] == "noisy", 2))
    told = without_marks(ranking(some, groups))
    assert told == (
        "Ranks among 5 (1 is the highest VAAR) that hold together with 95 % confidence: "
        "noisy (simulated) 1 to 2."
    )
    assert ranking(made.vaar.assign(ranked=float("nan")), groups) == ""


def test_hostile_names_are_escaped(hostile: MadeUp) -> None:
    said = answer(hostile.vaar, hostile.ranked)
    assert "&lt;script&gt;" in said and "<script" not in said
    assert "a" * 61 not in said


def test_groups_are_listed_as_they_are_ranked_and_else_as_in_the_run(made: MadeUp) -> None:
    names = [group.name for group in in_order(made.vaar, made.groups)]
    assert names[0] == "human-like" and names[-1] == "constant"
    assert made.vaar.set_index("group")["vaar"].loc[names[:-1]].is_monotonic_decreasing
    unranked = made.vaar.assign(rank_lower=float("nan"), rank_upper=float("nan"))
    assert [g.name for g in in_order(unranked, made.groups)] == list(made.vaar["group"])


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
    assert without_marks(answer(vaar, people.ranked)).startswith("Of 1 model, 1 could be estimated")
    assert not_estimable(vaar, people.ranked) == ()
