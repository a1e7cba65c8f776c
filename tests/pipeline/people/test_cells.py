import pytest

from vaar.pipeline.people.cells import Reading, find_meaning
from vaar.study.model import ResponseScale

SCALE = ResponseScale(("Strongly disagree", "Disagree", "Neither", "Agree", "Strongly agree"))


def meaning(cells, **reading):
    return find_meaning(dict.fromkeys(cells, 1), SCALE, Reading(**reading))


@pytest.mark.parametrize(
    ("cell", "point"),
    [
        ("1", 1),
        ("5", 5),
        ("3.0", 3),
        ("3,00", 3),
        ("strongly  AGREE", 5),
        ("4 - Agree", 4),
        ("4 = Agree", 4),
        ("-99", None),
        ("99", None),
        ("Prefer not to say", None),
        ("N/A", None),
        (".", None),
        ("–", None),
    ],
)
def test_cells_that_are_understood(cell, point):
    found = meaning([cell])
    assert found.values == {cell: point}
    assert not found.problem


@pytest.mark.parametrize(
    "cell", ["6", "0", "2.5", "2,5", "often", "4 - Disagree", "4 - Much", "=1+1", "A3"]
)
def test_cells_that_are_not(cell):
    found = meaning([cell])
    assert found.unknown == {cell: 1}
    assert repr(cell)[:5] in found.problem or "shift" in found.problem


def test_cells_from_0_are_asked_about_and_shifted_by_the_map():
    found = meaning("01234")
    assert "run from 0 to 4" in found.problem
    assert "shift: 1" in found.problem
    assert meaning("01234", shift=1).values == {str(n): n + 1 for n in range(5)}


@pytest.mark.parametrize(
    ("cells", "shift"),
    [
        (["-2", "-1", "0", "1", "2"], 3),
        (["-1", "0", "1"], 3),  # the ends that nobody chose
        (["11", "12", "13", "14", "15"], -10),
        (["0", "1", "2", "3"], 1),
        (["-2", "-1", "0", "1", "2", "-99"], 3),
    ],
)
def test_numbers_that_run_beside_the_scale_are_asked_about(cells, shift):
    assert f"say `shift: {shift}`" in meaning(cells).problem
    values = meaning(cells, shift=shift).values
    assert values == {cell: None if cell == "-99" else int(cell) + shift for cell in cells}


def test_answer_codes_from_0_are_asked_about_too():
    cells = ["A0", "A1", "A2", "A3", "A4"]
    assert "say `shift: 1`" in meaning(cells, answer_codes=True).problem
    assert meaning(cells, answer_codes=True, shift=1).values["A0"] == 1


@pytest.mark.parametrize("cells", [["1", "3", "7"], ["57"], ["0", "25", "50"], ["-2", "-1", "0"]])
def test_other_numbers_are_not_called_moved(cells):
    assert "shift" not in meaning(cells).problem


def test_0_beside_the_highest_point_is_no_shift():
    assert "shift" not in meaning("012345").problem


def test_labels_of_the_table_win_over_its_codes():
    turned = {str(6 - n): label for n, label in enumerate(SCALE.labels, start=1)}
    found = meaning("15", labels=turned)
    assert found.values == {"1": 5, "5": 1}
    assert "by their labels" in found.remark


def test_strange_labels_of_the_table_are_told():
    found = meaning("15", labels={"1": "Ja", "5": "Nein"})
    assert found.values == {"1": 1, "5": 5}
    assert "'Ja' … 'Nein'" in found.remark


def test_a_code_that_the_table_calls_no_answer_is_none():
    assert meaning("5", labels={"5": "Don't know"}).values == {"5": None}


def test_what_the_map_says_wins():
    found = meaning(["x", "1", "9x"], given={"x": 2, "1": 5}, missing=frozenset({"9x"}))
    assert found.values == {"x": 2, "1": 5, "9x": None}


def test_answer_codes_of_limesurvey():
    assert meaning(["A1", "AO05"], answer_codes=True).values == {"A1": 1, "AO05": 5}


def test_an_end_that_nobody_chose_is_remarked_from_30_answers_on():
    few = find_meaning({"1": 15, "4": 14}, SCALE, Reading())
    enough = find_meaning({"1": 15, "4": 15}, SCALE, Reading())
    assert (few.remark, "from 1 to 4" in enough.remark) == ("", True)


@pytest.mark.parametrize(
    ("cell", "point"), [("5", None), ("4", 4), ("4.5", None), ("-3", None), ("Agree", 4)]
)
def test_what_the_table_declares_to_be_no_answer_is_none_though_it_is_on_the_scale(cell, point):
    found = meaning([cell], declared=((-5.0, -1.0), (4.5, 5.0)))
    assert found.values == {cell: point}


def test_the_map_wins_over_what_the_table_declares():
    assert meaning(["5"], declared=((5.0, 5.0),), given={"5": 5}).values == {"5": 5}


def test_a_point_of_another_name_is_told_and_taken_as_it_stands():
    labels = {"1": "Strongly disagree", "4": "Agree", "5": "Refuses"}
    found = meaning(["1", "4", "5"], labels=labels)
    assert found.values == {"1": 1, "4": 4, "5": 5}
    assert "calls 5 'Refuses', and the study 'Strongly agree'" in found.remark
    assert not meaning(["1", "4"], labels=labels).remark


def test_an_unknown_code_is_told_with_its_label():
    assert "'9', labelled 'cannot say' (1×)" in meaning(["9"], labels={"9": "cannot say"}).problem
