"""A key in other writings: encoded, escaped, reversed, with marks between its signs."""

from __future__ import annotations

import html
import re
import unicodedata
from base64 import b32encode, b64encode, urlsafe_b64encode
from collections.abc import Callable, Iterator
from functools import lru_cache
from urllib.parse import quote as url_quote
from urllib.parse import unquote

SHORTEST_SECRET_PART = 8
"""Signs of a key that are no secret if they are fewer."""


@lru_cache(16)
def written_forms(key: str) -> re.Pattern[str]:
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
    encodings = (b64encode, urlsafe_b64encode)
    return {text for encode in encodings for text in _within(key, encode, 3, 6)}


def _within(key: bytes, encode: Callable[[bytes], bytes], places: int, bits: int) -> Iterator[str]:
    """The signs that are a key's own in longer text that is encoded, wherever it begins there."""
    for before in range(places):
        text = encode(b"\0" * before + key).decode().rstrip("=")
        yield text[(8 * before + bits - 1) // bits : len(text) - 1]


def holds_key(text: str, key: str) -> bool:
    """Whether a text holds a key in any usual writing, mixed ones among them.

    Text and key are compared by their letters and digits alone, escapes of JSON, pages and
    addresses read.
    """
    wanted = _bare_forms(key)
    plain = [_bare(text)]
    if not _ESCAPES.isdisjoint(text):
        for _ in range(_DEEPEST_ESCAPES):
            text = html.unescape(unquote(_ESCAPED.sub(_character, text), errors="replace"))
            plain.append(_bare(text))
    return any(form in one for form in wanted for one in plain)


_ESCAPES, _DEEPEST_ESCAPES = frozenset("\\%&="), 2
_ESCAPED = re.compile(r"\\+(?:u\{?([0-9a-fA-F]{4})\}?|x([0-9a-fA-F]{2}))|=([0-9A-F]{2})")
_NO_LETTERS = re.compile(r"[\W_]+")


def _character(found: re.Match[str]) -> str:
    return chr(int(next(filter(None, found.groups())), 16))


def _bare(text: str) -> str:
    plain = text if text.isascii() else unicodedata.normalize("NFKC", text)
    return _NO_LETTERS.sub("", plain).lower()


@lru_cache(16)
def _bare_forms(key: str) -> tuple[str, ...]:
    raw = key.encode()
    written = {key, raw.hex(), " ".join(map(str, raw)), *_in_base64(raw), *_in_base64(raw[::-1])}
    written |= {*_within(raw, b32encode, 5, 5)}
    written |= {twice for text in _in_base64(raw) for twice in _in_base64(text.encode())}
    bare = {form for text in written for form in (_bare(text), _bare(text)[::-1])}
    return tuple(form for form in bare if len(form) >= SHORTEST_SECRET_PART)
