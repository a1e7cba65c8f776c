"""Find the labels of a response scale in a reply."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from vaar.coding.text.clean import clean
from vaar.coding.text.numbers import NUMBER_WORDS, Span
from vaar.coding.text.tokens import Token, lex
from vaar.study.model import ResponseScale

Words = tuple[str, ...]

_CLOSING = {"(": ")", "[": "]"}


@dataclass(frozen=True)
class Labels:
    """The labels of one response scale, as sequences of words and marks.

    Attributes
    ----------
    span : Span
        The numbers of the scale.
    value : dict
        The number of each label, in each of its spellings.
    lengths : dict
        Lengths of the spellings that begin with a word, longest first.
    """

    span: Span
    value: dict[Words, int]
    lengths: dict[str, tuple[int, ...]]


@lru_cache(maxsize=256)
def labels_of(scale: ResponseScale) -> Labels:
    """The labels of a scale that words tell apart.

    A label may stand in a reply with its marks or without them, without what it has in brackets
    (``Never (0%)``), and as one side of its slash (``Never/almost never``), as long as no other
    label can be spelt so. A label of digits alone is not read: it could be a number of the scale.
    """
    span = Span(scale.first, scale.last)
    whole: dict[Words, set[int]] = defaultdict(set)
    parts: dict[Words, set[int]] = defaultdict(set)
    for value, label in zip(scale.values, scale.labels, strict=False):
        words = _spelt(lex(clean(label), span))
        for spelling in _whole(words):
            whole[spelling].add(value)
        for spelling in _parts(words):
            parts[spelling].add(value)
    told_apart = {
        spelling: min(values)
        for spellings in (parts, whole)
        for spelling, values in spellings.items()
        if len(values) == 1 and (spellings is whole or spelling not in whole)
    }
    apart = {words: value for words, value in told_apart.items() if not all(map(_is_number, words))}
    lengths: dict[str, set[int]] = defaultdict(set)
    for spelling in apart:
        lengths[spelling[0]].add(len(spelling))
    return Labels(
        span, apart, {word: tuple(sorted(own, reverse=True)) for word, own in lengths.items()}
    )


def with_labels(tokens: list[Token], labels: Labels) -> list[Token]:
    """The tokens with each label as one, the longest first."""
    return list(_labelled(tokens, labels))


def _labelled(tokens: list[Token], labels: Labels) -> Iterator[Token]:
    position = 0
    while position < len(tokens):
        first = tokens[position]
        for length in labels.lengths.get(first.text, ()):
            words = _spelt(tokens[position : position + length])
            if words in labels.value:
                yield Token("label", " ".join(words), labels.value[words], first.glued)
                position += length
                break
        else:
            yield first
            position += 1


def _spelt(tokens: list[Token]) -> Words:
    return tuple("-" if token.text == "–" else token.text for token in tokens)


def _whole(words: Words) -> set[Words]:
    """A label with its marks, and without them unless they stand between numbers."""
    while words and not _is_word(words[-1]) and words[-1] not in ")]%":
        words = words[:-1]
    bare = tuple(filter(_is_word, words))
    return {words, bare} - {()} if not any(map(_is_number, bare)) else {words} - {()}


def _parts(words: Words) -> set[Words]:
    """A label without what it has in brackets, and each side of its slash."""
    for opening, closing in _CLOSING.items():
        if opening in words[1:] and words[-1] == closing:
            return _whole(words[: words.index(opening, 1)])
    sides: list[list[str]] = [[]]
    for word in words:
        if word == "/":
            sides.append([])
        else:
            sides[-1].append(word)
    return {side for one in sides for side in _whole(tuple(one))} if len(sides) > 1 else set()


def _is_word(word: str) -> bool:
    return any(c.isalnum() for c in word)


def _is_number(word: str) -> bool:
    return word in NUMBER_WORDS or not word[0].isalpha()
