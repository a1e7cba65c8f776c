"""Numbers that say where something stands, and answer nothing: "Question 7", "1." of a list."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from vaar.coding.text.tokens import Token
from vaar.coding.words import word_set

_PLACES = word_set(
    "question item statement q part step section page vignette scenario turn chapter"
)
_SENTENCE_ENDS = frozenset("\n.!?;")
_LIST_SIGNS = frozenset(".):")
_BULLETS = frozenset("•([")


def without_places(tokens: list[Token]) -> list[Token]:
    """Tokens in which numbers of questions and of list entries cannot be answers.

    The number of "Question 7" at the start of a sentence becomes a word. So do the numbers of a
    list that runs "1.", "2.", … A single "1." before words is unclear: it may begin a list, or be
    the answer and its ground.
    """
    read = list(tokens)
    for position, token in enumerate(tokens[:-1]):
        if token.text not in _PLACES:
            continue
        starts = position == 0 or tokens[position - 1].text in _SENTENCE_ENDS
        after = position + 1
        if starts and tokens[after].text == ":" and after + 1 < len(tokens):
            after += 1
        if tokens[after].kind == "number":
            read[after] = Token("word", "place")
    entries = list(_entries(read))
    runs = [read[position].value for position in entries] == list(range(1, len(entries) + 1))
    for position in entries:
        if runs and len(entries) > 1:
            read[position] = Token("word", "place")
        elif read[position].value == 1:
            read[position] = replace(read[position], unclear=True)
    return read


def _entries(tokens: list[Token]) -> Iterator[int]:
    """Positions of the numbers at the start of a line after which a sign and then words stand."""
    for position, token in enumerate(tokens[:-2]):
        sign, after = tokens[position + 1], tokens[position + 2]
        if token.kind != "number" or not token.text.isdigit() or not _starts_line(tokens, position):
            continue
        if sign.text in _LIST_SIGNS and after.kind == "word":
            yield position


def _starts_line(tokens: list[Token], position: int) -> bool:
    while position and tokens[position - 1].text in _BULLETS:
        position -= 1
    return position == 0 or tokens[position - 1].text == "\n"
