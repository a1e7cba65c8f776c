"""Thoughts are never answers, in whatever marks, whether they are closed, open, or cut."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.scales import AGREEMENT, MISSING, is_as_expected
from vaar.coding.answer import Answer, Reason
from vaar.coding.reply import code_reply
from vaar.coding.thoughts import after_thinking_aloud, without_thoughts

MARKS = [
    ("<think>", "</think>"),
    ("<Think>", "</Think>"),
    ("<think >", "</think >"),
    ("< think >", "< /think >"),
    ('<think duration="3">', "</think>"),
    ("<think\n", "</think>"),
    ("<thinking>", "</thinking>"),
    ("<thought>", "</thought>"),
    ("<thoughts>", "</thoughts>"),
    ("<Thought_Process>", "</Thought_Process>"),
    ("<inner_thoughts>", "</inner_thoughts>"),
    ("<internal_monologue>", "</internal_monologue>"),
    ("<antThinking>", "</antThinking>"),
    ("<thinking>", "</thinking>"),
    ("‹think›", "‹/think›"),
    ("〈thinking〉", "〈/thinking〉"),
    ("«reasoning»", "«/reasoning»"),
    ("<unused94>thought\n", "<unused95>"),
    ("<seed:think>", "</seed:think>"),
    ("<mm:think>", "</mm:think>"),
    ("<longcat_think>", "</longcat_think>"),
    ("<think_fast>", "</think_fast>"),
    ("<reasoning>", "</reasoning>"),
    ("<REASONING_SCRATCHPAD>", "</REASONING_SCRATCHPAD>"),
    ("<chain-of-thought>", "</chain-of-thought>"),
    ("<cot>", "</cot>"),
    ("<reflection>", "</reflection>"),
    ("<scratchpad>", "</scratchpad>"),
    ("<analysis>", "</analysis>"),
    ("<rationale>", "</rationale>"),
    ("<reason>", "</reason>"),
    ("<explanation>", "</explanation>"),
    ("<justification>", "</justification>"),
    ("<plan>", "</plan>"),
    ("<draft>", "</draft>"),
    ("<deliberation>", "</deliberation>"),
    ("<self_talk>", "</self_talk>"),
    ("<unheard-of>", "</unheard-of>"),
    ("<思考>", "</思考>"),
    ("[THINK]", "[/THINK]"),
    ("[think]", "[/think]"),
    ("[THINKING]", "[/THINKING]"),
    ("[REASONING]", "[/REASONING]"),
    ("[thought process]", "[/thought process]"),
    ("【思考】", "【/思考】"),
    ("◁think▷", "◁/think▷"),
    ("＜think＞", "＜/think＞"),
    ("<|think|>", "<|/think|>"),
    ("<|thinking|>", "<|/thinking|>"),
    ("<|START_THINKING|>", "<|END_THINKING|>"),
    ("<|begin_of_thought|>", "<|end_of_thought|>"),
    ("<|startofthought|>", "<|endofthought|>"),
    ("<superthinking>", "</superthinking>"),
    ("<|reasoning_start|>", "<|reasoning_end|>"),
    ("<|inner_prefix|>", "<|inner_suffix_end|>"),
    ("<|channel|>analysis<|message|>", "<|end|><|start|>assistant<|channel|>final<|message|>"),
    ("<|channel|>commentary<|message|>", "<|end|><|channel|>final<|message|>"),
    ("<|start|>assistant<|channel|>analysis<|message|>", "<|channel|>final <|message|>"),
    ("<|channel>thought\n", "<channel|>"),
    ("&lt;think&gt;", "&lt;/think&gt;"),
    ("&amp;lt;think&amp;gt;", "&amp;lt;/think&amp;gt;"),
    ("&#60;think&#62;", "&#60;/think&#62;"),
    ("\\u003cthink\\u003e", "\\u003c/think\\u003e"),
    ("\\<think\\>", "\\</think\\>"),
    ("<th\u200bink>", "</th\u200bink>"),
    ("```thinking\n", "\n```"),
    ("```reasoning\n", "\n```"),
    ('<details type="reasoning" done="true">', "</details>"),
    ("Thinking...\n", "\n...done thinking."),
]
NEITHER_CLOSES_ALONE = {"\n```"}


@pytest.mark.parametrize(("opening", "closing"), MARKS)
class TestMarks:
    def test_what_follows_a_thought_is_the_answer(self, opening: str, closing: str) -> None:
        for thought in ("I would say 3.", "Maybe 3, maybe 5.", "", "3", "I disagree."):
            reply = f"{opening}{thought}{closing}\n\n4"
            assert code_reply(reply, AGREEMENT) == Answer(value=4)

    def test_the_opening_mark_may_stand_in_the_prompt(self, opening: str, closing: str) -> None:
        if closing not in NEITHER_CLOSES_ALONE:
            reply = f"Maybe 3, maybe 5.{closing}\n\n4"
            assert code_reply(reply, AGREEMENT) == Answer(value=4)

    def test_a_thought_alone_is_no_answer(self, opening: str, closing: str) -> None:
        for finish_reason in ("stop", "length"):
            for thought in ("I would say 3.", "3", "I agree."):
                for reply in (f"{opening}{thought}{closing}", f"{opening}{thought}{closing}\n"):
                    assert code_reply(reply, AGREEMENT, finish_reason).value is None
        if closing not in NEITHER_CLOSES_ALONE:
            assert code_reply(f"I would say 3.{closing}", AGREEMENT).value is None

    def test_a_thought_that_never_ends_is_cut(self, opening: str, closing: str) -> None:
        for finish_reason in ("stop", "length"):
            reply = f"{opening}I would say 3."
            assert code_reply(reply, AGREEMENT, finish_reason) == Answer(reason=Reason.TRUNCATED)

    def test_a_second_thought_that_never_ends_is_cut(self, opening: str, closing: str) -> None:
        if not opening.startswith("Thinking"):
            reply = f"{opening}3{closing}\n4\n{opening}or 5"
            assert code_reply(reply, AGREEMENT) == Answer(reason=Reason.TRUNCATED)


OTHERS = {
    "<think>3</think>4": 4,
    "<think>maybe 3, maybe 5</think>\n\n4": 4,
    "<thinking>3 or 4?</thinking>\nAgree": 4,
    "the scale is 1 to 5, so 3?</think>4": 4,
    "<think>a</think><think>b</think>4": 4,
    "<think>3</think>4<think>5": Reason.TRUNCATED,
    "<think>I write </think> when done. 3?</think>4": 4,
    "<|channel|>analysis<|message|>3<|channel|>final<|message|>4": 4,
    "<|channel|>analysis<|message|>4": Reason.TRUNCATED,
    "<|channel|>final<|message|>4": 4,
    "<|channel|>final<|message|>4<|return|>": 4,
    '<|channel|>final <|constrain|>json<|message|>{"answer": 4}': 4,
    "<think>4": Reason.TRUNCATED,
    "4 <think>": Reason.TRUNCATED,
    "<think>4</think>": Reason.UNPARSEABLE,
    "3 <think>no, 4</think>": MISSING,
    "<think></think>4": 4,
    "<think/>4": 4,
    "<think>3</think>\n<answer>4</answer>": 4,
    "<think>3</think>\n\n**Answer:** 4 (agree)": 4,
    "<think>3</think>\n\nI would rather not answer.": Reason.REFUSED,
    "<think>3</think> <think>5</think>": MISSING,
    "<reason>3 is too low</reason><answer>4</answer>": 4,
    "<answer>4</answer><reason>3 is too low</reason>": 4,
    "4\n<explanation>I thought of 3 first.</explanation>": 4,
    "4\n<explanation>I thought of 3 fi": MISSING,
    "<unknown>4</unknown>": MISSING,
    "<!-- 3 --> 4": 4,
    "<!-- 3": MISSING,
    "Thought for 5 seconds\n\n4": 4,
    "analysis\n\nI would say 3.": MISSING,
    "thought\nI would say 3.": MISSING,
    "analysisI would say 3.": MISSING,
    "analysisWe should pick.assistantfinal4": 4,
    "analysisMaybe 3, maybe 5.assistant final 4": 4,
    "commentary\nI would say 3.": MISSING,
    "Thinking...\nI would say 3.": MISSING,
}

TOKENS_OF_TEMPLATES = {
    "4<|im_end|>": 4,
    "4</s>": 4,
    "<s>4</s>": 4,
    "<s> 4": 4,
    "4<eos>": 4,
    "4<end_of_turn>": 4,
    "4<|eot_id|>": 4,
    "4<|endoftext|>": 4,
    "4<|end_of_text|>": 4,
    "4<|end|>": 4,
    "4<｜end▁of▁sentence｜>": 4,
    "<｜begin▁of▁sentence｜>4": 4,
    "<|begin_of_box|>4<|end_of_box|>": 4,
    "<|begin_of_solution|>4<|end_of_solution|>": 4,
    "<|im_start|>assistant\n4<|im_end|>": 4,
    "<|start_header_id|>assistant<|end_header_id|>\n\n4": 4,
    "<start_of_turn>model\n4<end_of_turn>": 4,
    "<|assistant|>4": 4,
    "<|assistant|>\n4<|user|>\nNext: 3": 4,
    "[/INST] 4": 4,
    "[INST] Rate from 1 to 5. [/INST] 4": 4,
    "4 [INST] And the next? [/INST]": MISSING,
    "4<|im_end|>\n<|im_start|>user\n5": 4,
    "4<|assistant|>5": MISSING,
    "[ANSWER]4[/ANSWER]": 4,
    "<answer>4</answer>": 4,
    "<final_answer>4</final_answer>": 4,
    "<response><rating>4</rating></response>": 4,
    "<root><answer>4</answer></root>": 4,
}

ALOUD = {
    "Okay, the user wants me to rate this. I'd say 4.": MISSING,
    "The user is asking for a number. 3 or 4.": MISSING,
    "We need to answer with a number. I would say 3.": MISSING,
    "We should output a number: 4": MISSING,
    "I need to answer from 1 to 5. Perhaps 4.": MISSING,
    "Okay, the user wants me to rate this. 3 or 5?\n\n4": 4,
    "The user asks me to rate it. I think 3 is too low.\n\nAnswer: 4": 4,
    "The user asks me to rate it.\n\nSo maybe 3": MISSING,
    "The user asks me to rate it.\n\nI'd say 3.": MISSING,
    "The user should own the data, so 4": 4,
    "Users want control. 4": 4,
    '{"reasoning": "The user wants a number.", "answer": 4}': 4,
}

HEADINGS = {
    "Reasoning: I would say 3.\nAnswer: 4": 4,
    "Reasoning: I would say 3.": MISSING,
    "**Reasoning:** 3 or 5, both are fine.\n\n**Answer:** 4": 4,
    "Analysis: I'd say 3.\nFinal answer: 4": 4,
    "Thought process: maybe 3\nRating: 4": 4,
    "## Rationale:\nI'd say 3.\n\n## Answer:\n4": 4,
    "Thinking: 3\n\n4": 4,
    "4\n\n**Explanation:** I chose 4 because 3 is too low.": 4,
    "4\nReason: privacy matters.": 4,
    "Answer: 4\nReason: 2 friends lost their data.": 4,
    "4\n\nExplanation: I would say 3.": MISSING,
    "Rating: 4\nReasoning: I'd say 5.": MISSING,
    "Thinking Process:\n\n1. Read the item.\n2. Decide.": MISSING,
}


@pytest.mark.parametrize(
    ("text", "expected"), [*(OTHERS | TOKENS_OF_TEMPLATES | ALOUD | HEADINGS).items()]
)
def test_a_reply_with_thoughts_is_coded(text: str, expected: int | str) -> None:
    assert is_as_expected(code_reply(text, AGREEMENT), expected)


@settings(deadline=None, max_examples=200)
@given(
    marks=st.sampled_from(MARKS),
    thought=st.text(alphabet="345 .,agree\n", max_size=30),
    said=st.sampled_from(["4", "Answer: 4", "4 - agree", "I'd say 4."]),
)
def test_the_text_of_a_thought_changes_nothing(
    marks: tuple[str, str], thought: str, said: str
) -> None:
    assert code_reply(f"{marks[0]}{thought}{marks[1]}\n{said}", AGREEMENT) == Answer(value=4)


@settings(deadline=None, max_examples=200)
@given(text=st.text(max_size=80))
def test_any_text_has_its_thoughts_taken_out(text: str) -> None:
    rest = without_thoughts(text)
    assert rest is None or isinstance(after_thinking_aloud(rest), str)
