"""Labels with punctuation or numbers inside, in any script, in any normal form."""

from __future__ import annotations

import unicodedata
from typing import Literal

import pytest

from support.scales import (
    ARABIC,
    BENGALI,
    BRACKETS,
    CHINESE,
    COMMAS,
    DAYS,
    ELEVEN,
    EMPTY_HUNDRED,
    ENDS_ONLY,
    FRENCH,
    GERMAN,
    HEBREW,
    HINDI,
    HUNDRED,
    KOREAN,
    MISSING,
    PERSIAN,
    SLASHES,
    SPANISH,
    STOPS,
    TAMIL,
    THAI,
    VIETNAMESE,
    Expected,
    is_as_expected,
)
from vaar.coding.answer import Answer
from vaar.coding.reply import code_reply
from vaar.study.model import ResponseScale

PUNCTUATED: list[tuple[ResponseScale, dict[str, Expected]]] = [
    (
        COMMAS,
        {
            "Yes, definitely": 5,
            "yes definitely": 5,
            "Yes, definitely.": 5,
            "**Yes, definitely**": 5,
            "No, probably not": 2,
            "No, definitely not!": 1,
            "Unsure": 3,
            "I am unsure.": 3,
            "Answer: Yes, definitely": 5,
            "I'd say yes, probably": 4,
            "My answer is: no, probably not.": 2,
            "Yes, definitely (5)": 5,
            "5 - Yes, definitely": 5,
            "5. Yes, definitely": 5,
            "4: Yes, probably": 4,
            '{"answer": "Yes, probably"}': 4,
            "2 - Yes, definitely": MISSING,
            "Yes, probably (1)": MISSING,
            "1. Yes, probably": MISSING,
            "1) Yes, probably": MISSING,
            "Yes, definitely. No, probably not.": MISSING,
            "Yes": MISSING,
            "No": MISSING,
            "Yes, maybe": MISSING,
            "Definitely": MISSING,
            "Yes, probably not": MISSING,
        },
    ),
    (
        SLASHES,
        {
            "Never/almost never": 1,
            "never / almost never": 1,
            "Never": 1,
            "Almost never": 1,
            "almost always": 5,
            "Always": 5,
            "Always/almost always (5)": 5,
            "5 - Always/almost always": 5,
            "Answer: Never/almost never": 1,
            "2 - Always/almost always": MISSING,
            "Always/almost always (1)": MISSING,
            "Never/almost always": MISSING,
            "Sometimes/often": MISSING,
        },
    ),
    (
        BRACKETS,
        {
            "Never (0%)": 1,
            "Half the time (50%)": 3,
            "Half the time": 3,
            "Often": 4,
            "often (75%)": 4,
            "4 - Often (75%)": 4,
            "Often (75%) - 4": 4,
            "4 (Often (75%))": 4,
            "Answer: Always (100%)": 5,
            "2 - Always (100%)": MISSING,
            "Rarely (25%) (4)": MISSING,
            "Never (75%)": MISSING,
        },
    ),
    (
        DAYS,
        {
            "5-6 days": 4,
            "5–6 days": 4,
            "5 - 6 days": 4,
            "1-2 days": 2,
            "0 days": 1,
            "7 days": 5,
            "7 days.": 5,
            "Answer: 3-4 days": 3,
            "I'd say 3-4 days": 3,
            "4 (5-6 days)": 4,
            "4 - 5-6 days": 4,
            "5: 7 days": 5,
            "4": 4,
            "5 - 1-2 days": MISSING,
            "1. 7 days": MISSING,
            "2 (7 days)": MISSING,
            "5 days": MISSING,
            "2 days": MISSING,
            "1-2": MISSING,
            "7": MISSING,
        },
    ),
    (
        STOPS,
        {
            "Approx. never": 1,
            "approx. half": 2,
            "Approx half": 2,
            "Approx. always.": 3,
            "2 - Approx. half": 2,
            "Approx. half (2)": 2,
            "Answer: approx. always": 3,
            "2 - Approx. always": MISSING,
            "Approx. always (1)": MISSING,
            "Approx.": MISSING,
        },
    ),
]


@pytest.mark.parametrize(
    ("text", "scale", "expected"),
    [(text, scale, said) for scale, table in PUNCTUATED for text, said in table.items()],
)
def test_a_label_with_punctuation(text: str, scale: ResponseScale, expected: Expected) -> None:
    coded = code_reply(text, scale)
    assert is_as_expected(coded, expected), coded


SCRIPTS = [
    *(HINDI, THAI, TAMIL, BENGALI, PERSIAN, ARABIC, HEBREW, FRENCH, KOREAN, CHINESE, GERMAN),
    *(SPANISH, VIETNAMESE),
]


@pytest.mark.parametrize("scale", [*SCRIPTS, COMMAS, SLASHES, BRACKETS, DAYS, STOPS])
@pytest.mark.parametrize("form", ["NFC", "NFD", "NFKC", "NFKD"])
def test_every_label_of_every_script_is_read(
    scale: ResponseScale, form: Literal["NFC", "NFD", "NFKC", "NFKD"]
) -> None:
    for value, label in zip(scale.values, scale.labels, strict=True):
        other = scale.first if value == scale.last else value + 1
        written = unicodedata.normalize(form, label)
        for text in (
            written,
            f"{written}.",
            f"**{written}**",
            f"“{written}”",
            f" {written}\n",
            f"Answer: {written}",
            f"{value} - {written}",
            f"{value}: {written}",
            f"{value} ({written})",
            f"{written} ({value})",
            f'{{"answer": "{written}"}}',
        ):
            assert code_reply(text, scale) == Answer(value=value), text
        for text in (f"{other} - {written}", f"{written} ({other})", f"{other}: {written}"):
            assert code_reply(text, scale).value is None, text


@pytest.mark.parametrize(
    ("text", "scale", "expected"),
    [
        ("我同意", CHINESE, MISSING),
        ("不同意", CHINESE, 2),
        ("4。同意", CHINESE, 4),
        ("答案：4", CHINESE, 4),
        ("评分: 4", CHINESE, 4),
        ("答案：同意", CHINESE, 4),
        ("Antwort: 4", GERMAN, 4),
        ("Antwort: Stimme zu", GERMAN, 4),
        ("Stimme voll zu", GERMAN, MISSING),
        ("Respuesta: 4", SPANISH, 4),
        ("No estoy de acuerdo", SPANISH, MISSING),
        ("Réponse : 4", FRENCH, 4),
        ("d’accord", FRENCH, MISSING),
        ("답변: 4", KOREAN, 4),
        ("उत्तर: ४", HINDI, 4),
        ("คำตอบ: 4", THAI, 4),
        ("الإجابة: ٤", ARABIC, 4),
        ("پاسخ: ۴", PERSIAN, 4),
        ("เห็นด้วยอย่างยิ่งครับ", THAI, MISSING),
    ],
)
def test_replies_in_other_languages(text: str, scale: ResponseScale, expected: Expected) -> None:
    coded = code_reply(text, scale)
    assert is_as_expected(coded, expected), coded


@pytest.mark.parametrize(
    ("text", "scale", "expected"),
    [
        ("Not at all", ENDS_ONLY, 1),
        ("extremely", ENDS_ONLY, 7),
        ("5", ENDS_ONLY, 5),
        ("5/7", ENDS_ONLY, 5),
        ("7 - extremely", ENDS_ONLY, 7),
        ("6 - extremely", ENDS_ONLY, MISSING),
        ("from 1 (not at all) to 7 (extremely): 5", ENDS_ONLY, 5),
        ("1 = not at all, 7 = extremely. 5", ENDS_ONLY, 5),
        ("", ENDS_ONLY, MISSING),
        (" ", ENDS_ONLY, MISSING),
        ("Not at all likely", ELEVEN, 0),
        ("extremely likely", ELEVEN, 10),
        ("10 - extremely likely", ELEVEN, 10),
        ("0 (not at all likely)", ELEVEN, 0),
        ("1 (extremely likely)", ELEVEN, MISSING),
        ("Completely agree", HUNDRED, 100),
        ("100 (completely agree)", HUNDRED, 100),
        ("All of it", EMPTY_HUNDRED, 100),
        ("0 - none of it", EMPTY_HUNDRED, 0),
        ("50", EMPTY_HUNDRED, 50),
    ],
)
def test_scales_with_labels_at_the_ends(
    text: str, scale: ResponseScale, expected: Expected
) -> None:
    coded = code_reply(text, scale)
    assert is_as_expected(coded, expected), coded


def test_labels_that_no_words_tell_apart_are_not_read() -> None:
    scale = ResponseScale(("No", "Maybe", "Maybe!", "Yes"))
    assert code_reply("maybe", scale).value is None
    assert code_reply("no", scale) == Answer(value=1)
    assert code_reply("yes", scale) == Answer(value=4)


def test_a_part_of_a_label_that_is_another_label_is_that_other_label() -> None:
    scale = ResponseScale(("Never (0%)", "Never", "Now/then", "Then"))
    assert code_reply("never", scale) == Answer(value=2)
    assert code_reply("never (0%)", scale) == Answer(value=1)
    assert code_reply("then", scale) == Answer(value=4)
    assert code_reply("now", scale) == Answer(value=3)


def test_labels_of_digits_alone_are_numbers_of_the_scale() -> None:
    scale = ResponseScale(("0", "25", "50", "75", "100"))
    assert code_reply("5", scale) == Answer(value=5)
    assert code_reply("50", scale).value is None


def test_labels_in_turkish_are_read_in_capitals() -> None:
    scale = ResponseScale(("kötü", "iyi", "çok iyi"))
    assert code_reply("İYİ", scale) == Answer(value=2)
    assert code_reply("ÇOK İYİ", scale) == Answer(value=3)
