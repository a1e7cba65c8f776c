"""Take the echoed response scale out of a reply, and read "4 out of 5" as 4.

Tokens are written as one symbol each, so that the patterns are short regular expressions.
"""

from __future__ import annotations

import math
import re
from dataclasses import replace

from vaar.coding.tokens import Token
from vaar.study.model import ResponseScale

_WORDS = {
    **dict.fromkeys(("to", "through", "thru", "until", "till", "upto"), "-"),
    **dict.fromkeys(("is", "means", "meaning", "indicates", "represents", "for"), "="),
    **dict.fromkeys(("point", "pt"), "P"),
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
_COUNT = r"[FTnx]-?P|Sf[FTnx](?![-&(=GL])"
_ECHO = re.compile("|".join((_LEGEND, _ENDS, _WHERE, _COUNT)))
_SHARE = re.compile(r"(?<!/)[FTnx](?:/|O?f)[FTnx](?!/)")


def without_echoes(tokens: list[Token], scale: ResponseScale) -> list[Token]:
    """Tokens without the echoed scale: "from 1 (never) to 5 (always)", a whole legend, "5-point".

    An echo whose numbers and labels do not match the scale stays, and contradicts the answer.
    """
    tokens = _shares(tokens, scale)
    symbols = "".join(_symbol(token, scale) for token in tokens)
    kept: list[Token] = []
    end = 0
    for match in _ECHO.finditer(symbols):
        echo = tokens[match.start() : match.end()]
        kept += tokens[end : match.start()]
        kept += [Token("word", "scale")] if _consistent(echo, match.group(), scale) else echo
        end = match.end()
    return kept + tokens[end:]


def _shares(tokens: list[Token], scale: ResponseScale) -> list[Token]:
    """Read "4 / 5" and "4 out of 5" as 4 on a scale that ends at 5, as infinite on another."""
    symbols = "".join(_symbol(token, scale) for token in tokens)
    read: list[Token] = []
    end = 0
    for match in _SHARE.finditer(symbols):
        number, whole = tokens[match.start()], tokens[match.end() - 1]
        value = number.value if whole.value == scale.last else math.inf
        read += [*tokens[end : match.start()], replace(number, value=value)]
        end = match.end()
    return read + tokens[end:]


def _symbol(token: Token, scale: ResponseScale) -> str:
    if token.kind == "label":
        return "L"
    if token.kind == "mark":
        return _MARKS.get(token.text, token.text[0])
    if token.kind == "word":
        return _WORDS.get(token.text, "w")
    if token.value == scale.first:
        return "F"
    if token.value == scale.last:
        return "T"
    return "n" if token.value in scale.values else "x"


def _consistent(echo: list[Token], symbols: str, scale: ResponseScale) -> bool:
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
