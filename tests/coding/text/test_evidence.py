"""What a reply says of values, clause by clause."""

from __future__ import annotations

from vaar.coding.text.evidence import Evidence, Mention, Remark, gather
from vaar.coding.text.numbers import Span
from vaar.coding.text.sentences import sentences
from vaar.coding.text.tokens import Token, lex


def said(text: str) -> Evidence:
    return gather(list(sentences(lex(text, Span(1, 5)))))


def number(value: int) -> Token:
    return Token("number", str(value), float(value))


def test_a_value_in_no_form_of_an_answer_is_kept_with_what_stands_around_it() -> None:
    evidence = said("people near 3 in town pay")
    assert evidence.unclear == [Mention(number(3), "people near ", "in town pay ")]
    assert not evidence.stated and not evidence.denied


def test_a_value_that_is_denied_is_no_mention_of_it() -> None:
    evidence = said("people have 3, not 2")
    assert evidence.denied == [number(2)]
    assert [mention.value for mention in evidence.unclear] == [number(3)]


def test_a_remark_knows_whether_its_sentence_has_stated_a_value_before() -> None:
    evidence = said("4, as it helps. people pay")
    (stated,) = evidence.stated
    assert (stated.value, stated.sentence) == (number(4), 0)
    assert evidence.remarks == [Remark("as it helps ", 0, True), Remark("people pay ", 1, False)]


def test_a_question_states_nothing() -> None:
    evidence = said("4? ")
    assert not evidence.stated
    assert [mention.value for mention in evidence.unclear] == [number(4)]


def test_what_is_taken_back_is_so_only_once_a_value_was_stated() -> None:
    assert said("4. wait, no").withdrawn
    assert not said("wait, no. 4").withdrawn
