import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaar.analyses.national_values.nearest import nearest, runs
from vaar.analyses.national_values.options import NationalValuesOptions
from vaar.study.bundle import bundled_directory

ANSWERS = Path(__file__).parents[2] / "data" / "national_answers.csv"

STATEMENT = "Shops should open on the day of rest if their owners wish to."
REVERSE = "Shops should be closed on the day of rest so that all can be off together."


@pytest.mark.parametrize(
    ("answer", "side"),
    [
        (STATEMENT, "statement"),
        (REVERSE, "reverse"),
        ("I would let the owners open if they wish.", "statement"),
        ("Closed, so that everybody can be off together.", "reverse"),
        ("Shops should … on the day of rest.", "undecided"),
        ("", "undecided"),
        ("A simulated respondent has no words.", "undecided"),
    ],
)
def test_an_answer_takes_the_side_whose_own_words_it_has(answer, side):
    assert nearest(answer, STATEMENT, REVERSE, 0.05) == side


def test_scripts_without_blanks_are_read_in_pairs():
    open_, closed = "商店在休息日应该营业", "商店在休息日应该关门"
    assert nearest("我认为应该关门休息", open_, closed, 0.05) == "reverse"
    assert nearest("我认为应该营业", open_, closed, 0.05) == "statement"
    assert {len(run) for run in runs("休息日")} == {2}


def test_the_margin_decides():
    """The answer has 2 of 4 own runs of the one, and none of the other."""
    one, other, answer = "abcd", "wxyz", "abcq"
    assert len(runs(one)) == 4 and len(runs(answer) & runs(one)) == 2
    assert nearest(answer, one, other, 0.49) == "statement"
    assert nearest(answer, one, other, 0.5) == "undecided"


@given(st.text(max_size=60), st.text(max_size=60), st.text(max_size=60))
def test_statements_change_places_and_sides_do(answer, one, other):
    swapped = {"statement": "reverse", "reverse": "statement", "undecided": "undecided"}
    assert nearest(answer, other, one, 0.05) == swapped[nearest(answer, one, other, 0.05)]
    assert nearest(answer, one, one, 0.0) == "undecided"


EVASIVE = (
    "A simulated respondent has no words of its own for this.",
    "It depends on the situation and on what people want.",
    "I am sorry, but I cannot help with that.",
    "As an AI, I have no opinions of my own.",
    "That is a good question, and there are many views on it.",
    "Both sides have good reasons, and towns should decide for themselves.",
)


def test_the_usual_margin_takes_answers_for_what_they_say_and_evasions_for_nothing():
    """Of 96 pairings of an item with an evasion one at most has a side."""
    margin = NationalValuesOptions().margin
    folder = bundled_directory("national_values")
    items = {row["id"]: row for row in rows_of(folder / "statements.csv")}
    pairs = {n: (one["statement"], one["reverse"]) for n, one in items.items()}
    for row in rows_of(ANSWERS):
        assert nearest(row["answer"], *pairs[row["id"]], margin) == row["side"], row["id"]
    taken = [nearest(said, *pair, margin) for said in EVASIVE for pair in pairs.values()]
    assert len(taken) == 96 and len(taken) - taken.count("undecided") <= 1


def rows_of(path):
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))
