"""Reading blocks of levels."""

from __future__ import annotations

import pytest

from vaar.errors import ModelSyntaxError
from vaar.sem.two_level.levels import has_levels, matching, read_levels

MODEL = """
level: 1   # within
  f =~ y1 + y2 + y3
  f ~ x
level: 2
  f =~ y1 + y2 + y3
  f ~ w
"""


def test_variables_of_both_levels_are_two_variables_of_the_joined_model() -> None:
    levels = read_levels(MODEL)
    assert levels.variables == ("y1", "y2", "y3", "x", "w")
    assert levels.spec.observed == ("y1", "y2", "y3", "x", "y1@2", "y2@2", "y3@2", "w@2")
    assert levels.spec.latents == ("f", "f@2")
    assert levels.column.tolist() == [0, 1, 2, 3, 0, 1, 2, 4]
    assert levels.both.tolist() == [True] * 3 + [False] + [True] * 3 + [False]
    assert levels.between.tolist() == [False] * 4 + [True] * 4


def test_no_parameter_leads_from_one_level_to_the_other() -> None:
    for row in read_levels(MODEL).spec.rows:
        if row.op != "~1":
            assert row.lhs.endswith("@2") == row.rhs.endswith("@2")


def test_means_stand_at_level_2_but_for_variables_of_level_1_alone() -> None:
    rows = {row.name: row for row in read_levels(MODEL.replace("f ~ x", "v ~ f + x")).spec.rows}
    assert rows["y1~1"].modifier.values == rows["f~1"].modifier.values == (0.0,)
    assert rows["v~1"].modifier.values == ()
    assert rows["y1@2~1"].modifier.values == ()
    assert rows["x~1"].from_data and rows["w@2~1"].from_data


@pytest.mark.parametrize(
    "text",
    [
        "level: within\ny ~~ z\nlevel: between\ny ~~ z",
        "Level:1\ny ~~ z\nlevel :2 ! a comment\ny ~~ z",
        "# a comment\n\nlevel: 2;\ny ~~ z\nlevel: 1;\ny ~~ z",
    ],
)
def test_ways_to_write_levels(text: str) -> None:
    assert has_levels(text)
    spec = read_levels(text).spec
    assert spec.observed == ("y", "z", "y@2", "z@2")


def test_a_level_may_be_written_in_several_blocks() -> None:
    levels = read_levels("level: 1\ny ~~ z\nlevel: 2\ny ~~ y\nlevel: 1\nx ~ y\nlevel: 2\nz ~~ z")
    assert {row.name for row in levels.spec.rows} >= {"y~~z", "x~y", "y@2~~y@2", "z@2~~z@2"}


def test_labels_and_definitions_are_of_both_levels() -> None:
    text = "level: 1\ny ~ a*x\nlevel: 2\nd := a - b\ny ~ b*w\na == b"
    spec = read_levels(text).spec
    assert [line.name for line in spec.defined] == ["d"]
    assert len(spec.equalities) == 1


def test_a_model_of_one_level_has_none() -> None:
    assert not has_levels("level ~ 1\ny ~ level")
    assert not has_levels("f =~ x1 + x2 + x3")
    assert not has_levels(None)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("level: 1\ny ~~ z\nlevel: 3\ny ~~ z", "line 3, column 1: got level '3'; there are two"),
        ("level: 1\ny ~~ z", "the model has no level 2"),
        ("level: 2\ny ~~ z", "the model has no level 1"),
        ("x ~ y\nlevel: 1\ny ~~ z\nlevel: 2\ny ~~ z", "line 1, column 1: this stands before"),
        ("level: 1\ny ~~ z\nlevel: 2\ny ~~ ", "line 4"),
        ("level: 1\ny ~ a*z\nlevel: 2\ny ~~ z\nd := a + c", "'c' is no label"),
        ("level: 1\ny | t1\nlevel: 2\ny ~~ z", "belongs to ordinal items"),
        ("level: 1\ny ~ y\nlevel: 2\ny ~~ z", "line 2, column 1"),
    ],
)
def test_mistakes_are_told_with_their_place(text: str, message: str) -> None:
    with pytest.raises(ModelSyntaxError, match=message):
        read_levels(text)


def test_names_of_parameters_are_found_at_their_level() -> None:
    spec = read_levels(MODEL).spec
    assert matching(["f =~ y2"], spec) == ["f=~y2", "f@2=~y2@2"]
    assert matching(["f ~ w"], spec) == ["f@2~w@2"]
    assert matching(["y1 ~ 1"], spec) == ["y1~1", "y1@2~1"]
    assert matching(["y9 ~ 1"], spec) == ["y9 ~ 1"]
