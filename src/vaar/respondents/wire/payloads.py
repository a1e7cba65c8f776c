"""Writing JSON for a server, and reading its own, in which any field may be missing or odd."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

_LONGEST_LINE = 200
_REMEMBERED_MESSAGES = 32_768


@lru_cache(_REMEMBERED_MESSAGES)
def message_json(role: str, content: str) -> str:
    """A message as JSON.

    A conversation is sent again at every turn, and all sessions put the same questions: each
    message is turned into JSON once.
    """
    return json.dumps({"role": role, "content": content})


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
    """The object under a key; empty where there is none."""
    inner = value.get(key) if isinstance(value, Mapping) else None
    return inner if isinstance(inner, Mapping) else {}


def count(usage: Mapping[str, Any], key: str) -> int:
    """The count under a key; 0 where there is none."""
    value = usage.get(key)
    return value if type(value) is int and 0 <= value < 2**63 else 0
