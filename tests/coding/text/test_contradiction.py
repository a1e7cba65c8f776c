"""Which values of a clause that answers nothing speak against a stated one."""

from __future__ import annotations

import pytest

from vaar.coding.text.contradiction import FEW_WORDS, contradicts, is_said_of_oneself
from vaar.coding.text.evidence import Mention
from vaar.coding.text.numbers import Span
from vaar.coding.text.tokens import Token

FIVE = Span(1, 5)
DISAGREE = Token("label", "disagree", 2.0)
ONE = Token("number", "one", 1.0)


def number(value: float, unclear: bool = False) -> Token:
    return Token("number", f"{value:g}", value, unclear=unclear)


@pytest.mark.parametrize(
    ("token", "speaks_against"),
    [
        (number(4), False),
        (number(3), True),
        (number(6), False),
        (number(4.5), False),
        (number(float("inf")), False),
        (number(4, unclear=True), True),
        (number(9, unclear=True), True),
    ],
)
def test_a_number_of_the_scale_speaks_against_another(token: Token, speaks_against: bool) -> None:
    for numbered in (True, False):
        mention = Mention(token, "it took ", "days of work ")
        assert contradicts(mention, 4.0, numbered, FIVE) is speaks_against


@pytest.mark.parametrize(
    ("token", "before", "after", "speaks_against"),
    [
        (DISAGREE, "word " * FEW_WORDS, "", True),
        (DISAGREE, "word " * (FEW_WORDS + 1), "", False),
        (DISAGREE, "word ", "entirely ", False),
        (DISAGREE, "a b c d : ", "", True),
        (DISAGREE, "a b c d : i ", "", True),
        (DISAGREE, "all in all i do ", "", True),
        (DISAGREE, "my sister and her friends would ", "", False),
        (DISAGREE, "i would ", "with that idea ", True),
        (DISAGREE, "a b c d could be ", "at times ", True),
        (ONE, "word " * FEW_WORDS, "", True),
        (ONE, "word " * (FEW_WORDS + 1), "", False),
        (ONE, "trust no ", "", False),
        (ONE, "", "of my friends ", False),
    ],
)
def test_a_word_speaks_against_a_number_where_it_can_be_the_answer(
    token: Token, before: str, after: str, speaks_against: bool
) -> None:
    assert contradicts(Mention(token, before, after), 4.0, True, FIVE) is speaks_against


def test_any_other_label_speaks_against_a_label_unless_it_is_somebody_elses() -> None:
    own = Mention(DISAGREE, "my sister and her friends would ", "")
    others = Mention(DISAGREE, "a good number of people would ", "")
    assert contradicts(own, 4.0, False, FIVE)
    assert not contradicts(others, 4.0, False, FIVE)


@pytest.mark.parametrize(
    ("before", "said"), [("i ", True), ("i would ", True), ("", False), ("people say i ", False)]
)
def test_a_label_is_said_of_the_speaker(before: str, said: bool) -> None:
    assert is_said_of_oneself(Mention(DISAGREE, before, "")) is said
