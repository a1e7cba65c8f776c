"""Take the echoed response scale out of a reply, and read "4 out of 5" as 4.

Tokens are written as one symbol each, so that the patterns are short regular expressions.
"""

from __future__ import annotations

import math
import re
from dataclasses import replace

from vaar.coding.text.numbers import Span
from vaar.coding.text.tokens import Token

ECHO = "echo"
"""The word that stands in place of an echo."""

_WORDS = {
    **dict.fromkeys(("to", "through", "thru", "until", "till", "upto"), "-"),
    **dict.fromkeys(("is", "means", "meaning", "indicates", "represents", "for"), "="),
    **dict.fromkeys(("point", "pt"), "P"),
    **dict.fromkeys(("points", "stars", "pts"), "u"),
    **dict.fromkeys(("a", "the", "possible", "maximum", "max", "total"), "D"),
    "where": "W",
    "with": "V",
    "being": "G",
    "and": "&",
    "out": "O",
    "of": "f",
    "scale": "S",
}
_MARKS = {"–": "-", "..": "-", "...": "-", ":": "=", "\n": ";", "[": "(", "]": ")"}

_LABEL = r"(?:\([^)FTnx]{0,8}\)|[=G-]{0,2}\(?L\)?)"
_NEXT = r"[,;/|&-]*"
_ENDS = rf"F{_LABEL}?[,]?[-&](?:T{_LABEL}?)|T{_LABEL}?[,]?[-&](?:F{_LABEL}?)"
_LEGEND = rf"(?:[FTn]{_LABEL}{_NEXT}){{1,20}}[FT]{_LABEL}"
_WHERE = rf"W[FTn]{_LABEL}(?:{_NEXT}[FTn]{_LABEL})?|V[FTn]GL"
_COUNT = r"[FTnx]-P|[FTnx]P(?=[wS])|Sf[FTnx](?![-&(=GL])"
_ECHO = re.compile("|".join((_LEGEND, _ENDS, _WHERE, _COUNT)))
_SHARE = re.compile(
    r"(?<!/)(?:[FTnx]u?(?:/|O(?:f|D)*)[FTnx]|[FTnx]u?fD*[FTnx]|[FTnx]u?\((?:/|O?f)D*[FTnx]\))(?!/)"
)


def without_echoes(tokens: list[Token], span: Span) -> list[Token]:
    """Tokens without the echoed scale: "from 1 (never) to 5 (always)", a whole legend, "5-point".

    An echo whose numbers and labels do not match the scale stays, and contradicts the answer.
    """
    tokens = _shares(tokens, span)
    symbols = "".join(_symbol(token, span) for token in tokens)
    kept: list[Token] = []
    end = 0
    for match in _ECHO.finditer(symbols):
        echo = tokens[match.start() : match.end()]
        kept += tokens[end : match.start()]
        kept += [Token("word", ECHO)] if _consistent(echo, match.group(), span) else echo
        end = match.end()
    return kept + tokens[end:]


def _shares(tokens: list[Token], span: Span) -> list[Token]:
    """Read "4 / 5", "4 out of 5", "4 (out of a possible 5)" as 4, or infinite on another scale."""
    symbols = "".join(_symbol(token, span) for token in tokens)
    read: list[Token] = []
    end = 0
    for match in _SHARE.finditer(symbols):
        share = [token for token in tokens[match.start() : match.end()] if token.kind == "number"]
        number, whole = share[0], share[-1]
        if number.text == "one" and "O" not in match.group():
            continue  # "one of 5" is a pronoun
        value = number.value if whole.value == span.last else math.inf
        read += [*tokens[end : match.start()], replace(number, value=value)]
        end = match.end()
    return read + tokens[end:]


def _symbol(token: Token, span: Span) -> str:
    if token.kind == "label":
        return "L"
    if token.kind == "mark":
        return _MARKS.get(token.text, token.text[0])
    if token.kind == "word":
        return _WORDS.get(token.text, "w")
    if token.value == span.first:
        return "F"
    if token.value == span.last:
        return "T"
    return "n" if span.holds(token.value) else "x"


def _consistent(echo: list[Token], symbols: str, span: Span) -> bool:
    """Whether every label follows its own number, and a legend runs from one end to the other."""
    number = math.nan
    for token in echo:
        if token.kind == "number":
            number = token.value
        elif token.kind == "label" and token.value != number:
            return False
    if symbols[0] in "FTn" and "P" not in symbols:
        numbers = [symbol for symbol in symbols if symbol in "FTn"]
        return {numbers[0], numbers[-1]} == {"F", "T"}
    return True
