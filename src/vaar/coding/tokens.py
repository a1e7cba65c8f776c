"""Split cleaned text into numbers, labels of the scale, words and punctuation."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from vaar.coding.clean import clean
from vaar.coding.lexicon import NUMBER_WORDS
from vaar.study.model import ResponseScale

Kind = Literal["number", "label", "word", "mark"]

_TOKEN = re.compile(
    r"""
    (?P<ellipsis>\.{2,})
    | (?P<number>
        (?:\bno\.[ ]?|(?<!\w)\.|[#$€£<>≤≥±^~≈+]{1,3}[ ]?|(?<![\w)\]%])-)?
        \d+(?:[.,:/]\d+)*
        (?:[%°‰+]|[^\W\d]\w*)?
      )
    | (?P<word>[^\W\d_]\w*(?:['-][^\W\d_]\w*)*)
    | (?P<mark>\n|[^\s\w])
    """,
    re.VERBOSE,
)
_PLAIN = re.compile(r"[-+~≈]?\d{1,15}(?:\.\d{1,15})?")
_FRACTION = re.compile(r"(\d{1,15})/(\d{1,15})")
_OTHER_SCALE = re.compile(r"-?[\d.]+%|\.\d+|\d+")


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
    """

    kind: Kind
    text: str
    value: float = math.nan
    glued: bool = False


def tokenize(text: str, scale: ResponseScale) -> list[Token]:
    """Tokens of a cleaned text, with labels of the scale found longest first."""
    return list(_labelled(_lex(text, scale.last), scale))


def _lex(text: str, last: int) -> list[Token]:
    tokens, end = [], -1
    for match in _TOKEN.finditer(text):
        tokens.append(_token(match, last, glued=match.start() == end))
        end = match.end()
    return tokens


def _token(match: re.Match[str], last: int, glued: bool) -> Token:
    text = match.group()
    if match.lastgroup == "number":
        value = _number(text, last)
        if value is None:
            return Token("word", text, glued=glued)
        return Token("number", text, value, glued)
    if text in NUMBER_WORDS:
        return Token("number", text, NUMBER_WORDS[text], glued)
    return Token("word" if match.lastgroup == "word" else "mark", text, glued=glued)


def _number(text: str, last: int) -> float | None:
    """The number that digits state; infinite on another scale; ``None`` where they state none."""
    if _PLAIN.fullmatch(text):
        return float(text.lstrip("~≈"))
    if fraction := _FRACTION.fullmatch(text):
        return float(fraction[1]) if int(fraction[2]) == last else math.inf
    return math.inf if _OTHER_SCALE.fullmatch(text) else None


def _labelled(tokens: list[Token], scale: ResponseScale) -> Iterator[Token]:
    labels = _labels(scale)
    longest = max(map(len, labels), default=0)
    position = 0
    while position < len(tokens):
        length = _label_length(tokens, position, labels, longest)
        if length:
            words = tuple(token.text for token in tokens[position : position + length])
            yield Token("label", " ".join(words), labels[words], tokens[position].glued)
        else:
            yield tokens[position]
        position += max(length, 1)


def _label_length(
    tokens: list[Token], start: int, labels: dict[tuple[str, ...], int], longest: int
) -> int:
    for length in range(min(longest, len(tokens) - start), 0, -1):
        if tuple(token.text for token in tokens[start : start + length]) in labels:
            return length
    return 0


@lru_cache(maxsize=64)
def _labels(scale: ResponseScale) -> dict[tuple[str, ...], int]:
    """Words of each label → its number; labels that no words tell apart are left out."""
    words = [
        tuple(t.text for t in _lex(clean(label), scale.last) if t.kind != "mark")
        for label in scale.labels
    ]
    count = Counter(words)
    return {
        label: value
        for label, value in zip(words, scale.values, strict=True)
        if count[label] == 1 and not all(_is_number(word) for word in label)
    }


def _is_number(word: str) -> bool:
    return word in NUMBER_WORDS or not word[0].isalpha()
