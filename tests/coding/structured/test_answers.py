"""Which key of a structured reply to one item holds the answer, and which stand beside it."""

from __future__ import annotations

import pytest

from support.scales import AGREEMENT, MISSING, SUPPORT, Expected, is_as_expected
from vaar.coding.answer import Reason
from vaar.coding.reply import code_reply
from vaar.coding.structured.answers import answers_in, is_answer_key
from vaar.coding.structured.relaxed import MOST_OPENERS, objects

UNPARSEABLE = Reason.UNPARSEABLE

ANSWERED = {
    '{"answer": 4}': 4,
    '{"answer": "4"}': 4,
    '{"answer": 4.0}': 4,
    '{"answer": "Agree"}': 4,
    '{"answer": "4 - Agree"}': 4,
    '{"answer": "4/5"}': 4,
    '{"answer": [4]}': 4,
    '[{"answer": 4}]': 4,
    '{"rating": 4, "reason": "5 is too high"}': 4,
    '{"reason": "3 or 5, both are fine", "answer": 4}': 4,
    '{"reasoning": "I\'d say 3.", "score": 4}': 4,
    '{"Final Answer": 4, "Reason": "x"}': 4,
    '{"finalAnswer": 4}': 4,
    '{"final_rating": 4}': 4,
    '{"my_answer": 4}': 4,
    '{"selected_option": 4}': 4,
    '{"agreement_level": 4}': 4,
    '{"Likert Score": 4}': 4,
    '{"level": 4}': 4,
    '{"answer": "Agree", "value": 4}': 4,
    '{"label": "Agree", "value": 4}': 4,
    '{"answer": {"value": 4}}': 4,
    '{"answer": {"label": "Agree", "value": 4}}': 4,
    '{"answer": {"value": 4, "max": 5}}': 4,
    '{"answer": 4, "max": 5, "confidence": 3}': 4,
    '{"answer": 4, "scale": {"min": 1, "max": 5}}': 4,
    '{"question": 3, "answer": 4}': 4,
    '{"name": "answer", "arguments": {"value": 4}}': 4,
    '{"name": "submit", "arguments": "{\\"answer\\": 4}"}': 4,
    '{"function": {"name": "rate", "arguments": {"rating": 4}}}': 4,
    '<tool_call>{"name": "answer", "arguments": {"value": 4}}</tool_call>': 4,
    '<tool_call>\n{"name": "answer", "arguments": {"value": 4}}\n</tool_call>': 4,
    '<function=answer>{"value": 4}</function>': 4,
    '[TOOL_CALLS][{"name": "answer", "arguments": {"value": 4}}]': 4,
    "answer(4)": 4,
    "answer(value=4)": 4,
    '<answer value="4"/>': 4,
    '<invoke name="answer"><parameter name="value">4</parameter></invoke>': 4,
    '"{\\"answer\\": 4}"': 4,
    '{\\"answer\\": 4}': 4,
    '{"psa_01": 4}': 4,
    '{"q1": 4}': 4,
    '{"text": "I\'d say 4."}': 4,
    '{"role": "assistant", "content": "4"}': 4,
    "{'answer': 4}": 4,
    "{answer: 4}": 4,
    "{“answer”: 4}": 4,
    '{"answer": 4,}': 4,
    '{"answer": 4 /* agree */}': 4,
    '{"answer": 4} // agree': 4,
    '{"answer"=4}': 4,
    '```json\n{"answer": 4}\n```': 4,
    '```json\n{"answer": 4}\n```\nI chose 4.': 4,
    '```json\n{"answer": 4}\n```\n\nI chose it because privacy matters.': 4,
    'Here is my answer: {"answer": 4}': 4,
    'Sure!\n{"answer": 4, "explanation": "2 reasons"}': 4,
    'I\'d say 4.\n{"answer": 4}': 4,
    'As an AI I have no opinions.\n{"answer": 4}': 4,
    '{"answer": 4, "reason": "it\'s what I\'d do"}': 4,
    '{"answer": 4}\n{"answer": 4}': 4,
    '{"answer": 6}': Reason.OUT_OF_RANGE,
    '{"answer": 4.5}': Reason.OUT_OF_RANGE,
    '{"answer": -4}': Reason.OUT_OF_RANGE,
    '{"answer": "I cannot answer that."}': Reason.REFUSED,
    '{"confidence": 80}\n4': 4,
    '"answer": 4': 4,
    "answer: 4\nreason: 3 is too low": 4,
    '{"answer": 4, "reason": "the word "no" is strong"}': 4,
}

NOT_ANSWERED = {
    '{"reason": "I would say 3"}': MISSING,
    '{"reasoning": "I would say 3."}': MISSING,
    '{"explanation": "I would say 3."}': MISSING,
    '{"rationale": "3"}': MISSING,
    '{"thought": "I would say 3."}': MISSING,
    '{"thoughts": 3}': MISSING,
    '{"analysis": "I\'d say 3"}': MISSING,
    '{"confidence": 4}': MISSING,
    '{"confidence_score": 4}': MISSING,
    '{"certainty": 4}': MISSING,
    '{"max": 5}': MISSING,
    '{"max_score": 5}': MISSING,
    '{"min_value": 1}': MISSING,
    '{"scale": 5}': MISSING,
    '{"scale_points": 5}': MISSING,
    '{"points": 5}': MISSING,
    '{"question": 3}': MISSING,
    '{"question_number": 3}': MISSING,
    '{"step": 1}': MISSING,
    '{"total": 5}': MISSING,
    '{"count": 4}': MISSING,
    '{"weight": 1}': MISSING,
    '{"age": 4}': MISSING,
    '{"scale": {"value": 5}}': MISSING,
    '{"options": [1, 2, 3, 4, 5]}': MISSING,
    '{"type": "object", "properties": {"answer": {"type": "integer", "minimum": 1}}}': MISSING,
    '{"answer": true}': UNPARSEABLE,
    '{"answer": null}': UNPARSEABLE,
    '{"answer": NaN}': UNPARSEABLE,
    '{"answer": Infinity}': UNPARSEABLE,
    '{"answer": None}': UNPARSEABLE,
    "{'answer': None, 'value': 4}": UNPARSEABLE,
    '{"answer": ""}': UNPARSEABLE,
    '{"answer": {}}': UNPARSEABLE,
    '{"answer": [3, 4]}': UNPARSEABLE,
    '{"answer": []}': UNPARSEABLE,
    '{"answer": "3 or 4"}': UNPARSEABLE,
    '{"answer": 4, "answer": 5}': UNPARSEABLE,
    '{"answer": 4, "rating": 5}': UNPARSEABLE,
    '{"answer": 3, "revised_answer": 4}': UNPARSEABLE,
    '{"initial_answer": 3, "final_answer": 4}': UNPARSEABLE,
    '{"answer": "disagree", "value": 4}': UNPARSEABLE,
    '{"answer": 4, "score": 80}': UNPARSEABLE,
    '{"answer": 4}\n{"answer": 5}': UNPARSEABLE,
    '{"a": 4, "b": 5}': UNPARSEABLE,
    '{"q1": 4, "q2": 5}': UNPARSEABLE,
    '```json\n{"answer": 4}\n```\nActually, 3.': UNPARSEABLE,
    '{"answer": 4}\nWait, no.': UNPARSEABLE,
    '{"answer": 4}\nI would rather say 5.': UNPARSEABLE,
    'I\'d say 3.\n{"answer": 4}': UNPARSEABLE,
    "{}": UNPARSEABLE,
    "[" * 5000: UNPARSEABLE,
    '{"a":' * 3000: UNPARSEABLE,
}

CUT = {
    '{"reasoning": "I would say 3. However, pri': Reason.TRUNCATED,
    '{"reasoning": "I would say 3.", "ans': Reason.TRUNCATED,
    '{"confidence": 4, "ans': Reason.TRUNCATED,
    '{"answer": 4': Reason.TRUNCATED,
    '{"answer": "I agree that': Reason.TRUNCATED,
    '{"answer": 4, "reason": "The answer': 4,
    '```json\n{"answer": 4,\n "reason": "I': 4,
    '{"answer": "agree", "reason": "I': 4,
    '{"answer": 9, "reason": "I': Reason.TRUNCATED,
}


@pytest.mark.parametrize(("text", "expected"), (ANSWERED | NOT_ANSWERED).items())
def test_an_object_answers_by_its_keys(text: str, expected: Expected) -> None:
    coded = code_reply(text, AGREEMENT)
    assert is_as_expected(coded, expected), coded


@pytest.mark.parametrize(("text", "expected"), CUT.items())
def test_a_cut_object_answers_where_its_first_entry_is_the_answer(
    text: str, expected: Expected
) -> None:
    coded = code_reply(text, AGREEMENT, "length")
    assert is_as_expected(coded, expected), coded


def test_a_negative_number_in_an_object() -> None:
    assert is_as_expected(code_reply('{"answer": -2}', SUPPORT), -2)
    assert is_as_expected(code_reply("{'answer': -2}", SUPPORT), -2)


def test_objects_are_looked_for_at_so_many_brackets() -> None:
    ahead = "{ " * (MOST_OPENERS - 1)
    assert answers_in(objects(f'{ahead}{{"answer": 4}}')[0]) == [4]
    assert objects(f'{{ {ahead}{{"answer": 4}}')[0] == []


@pytest.mark.parametrize("depth", range(1, 8))
def test_answers_are_looked_for_so_deep(depth: int) -> None:
    text = '{"data": ' * depth + '{"answer": 4}' + "}" * depth
    assert answers_in(objects(text)[0]) == ([4] if depth < 6 else [])


@pytest.mark.parametrize(
    ("key", "answers"),
    [
        ("answer", True),
        ("FinalAnswer", True),
        ("answer_confidence", False),
        ("", False),
        ("my", False),
    ],
)
def test_keys(key: str, answers: bool) -> None:
    assert is_answer_key(key) is answers
