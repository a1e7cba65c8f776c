"""Writing JSON for a server, and reading its own, in which any field may be missing or odd."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, TypeGuard

MOST_TOKENS = 100_000_000
"""Most tokens that one call can be believed to have taken."""

MOST_MONEY = 1_000_000.0
"""Most that one call can be believed to have cost."""

NO_REPLY = "(no reply)"
"""What stands in the history for an empty message."""

_LONGEST_LINE = 200
_REMEMBERED_MESSAGES = 32_768


@lru_cache(_REMEMBERED_MESSAGES)
def message_json(role: str, content: str) -> str:
    """A message as JSON; an empty one says so, since many servers refuse it.

    A conversation is sent again at every turn, and all sessions put the same questions: each
    message is turned into JSON once.
    """
    return json.dumps({"role": role, "content": content if content.strip() else NO_REPLY})


def encodable(text: str) -> str:
    """The text with lone surrogates, which no file can hold, replaced by question marks."""
    return text if text.isascii() else text.encode(errors="replace").decode()


def line(value: object) -> str:
    """A short printable line, such as the id of a model; empty where it is no text."""
    if not isinstance(value, str):
        return ""
    cut = encodable(value[:_LONGEST_LINE])
    return cut if cut.isprintable() else "".join(filter(str.isprintable, cut))


def mapping(value: object, key: str) -> Mapping[str, Any]:
    """The object under a key of JSON; empty where there is none."""
    inner = value.get(key) if isinstance(value, dict) else None
    return inner if isinstance(inner, dict) else {}


def objects(value: object, key: str) -> Iterator[Mapping[str, Any]]:
    """The objects in the list under a key; none where there is no list."""
    listed = value.get(key) if isinstance(value, Mapping) else None
    return (entry for entry in (listed if isinstance(listed, list) else []) if is_object(entry))


def is_object(value: object) -> TypeGuard[Mapping[str, Any]]:
    """Whether a value is a JSON object."""
    return isinstance(value, Mapping)


def count(usage: Mapping[str, Any], key: str) -> int:
    """The count of tokens under a key; 0 where there is none that can be meant."""
    value = usage.get(key)
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return value if type(value) is int and 0 <= value <= MOST_TOKENS else 0


def amount(usage: Mapping[str, Any], key: str, unit: float = 1.0) -> float | None:
    """The sum of money under a key, counted in a unit; None where there is none to be meant."""
    value = usage.get(key)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return value * unit if 0 <= value <= MOST_MONEY / unit else None


def json_depth(value: object) -> int:
    """How deeply objects and lists lie in one another; 0 for a text or a number."""
    level, depth = [value], 0
    while True:
        inner = [part for entry in level for part in _inside(entry)]
        if not any(isinstance(entry, Mapping | list) for entry in level):
            return depth
        level, depth = inner, depth + 1


def _inside(value: object) -> Iterable[object]:
    return (
        value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    )


def texts(value: object, depth: int = 6) -> Iterator[str]:
    """Every text in JSON that holds a model's thoughts, whatever its form."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list) and depth:
        for entry in value:
            yield from texts(entry, depth - 1)
    elif isinstance(value, Mapping) and depth:
        for key in ("thinking", "reasoning", "summary", "content", "text"):
            yield from texts(value.get(key), depth - 1)
