"""Numbers in digits of any script, in words, with signs, as shares, and in markup."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.scales import (
    AGREEMENT,
    BAD_TO_GOOD,
    ELEVEN,
    EMPTY_HUNDRED,
    FROM_ZERO,
    HUNDRED,
    MISSING,
    SEVEN,
    STEPS,
    SUPPORT,
    Expected,
    is_as_expected,
)
from vaar.coding.answer import Answer, Reason
from vaar.coding.reply import code_reply
from vaar.coding.text.numbers import NUMBER_WORDS, Span, number_of
from vaar.study.model import ResponseScale

OUT_OF_RANGE = Reason.OUT_OF_RANGE
THOUSANDS = ResponseScale(("nothing", *[""] * 4999, "all"), first=0)

TABLES: list[tuple[ResponseScale, dict[str, Expected]]] = [
    (
        SUPPORT,
        {
            "-2": -2,
            "−2": -2,
            "－2": -2,
            "﹣2": -2,
            "➖2": -2,
            "-2.0": -2,
            "(-2)": -2,
            "**-2**": -2,
            "Answer: -2": -2,
            "I'd say -2": -2,
            "-2 (oppose)": -2,
            "-2 - oppose": -2,
            "oppose (-2)": -2,
            "minus two": -2,
            "minus 2": -2,
            "negative 2": -2,
            "negative two": -2,
            "Answer: minus three": -3,
            "+2": 2,
            "plus 2": 2,
            "plus two": 2,
            "2": 2,
            "0": 0,
            "zero": 0,
            "2 - support": 2,
            "- support": 2,
            "* 2": 2,
            "• 2": 2,
            '{"answer": -2}': -2,
            "2/3": 2,
            "– 2": MISSING,
            "- 2": MISSING,
            "2 (negative)": MISSING,
            "two below zero": MISSING,
            "— 2": MISSING,
            "–2": MISSING,
            "—2": MISSING,
            "Answer: – 2": MISSING,
            "Answer: - 2": MISSING,
            "Answer - 2": MISSING,
            "Answer –2": MISSING,
            "-\n2": MISSING,
            "- 2 (support)": MISSING,
            "2 - oppose": MISSING,
            "-2 (support)": MISSING,
            "-1 to -2": MISSING,
            "-2 or 2": MISSING,
            "± 2": MISSING,
            "+/- 2": MISSING,
            "-4": OUT_OF_RANGE,
            "4": OUT_OF_RANGE,
            "minus four": OUT_OF_RANGE,
            "from -3 (strongly oppose) to 3 (strongly support): -1": -1,
            "On a scale of -3 to 3, I'd say -2": -2,
        },
    ),
    (
        BAD_TO_GOOD,
        {"-2": -2, "−1": -1, "+2": 2, "bad": -1, "very bad": -2, "not bad": MISSING},
    ),
    (
        HUNDRED,
        {
            "75": 75,
            "75%": 75,
            "75 %": 75,
            "75 percent": 75,
            "75 per cent": 75,
            "75.0%": 75,
            "**75%**": 75,
            "Answer: 75%": 75,
            "I'd say 75%": 75,
            "I'd say about 75 percent.": 75,
            "75/100": 75,
            "75 out of 100": 75,
            "75 / 100": 75,
            "seventy-five": 75,
            "seventy five": 75,
            "Seventy-five percent": 75,
            "seventy": 70,
            "ninety-nine": 99,
            "one hundred": 100,
            "one-hundred": 100,
            "seventy five point five": MISSING,
            "75-80%": MISSING,
            "at least 75": MISSING,
            "a hundred": 100,
            "One hundred percent.": 100,
            "100%": 100,
            "0%": 0,
            "zero percent": 0,
            "five": 5,
            "75 - completely agree": MISSING,
            "100 (completely agree)": 100,
            "80-90": MISSING,
            "75% or 80%": MISSING,
            "75, maybe 80": MISSING,
            "between 70 and 80": MISSING,
            "7/10": OUT_OF_RANGE,
            "75.5": OUT_OF_RANGE,
            "0.75": OUT_OF_RANGE,
            "101": OUT_OF_RANGE,
            "120%": OUT_OF_RANGE,
            "-5": OUT_OF_RANGE,
            "75% of the time": MISSING,
            "On a scale of 0 to 100, 60": 60,
            "0 (completely disagree) to 100 (completely agree): 60": 60,
        },
    ),
    (EMPTY_HUNDRED, {"75%": 75, "75": 75, "forty two": 42, "all of it": 100, "101": OUT_OF_RANGE}),
    (
        ELEVEN,
        {
            "0": 0,
            "10": 10,
            "7/10": 7,
            "7 out of 10": 7,
            "seven": 7,
            "ten": 10,
            "7.5": OUT_OF_RANGE,
            "70%": OUT_OF_RANGE,
            "7-8": MISSING,
            "Rating: 85": OUT_OF_RANGE,
            "1/10": 1,
            "10/10": 10,
        },
    ),
    (
        THOUSANDS,
        {"1,500": 1500, "1500": 1500, "5000": 5000, "5,001": OUT_OF_RANGE, "1,50": MISSING},
    ),
    (
        AGREEMENT,
        {
            "4/5": 4,
            "4.0/5": 4,
            "4/5.0": 4,
            "4 / 5": 4,
            "4 of 5": 4,
            "4 out of 5": 4,
            "four out of five": 4,
            "4 (out of 5)": 4,
            "4 (of 5)": 4,
            "(4 out of 5)": 4,
            "4 [out of 5]": 4,
            "4 (/5)": 4,
            "4 of a possible 5": 4,
            "**4**/5": 4,
            "4\\nAgree": 4,
            "{\\bf 4}": 4,
            "\\boxed 4": 4,
            "\\boxed{Agree}": 4,
            "4 out of a possible 5": 4,
            "4 out of a maximum of 5": 4,
            "4 out of the possible 5": 4,
            "4 points out of 5": 4,
            "4 stars out of 5": 4,
            "4/5 stars": 4,
            "4 out of 5 points": 4,
            "4 on a scale of 5": 4,
            "4 on a scale of 1 to 5": 4,
            "4 (on a scale of 1-5)": 4,
            "4 on a 5-point scale": 4,
            "4 (out of 7)": OUT_OF_RANGE,
            "8 out of 10": OUT_OF_RANGE,
            "8/10": OUT_OF_RANGE,
            "4.5/5": OUT_OF_RANGE,
            "6/5": OUT_OF_RANGE,
            "80%": OUT_OF_RANGE,
            "minus two": OUT_OF_RANGE,
            "4/5/2024": MISSING,
            "1/2": OUT_OF_RANGE,
            "3 1/2": MISSING,
            "1 out of 5 people": MISSING,
            "3 of 5 points hold": MISSING,
            "one of 5": MISSING,
            "$4$": 4,
            "$$4$$": 4,
            "$ 4 $": 4,
            "ANSWER: $4$": 4,
            "\\(4\\)": 4,
            "\\[4\\]": 4,
            "$\\boxed{4}$": 4,
            "\\boxed{4}": 4,
            "\\boxed{\\text{4}}": 4,
            "\\boxed{\\mathbf{4}}": 4,
            "\\fbox{4}": 4,
            "\\text{4}": 4,
            "\\textbf{4}": 4,
            "\\mathbf{4}": 4,
            "\\mathrm{4}": 4,
            "\\boxed{4: Agree}": 4,
            "\\boxed{4 \\text{ (Agree)}}": 4,
            "\\textbf{Answer: 4}": 4,
            "Thus the answer is \\[ \\boxed{4} \\]": 4,
            "\\boxed{3} \\boxed{4}": MISSING,
            "\\frac{4}{5}": MISSING,
            "<u>4</u>": 4,
            "<strong>4</strong>": 4,
            "<mark>4</mark>": 4,
            '<span class="x3">4</span>': 4,
            "<del>3</del> 4": 4,
            "<s>3</s> 4": 4,
            "<strike>3</strike> 4": 4,
            "~~3~~ 4": 4,
            "<ins>4</ins> <del>3</del>": 4,
            "4<sup>2</sup>": MISSING,
            "4<sub>1</sub>": MISSING,
            "$4": MISSING,
            "$4.00": MISSING,
            "4$": MISSING,
            "€4": MISSING,
            "I would pay $4": MISSING,
            "$3 or $4": MISSING,
            "Between $3 and $4": MISSING,
            "$4 $": MISSING,
            "£4 each": MISSING,
            "4€": MISSING,
            "4 USD": MISSING,
            "4[1]": MISSING,
            "4 [1]": MISSING,
            "4°": MISSING,
            "4 °": MISSING,
        },
    ),
    (
        SEVEN,
        {"8": OUT_OF_RANGE, "6/7": 6, "6/5": OUT_OF_RANGE, "4.5": OUT_OF_RANGE, "0": OUT_OF_RANGE},
    ),
    (
        FROM_ZERO,
        {"0": 0, "zero": 0, "2/2": 2, "3": OUT_OF_RANGE, "a lot": 2, "Thanks a lot!": MISSING},
    ),
    (
        STEPS,
        {"10": 10, "ten out of ten": 10, "7/10": 7, "1-10": MISSING, "step c": 3, "3 - step c": 3},
    ),
]


@pytest.mark.parametrize(
    ("text", "scale", "expected"),
    [(text, scale, said) for scale, table in TABLES for text, said in table.items()],
)
def test_a_number_is_read(text: str, scale: ResponseScale, expected: Expected) -> None:
    coded = code_reply(text, scale)
    assert is_as_expected(coded, expected), coded


def test_number_words_run_to_a_hundred() -> None:
    assert sorted(set(NUMBER_WORDS.values())) == list(range(101))
    assert NUMBER_WORDS["forty-two"] == 42


@given(value=st.integers(0, 100))
def test_every_number_of_a_wide_scale_is_read_in_words(value: int) -> None:
    words = {number: word for word, number in NUMBER_WORDS.items()}
    text = words.get(value, "one hundred")
    assert code_reply(text, HUNDRED) == Answer(value=value)
    assert code_reply(text.replace("-", " "), HUNDRED) == Answer(value=value)
    assert code_reply(f"{value}%", HUNDRED) == Answer(value=value)


@given(value=st.integers(-3, 3))
def test_every_number_of_a_scale_with_negative_numbers_is_read(value: int) -> None:
    for text in (f"{value}", f"Answer: {value}", f"{value}.", f"I'd say {value}"):
        assert code_reply(text, SUPPORT) == Answer(value=value)
        assert code_reply(text.replace("-", "−"), SUPPORT) == Answer(value=value)


@pytest.mark.parametrize(
    ("value", "goes_on"),
    [(1, True), (10, True), (11, False), (99, False), (0, False), (-1, False), (9, True)],
)
def test_a_longer_number_begins_with_its_digits(value: int, goes_on: bool) -> None:
    assert Span(0, 100).goes_on_from(value) is goes_on


def test_a_span_holds_its_whole_numbers() -> None:
    span = Span(-3, 3)
    assert [v for v in (-4, -3, -2.5, 0, 3, 4, float("inf"), float("nan")) if span.holds(v)] == [
        *(-3, 0, 3)
    ]
    assert Span(-30, 3).goes_on_from(-3) and not Span(-29, 30).goes_on_from(-3)
    assert not Span(0, 99).is_percentage and not Span(1, 100).is_percentage


@pytest.mark.parametrize(
    ("text", "value"),
    [("4", 4), ("4.5", 4.5), ("~4", 4), ("4th", None), ("3,4", None), ("8/10", float("inf"))],
)
def test_digits(text: str, value: float | None) -> None:
    assert number_of(text, Span(1, 5)) == value


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        ("-2/3", -2),
        ("-2 / 3", -2),
        ("2/3", 2),
        ("2/3; let me change that to -3/3", MISSING),
        ("-1 / 3, sorry, -2/3", MISSING),
        ("3 out of 3 → -3⁄3", MISSING),
        ("-3 ∕ 3, well, -1⁄3", MISSING),
        ("-2/5", Reason.OUT_OF_RANGE),
    ],
)
def test_shares_of_a_scale_with_negative_numbers(reply: str, expected: Expected) -> None:
    assert is_as_expected(code_reply(reply, SUPPORT), expected)


@pytest.mark.parametrize(
    ("text", "scale", "expected"),
    [
        ("minus 0", HUNDRED, 0),
        ("minus zero", SUPPORT, 0),
        ("seventy zero", HUNDRED, MISSING),
        ("2 - 2", SUPPORT, 2),
        ("2 – 2", SUPPORT, 2),
    ],
)
def test_a_sign_of_zero_says_nothing_and_a_dash_behind_a_number_is_no_sign(
    text: str, scale: ResponseScale, expected: Expected
) -> None:
    assert is_as_expected(code_reply(text, scale), expected)
