"""Structured and half-structured replies to a whole block of items."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vaar.coding.answer import Answer, Reason
from vaar.coding.block import code_block
from vaar.study.model import ResponseScale

SCALE = ResponseScale(("Never", "Rarely", "Sometimes", "Often", "Always"))
CODES = ("psa_1", "psa_2", "psa_10")
WHOLE = {"psa_1": 4, "psa_2": 3, "psa_10": 5}
MISSING = Reason.UNPARSEABLE


def answers(values: Mapping[str, int | Reason]) -> dict[str, Answer]:
    return {
        code: Answer(reason=said) if isinstance(said, Reason) else Answer(value=said)
        for code, said in values.items()
    }


@pytest.mark.parametrize(
    "text",
    [
        '{"psa_1": 4, "psa_2": 3, "psa_10": 5}',
        '{"psa_1": "4", "psa_2": "sometimes", "psa_10": "5 - always"}',
        '{"PSA_1": 4.0, " psa_2 ": 3, "psa_10": 5, "psa_99": 1}',
        '```json\n{"psa_1": 4, "psa_2": 3, "psa_10": 5}\n```',
        'Sure! Here you are:\n{"psa_1": 4, "psa_2": 3, "psa_10": 5}\nI hope that 2 helps.',
        '{"psa_1": 4, "psa_2": 3, "psa_10": 5,}',
        '{"answers": {"psa_1": 4, "psa_2": 3, "psa_10": 5}}',
        '{"answers": [{"code": "psa_1", "answer": 4}, {"code": "psa_2", "answer": 3},'
        ' {"code": "psa_10", "answer": 5}]}',
        '[{"item": "psa_1", "rating": 4}, {"item": "psa_2", "rating": 3},'
        ' {"item": "psa_10", "rating": 5}]',
        '{"psa_1": {"answer": 4, "why": "so"}, "psa_2": {"answer": 3}, "psa_10": {"score": 5}}',
        '{"psa_1": 4}\n{"psa_2": 3}\n{"psa_10": 5}',
        '{"psa_1": 4, "psa_1": 4, "psa_2": 3, "psa_10": 5}',
        "psa_1: 4\npsa_2: 3\npsa_10: 5",
        "- **psa_1**: 4\n- **psa_2**: 3 (sometimes)\n- **psa_10**: always",
        "| psa_1 | 4 |\n| psa_2 | 3 |\n| psa_10 | 5 |",
        "psa_1 = 4\npsa_2 - 3\npsa_10) 5",
        "Here they are.\n\npsa_1. 4\npsa_2. 3\npsa_10. 5\n\nDone.",
        '<think>{"psa_1": 1}</think>{"psa_1": 4, "psa_2": 3, "psa_10": 5}',
        '"psa_1": 4,\n"psa_2": 3,\n"psa_10": 5',
    ],
)
def test_each_item_gets_its_answer(text: str) -> None:
    assert code_block(text, CODES, SCALE) == answers(WHOLE)


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ('{"psa_1": 4, "psa_2": 3}', {"psa_10": MISSING}),
        ('{"psa_1": 4, "psa_2": 3, "psa_10": 5, "psa_10": 4}', {"psa_10": MISSING}),
        ('{"psa_1": 4, "psa_2": 3, "psa_10": 9}', {"psa_10": Reason.OUT_OF_RANGE}),
        ('{"psa_1": 4, "psa_2": 3, "psa_10": -5}', {"psa_10": Reason.OUT_OF_RANGE}),
        ('{"psa_1": 4, "psa_2": 3, "psa_10": 4.5}', {"psa_10": Reason.OUT_OF_RANGE}),
        ('{"psa_1": 4, "psa_2": 3, "psa_10": null}', {"psa_10": MISSING}),
        ('{"psa_1": 4, "psa_2": 3, "psa_10": true}', {"psa_10": MISSING}),
        ('{"psa_1": 4, "psa_2": 3, "psa_10": [5]}', {"psa_10": MISSING}),
        ('{"psa_1": 4, "psa_2": 3, "psa_10": "4 or 5"}', {"psa_10": MISSING}),
        ('{"psa_1": 4, "psa_2": 3, "psa_10": "I cannot answer"}', {"psa_10": Reason.REFUSED}),
        ("psa_1: 4\npsa_2: 3\npsa_10: 4 or 5", {"psa_10": MISSING}),
        ("psa_1: 4\npsa_2: 3\npsa_10: 5\npsa_10: 1", {"psa_10": MISSING}),
        ("psa_1: 4\npsa_2: 3\npsa_10: -5", {"psa_10": Reason.OUT_OF_RANGE}),
    ],
)
def test_an_item_without_one_answer_is_missing(text: str, changed: dict[str, Reason]) -> None:
    assert code_block(text, CODES, SCALE) == answers(WHOLE | changed)


@pytest.mark.parametrize(
    ("text", "finish_reason", "reason"),
    [
        ("", "stop", Reason.UNPARSEABLE),
        ("4, 3, 5", "stop", Reason.UNPARSEABLE),
        ("[4, 3, 5]", "stop", Reason.UNPARSEABLE),
        ("As an AI, I cannot answer these.", "stop", Reason.REFUSED),
        ("Here are my", "length", Reason.TRUNCATED),
        ('<think>{"psa_1": 4, "psa_2": 3, "psa_10": 5}', "stop", Reason.TRUNCATED),
        ('{"psa_1": 4, "psa_2": 3, "psa_10": 5}', "content_filter", Reason.REFUSED),
        ("psa_1: 4\n" * 100_000, "stop", Reason.UNPARSEABLE),
        ("{" * 10_000, "stop", Reason.UNPARSEABLE),
    ],
)
def test_a_reply_without_any_answer_gives_every_item_its_reason(
    text: str, finish_reason: str, reason: Reason
) -> None:
    coded = code_block(text, CODES, SCALE, finish_reason)
    assert coded == dict.fromkeys(CODES, Answer(reason=reason))


@pytest.mark.parametrize(
    "text",
    [
        "psa_1: 4\npsa_2: 3\npsa_10: 5",
        '{\n  "psa_1": 4,\n  "psa_2": 3,\n  "psa_10": 5',
        '{"psa_1": 4, "psa_2": 3, "psa_10": 5',
        '{"psa_1": {"answer": 4}, "psa_2": {"answer": 3}, "psa_10": {"ans',
    ],
)
def test_a_cut_reply_keeps_what_it_had_finished(text: str) -> None:
    coded = code_block(text, CODES, SCALE, "length")
    assert coded == answers(WHOLE | {"psa_10": Reason.TRUNCATED})


@settings(deadline=None, max_examples=100)
@given(
    said=st.dictionaries(st.sampled_from(CODES), st.integers(-2, 8)),
    before=st.text(max_size=20),
    finish_reason=st.sampled_from(["stop", "length", "error", "content_filter"]),
)
def test_every_asked_item_is_answered_once_for_any_text(
    said: dict[str, int], before: str, finish_reason: str
) -> None:
    coded = code_block(before + json.dumps(said), CODES, SCALE, finish_reason)
    assert list(coded) == list(CODES)
    for code, answer in coded.items():
        assert answer.value is None or answer.value == said[code]


@settings(deadline=None, max_examples=100)
@given(said=st.dictionaries(st.sampled_from(CODES), st.integers(1, 5)))
def test_json_and_lines_say_the_same(said: dict[str, int]) -> None:
    lines = "\n".join(f"{code}: {value}" for code, value in said.items())
    assert code_block(json.dumps(said), CODES, SCALE) == code_block(lines, CODES, SCALE)
