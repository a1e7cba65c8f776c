"""A "1." that begins a list is no answer."""

from __future__ import annotations

import pytest

from support.scales import AGREEMENT, COMMAS, ELEVEN, MISSING, Expected, is_as_expected
from vaar.coding.reply import code_reply
from vaar.study.model import ResponseScale

LISTS = {
    "1. Read the item": MISSING,
    "1. Read the item\n2. Decide": MISSING,
    "1) Read the item": MISSING,
    "1) I value privacy.": MISSING,
    "(1) Read the item": MISSING,
    "1: Read the item": MISSING,
    "**1.** Read the item": MISSING,
    "1. **Privacy**: it matters.": MISSING,
    "- 1. Read the item": MISSING,
    "1.Read the item": MISSING,
    "1️⃣ Read the item": MISSING,
    "Sure!\n\n1. Privacy matters.": MISSING,
    "Here are my thoughts:\n1. Privacy matters.\n2. Trust matters.\n3. Both.": MISSING,
    "1. Privacy: 4\n2. Trust: 3": MISSING,
    "1. I agree.": MISSING,
    "1. I disagree": MISSING,
    "Step 1: Read the item": MISSING,
    "Step 1": MISSING,
    "Question 7: 4": MISSING,
    "Item 3: 4": MISSING,
    "Statement 4": MISSING,
    "1. 4": MISSING,
    "1) 4": MISSING,
    "7. 4": MISSING,
    "1. Agree\n2. Disagree": MISSING,
    "1. I value privacy.\n2. I share little.\n\nAnswer: 4": 4,
    "1. I value privacy.\n2. I share little.\n3. I care.\n\n4": 4,
    "1) Privacy matters.\n2) So does trust.\n\nI'd say 4.": 4,
    "Question 7\n4": 4,
    "Question: 3\n4": 4,
    "Question: 4": MISSING,
    "Question 7:\n4": 4,
    "1.": 1,
    "1.\n": 1,
    "1": 1,
    "1 - I do not care.": 1,
    "1, because I do not care.": 1,
    "1.\n\nI do not care.": 1,
    "1. Strongly disagree": 1,
    "1) Strongly disagree": 1,
    "4. I care about it": 4,
    "4. Agree": 4,
    "4) Agree": 4,
    "5. I value it.\n\n5": 5,
}


@pytest.mark.parametrize(
    ("text", "scale", "expected"),
    [
        *((text, AGREEMENT, said) for text, said in LISTS.items()),
        ("1. Yes, probably", COMMAS, MISSING),
        ("1. No, definitely not", COMMAS, 1),
        ("1. Read it", ELEVEN, MISSING),
        ("1. Read it\n2. Rate it\n\n8", ELEVEN, 8),
        ("2. Rate it\n3. Send it", ELEVEN, MISSING),
    ],
)
def test_the_number_of_a_place_is_no_answer(
    text: str, scale: ResponseScale, expected: Expected
) -> None:
    coded = code_reply(text, scale)
    assert is_as_expected(coded, expected), coded
