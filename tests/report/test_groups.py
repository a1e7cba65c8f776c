from __future__ import annotations

import pandas as pd

from support.made_up_run import MadeUp
from vaar.report.groups import Groups, group_column


def groups_of(**columns: list[object]) -> Groups:
    n = len(next(iter(columns.values())))
    blank = dict(respondent=["m"] * n, condition=[""] * n, levels=["{}"] * n)
    flags = dict(simulated=[False] * n, people=[False] * n)
    return Groups.of(pd.DataFrame({**blank, **flags, **columns}))


def test_groups_come_in_the_order_of_the_run_people_first() -> None:
    groups = groups_of(group=["b", "a", "human"], people=[False, False, True])
    assert [group.name for group in groups] == ["human", "b", "a"]
    assert [group.name for group in groups.asked] == ["b", "a"]
    assert [group.name for group in groups.people] == ["human"]


def test_a_result_may_lead() -> None:
    groups = groups_of(group=["c", "b", "a", "human"], people=[False, False, False, True])
    led = groups.led_by(["b", "unknown"])
    assert [group.name for group in led] == ["human", "b", "a", "c"]


def test_whom_a_group_holds_is_read_and_not_parsed() -> None:
    name = "m [x] [options: up]"
    groups = groups_of(
        group=[name], respondent=["m [x]"], condition=["fresh"], levels=['{"options": "up"}']
    )
    group = groups[name]
    assert (group.respondent, group.condition, group.levels) == (
        "m [x]",
        "fresh",
        {"options": "up"},
    )


def test_labels_are_unique_short_and_say_what_is_simulated(hostile: MadeUp) -> None:
    labels = [group.label for group in hostile.groups]
    assert len(set(labels)) == len(labels) == len(hostile.vaar)
    assert max(map(len, labels)) < 50
    assert all(group.simulated == ("simulated" in group.label) for group in hostile.groups)
    assert sum(group.simulated for group in hostile.groups) == 2
    assert all(label.isprintable() for label in labels)


def test_sorting_keeps_the_rows_of_a_group_in_order_and_strangers_last(made: MadeUp) -> None:
    curve = pd.concat([made.vaar_by_n.assign(group="stranger").head(2), made.vaar_by_n])
    in_order = made.groups.sort(curve)
    names = [*(group.name for group in made.groups), "stranger"]
    assert list(in_order["group"].unique()) == names
    assert list(in_order["n"][:4]) == [25, 50, 100, 200]


def test_a_group_the_run_does_not_name_stands_for_itself(made: MadeUp) -> None:
    assert made.groups["<gone>"].label == "<gone>"


def test_the_column_of_groups_marks_the_simulated_and_leaves_gaps() -> None:
    groups = groups_of(group=["m", "s"], simulated=[False, True])
    cell = group_column(groups).cell
    assert cell({"group": "m"}).tag == "" and cell({"group": "s"}).tag == "simulated"
    assert cell({"group": ""}).empty and cell({"group": float("nan")}).empty


def test_a_name_in_a_sentence_is_short_harmless_and_marked(hostile: MadeUp) -> None:
    said = [group.strong for group in hostile.groups]
    assert not [text for text in said if "<script" in text or "\u202e" in text]
    assert sum('class="tag"' in text for text in said) == 2
    assert not [text for text in said if "a" * 61 in text]
