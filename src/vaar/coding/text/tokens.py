"""Split cleaned text into numbers, labels of the scale, words and punctuation."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal

from vaar.coding.text.numbers import (
    NUMBER_WORDS,
    PER_CENT,
    SIGN_WORDS,
    TENS,
    UNITS,
    Span,
    number_of,
)

Kind = Literal["number", "label", "word", "mark"]

_LAST_WITH_MARKS = 0x1F000
_DASHES = frozenset("-–•")


@dataclass(frozen=True, slots=True)
class Token:
    """One piece of a reply.

    Attributes
    ----------
    kind : {'number', 'label', 'word', 'mark'}
    text : str
        As it stands in the cleaned reply.
    value : float
        What a number or label stands for; infinite for a number of
        another scale ("80 %", "8/10"); NaN for the rest.
    glued : bool
        Whether it follows the token before it without a space.
    unclear : bool
        Whether a number may be meant otherwise: a dash before it may be
        a minus or a bullet, or it may be the place in a list.
    """

    kind: Kind
    text: str
    value: float = math.nan
    glued: bool = False
    unclear: bool = False


@cache
def _combining() -> str:
    """All combining marks, for a character class: Python's ``\\w`` holds none."""
    marks = (c for c in map(chr, range(0x300, _LAST_WITH_MARKS)))
    return "".join(c for c in marks if unicodedata.category(c)[0] == "M")


@cache
def _pattern(ascii_only: bool) -> re.Pattern[str]:
    letter = r"\w" if ascii_only else rf"[\w{_combining()}]"
    return re.compile(
        rf"""
        (?P<ellipsis>\.{{2,}})
        | (?P<number>
            (?:\bno\.?[ ]?|(?<!\w)\.|[#$€£<>≤≥±^~≈+]{{1,3}}[ ]?|(?<![\w)\]%])[-–])?
            \d+(?:[.,:/]\d+)*
            (?:[%°‰+]|[^\W\d]{letter}*)?
          )
        | (?P<word>[^\W\d_]{letter}*(?:['-][^\W\d_]{letter}*)*)
        | (?P<mark>\n|[^\s\w])
        """,
        re.VERBOSE,
    )


def lex(text: str, span: Span) -> list[Token]:
    """Tokens of a cleaned text, before labels are found in it."""
    tokens, end = [], -1
    for match in _pattern(text.isascii()).finditer(text):
        tokens.append(_token(match, span, glued=match.start() == end))
        end = match.end()
    return list(_joined(tokens, span))


def _token(match: re.Match[str], span: Span, glued: bool) -> Token:
    text = match.group()
    if match.lastgroup == "number":
        unclear = text[0] in "–n"  # "–2" may be minus 2, and "no. 2" the second, or "no" and 2
        digits = text[2:].lstrip(". ") if text[0] == "n" else text.replace("–", "-", 1)
        value = number_of(digits, span)
        if value is None:
            return Token("word", text, glued=glued)
        return Token("number", text, value, glued, unclear)
    if text in NUMBER_WORDS:
        return Token("number", text, NUMBER_WORDS[text], glued)
    return Token("word" if match.lastgroup == "word" else "mark", text, glued=glued)


def _joined(tokens: list[Token], span: Span) -> Iterator[Token]:
    """Read "seventy five", "a hundred", "minus two", "75 %" as one number each."""
    position = 0
    while position < len(tokens):
        here = tokens[position]
        after = tokens[position + 1] if position + 1 < len(tokens) else None
        number, length = _number_from(here, after, span)
        position += length
        if number.kind == "number" and span.is_percentage:
            position += _per_cent(tokens, position)
        yield number


def _number_from(here: Token, after: Token | None, span: Span) -> tuple[Token, int]:
    if after is None:
        return here, 1
    if here.text in TENS and after.text in UNITS and 0 < after.value < 10:
        return replace(here, text=f"{here.text} {after.text}", value=here.value + after.value), 2
    if after.text == "hundred" and here.text in ("a", "one") and span.last >= 100:
        return replace(here, kind="number", text="a hundred", value=100.0), 2
    if after.kind == "number" and here.text in SIGN_WORDS and after.value >= 0:
        sign = SIGN_WORDS[here.text]
        if sign < 0 or span.first < 0:
            return replace(after, text=f"{here.text} {after.text}", value=sign * after.value), 2
    return here, 1


def _per_cent(tokens: list[Token], position: int) -> int:
    texts = [token.text for token in tokens[position : position + 2]]
    if texts == ["per", "cent"]:
        return 2
    return 1 if texts and texts[0] in PER_CENT else 0


def with_unclear_signs(tokens: list[Token], span: Span) -> list[Token]:
    """Mark the numbers before which a dash may be a minus, on a scale that has negative numbers."""
    if span.first >= 0:
        return tokens
    read = list(tokens)
    for position, number in enumerate(tokens):
        if number.kind != "number":
            continue
        before = [token for token in tokens[max(0, position - 3) : position] if token.text != "\n"]
        dashed = bool(before) and before[-1].kind == "mark" and before[-1].text in _DASHES
        if dashed and (len(before) < 2 or before[-2].kind != "number"):
            read[position] = replace(number, unclear=True)
    return read
