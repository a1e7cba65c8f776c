from __future__ import annotations

from collections.abc import Callable

from vaar.report.groups import collect
from vaar.report.inputs import ReportInputs


def test_highest_vaar_first_and_not_estimable_last(inputs: ReportInputs) -> None:
    names = [group.name for group in collect(inputs)]
    assert names[0] == "human-like"
    assert names[-1] == "constant"
    values = inputs.vaar.set_index("group")["vaar"].loc[names[:-1]]
    assert values.is_monotonic_decreasing


def test_a_group_known_only_from_its_sessions_is_found(
    new_inputs: Callable[..., ReportInputs],
) -> None:
    run = new_inputs()
    run.sessions.loc[len(run.sessions)] = run.sessions.iloc[0].to_dict() | {"group": "only-failed"}
    assert "only-failed" in collect(run).by_name


def test_labels_are_unique_short_and_say_what_is_simulated(hostile_inputs: ReportInputs) -> None:
    groups = collect(hostile_inputs)
    labels = [group.label for group in groups]
    assert len(set(labels)) == len(labels) == len(hostile_inputs.vaar)
    assert max(map(len, labels)) < 50
    assert all(group.simulated == ("simulated" in group.label) for group in groups)
    assert sum(group.simulated for group in groups) == 2


def test_sorting_keeps_the_rows_of_a_group_in_order(inputs: ReportInputs) -> None:
    sorted_curve = collect(inputs).sort(inputs.vaar_by_n)
    assert list(sorted_curve["group"].unique()) == [group.name for group in collect(inputs)]
    assert list(sorted_curve["n"][:4]) == [25, 50, 100, 200]


def test_people_supplied_as_reference_come_first_and_are_asked_no_vaar(
    new_inputs: Callable[..., ReportInputs],
) -> None:
    run = new_inputs(["human-like", "noisy"], [], [])
    run.paths.loc[run.paths["group"] == "noisy", "group"] = "human"
    groups = collect(run)
    assert next((group.name, group.asked) for group in groups) == ("human", False)
    assert {group.name for group in groups.asked} == {"human-like", "noisy"}
