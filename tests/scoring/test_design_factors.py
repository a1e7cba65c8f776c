from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaar.errors import DataError
from vaar.scoring.design_factors import (
    SESSION_FACTORS,
    design_factor_names,
    design_factors,
    levels,
    require_known,
)
from vaar.scoring.profile import profile
from vaar.scoring.profile_by_factor import profile_by_factor
from vaar.scoring.scales import score
from vaar.study.model import Instrument, Item, Limits, Persona, ResponseScale, Study, Subscale

FIVE = ResponseScale(("Never", "Rarely", "Sometimes", "Often", "Always"))
HELPING = Instrument(
    *("help", "Helping", "helping", "", "parallel", "", FIVE),
    items=(Item("h1", ""), Item("h2", "", -1)),
    subscales=(Subscale("help_a", "A", ("h1",)),),
)
PERSONAS = (
    Persona("p1", (("age", "31"), ("town", "Łódź"))),
    Persona("p2", (("age", "45"), ("town", ""))),
)
STUDY = Study("s", "S", "", (HELPING,), (), "", (), Limits(), personas=PERSONAS)


def responses(sessions: int = 8) -> pd.DataFrame:
    """Answers of one group to two forms, and of people, who have none."""
    rows = [
        dict(
            group="g", session=n, condition="c", replicate=n, persona=f"p{1 + n % 2}",
            order="help", items="fixed", options=("ascending", "descending")[n % 2],
            wording="original", item=item, value=value, reason=None, first_reason=None,
        )
        for n in range(1, sessions + 1)
        for item, value in (("h1", 1 + n % 5), ("h2", 3))
    ]  # fmt: skip
    people = [
        dict(
            group="human", session=-1, condition="human", replicate=None, persona="", order="",
            items="", options="", wording="", item=item, value=2, reason=None, first_reason=None,
        )
        for item in ("h1", "h2")
    ]  # fmt: skip
    table = pd.DataFrame([*rows, *people])
    return table.astype({"value": "Int64", "replicate": "Int64"})


def test_scores_carry_the_factors_that_the_responses_have() -> None:
    scored = score(responses(), STUDY)
    assert list(scored.columns) == [
        *("group", "session", "condition", *SESSION_FACTORS),
        *("h1", "h2", "help", "help_a"),
    ]
    assert scored["replicate"].tolist()[:8] == list(range(1, 9))
    fewer = score(responses().drop(columns=["wording", "items"]), STUDY)
    assert [c for c in SESSION_FACTORS if c in fewer] == [
        "replicate",
        "persona",
        "order",
        "options",
    ]


@pytest.mark.parametrize("code", ["options", "order"])
def test_a_scale_with_the_name_of_a_factor_is_refused(code: str) -> None:
    study = replace(STUDY, instruments=(replace(HELPING, code=code),))
    with pytest.raises(DataError, match=f"items or scales named {code}"):
        score(responses(), study)
    assert code in score(responses().drop(columns=list(SESSION_FACTORS)), study)


def test_every_session_has_its_factors_and_its_personas_attributes() -> None:
    found = design_factors(score(responses(), STUDY), STUDY)
    assert tuple(found) == design_factor_names(STUDY) == (*SESSION_FACTORS, "age", "town")
    assert found.iloc[0].tolist()[:2] == ["1", "p2"]
    assert found["age"].tolist()[:2] == ["45", "31"]
    assert found["town"].isna().tolist() == [n % 2 == 0 for n in range(8)] + [True]
    assert found.iloc[8].isna().all(), "people have none of them"


def test_a_replicate_is_a_whole_number_even_where_people_have_none() -> None:
    table = pd.DataFrame({"replicate": [1.0, np.nan], "persona": ["", ""]})
    found = design_factors(table, STUDY)
    assert found["replicate"][0] == "1" and found["replicate"].isna()[1]


def test_a_persona_that_the_study_does_not_have_has_no_attributes() -> None:
    found = design_factors(pd.DataFrame({"persona": ["p9", "p1"]}), STUDY)
    assert found["age"].isna().tolist() == [True, False]


def test_an_attribute_named_as_a_session_factor_is_refused() -> None:
    study = replace(STUDY, personas=(Persona("p", (("order", "first"),)),))
    with pytest.raises(DataError, match="attributes named order"):
        design_factors(pd.DataFrame({"persona": ["p"]}), study)


def test_unknown_names_are_refused_with_those_there_are() -> None:
    require_known(STUDY, ["age", "options"])
    with pytest.raises(DataError, match=r"no factor 'sex'.*replicate, persona, .*age, town"):
        require_known(STUDY, ["age", "sex"])


@given(st.lists(st.one_of(st.integers(0, 999).map(str), st.text(min_size=1)), min_size=1))
def test_levels_are_all_there_once(values: list[str]) -> None:
    found = levels(pd.Series([*values, None], dtype="string"))
    assert sorted(found) == sorted(set(values))


def test_numbers_come_in_their_order() -> None:
    assert levels(pd.Series(["10", "9", "100"], dtype="string")) == ["9", "10", "100"]


def test_the_profile_of_each_level_is_that_of_its_sessions_alone() -> None:
    table = responses()
    scored = score(table, STUDY)
    found = profile_by_factor(scored, design_factors(scored, STUDY), STUDY)
    assert set(found["factor"]) == {"persona", "options", "age"}
    assert set(found["group"]) == {"g"}
    down = table[table["options"] == "descending"]
    alone = profile(down, score(down, STUDY), STUDY)
    columns = ["scale", "n", "mean", "sd", "ci_lower", "ci_upper", "n_sessions"]
    part = found[(found["factor"] == "options") & (found["level"] == "descending")]
    pd.testing.assert_frame_equal(part[columns].reset_index(drop=True), alone[columns])


def test_a_factor_with_many_levels_is_not_described() -> None:
    table = responses(30).assign(persona=lambda t: "p" + t["session"].astype(str))
    scored = score(table, STUDY)
    assert "persona" not in set(
        profile_by_factor(scored, design_factors(scored, STUDY), STUDY)["factor"]
    )


def test_where_nothing_varied_the_table_is_empty() -> None:
    scored = score(responses().assign(options="ascending", persona="p1"), STUDY)
    found = profile_by_factor(scored, design_factors(scored, STUDY), STUDY)
    assert found.empty and "factor" in found
