"""Structured and half-structured replies to a whole block of items."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.scales import AGREEMENT, HUNDRED, SUPPORT
from support.scales import FREQUENCY as SCALE
from vaar.coding.answer import Answer, Reason
from vaar.coding.block import LONGEST_PER_ITEM, code_block
from vaar.coding.reply import LONGEST

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
        # quotes of other kinds, bare keys, comments, signs left out
        "{'psa_1': 4, 'psa_2': 3, 'psa_10': 5}",
        "{“psa_1”: 4, “psa_2”: 3, “psa_10”: 5}",
        "{psa_1: 4, psa_2: 3, psa_10: 5}",
        "{psa_1: often, psa_2: sometimes, psa_10: always}",
        '{"psa_1": 4 "psa_2": 3 "psa_10": 5}',
        '{"psa_1": 4; "psa_2": 3; "psa_10": 5}',
        '{"psa_1" = 4, "psa_2" = 3, "psa_10" = 5}',
        '{"psa_1" => 4, "psa_2" => 3, "psa_10" => 5}',
        '{"psa_1": 4 /* often */, "psa_2": 3, "psa_10": 5}',
        '{\n"psa_1": 4, // often\n"psa_2": 3,\n"psa_10": 5\n}',
        '{\n"psa_1": 4,  # often\n"psa_2": 3,\n"psa_10": 5\n}',
        '{"psa_1": +4, "psa_2": 3, "psa_10": 5}',
        # one level more
        '{"psa_1": [4], "psa_2": [3], "psa_10": [5]}',
        '{"final": "{\\"psa_1\\": 4, \\"psa_2\\": 3, \\"psa_10\\": 5}"}',
        '{"name": "answers", "arguments": "{\\"psa_1\\": 4, \\"psa_2\\": 3, \\"psa_10\\": 5}"}',
        '<tool_call>\n{"arguments": {"psa_1": 4, "psa_2": 3, "psa_10": 5}}\n</tool_call>',
        '[{"name":"psa_1","value":4},{"name":"psa_2","value":3},{"name":"psa_10","value":5}]',
        '[{"id":"psa_1","score":4},{"id":"psa_2","score":3},{"id":"psa_10","score":5}]',
        '{"items": [{"question_id": "psa_1", "selected": 4}, {"question_id": "psa_2",'
        ' "selected": 3}, {"question_id": "psa_10", "selected": 5}]}',
        '[{"psa_1": 4}, {"psa_2": 3}, {"psa_10": 5}]',
        '[["psa_1", 4], ["psa_2", 3], ["psa_10", 5]]',
        '"{\\"psa_1\\": 4, \\"psa_2\\": 3, \\"psa_10\\": 5}"',
        '[{"code": "psa_1", "frequency": 4}, {"code": "psa_2", "frequency": 3},'
        ' {"code": "psa_10", "frequency": 5}]',
        "1. **psa_1**: 4 – Often\n2. **psa_2**: 3 – Sometimes\n3. **psa_10**: 5 – Always",
        '{"psa_1": {"value": 4, "answer": "Often"}, "psa_2": {"value": 3, "answer": "Sometimes"},'
        ' "psa_10": {"value": 5, "answer": "Always"}}',
        '{"psa_1": {"score": 4, "max": 5}, "psa_2": {"score": 3}, "psa_10": {"score": 5}}',
        '{"psa_1": {"rating": {"value": 4}}, "psa_2": {"rating": 3}, "psa_10": {"rating": 5}}',
        '{"reasoning": "I would say 3.", "psa_1": 4, "psa_2": 3, "psa_10": 5}',
        '{"PSA-1": 4, "psa 2": 3, "Psa_10": 5}',
        # lines of other kinds
        "1. psa_1: 4\n2. psa_2: 3\n3. psa_10: 5",
        "1) psa_1 - 4\n2) psa_2 - 3\n3) psa_10 - 5",
        "psa_1:\n4\npsa_2:\n3\npsa_10:\n5",
        "psa_1:\n\n4\n\npsa_2:\n\n3\n\npsa_10:\n\n5",
        "**psa_1**\nOften\n\n**psa_2**\nSometimes\n\n**psa_10**\nAlways",
        "psa_1: 4, psa_2: 3, psa_10: 5",
        "psa_1: 4; psa_2: 3; psa_10: 5",
        "psa_1 = 4, psa_2 = 3 and psa_10 = 5.",
        "psa_1 (4), psa_2 (3), psa_10 (5)",
        "psa_1 4\npsa_2 3\npsa_10 5",
        "psa_1,4\npsa_2,3\npsa_10,5",
        "psa_1;4\npsa_2;3\npsa_10;5",
        "psa_1\t4\npsa_2\t3\npsa_10\t5",
        "psa_1 → 4\npsa_2 → 3\npsa_10 → 5",
        "psa_1: 4/5\npsa_2: 3/5\npsa_10: 5/5",
        "psa_1：4\npsa_2：3\npsa_10：5",
        "PSA-1: 4\nPSA-2: 3\nPSA-10: 5",
        "Item psa_1: 4\nItem psa_2: 3\nItem psa_10: 5",
        "(psa_1) 4\n(psa_2) 3\n(psa_10) 5",
        "[psa_1] 4\n[psa_2] 3\n[psa_10] 5",
        "psa_1 (I help people): 4\npsa_2 (I share): 3\npsa_10 (I give): 5",
        "psa_1 - I help people: 4\npsa_2 - I share: 3\npsa_10 - I give: 5",
        "psa_1: I help people → 4\npsa_2: I share → 3\npsa_10: I give → 5",
        "For psa_1 I'd say 4.\nFor psa_2 I'd say 3.\nFor psa_10 I'd say 5.",
        "psa_1: 4\nI often do.\n\npsa_2: 3\n\npsa_10: 5\nI always do.",
        "psa_1:\n  answer: 4\npsa_2:\n  answer: 3\npsa_10:\n  answer: 5",
        "| Item | Rating |\n|---|---|\n| psa_1 | 4 |\n| psa_2 | 3 |\n| psa_10 | 5 |",
        "| Item | Statement | Rating |\n|---|---|---|\n| psa_1 | I help | 4 |"
        "\n| psa_2 | I share | 3 |\n| psa_10 | I give | 5 |",
        "| psa_1 | 4 | I help often |\n| psa_2 | 3 | I share |\n| psa_10 | 5 | I give |",
        "| psa_1 | I help 2 people | 4 |\n| psa_2 | I share | 3 |\n| psa_10 | I give | 5 |",
        "<psa_1>4</psa_1>\n<psa_2>3</psa_2>\n<psa_10>5</psa_10>",
        "<answers><psa_1>4</psa_1><psa_2>3</psa_2><psa_10>5</psa_10></answers>",
        '<item code="psa_1">4</item><item code="psa_2">3</item><item code="psa_10">5</item>',
        '<answer id="psa_1" value="4"/><answer id="psa_2" value="3"/>'
        '<answer id="psa_10" value="5"/>',
        "<rating item='psa_1'>4</rating>\n<rating item='psa_2'>3</rating>\n"
        "<rating item='psa_10'>5</rating>",
        # thoughts, and prose around
        "[THINK]psa_1: 1[/THINK]psa_1: 4\npsa_2: 3\npsa_10: 5",
        '&lt;think&gt;{"psa_1": 1}&lt;/think&gt;{"psa_1": 4, "psa_2": 3, "psa_10": 5}',
        'I used the scale from 1 to 5.\n{"psa_1": 4, "psa_2": 3, "psa_10": 5}',
        '{"psa_1": 4, "psa_2": 3, "psa_10": 5}\n\npsa_2 was hard to rate.',
        '{"psa_1": 4, "psa_2": 3, "psa_10": 5}\n\npsa_1: 4, since I help.',
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
        ('{"psa_1": 4, "psa_2": 3, "psa_10": [5, 4]}', {"psa_10": MISSING}),
        ('{"psa_1": 4, "psa_2": 3, "psa_10": "N/A"}', {"psa_10": MISSING}),
        ('{"psa_1": 4, "psa_2": 3, "psa_10": NaN}', {"psa_10": MISSING}),
        ("{'psa_1': 4, 'psa_2': 3, 'psa_10': None}", {"psa_10": MISSING}),
        ('{"psa_1": 4, "psa_2": 3, "psa_10": {"confidence": 5}}', {"psa_10": MISSING}),
        ('{"psa_1": 4, "psa_2": 3, "psa_10": {"answer": 5, "value": 4}}', {"psa_10": MISSING}),
        (
            '{"psa_1": 4, "psa_2": 3, "psa_10": 5}\nActually, psa_10 should be 2.',
            {"psa_10": MISSING},
        ),
        ('{"psa_1": 4, "psa_2": 3, "psa_10": 5}\nWait, psa_10: 2', {"psa_10": MISSING}),
        ('{"psa_1": 4, "psa_2": 3, "psa_10": 5}\npsa_10 is rather a 2.', {"psa_10": MISSING}),
        ('{"psa_1": 4, "psa_2": 3, "psa_10": 5}\n\n{"psa_10": 2}', {"psa_10": MISSING}),
        ('Draft: {"psa_10": 1}\nFinal: {"psa_1": 4, "psa_2": 3, "psa_10": 5}', {"psa_10": MISSING}),
        ("psa_1: 4\npsa_2: 3\npsa_10: 5\n\npsa_10: 2, on reflection", {"psa_10": MISSING}),
        ("psa_1: 4\npsa_2: 3\npsa_10: 5. No, 4", {"psa_10": MISSING}),
        ("psa_1: 4\npsa_2: 3\npsa_10: maybe", {"psa_10": MISSING}),
        ("psa_1: 4\npsa_2: 3\npsa_10:", {"psa_10": MISSING}),
        ("| psa_1 | 4 |\n| psa_2 | 3 |\n| psa_10 | 5 | 4 |", {"psa_10": MISSING}),
        ("psa_1: 4\npsa_2: 3\npsa_10: confidence: 5", {"psa_10": MISSING}),
        ("<psa_1>4</psa_1><psa_2>3</psa_2><psa_10>4 or 5</psa_10>", {"psa_10": MISSING}),
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
        ("All of them: 4", "stop", Reason.UNPARSEABLE),
        ("psa_1-psa_10: 4", "stop", Reason.UNPARSEABLE),
        ("psa_1 to psa_10: 4", "stop", Reason.UNPARSEABLE),
        ("psa_1, psa_2 and psa_10: 4", "stop", Reason.UNPARSEABLE),
        ("psa_1/psa_2/psa_10 = 4", "stop", Reason.UNPARSEABLE),
        ("| psa_1 | psa_2 | psa_10 |\n|---|---|---|\n| 4 | 3 | 5 |", "stop", Reason.UNPARSEABLE),
        ("1: 4\n2: 3\n3: 5", "stop", Reason.UNPARSEABLE),
        (
            '{"psa_1": 4, "psa_2": 3, "psa_10": 5}\nActually, make the last one a 2.',
            "stop",
            Reason.UNPARSEABLE,
        ),
        (
            '{"type": "object", "properties": {"psa_1": {"type": "integer", "enum": [1, 2, 3]},'
            ' "psa_2": {"type": "integer"}, "psa_10": {"type": "integer"}}}',
            "stop",
            Reason.UNPARSEABLE,
        ),
        ('{"code": "psa_1, psa_2, psa_10", "answer": 4}', "stop", Reason.UNPARSEABLE),
        ('[THINK]A first try: {"psa_1": 1, "psa_2": 1}', "stop", Reason.TRUNCATED),
        ("The user wants ratings. psa_1: 4, psa_2: 3, psa_10: 5", "stop", Reason.UNPARSEABLE),
        ('{"psa_1": 4, "psa_2": 3, "psa_10": 5}', "SAFETY", Reason.REFUSED),
        ('{"psa_1": 4, "psa_2": 3, "psa_10": 5}', "OTHER", Reason.PROVIDER_ERROR),
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
        "{'psa_1': 4, 'psa_2': 3, 'psa_10': 5",
        "{psa_1: 4, psa_2: 3, psa_10: 5",
        '[{"code": "psa_1", "answer": 4}, {"code": "psa_2", "answer": 3}, {"code": "psa_10", "ans',
        "| psa_1 | 4 |\n| psa_2 | 3 |\n| psa_10 | 5",
        "<psa_1>4</psa_1><psa_2>3</psa_2><psa_10>5",
        "psa_1: 4\npsa_2: 3\n",
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


def test_the_length_of_a_reply_is_bounded_by_its_items() -> None:
    said = '{"psa_1": 4, "psa_2": 3, "psa_10": 5}'
    longest = max(LONGEST, LONGEST_PER_ITEM * len(CODES))
    assert code_block(said + " " * (longest - len(said)), CODES, SCALE) == answers(WHOLE)
    lost = code_block(said + " " * (longest + 1 - len(said)), CODES, SCALE)
    assert lost == dict.fromkeys(CODES, Answer(reason=MISSING))
    many = [f"i{n}" for n in range(1, LONGEST // LONGEST_PER_ITEM + 2)]
    text = '{"i1": 4}'.ljust(LONGEST_PER_ITEM * len(many))
    assert code_block(text, many, SCALE)["i1"] == Answer(value=4)
    assert code_block(f"{text} ", many, SCALE)["i1"] == Answer(reason=MISSING)


def test_each_item_may_have_its_own_scale() -> None:
    scales = {"psa_1": SUPPORT, "psa_2": HUNDRED, "psa_10": AGREEMENT}
    said = {"psa_1": -3, "psa_2": 75, "psa_10": 6}
    expected = answers({"psa_1": -3, "psa_2": 75, "psa_10": Reason.OUT_OF_RANGE})
    assert code_block(json.dumps(said), CODES, scales) == expected
    lines = "psa_1: strongly oppose\npsa_2: 75%\npsa_10: 6"
    assert code_block(lines, CODES, scales) == expected


def test_codes_that_differ_in_case_or_separators_stay_apart() -> None:
    codes = ("b_1", "b_11", "b_1a")
    said = {"b_1": 1, "b_11": 2, "b_1a": 3}
    assert code_block("b_1: 1\nb_11: 2\nb_1a: 3", codes, SCALE) == answers(said)


@settings(deadline=None, max_examples=100)
@given(said=st.dictionaries(st.sampled_from(CODES), st.integers(1, 5)))
def test_json_and_lines_say_the_same(said: dict[str, int]) -> None:
    lines = "\n".join(f"{code}: {value}" for code, value in said.items())
    assert code_block(json.dumps(said), CODES, SCALE) == code_block(lines, CODES, SCALE)
