"""The answers that stand in an object: which keys hold one, and for which item."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from vaar.coding.structured.relaxed import Pairs, objects
from vaar.coding.structured.segments import spelt
from vaar.coding.words import word_set

_DEEPEST = 6

_NOUNS = word_set(
    "answer answers rating response score value choice selection option result reply output "
    "agreement level number label selected chosen verdict decision "
    "frequency acceptance likelihood degree extent"
)
_QUALIFIERS = word_set(
    "final my the your overall own numeric numerical likert user model assistant self ai "
    "current is of text as an int integer "
    # what revises an answer is an answer too: the two are then held against each other
    "revised corrected updated new second alternative alternate adjusted reconsidered other "
    "actual true correct better initial first last"
)
_CODE_KEYS = word_set(
    "code item id key question name statement label item_code item_id question_id"
)
_TEXT_KEYS = frozenset({"text", "content", "message"})
_BESIDE = re.compile(
    r"reason|rational|explan|justif|thought|think|analysis|confiden|certain|comment|note|scale"
    r"|range|schema|meta|max|min|limit|options|choices|example|usage|enum"
)
_WORDS = re.compile(r"(?<=[a-z])(?=[A-Z])|[\W_]+")
_LIKE_A_CODE = re.compile(r"[a-z]+(?:[ _-]?[a-z]+)?[ _-]?\d+[a-z]?", re.IGNORECASE)


def is_answer_key(key: str) -> bool:
    """Whether a key such as "answer", "Final Answer", "my_rating" names the answer."""
    words = {word.lower() for word in _WORDS.split(key) if word}
    return not words.isdisjoint(_NOUNS) and words <= _NOUNS | _QUALIFIERS


def stands_beside(name: str) -> bool:
    """Whether a name such as "confidence" or "max" is of something beside the answer."""
    return _BESIDE.search(name.lower()) is not None


def answers_in(found: list[Any]) -> list[Any]:
    """The values of all answers that objects hold for one item; ``None`` for an empty one."""
    answers = [value for one in found for value in _answers(one, _DEEPEST)]
    if answers:
        return answers
    pairs = [pair for one in found if isinstance(one, Pairs) for pair in one]
    texts = [value for key, value in pairs if key.strip().lower() in _TEXT_KEYS]
    coded = [value for key, value in pairs if _LIKE_A_CODE.fullmatch(key.strip())]
    return texts or (coded if len(coded) == 1 else [])


def _answers(value: Any, depth: int) -> Iterator[Any]:
    value = _opened(value)
    if depth == 0 or not isinstance(value, list):
        return
    if not isinstance(value, Pairs):
        for element in value:
            yield from _answers(element, depth - 1)
        return
    for key, held in value:
        if is_answer_key(key):
            yield from _held(held, depth - 1)
        elif not stands_beside(key):
            yield from _answers(held, depth - 1)


def _held(value: Any, depth: int) -> Iterator[Any]:
    """The answers that stand under an answer's key."""
    value = _opened(value)
    if isinstance(value, Pairs):
        yield from list(_answers(value, depth)) or [None]
    elif isinstance(value, list):
        yield from _held(value[0], depth - 1) if len(value) == 1 and depth else [None]
    else:
        yield value


def _opened(value: Any) -> Any:
    """An object that stands in a string, opened."""
    if isinstance(value, str) and value.lstrip()[:1] in ("{", "["):
        found, around = objects(value)
        if len(found) == 1 and not around.strip():
            return found[0]
    return value


def answers_by_code(found: list[Any], codes: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
    """Codes and values of all answers that objects hold for the items of a block.

    Parameters
    ----------
    codes : mapping of str to str
        The asked codes by their spelling in lower case.
    """
    for one in found:
        yield from _by_code(one, codes, _DEEPEST)


def _by_code(value: Any, codes: Mapping[str, str], depth: int) -> Iterator[tuple[str, Any]]:
    value = _opened(value)
    if depth == 0 or not isinstance(value, list):
        return
    if isinstance(value, Pairs):
        yield from _of_object(value, codes, depth)
    elif len(value) == 2 and _code(value[0], codes):
        yield codes[spelt(value[0])], value[1]
    else:
        for element in value:
            yield from _by_code(element, codes, depth - 1)


def _of_object(pairs: Pairs, codes: Mapping[str, str], depth: int) -> Iterator[tuple[str, Any]]:
    named = [value for key, value in pairs if spelt(key) in _CODE_KEYS and _code(value, codes)]
    if len(named) == 1:
        rest = Pairs((k, v) for k, v in pairs if v is not named[0])
        for answer in list(_answers(rest, depth)) or [None]:
            yield codes[spelt(named[0])], answer
        return
    for key, value in pairs:
        if _code(key, codes):
            for answer in _held(value, depth):
                yield codes[spelt(key)], answer
        else:
            yield from _by_code(value, codes, depth - 1)


def _code(value: Any, codes: Mapping[str, str]) -> bool:
    return isinstance(value, str) and spelt(value) in codes
