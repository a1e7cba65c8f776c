from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaar.analyses.alignment.options import AnalysisOptions
from vaar.analyses.grouping import check_groupable, grouped
from vaar.errors import DataError


def factors(**columns):
    return pd.DataFrame({name: pd.Series(v, dtype="string") for name, v in columns.items()})


GROUPS = pd.Series(["m [carried]", "m [carried]", "human"])


def test_a_group_becomes_one_for_each_level_and_people_stay_whole():
    table = factors(order=["psa aods", "aods psa", None], options=["up", "up", None])
    found = grouped(GROUPS, table, ["order", "options"])
    assert found.tolist() == [
        "m [carried] [order: psa aods, options: up]",
        "m [carried] [order: aods psa, options: up]",
        "human",
    ]


def test_without_a_factor_groups_stay():
    assert grouped(GROUPS, factors(order=["a", "b", None]), []).equals(GROUPS)


def test_a_session_without_a_level_has_a_group_too():
    table = factors(gender=["woman", None, None])
    assert grouped(GROUPS, table, ["gender"])[1] == "m [carried] [gender: (none)]"
    check_groupable(GROUPS, table, ["gender"])


@given(st.lists(st.text(), min_size=1))
def test_names_hold_nothing_that_cannot_be_printed(levels):
    groups = pd.Series(["m"] * len(levels))
    found = grouped(groups, factors(town=levels), ["town"])
    assert all(name.isprintable() for name in found)


@pytest.mark.parametrize(
    ("levels", "words"),
    [
        (["a", "a", None], "every session of this run has the same town; what varies: order"),
        (["a b", "a\u202e b", None], "cannot be printed"),
    ],
)
def test_what_cannot_make_groups_is_refused(levels, words):
    table = factors(town=levels, order=["a", "b", None])
    with pytest.raises(DataError, match=words):
        check_groupable(GROUPS, table, ["town"])


def test_a_factor_that_the_run_lacks_is_refused():
    table = factors(wording=[None] * 3, order=["a", "b", None])
    with pytest.raises(DataError, match="same wording"):
        check_groupable(GROUPS, table, ["wording"])


def test_too_many_levels_are_refused():
    levels = [f"p{k}" for k in range(13)]
    with pytest.raises(DataError, match=r"13 levels.*at most 12"):
        check_groupable(pd.Series(["m"] * 13), factors(persona=levels), ["persona"])
    check_groupable(pd.Series(["m"] * 12), factors(persona=levels[:12]), ["persona"])


def test_one_name_cannot_be_both():
    with pytest.raises(DataError, match="order cannot both"):
        AnalysisOptions(by=("order",), covariates=("order",))


def test_options_come_back_from_json_as_they_were():
    lists: dict[str, Any] = {"by": ["order", "order"], "covariates": ["age"]}
    given = AnalysisOptions(**lists)
    assert given == AnalysisOptions(by=("order",), covariates=("age",))
