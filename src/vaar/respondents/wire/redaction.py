"""Text from a server made fit for a message: one short line, without the key."""

from __future__ import annotations

import re
from base64 import b64encode, urlsafe_b64encode
from collections.abc import Callable
from functools import lru_cache
from urllib.parse import quote as url_quote

from vaar.vocabulary import KEY_MARK

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
    whole = text.replace(key, KEY_MARK)
    pieces = re.sub(
        rf"[\w.\-]{{{_SHORTEST_SECRET_PART},}}",
        lambda run: KEY_MARK if run[0] in key else run[0],
        whole,
    )
    return _forms(key).sub(KEY_MARK, pieces)


@lru_cache(16)
def _forms(key: str) -> re.Pattern[str]:
    """A key in other writings: case, reversed, encoded, three marks at most between its signs."""
    encoded = {*_in_base64(key.encode()), key.encode().hex(), url_quote(key, safe="")}
    encoded |= {"".join(f"{form(ord(sign))}" for sign in key) for form in _BY_SIGN}
    written = [re.escape(text) for text in encoded]
    for signs in (key, key[::-1]):
        written.append(r"[\W_]{0,3}".join(map(re.escape, signs)))
    return re.compile("|".join(sorted(written, key=len, reverse=True)), re.IGNORECASE)


_BY_SIGN: tuple[Callable[[int], str], ...] = (
    "%{:02x}".format,
    "\\u{:04x}".format,
    "\\x{:02x}".format,
    "&#{};".format,
    "&#x{:x};".format,
    "{:02x} ".format,
)
"""Every sign of a key by its number: in addresses, JSON, source text and pages."""


def _in_base64(key: bytes) -> set[str]:
    """What a key looks like in Base64, wherever in the text it begins, in both alphabets."""
    found = set()
    for encode in (b64encode, urlsafe_b64encode):
        for before in range(3):
            text = encode(b"\0" * before + key).decode().rstrip("=")
            first = (8 * before + 5) // 6
            found.add(text[first : len(text) - 1])
    return found


_KEYS = re.compile(
    r"(?<![A-Za-z0-9])(?:sk|pk|rk|gsk|xai|hf|ghp|gho|glpat|nvapi|r8|key|tgp|csk|fw|pplx)[-_]"
    r"[A-Za-z0-9_-]{16,}|AIza[A-Za-z0-9_-]{30,}|AKIA[A-Z0-9]{16}|eyJ[A-Za-z0-9_-]{20,}\."
    r"|\bBearer\s+\S{8,}"
)
"""Published forms of keys, none of which is a path, an id of a model or a UUID."""


def looks_like_key(text: str) -> bool:
    """Whether a text holds what has the published form of some provider's key."""
    return bool(_KEYS.search(text[:_LONGEST_READ]))
