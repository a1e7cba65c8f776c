from __future__ import annotations

from dataclasses import replace
from math import sqrt

import pandas as pd
import pytest

from support.made_up_run import made_up, make_study
from vaar.analyses.alignment.history import HISTORY, history_table, pairs, sharing_nothing
from vaar.analyses.base import Coded
from vaar.study.model import Study

PATHS = ("aods ~ privacy", "aods ~ psa")


def two_conditions(framing: str = "") -> Study:
    study = make_study()
    carried = study.conditions[0]
    isolated = replace(
        carried, name="fresh", history="isolated", framing=framing or carried.framing
    )
    return replace(study, conditions=(carried, isolated))


def groups_of(*rows: tuple[str, str, str]) -> pd.DataFrame:
    """One respondent m; each row a group, its condition and its levels."""
    table = pd.DataFrame(rows, columns=["group", "condition", "levels"])
    return table.assign(respondent="m", simulated=False, people=False)


def paths_of(**estimates: tuple[tuple[float, float], tuple[float, float]]) -> pd.DataFrame:
    rows = [
        (group, path, b, se)
        for group, own in estimates.items()
        for path, (b, se) in zip(PATHS, own, strict=True)
    ]
    return pd.DataFrame(rows, columns=["group", "path", "std_estimate", "std_se"])


BOTH = groups_of(("one", "default", "{}"), ("two", "fresh", "{}"))


def test_differences_are_carried_less_isolated_with_the_error_of_independent_groups() -> None:
    paths = paths_of(one=((-0.5, 0.06), (0.4, 0.05)), two=((-0.1, 0.08), (0.4, 0.05)))
    found = HISTORY.checked(history_table(two_conditions(), BOTH, paths))
    assert found["path"].tolist() == list(PATHS)
    assert found["difference"].tolist() == pytest.approx([-0.4, 0.0])
    assert found["se"].tolist() == pytest.approx([0.1, sqrt(2) * 0.05])
    assert found["lower"][0] == pytest.approx(-0.4 - 1.959964 * 0.1, abs=1e-6)
    assert found["upper"][0] == pytest.approx(-0.4 + 1.959964 * 0.1, abs=1e-6)


def test_the_interval_of_a_difference_covers_as_often_as_it_says() -> None:
    """Closed form: the standardised difference of independent normals is standard normal."""
    found = history_table(
        two_conditions(), BOTH, paths_of(one=((0.3, 0.3), (0, 1)), two=((-0.1, 0.4), (0, 1)))
    )
    z = found["difference"][0] / found["se"][0]
    assert z == pytest.approx(0.4 / 0.5)


def test_groups_that_were_split_are_set_against_those_of_the_same_levels() -> None:
    table = groups_of(
        ("a", "default", '{"options": "up"}'),
        ("b", "default", '{"options": "down"}'),
        ("c", "fresh", '{"options": "down"}'),
        ("d", "fresh", '{"options": "up"}'),
    )
    found = [(pair.carried, pair.isolated) for pair in pairs(two_conditions(), table)]
    assert found == [("a", "d"), ("b", "c")]


def test_another_respondent_is_no_partner() -> None:
    other = BOTH.assign(respondent=["m", "n"])
    assert not list(pairs(two_conditions(), other))


def test_conditions_that_differ_in_more_are_not_set_against_each_other() -> None:
    assert not list(pairs(two_conditions("Answer as a judge."), BOTH))


def test_a_group_without_estimates_has_no_difference() -> None:
    nan = float("nan")
    paths = paths_of(one=((-0.5, 0.06), (0.4, 0.05)), two=((nan, nan), (nan, nan)))
    found = history_table(two_conditions(), BOTH, paths)
    assert found[["difference", "se", "lower", "upper"]].isna().all(axis=None)


def test_without_personas_the_difference_is_no_effect_of_history() -> None:
    paths = paths_of(one=((-0.5, 0.06), (0.4, 0.05)), two=((-0.1, 0.08), (0.4, 0.05)))
    found = history_table(two_conditions(), BOTH, paths, ["two"])
    assert found.empty


@pytest.mark.parametrize(("persona", "expected"), [(None, ["two"]), ("p1", [])])
def test_isolated_sessions_share_something_where_they_have_a_persona(persona, expected) -> None:
    scores = pd.DataFrame({"group": ["one", "two", "two"]})
    given = pd.DataFrame({"persona": [None, None, persona]}, dtype="string")
    data = Coded(two_conditions(), pd.DataFrame(), scores, given, BOTH)
    assert sharing_nothing(data) == expected


def test_a_study_of_one_condition_has_none() -> None:
    run = made_up()
    found = history_table(run.study, run.groups_csv, run.paths)
    assert found.empty and list(found) == list(HISTORY.names)
