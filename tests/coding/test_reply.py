"""The table of replies: what each is coded as, and the properties that hold for any text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from support.scales import (
    ACCEPTANCE,
    AGREEMENT,
    ELEVEN,
    FREQUENCY,
    FROM_ZERO,
    HUNDRED,
    SEVEN,
    STEPS,
    SUPPORT,
)
from support.scales import BAD_TO_GOOD as BIPOLAR
from vaar.coding.answer import Answer, Reason
from vaar.coding.block import code_block
from vaar.coding.reply import LONGEST, REMEMBERED, agreed, code_reply
from vaar.study.model import ResponseScale

REFUSED, UNPARSEABLE = Reason.REFUSED, Reason.UNPARSEABLE
OUT_OF_RANGE, TRUNCATED = Reason.OUT_OF_RANGE, Reason.TRUNCATED

BARE: dict[str, int | Reason] = {
    "4": 4,
    " 4 \n": 4,
    "4.": 4,
    "4!": 4,
    "4...": 4,
    "...4": 4,
    "(4)": 4,
    "[4]": 4,
    "4)": 4,
    "4:": 4,
    "**4**": 4,
    "__4__": 4,
    "*4*": 4,
    "`4`": 4,
    '"4"': 4,
    "“4”": 4,
    "'4'": 4,
    "# 4": 4,
    "> 4": UNPARSEABLE,
    "- 4": 4,
    "* 4": 4,
    "4-": 4,
    "+4": 4,
    "~4": 4,
    "04": 4,
    "4.0": 4,
    "4.00": 4,
    "```\n4\n```": 4,
    "```text\n4\n```": 4,
    "<b>4</b>": 4,
    "<p>4</p>": 4,
    "<answer>4</answer>": 4,
    "4<br>": 4,
    "\\boxed{4}": 4,
    "4 👍": 4,
    "4 4": 4,
    "4\n4": 4,
    "four": 4,
    "Four.": 4,
    "FOUR": 4,
    "one": 1,
    "a 4": 4,
    "a) 4": 4,
}

DIGITS: dict[str, int | Reason] = {
    "４": 4,
    "٤": 4,
    "۴": 4,
    "४": 4,
    "৪": 4,
    "๔": 4,
    "𝟒": 4,
    "𝟜": 4,
    "⁴": 4,
    "₄": 4,
    "④": 4,
    "4️⃣": 4,
    "４／５": 4,
    "٤/٥": 4,
    "4⁄5": 4,
    "4\u200b": 4,
    "\u200e4\u200f": 4,
    "\ufeff4": 4,
    "4\x00": 4,
    "4\u00a0": 4,
    "4\r\n": 4,
    "4\u2028": 4,
    "4²": UNPARSEABLE,
    "4½": UNPARSEABLE,
    "½": OUT_OF_RANGE,
    "IV": UNPARSEABLE,
    "四": UNPARSEABLE,
    "4\x085": UNPARSEABLE,
    "4\u200b5": OUT_OF_RANGE,
}

SHARES: dict[str, int | Reason] = {
    "4/5": 4,
    "4 / 5": 4,
    "4 out of 5": 4,
    "4 of 5": 4,
    "four out of five": 4,
    "It's a 4 out of 5.": 4,
    "My rating: 4 out of 5 stars": 4,
    "5/5": 5,
    "1/5": 1,
    "6/5": OUT_OF_RANGE,
    "0/5": OUT_OF_RANGE,
    "8/10": OUT_OF_RANGE,
    "4/7": OUT_OF_RANGE,
    "4 out of 10": OUT_OF_RANGE,
    "80%": OUT_OF_RANGE,
    "4/5/2024": UNPARSEABLE,
    "1/2/3/4/5": UNPARSEABLE,
}

STATED: dict[str, int | Reason] = {
    "Answer: 4": 4,
    "answer = 4": 4,
    "ANSWER - 4": 4,
    "**Answer:** 4": 4,
    "Answer: **4**": 4,
    "Answer: four": 4,
    "Rating: 4": 4,
    "My rating is 4.": 4,
    "My answer is 4": 4,
    "The answer is 4.": 4,
    "Final answer: 4": 4,
    "My final answer is **4** (agree).": 4,
    "Option 4": 4,
    "I choose 4": 4,
    "I would choose option 4, agree.": 4,
    "I'd say 4": 4,
    "I’d say 4": 4,
    "I'd go with a 4.": 4,
    "I'll go with 4 (agree)": 4,
    "I would rate this statement as a 4.": 4,
    "I would rate my level of agreement as 4 out of 5, since privacy matters.": 4,
    "Based on the scale, I would rate this statement as a 4.": 4,
    "My response to this statement would be 4 (Agree).": 4,
    "Sure! Here's my answer: 4": 4,
    "Sure, 4": 4,
    "maybe a 4": 4,
    "Hmm... let me think. 4": 4,
    "4 because I care about it": 4,
    "4, because I care about it": 4,
    "4 - I care about it": 4,
    "4: I care about it": 4,
    "4 — I care about it": 4,
    "4. I care about it": 4,
    "4\n\nI think that privacy matters.": 4,
    "I care about privacy.\n\n4": 4,
    "Privacy matters to me, so I'd say 4": 4,
    "If I had to pick, I would say 4.": 4,
    "It would be a 4.": 4,
    "That would be 4": 4,
    "My answer would be 4": 4,
    "for me it's 4": 4,
    "5, definitely": 5,
    "I would not rate it 5; I would rate it 4": 4,
    "I do not agree with this at all. 1": 1,
    "Confidence: 80%\nAnswer: 4": 4,
    "4, not 5": 4,
    "not 4 but 5": 5,
    "3 (not 4)": 3,
    "Question 7\n4": 4,
    "I'd give this 4 points": 4,
    "My answer: one": 1,
}

ECHOES: dict[str, int | Reason] = {
    "On a scale of 1 to 5, I'd say 4": 4,
    "On a scale from 1 to 5 I'd go with a 4 because I value privacy.": 4,
    "from 1 (never) to 5 (always): 4": 4,
    "On this 5-point scale, I choose 3.": 3,
    "On a five-point scale: 3": 3,
    "Rating (1-5): 4": 4,
    "Rating (1–5): 4": 4,
    "scale of 1-5: 4": 4,
    "On a scale of 1 (strongly disagree) to 5 (strongly agree), I would say 2.": 2,
    "where 5 is strongly agree, 4": 4,
    "4 (where 1 is strongly disagree and 5 is strongly agree)": 4,
    "4\n\n(1 = strongly disagree, 5 = strongly agree)": 4,
    "1 = strongly disagree, 2 = disagree, 3 = neither agree nor disagree, 4 = agree, "
    "5 = strongly agree\nAnswer: 2": 2,
    "1 - Strongly disagree\n2 - Disagree\n3 - Neither agree nor disagree\n4 - Agree\n"
    "5 - Strongly agree\n\nMy answer: 5": 5,
    "1 = strongly agree, 5 = strongly disagree. 4": UNPARSEABLE,
    "1-5": UNPARSEABLE,
    "from 1 to 5": UNPARSEABLE,
    "on a scale of 1 to 5": UNPARSEABLE,
    "1 2 3 4 5": UNPARSEABLE,
    "1, 2, 3, 4, 5": UNPARSEABLE,
    "Strongly disagree (1) / Disagree (2) / Agree (4)": UNPARSEABLE,
}

NO_SINGLE_NUMBER: dict[str, int | Reason] = {
    "": UNPARSEABLE,
    " \n\t": UNPARSEABLE,
    "\u200b\u200c": UNPARSEABLE,
    "👍": UNPARSEABLE,
    "...": UNPARSEABLE,
    "?": UNPARSEABLE,
    "asdf qwer": UNPARSEABLE,
    "N/A": UNPARSEABLE,
    "null": UNPARSEABLE,
    "I don't know": UNPARSEABLE,
    "3-4": UNPARSEABLE,
    "3–4": UNPARSEABLE,
    "3 to 4": UNPARSEABLE,
    "3 or 4": UNPARSEABLE,
    "3, 4": UNPARSEABLE,
    "3,4": UNPARSEABLE,
    "4\n5": UNPARSEABLE,
    "between 3 and 4": UNPARSEABLE,
    "somewhere between 3 and 4": UNPARSEABLE,
    "I would say 4. Actually, 3.": UNPARSEABLE,
    "4\n\nOn reflection, 2.": UNPARSEABLE,
    "I'd rate it 4 over 5": UNPARSEABLE,
    "7. 4": UNPARSEABLE,
    "1. 4": UNPARSEABLE,
    "1) 4": UNPARSEABLE,
    "Question 7: 4": UNPARSEABLE,
    "Item 3: 4": UNPARSEABLE,
    "This is question 4": UNPARSEABLE,
    "psa_04": UNPARSEABLE,
    "psa_01: 4": UNPARSEABLE,
    "No. 4": UNPARSEABLE,
    "not 4": UNPARSEABLE,
    "The answer isn't 4": UNPARSEABLE,
    "4?": UNPARSEABLE,
    "Is it 4?": UNPARSEABLE,
    "4+": UNPARSEABLE,
    "at least 4": UNPARSEABLE,
    "more than 3": UNPARSEABLE,
    "less than 3": UNPARSEABLE,
    "> 3 and < 5": UNPARSEABLE,
    "≥4": UNPARSEABLE,
    "4 or higher": UNPARSEABLE,
    "4 times a week": UNPARSEABLE,
    "4-year": UNPARSEABLE,
    "I have 2 children": UNPARSEABLE,
    "I have 4": UNPARSEABLE,
    "4th": UNPARSEABLE,
    "$4": UNPARSEABLE,
    "#4": UNPARSEABLE,
    "v4": UNPARSEABLE,
    "4 would be too high": UNPARSEABLE,
    "Most people would say 4": UNPARSEABLE,
    "Most people, I think, would say 4": UNPARSEABLE,
    "as many as 4": UNPARSEABLE,
    "I would choose this one": UNPARSEABLE,
    "no one": UNPARSEABLE,
    "would be 4": UNPARSEABLE,
    "Most people, I think, would be a 4": UNPARSEABLE,
    "three and a half": UNPARSEABLE,
    "3 1/2": UNPARSEABLE,
    "Answer: 4\nConfidence: 5": UNPARSEABLE,
    "I was in between 3 and 4, 3 I guess": UNPARSEABLE,
    "4ish": UNPARSEABLE,
    "- 4\n- 5": UNPARSEABLE,
    "3.5": OUT_OF_RANGE,
    "1e3": UNPARSEABLE,
    "0x4": UNPARSEABLE,
    "0": OUT_OF_RANGE,
    "6": OUT_OF_RANGE,
    "10": OUT_OF_RANGE,
    "100": OUT_OF_RANGE,
    "-3": OUT_OF_RANGE,
    "−3": OUT_OF_RANGE,
    "Answer: -3": OUT_OF_RANGE,
    "4.5": OUT_OF_RANGE,
    ".5": OUT_OF_RANGE,
    "six": OUT_OF_RANGE,
    "9" * 400: OUT_OF_RANGE,
}

LABELS: dict[str, int | Reason] = {
    "agree": 4,
    "Agree.": 4,
    "AGREE!": 4,
    "“Agree”": 4,
    "**Agree**": 4,
    "disagree": 2,
    "Disagree.": 2,
    "strongly agree": 5,
    "Strongly  agree": 5,
    "strongly_agree": 5,
    "Strongly disagree": 1,
    "neither agree nor disagree": 3,
    "I neither agree nor disagree with this statement.": 3,
    "I agree": 4,
    "I disagree.": 2,
    "I strongly agree with this statement.": 5,
    "I strongly disagree with this statement because it is unfair.": 1,
    "I would say I agree.": 4,
    "I agree that people should control data.": 4,
    "I'm sorry, but I disagree.": 2,
    "My answer is: strongly disagree": 1,
    "No, I disagree": 2,
    "4 - agree": 4,
    "4 – Agree": 4,
    "4 (agree)": 4,
    "4: agree": 4,
    "4. Agree": 4,
    "4 = agree": 4,
    "agree (4)": 4,
    "Agree - 4": 4,
    "Agree, 4": 4,
    "5=strongly agree": 5,
    "4️⃣ agree": 4,
    "4 - disagree": UNPARSEABLE,
    "5 (strongly disagree)": UNPARSEABLE,
    "1 = agree": UNPARSEABLE,
    "4. I disagree": UNPARSEABLE,
    "4 - I do not agree": UNPARSEABLE,
    "2 - I do not agree": 2,
    "agree/disagree": UNPARSEABLE,
    "agree or disagree": UNPARSEABLE,
    "agree, disagree": UNPARSEABLE,
    "I agree and disagree": UNPARSEABLE,
    "Do I agree or disagree?": UNPARSEABLE,
    "Agree?": UNPARSEABLE,
    "I do not agree": UNPARSEABLE,
    "I don't agree": UNPARSEABLE,
    "I can't agree": UNPARSEABLE,
    "not agree": UNPARSEABLE,
    "I never agree": UNPARSEABLE,
    "I don't think I agree": UNPARSEABLE,
    "I never said I agree": UNPARSEABLE,
    "I am not sure I agree": UNPARSEABLE,
    "I don't disagree": UNPARSEABLE,
    "dis-agree": UNPARSEABLE,
    "dis agree": UNPARSEABLE,
    "dis\u00adagree": 2,
    "non-agree": UNPARSEABLE,
    "agree-ish": UNPARSEABLE,
    "agreed": UNPARSEABLE,
    "agreement": UNPARSEABLE,
    "agree strongly": UNPARSEABLE,
    "disagree somewhat": UNPARSEABLE,
    "strongly\nagree": UNPARSEABLE,
    "I completely agree": UNPARSEABLE,
    "I tend to agree": UNPARSEABLE,
    "I mostly agree": UNPARSEABLE,
    "I agree, but only somewhat": UNPARSEABLE,
    "I agree with reservations": UNPARSEABLE,
    "I agree to some extent": UNPARSEABLE,
    "I agree for the most part": UNPARSEABLE,
    "I agree on some points": UNPARSEABLE,
    "I agree if it is safe": UNPARSEABLE,
    "I agree, if it is safe": UNPARSEABLE,
    "I agree to answer": UNPARSEABLE,
    "I disagree with people who never share": UNPARSEABLE,
    "You should agree": UNPARSEABLE,
    "Everyone would agree": UNPARSEABLE,
    "People say I agree": UNPARSEABLE,
    "neutral": UNPARSEABLE,
    "yes": UNPARSEABLE,
    "аgree": UNPARSEABLE,
}

TABLES: tuple[dict[str, int | Reason], ...] = (
    *(BARE, DIGITS, SHARES, STATED, ECHOES),
    *(NO_SINGLE_NUMBER, LABELS),
)

ON_SEVEN: dict[str, int | Reason] = {
    "7": 7,
    "8": OUT_OF_RANGE,
    "6/7": 6,
    "6/5": OUT_OF_RANGE,
    "somewhat agree": 5,
    "I somewhat agree.": 5,
    "agree somewhat": UNPARSEABLE,
    "somewhat disagree": 3,
    "disagree": 2,
    "agree": 6,
    "strongly agree": 7,
    "6 - agree": 6,
    "4 - agree": UNPARSEABLE,
    "I somewhat agree, 5": 5,
    "On a scale of 1 to 7, I'd say 5": 5,
    "On a 7-point scale: 6": 6,
    "7. 4": UNPARSEABLE,
}

ON_FREQUENCY: dict[str, int | Reason] = {
    "often": 4,
    "Never.": 1,
    "Always!": 5,
    "I often help my friends.": 4,
    "I rarely do this.": 2,
    "I do this often.": 4,
    "Sometimes I do.": 3,
    "I'd say sometimes": 3,
    "I never help strangers": 1,
    "4 - often": 4,
    "4 (often): I often help": 4,
    "4 - sometimes": UNPARSEABLE,
    "3 (sometimes), because it depends": 3,
    "Often, but not always": 4,
    "not often": UNPARSEABLE,
    "not always": UNPARSEABLE,
    "very often": UNPARSEABLE,
    "almost never": UNPARSEABLE,
    "Almost always": UNPARSEABLE,
    "rarely or never": UNPARSEABLE,
    "somewhere between sometimes and often": UNPARSEABLE,
    "I never answer such questions": UNPARSEABLE,
    "I never discuss my opinions": UNPARSEABLE,
    "I always try to be honest: this is private.": UNPARSEABLE,
    "It is often said": UNPARSEABLE,
    "As an AI, I never feel": REFUSED,
    "As an AI, I don't have friends, so I'd say never (1).": 1,
    "1 (never) 2 (rarely) 3 (sometimes) 4 (often) 5 (always). I choose 3": 3,
    "1 (never) to 5 (always)": UNPARSEABLE,
}

ON_OTHERS: list[tuple[str, ResponseScale, int | Reason]] = [
    ("Somewhat acceptable", ACCEPTANCE, 4),
    ("somewhat unacceptable", ACCEPTANCE, 2),
    ("acceptable", ACCEPTANCE, UNPARSEABLE),
    ("unacceptable", ACCEPTANCE, UNPARSEABLE),
    ("This is completely unacceptable.", ACCEPTANCE, 1),
    ("I find this somewhat acceptable because it helps.", ACCEPTANCE, 4),
    ("I don't find this completely acceptable.", ACCEPTANCE, UNPARSEABLE),
    ("Neutral", ACCEPTANCE, 3),
    ("As an AI, I am neutral", ACCEPTANCE, REFUSED),
    ("0", FROM_ZERO, 0),
    ("zero", FROM_ZERO, 0),
    ("not at all", FROM_ZERO, 0),
    ("a lot", FROM_ZERO, 2),
    ("2/2", FROM_ZERO, 2),
    ("3", FROM_ZERO, OUT_OF_RANGE),
    ("-2", BIPOLAR, -2),
    ("−1", BIPOLAR, -1),
    ("+2", BIPOLAR, 2),
    ("bad", BIPOLAR, -1),
    ("very bad", BIPOLAR, -2),
    ("not bad", BIPOLAR, UNPARSEABLE),
    ("10", STEPS, 10),
    ("ten out of ten", STEPS, 10),
    ("7/10", STEPS, 7),
    ("1-10", STEPS, UNPARSEABLE),
    ("On a scale of 1 to 10, 10", STEPS, 10),
]

CASES: list[tuple[str, ResponseScale, int | Reason]] = (
    [(text, AGREEMENT, expected) for table in TABLES for text, expected in table.items()]
    + [(text, SEVEN, expected) for text, expected in ON_SEVEN.items()]
    + [(text, FREQUENCY, expected) for text, expected in ON_FREQUENCY.items()]
    + ON_OTHERS
)

CUT = [
    ("4", AGREEMENT, 4),
    ("4.", AGREEMENT, TRUNCATED),
    ("4/", AGREEMENT, TRUNCATED),
    ("4 but", AGREEMENT, TRUNCATED),
    ("4\n\nI chose this beca", AGREEMENT, 4),
    ("4. I chose this beca", AGREEMENT, 4),
    ("I would say 4", AGREEMENT, TRUNCATED),
    ("agree", AGREEMENT, TRUNCATED),
    ("I agree. It is", AGREEMENT, 4),
    ("4. On reflection, 3", AGREEMENT, TRUNCATED),
    ("As an AI lang", AGREEMENT, TRUNCATED),
    ("I cannot answer. I am", AGREEMENT, TRUNCATED),
    ("", AGREEMENT, TRUNCATED),
    ("6", AGREEMENT, OUT_OF_RANGE),
    ("1", STEPS, TRUNCATED),
    ("10", STEPS, 10),
    ("<think>4. So", AGREEMENT, TRUNCATED),
]


def answer(expected: int | Reason) -> Answer:
    return Answer(reason=expected) if isinstance(expected, Reason) else Answer(value=expected)


@pytest.mark.parametrize(("text", "scale", "expected"), CASES)
def test_a_reply_is_coded(text: str, scale: ResponseScale, expected: int | Reason) -> None:
    assert code_reply(text, scale) == answer(expected)


@pytest.mark.parametrize(("text", "scale", "expected"), CUT)
@pytest.mark.parametrize("finish_reason", ["length", "MAX_TOKENS"])
def test_a_cut_reply_counts_only_where_it_had_said_its_answer(
    text: str, scale: ResponseScale, expected: int | Reason, finish_reason: str
) -> None:
    assert code_reply(text, scale, finish_reason) == answer(expected)


def test_a_reply_is_coded_the_same_whether_it_is_remembered_or_not() -> None:
    for text, scale, expected in CASES:
        longer = text + " " * (REMEMBERED + 1)
        assert code_reply(longer, scale) == answer(expected), text


@pytest.mark.parametrize(
    ("said", "one"),
    [
        ([4, 4], 4),
        ([4, UNPARSEABLE], 4),
        ([4, 5], UNPARSEABLE),
        ([4, REFUSED], UNPARSEABLE),
        ([4, OUT_OF_RANGE], UNPARSEABLE),
        ([REFUSED, UNPARSEABLE], REFUSED),
        ([], UNPARSEABLE),
    ],
)
def test_readings_agree_on_one_answer_or_on_none(
    said: list[int | Reason], one: int | Reason
) -> None:
    assert agreed([answer(value) for value in said]) == answer(one)


SCALES = st.sampled_from(
    [AGREEMENT, SEVEN, FREQUENCY, ACCEPTANCE, FROM_ZERO, BIPOLAR, STEPS, ELEVEN, HUNDRED, SUPPORT]
)
FINISHES = st.sampled_from(["stop", "length", "content_filter", "tool_calls", ""])
PIECES = """
    4 5 1 0 -3 4.5 / - – : . , ? ! ( ) { } [ ] " ' < > % agree disagree strongly never often not n't
    I I'd say would my answer is as an AI but because of to out scale point where with question one
    four <think> </think> ```json {"answer": } ² ½ ٤
"""
FRAGMENTS = st.lists(
    st.sampled_from([*PIECES.split(), "\n", "\u200b"]),
    max_size=14,
).map(" ".join)


@settings(deadline=None, max_examples=400)
@given(text=st.one_of(st.text(max_size=60), FRAGMENTS), scale=SCALES, finish_reason=FINISHES)
def test_any_text_gives_a_value_of_the_scale_or_a_reason(
    text: str, scale: ResponseScale, finish_reason: str
) -> None:
    coded = code_reply(text, scale, finish_reason)
    assert (coded.value is None) != (coded.reason is None)
    assert coded.value is None or coded.value in scale.values
    assert coded == code_reply(text, scale, finish_reason)


@settings(deadline=None, max_examples=60)
@given(data=st.data(), scale=SCALES)
def test_a_coded_value_written_out_is_coded_as_itself(
    data: st.DataObject, scale: ResponseScale
) -> None:
    value = data.draw(st.sampled_from(list(scale.values)))
    label = scale.labels[value - scale.first]
    for text in (
        f"{value}",
        f"{label}",
        f"{value} - {label}",
        f"Answer: {value}",
        f"{label} ({value})",
    ):
        assert code_reply(text, scale) == Answer(value=value)


@settings(deadline=None, max_examples=60)
@given(data=st.data(), scale=SCALES)
def test_two_different_values_are_never_one_answer(
    data: st.DataObject, scale: ResponseScale
) -> None:
    first, second = data.draw(
        st.lists(st.sampled_from(list(scale.values)), min_size=2, max_size=2, unique=True)
    )
    for joint in (" ", "\n", " or ", ", ", " - ", ". ", "; "):
        assert code_reply(f"{first}{joint}{second}", scale).value is None


HOSTILE = """
    # < <think ~ ( : 4, { {"a": ``` , a_ '' 4/ ﷺ _ - ^ " ٠ &lt; </think> ... a'
"""


@pytest.mark.parametrize(
    "piece",
    [
        *HOSTILE.split(),
        *("4 ", "I ", "as a ", "i don't have ", "1 to ", "1 - agree ", "1 (", "\n", ", "),
        *("people i'd ", "agree ", "not ", "scale of ", "where 5 "),
    ],
)
def test_hostile_length_is_coded_within_bounds(piece: str) -> None:
    """Work that grows faster than the text would be felt in the time of the whole suite."""
    text = piece * (LONGEST // len(piece))
    assert code_reply(text, AGREEMENT).reason in {None, *Reason}
    lost = TRUNCATED if piece == "<think" else UNPARSEABLE
    assert code_reply(text + text, AGREEMENT) == Answer(reason=lost)
    assert code_reply(text + text, AGREEMENT, "length") == Answer(reason=TRUNCATED)


@pytest.mark.parametrize(
    "text", ["[key]", "4 [key]", "It is [key]: 4.", '{"answer": 4, "k": "[key]"}']
)
def test_a_reply_that_repeated_a_key_is_withheld(text):
    scale = ResponseScale(("Never", "Rarely", "Sometimes", "Often", "Always"))
    assert code_reply(text, scale).reason == "withheld"
    answers = code_block(f'{{"a": 4}} {text}', ["a", "b"], scale)
    assert [answer.reason for answer in answers.values()] == ["withheld"] * 2
