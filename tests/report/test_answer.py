from __future__ import annotations

from collections.abc import Callable

from vaar.report.answer import answer, changed_models, overlap, simulated_names
from vaar.report.groups import collect
from vaar.report.inputs import ReportInputs


def test_one_model_has_no_lowest(new_inputs: Callable[..., ReportInputs]) -> None:
    run = new_inputs(["human-like"], [], [])
    said = answer(run.vaar, run.run, collect(run)).striptags()
    assert said == "Of 1 model, 1 could be estimated; highest VAAR: human-like >.99 [.94, >.99]."


def test_nobody_estimable(new_inputs: Callable[..., ReportInputs]) -> None:
    run = new_inputs(["a", "b"], ["a", "b"], ["a"])
    said = answer(run.vaar, run.run, collect(run)).striptags()
    assert said == (
        "Of 2 models, 0 could be estimated; not estimable: a simulated (every answer is the same), "
        "b (every answer is the same)."
    )


def test_models_in_several_conditions_are_groups(inputs: ReportInputs) -> None:
    first, *others = inputs.run["respondents"]
    merged = [first | {"groups": [first["groups"][0], others[0]["groups"][0]]}, *others[1:]]
    said = answer(inputs.vaar, inputs.run | {"respondents": merged}, collect(inputs))
    assert said.startswith("Of 6 groups, 5")


def test_a_partly_estimable_leader_is_said_to_be_so(inputs: ReportInputs) -> None:
    vaar = inputs.vaar.replace({"status": {"estimated": "partly_estimable"}})
    assert "[.94, >.99] (partly estimable);" in answer(vaar, inputs.run, collect(inputs)).unescape()


def test_overlap_is_told_only_where_there_is_one(inputs: ReportInputs) -> None:
    groups = collect(inputs)
    assert overlap(inputs.vaar, groups) == ""
    wide = inputs.vaar.assign(vaar_lower=0.01, vaar_upper=0.99)
    assert "noisy" in overlap(wide, groups)
    assert overlap(inputs.vaar.iloc[:1], groups) == ""


def test_hostile_names_are_escaped(hostile_inputs: ReportInputs) -> None:
    said = answer(hostile_inputs.vaar, hostile_inputs.run, collect(hostile_inputs))
    assert "&lt;script&gt;" in said and "<script" not in said
    assert "a" * 61 not in said


def test_simulated_names(hostile_inputs: ReportInputs, inputs: ReportInputs) -> None:
    assert len(simulated_names(hostile_inputs.run)) == 2
    assert len(simulated_names(inputs.run)) == 6


def test_only_respondents_of_which_several_models_answered_have_changed() -> None:
    reported = {"a": {"m-1": 5}, "b": {"m-1": 5, "m\u202e2": 1}}
    (changed,) = changed_models({"reported": reported})
    assert (changed.name, changed.models) == ("b", (("m-1", 5), ("m‹U+202E›2", 1)))
    assert changed_models({}) == ()
