from __future__ import annotations

from vaar.analyses.alignment.report.wording import sign, without_condition
from vaar.report.groups import Group


def test_sign_in_words() -> None:
    assert (sign(1), sign(-1)) == ("+ positive", "− negative")


def test_a_group_without_its_condition_is_respondent_and_levels() -> None:
    split = Group("m [fresh] [options: up]", "x", respondent="m", levels={"options": "up"})
    assert without_condition(split) == "m [options: up]"
    whole = Group("m [fresh]", "x", simulated=True, respondent="m", condition="fresh")
    assert without_condition(whole) == "m (simulated)"
    assert without_condition(Group("m", "m")) == "m"
