"""The thresholds and small rules that decide whether a stated value stands."""

from __future__ import annotations

import pytest

from support.scales import AGREEMENT, FREQUENCY, MISSING, Expected, is_as_expected
from vaar.coding.reply import code_reply
from vaar.coding.text.evidence import REACH
from vaar.coding.text.verdict import LONGEST_SENTENCE
from vaar.study.model import ResponseScale


def test_a_label_inside_a_sentence_counts_up_to_so_many_words() -> None:
    beginning = "I often help"
    most = LONGEST_SENTENCE - 2  # the label is one word of the sentence, and so is "I"
    for words, expected in ((most, 4), (most + 1, MISSING)):
        text = " ".join([*beginning.split()[:2], *["friends"] * words])
        assert is_as_expected(code_reply(text, FREQUENCY), expected)


def test_a_word_denies_a_value_within_reach() -> None:
    near = "I would not say that " + "x " * ((REACH - 20) // 2)
    far = "I would not say that " + "x " * (REACH // 2 + 20)
    assert is_as_expected(code_reply(f"4\n{near}5", AGREEMENT), 4)
    assert is_as_expected(code_reply(f"4\n{far}5", AGREEMENT), MISSING)


@pytest.mark.parametrize(
    ("text", "scale", "expected"),
    [
        ("Agree. Most people disagree.", AGREEMENT, 4),
        ("Agree. My sister would disagree.", AGREEMENT, MISSING),
        ("4. My sister would disagree.", AGREEMENT, 4),
        ("4. I disagree.", AGREEMENT, MISSING),
        ("4. I would rather disagree.", AGREEMENT, MISSING),
        ("4. It is half true.", AGREEMENT, MISSING),
        ("Agree, but only somewhat.", AGREEMENT, MISSING),
        ("Agree. Somewhat.", AGREEMENT, MISSING),
        ("Agree, except at work.", AGREEMENT, MISSING),
        ("Agree. Except at work, nobody asks.", AGREEMENT, 4),
        ("Agree:", AGREEMENT, MISSING),
        ("Agree...", AGREEMENT, MISSING),
        ("4:", AGREEMENT, 4),
        ("4...", AGREEMENT, 4),
        ("I often help my friends. I like it.", FREQUENCY, MISSING),
        ("I often help my friends, rarely strangers.", FREQUENCY, MISSING),
        ("My friends often help me.", FREQUENCY, MISSING),
        ("My friends say that I often help.", FREQUENCY, MISSING),
        ("Do I often help my friends?", FREQUENCY, MISSING),
        ("I very often help my friends.", FREQUENCY, MISSING),
        ("I do not often help my friends.", FREQUENCY, MISSING),
        ("I often say so.", FREQUENCY, MISSING),
        ("Sometimes I do.", FREQUENCY, 3),
        ("Often I do this.", FREQUENCY, 4),
        ("I agree with people who share.", AGREEMENT, MISSING),
        ("I agree that people should share.", AGREEMENT, 4),
        ("I agree, since it helps.", AGREEMENT, 4),
        ("4 = no agreement", AGREEMENT, MISSING),
        ("4 (not my opinion)", AGREEMENT, MISSING),
        ("4: in disagreement", AGREEMENT, MISSING),
        ("4 – unlikely", AGREEMENT, MISSING),
        ("4 = agreement", AGREEMENT, 4),
        ("4: there is no doubt", AGREEMENT, 4),
        ("4: from what you tell me no agreement", AGREEMENT, 4),
        ("4 - understandable", AGREEMENT, 4),
    ],
)
def test_a_value_stands_or_falls(text: str, scale: ResponseScale, expected: Expected) -> None:
    coded = code_reply(text, scale)
    assert is_as_expected(coded, expected), coded
