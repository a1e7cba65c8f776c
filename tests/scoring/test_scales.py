from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vaar.errors import DataError
from vaar.scoring.scales import scales, score
from vaar.study.model import Instrument, Item, Limits, ResponseScale, Study, Subscale

FIVE = ResponseScale(("Never", "Rarely", "Sometimes", "Often", "Always"))
ZERO_TO_THREE = ResponseScale(("No", "A little", "Rather", "Yes"), first=0)
HELPING = Instrument(
    code="help",
    title="Helping",
    construct="helping",
    instructions="",
    wording="parallel",
    source="",
    scale=FIVE,
    items=(Item("h1", ""), Item("h2", "", -1), Item("h3", ""), Item("h4", "")),
    subscales=(Subscale("help_a", "A", ("h1", "h2")), Subscale("help_b", "B", ("h3",))),
)
SHARING = Instrument(
    code="share",
    title="Sharing",
    construct="sharing",
    instructions="",
    wording="parallel",
    source="",
    scale=ZERO_TO_THREE,
    items=(Item("s1", "", -1), Item("s2", "")),
)
STUDY = Study("s", "S", "", (HELPING, SHARING), (), "", (), Limits())
ITEMS = ("h1", "h2", "h3", "h4", "s1", "s2")


def responses(
    answers: list[list[float | None]], group: str = "g", first_session: int = 1
) -> pd.DataFrame:
    rows = [
        (group, session, "carried", item, value)
        for session, values in enumerate(answers, start=first_session)
        for item, value in zip(ITEMS, values, strict=True)
    ]
    table = pd.DataFrame(rows, columns=["group", "session", "condition", "item", "value"])
    return table.astype({"value": "Int64"})


def test_a_session_is_one_row_of_keyed_answers_and_scores() -> None:
    scored = score(responses([[5, 1, 4, 3, 0, 3]]), STUDY)
    assert list(scored.columns) == [
        *("group", "session", "condition"),
        *ITEMS,
        *("help", "help_a", "help_b", "share"),
    ]
    assert scored.iloc[0].tolist() == ["g", 1, "carried", 5, 5, 4, 3, 3, 3, 4.25, 5, 4, 3]


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ([4, 2, 3, None], 11 / 3),
        ([4, None, 3, None], 3.5),
        ([4, None, None, None], np.nan),
        ([None, None, None, None], np.nan),
    ],
)
def test_a_score_needs_half_of_its_items(answers: list[float | None], expected: float) -> None:
    scored = score(responses([[*answers, None, None]]), STUDY)
    np.testing.assert_equal(scored["help"].iloc[0], expected)
    assert scored[["s1", "s2", "share"]].isna().all(axis=None)


def test_an_item_that_nobody_was_asked_is_missing() -> None:
    table = responses([[4, 2, 3, 3, 0, 3]])
    scored = score(table[table["item"] != "h3"], STUDY)
    assert scored["h3"].isna().all()
    assert scored["help"].iloc[0] == pytest.approx(11 / 3)
    assert scored["help_b"].isna().all()


def test_the_order_of_the_rows_changes_no_score() -> None:
    table = pd.concat(
        [responses([[1, 2, 3, 4, 0, 1], [5, 5, 5, 5, 3, 3]]), responses([[2] * 6], "f", 3)]
    )
    shuffled = table.sample(frac=1, random_state=1)
    pd.testing.assert_frame_equal(
        score(shuffled, STUDY).sort_values("session", ignore_index=True), score(table, STUDY)
    )


def test_every_scale_is_listed_in_the_order_of_the_study() -> None:
    assert [scale.code for scale in scales(STUDY)] == ["help", "help_a", "help_b", "share"]
    assert [scale.instrument for scale in scales(STUDY)] == ["help", "help", "help", "share"]


def test_no_responses_give_no_rows() -> None:
    assert score(responses([]), STUDY).empty


def test_an_unknown_item_is_an_error() -> None:
    table = responses([[1, 2, 3, 4, 0, 1]]).replace({"item": {"h3": "h9"}})
    with pytest.raises(DataError, match="items that the study does not: h9; score them with"):
        score(table, STUDY)


def test_an_item_answered_twice_is_an_error() -> None:
    table = responses([[1, 2, 3, 4, 0, 1]])
    with pytest.raises(DataError, match="session 1 of group g answers item h1 twice"):
        score(pd.concat([table, table.head(1)]), STUDY)


@pytest.mark.parametrize("value", [0, 6, -1])
def test_a_value_off_the_scale_is_an_error(value: int) -> None:
    with pytest.raises(DataError, match=f"h2 has the value {value}; its scale runs from 1 to 5"):
        score(responses([[1, value, 3, 4, 0, 1]]), STUDY)


@pytest.mark.parametrize("value", [2.5, np.inf])
def test_a_value_between_or_beyond_points_is_an_error(value: float) -> None:
    table = responses([[1, 2, 3, 4, 0, 1]]).astype({"value": float})
    table.loc[0, "value"] = value
    with pytest.raises(DataError, match="h1 has the value"):
        score(table, STUDY)


def test_an_absent_column_is_an_error() -> None:
    with pytest.raises(DataError, match="no column condition, value"):
        score(responses([[1, 2, 3, 4, 0, 1]]).drop(columns=["condition", "value"]), STUDY)


def test_a_response_of_no_group_is_an_error() -> None:
    table = responses([[1, 2, 3, 4, 0, 1]])
    table.loc[0, "group"] = None
    with pytest.raises(DataError, match="without a group or a session"):
        score(table, STUDY)


VALUES = st.lists(
    st.tuples(
        *[st.none() | st.integers(1, 5)] * 4,
        *[st.none() | st.integers(0, 3)] * 2,
    ).map(list),
    min_size=1,
    max_size=6,
)


@settings(deadline=None, max_examples=40)
@given(answers=VALUES)
def test_scores_stay_within_their_scale(answers: list[list[float | None]]) -> None:
    scored = score(responses(answers), STUDY)
    for code in ("help", "help_a", "help_b"):
        assert scored[code].dropna().between(1, 5).all()
    assert scored["share"].dropna().between(0, 3).all()


@settings(deadline=None, max_examples=40)
@given(answers=VALUES)
def test_mirrored_answers_give_mirrored_scores(answers: list[list[float | None]]) -> None:
    ends = [6] * 4 + [3] * 2
    mirrored = [
        [None if x is None else end - x for x, end in zip(row, ends, strict=True)]
        for row in answers
    ]
    there, back = score(responses(answers), STUDY), score(responses(mirrored), STUDY)
    np.testing.assert_allclose(back["help"], 6 - there["help"])
    np.testing.assert_allclose(back["share"], 3 - there["share"])
