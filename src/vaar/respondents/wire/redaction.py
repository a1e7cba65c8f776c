"""Text from a server made fit for a message: one short line, without the key."""

from __future__ import annotations

import re
from functools import lru_cache

LONGEST_QUOTE = 300
_LONGEST_READ = 10_000
_SHORTEST_SECRET_PART = 8


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
    if not key or len(key) < _SHORTEST_SECRET_PART or len(text) < _SHORTEST_SECRET_PART:
        return text
    return _short_without(text, key) if len(text) < _SHORT else _without(text, key)


@lru_cache(_REMEMBERED)
def _short_without(text: str, key: str) -> str:
    """Names of models and the like come with every reply."""
    return _without(text, key)


def _without(text: str, key: str) -> str:
    whole = text.replace(key, "[key]")
    return re.sub(
        rf"[\w.\-]{{{_SHORTEST_SECRET_PART},}}",
        lambda run: "[key]" if run[0] in key else run[0],
        whole,
    )


_KEYS = re.compile(
    r"(?<![A-Za-z0-9])(?:sk|pk|rk|gsk|xai|hf|ghp|gho|glpat|nvapi|r8|key|tgp|csk|fw|pplx)[-_]"
    r"[A-Za-z0-9_-]{16,}|AIza[A-Za-z0-9_-]{30,}|AKIA[A-Z0-9]{16}|eyJ[A-Za-z0-9_-]{20,}\."
    r"|\bBearer\s+\S{8,}"
)
"""Published forms of keys, none of which is a path, an id of a model or a UUID."""


def looks_like_key(text: str) -> bool:
    """Whether a text holds what has the published form of some provider's key."""
    return bool(_KEYS.search(text[:_LONGEST_READ]))
