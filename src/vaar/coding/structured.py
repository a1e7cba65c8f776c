"""Find JSON in a reply and list its keys and values, whatever stands around it."""

from __future__ import annotations

import json
import re
from typing import Any

Entry = tuple[str, Any]

ANSWER_KEYS = frozenset(
    {"answer", "rating", "response", "score", "value", "choice", "selection", "option"}
)
_CODE_KEYS = frozenset({"code", "item", "item_code", "id", "key", "question"})
_OPENERS = 50
_DEPTH = 4
_TRAILING_COMMA = re.compile(r",(\s*[}\]])")


_FINISHED = re.compile(
    r"""("[^"\\]{1,100}")\s*:\s*(-?[\d.]{1,20}|"(?:[^"\\]|\\.)*"|\{[^{}]*\})\s*[,}]"""
)
_FENCE = re.compile(r"\A```[a-zA-Z]*|```\Z")
_OPENER = re.compile(r"[{\[]")


class _Object(list[Entry]):
    """A JSON object as pairs, so that a key given twice is seen twice."""


_DECODER = json.JSONDecoder(object_pairs_hook=_Object)


def entries(text: str) -> list[Entry]:
    """Keys and values of every JSON object in a text, in order; none where there is no JSON.

    ``{"a": 4}``, ``{"answers": {"a": 4}}``, ``{"a": {"answer": 4}}`` and
    ``[{"code": "a", "answer": 4}]`` all give ``[("a", 4)]``.
    """
    found = _decode(text) or _decode(_TRAILING_COMMA.sub(r"\1", text))
    return [entry for value in found for entry in _flatten(value, _DEPTH)]


def finished_entries(text: str) -> list[Entry]:
    """Keys and values of a broken JSON object, as far as each is complete."""
    if "{" not in text:
        return []
    pairs = ",".join(f"{match[1]}:{match[2]}" for match in _FINISHED.finditer(text))
    return entries_of_whole(f"{{{pairs}}}")


def entries_of_whole(text: str) -> list[Entry]:
    """Keys and values of a text that is nothing but one JSON value, fenced or not."""
    try:
        value = _DECODER.decode(_FENCE.sub("", text.strip()).strip())
    except (ValueError, RecursionError):
        return []
    return _flatten(value, _DEPTH)


def answer_of(found: list[Entry]) -> Any:
    """The value of a structured reply to one item; ``None`` where it holds no single answer."""
    answers = [value for key, value in found if key in ANSWER_KEYS]
    if not answers and len(found) == 1:
        return found[0][1]
    return answers[0] if len(answers) == 1 else None


def _decode(text: str) -> list[Any]:
    found: list[Any] = []
    start = 0
    for _ in range(_OPENERS):
        opener = _OPENER.search(text, start)
        if opener is None:
            break
        try:
            value, start = _DECODER.raw_decode(text, opener.start())
            found.append(value)
        except (ValueError, RecursionError):
            start = opener.end()
    return found


def _flatten(value: Any, depth: int) -> list[Entry]:
    if depth == 0:
        return []
    if isinstance(value, _Object):
        return _flatten_object(value, depth)
    if isinstance(value, list):
        return [entry for element in value for entry in _flatten(element, depth - 1)]
    return []


def _flatten_object(pairs: _Object, depth: int) -> list[Entry]:
    pairs = _Object((key.strip().lower(), value) for key, value in pairs)
    codes = [value for key, value in pairs if key in _CODE_KEYS and isinstance(value, str)]
    if len(codes) == 1:
        return [(codes[0].strip().lower(), answer_of(list(pairs)))]
    found: list[Entry] = []
    for key, value in pairs:
        if isinstance(value, _Object) and any(
            inner.strip().lower() in ANSWER_KEYS for inner, _ in value
        ):
            found.append((key, answer_of(_flatten_object(value, depth - 1))))
        elif isinstance(value, _Object | list):
            found += _flatten(value, depth - 1)
        else:
            found.append((key, value))
    return found
