"""Text from a server made fit for a message: one short line, without the key."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from operator import attrgetter
from typing import Any

from vaar.respondents.base import Reply
from vaar.respondents.wire.key_forms import SHORTEST_SECRET_PART, holds_key, written_forms
from vaar.vocabulary import KEY_MARK

LONGEST_QUOTE = 300

_LONGEST_READ = 10_000


def quote(text: str, key: str | None) -> str:
    """A bounded, printable line from hostile text.

    Control and formatting characters go, white space collapses, the key and every run of eight or
    more of its characters become ``[key]``.
    """
    words = " ".join(text[:_LONGEST_READ].split())
    line = withhold("".join(filter(str.isprintable, words)), key)
    return line if len(line) <= LONGEST_QUOTE else f"{line[:LONGEST_QUOTE]}…"


_REMEMBERED = 1_024
_SHORT = 300


def withhold(text: str, key: str | None) -> str:
    """The text with the key, whole or in pieces of eight or more characters, taken out.

    A shorter key, such as the ``EMPTY`` that local servers are given, is no secret, and may well
    be a word that a reply means.
    """
    if not key or len(key) < SHORTEST_SECRET_PART or len(text) < SHORTEST_SECRET_PART:
        return text
    return _short_without(text, key) if len(text) < _SHORT else _without(text, key)


def clear_reply(reply: Reply, withheld: Callable[[str], str]) -> Reply:
    """A reply with every text of its server's changed by a function that withholds keys."""
    said = _hostile(reply)
    clean = tuple([withheld(text) if len(text) >= SHORTEST_SECRET_PART else text for text in said])
    changed: dict[str, Any] = dict(zip(_HOSTILE, clean, strict=True))
    return reply if clean == said else replace(reply, **changed)


_HOSTILE = (
    *("text", "finish_reason", "model", "provider", "system_fingerprint", "service_tier"),
    "thoughts",
)
_hostile = attrgetter(*_HOSTILE)


@lru_cache(_REMEMBERED)
def _short_without(text: str, key: str) -> str:
    """Names of models and the like come with every reply."""
    return _without(text, key)


def _without(text: str, key: str) -> str:
    told = _without_pieces(text.replace(key, KEY_MARK), key)
    if holds_key(told, key):
        told = written_forms(key).sub(KEY_MARK, told)
    return KEY_MARK if holds_key(told, key) else told


def _without_pieces(text: str, key: str) -> str:
    """The text without what stands in the key too, wherever in other text it stands."""
    size = SHORTEST_SECRET_PART
    pieces = {key[k : k + size] for k in range(len(key) - size + 1)}
    there = [piece for piece in pieces if piece in text]
    if not there:
        return text
    places = sorted(
        found.start() for one in there for found in re.finditer(f"(?={re.escape(one)})", text)
    )
    kept: list[str] = []
    end = 0
    for place in places:
        if place > end or not kept:
            kept += [text[end:place], KEY_MARK]
        end = place + size
    return "".join(kept) + text[end:]


_KEYS = re.compile(
    r"(?<![A-Za-z0-9])(?:sk|pk|rk|gsk|xai|hf|ghp|gho|glpat|nvapi|r8|tgp|csk|fw|pplx)"
    r"[-_](?=[A-Za-z0-9_-]{0,80}[A-Za-z0-9]{12})[A-Za-z0-9_-]{16,}"
    r"|(?<![A-Za-z0-9_-])key(?=[-_][A-Za-z0-9_-]*\d)[-_][A-Za-z0-9_-]{16,}"
    r"|AIza[A-Za-z0-9_-]{30,}|AKIA[A-Z0-9]{16}|(?<![A-Za-z0-9_-])eyJ[A-Za-z0-9_-]{20,}\."
    r"|\bBearer\s+\S{8,}"
)
"""Published forms of keys, none of which is a path, an id of a model or a UUID: words that are
joined by hyphens have no twelve letters and digits in a row."""


def looks_like_key(text: str) -> bool:
    """Whether a text holds what has the published form of some provider's key."""
    return bool(_KEYS.search(text[:_LONGEST_READ]))


def withhold_published(text: str) -> str:
    """The text without what has the published form of some provider's key."""
    return _KEYS.sub(KEY_MARK, text)
