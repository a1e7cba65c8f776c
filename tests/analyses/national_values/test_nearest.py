import pytest
from hypothesis import given
from hypothesis import strategies as st

from vaar.analyses.national_values.nearest import nearest, runs

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
