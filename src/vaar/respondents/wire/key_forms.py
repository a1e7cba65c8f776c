"""A key in other writings: encoded, escaped, reversed, with marks between its signs."""

from __future__ import annotations

import codecs
import html
import re
import unicodedata
from base64 import b32encode, b64encode, urlsafe_b64encode
from collections.abc import Callable, Iterator
from functools import lru_cache
from typing import NamedTuple
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
    """Whether a text holds a key, or a long piece of one, in any usual writing, mixed ones too.

    Text and key are compared by their letters and digits alone, marks of pages and escapes of JSON,
    pages, addresses and source text read.
    """
    plain = [_bare(text)]
    if "<" in text:
        plain.append(_bare(_TAG.sub("", text)))
    if "0x" in text or not _ESCAPES.isdisjoint(text):
        for _ in range(_DEEPEST_ESCAPES):
            text = html.unescape(unquote(_ESCAPED.sub(_character, text), errors="replace"))
            plain.append(_bare(text))
    return any(_has_piece(one, pieces) for pieces in _bare_pieces(key) for one in plain)


_TAG = re.compile(r"</?[A-Za-z][^<>]{0,40}>")
_ESCAPES, _DEEPEST_ESCAPES = frozenset("\\%&="), 2
_ESCAPED = re.compile(
    r"\\+(?:u([0-9a-fA-F]{4})|u\{([0-9a-fA-F]{1,5})\}|x([0-9a-fA-F]{2})|([0-3][0-7]{2}))"
    r"|=([0-9A-F]{2})|0x([0-9a-fA-F]{2})(?![0-9a-fA-F])"
)
_OCTAL = 4  # the group of _ESCAPED that is no hexadecimal number
_NO_LETTERS = re.compile(r"[\W_\u115f\u1160\u3164\uffa0]+")  # the four are letters that nobody sees


def _character(found: re.Match[str]) -> str:
    group = found.lastindex or 0
    return chr(int(found[group], 8 if group == _OCTAL else 16))


def _bare(text: str) -> str:
    plain = text if text.isascii() else unicodedata.normalize("NFKD", text)
    return _NO_LETTERS.sub("", plain).lower()


_LETTERS, _ENCODED, _HEX, _NUMBERS = 12, 16, 24, 80
"""Signs of a piece that is found: of a key, of its Base64 or Base32, of its numbers."""


class _Pieces(NamedTuple):
    """Pieces of one size, and all halves of a piece: wherever a text has a piece, it has a half."""

    size: int
    whole: frozenset[str]
    halves: frozenset[str]


def _has_piece(text: str, pieces: _Pieces) -> bool:
    """Whether a text holds a piece; a half is looked for only as often as a whole has room."""
    size, half = pieces.size, pieces.size // 2
    for start in range(0, len(text) - half + 1, size - half + 1):
        if text[start : start + half] in pieces.halves:
            before = range(max(0, start - size + half), start + 1)
            if any(text[place : place + size] in pieces.whole for place in before):
                return True
    return False


@lru_cache(16)
def _bare_pieces(key: str) -> list[_Pieces]:
    """What a key looks like by its letters and digits, in pieces of each size."""
    raw, wide = key.encode(), key.encode("utf-16-le")
    encoded = {*_in_base64(raw), *_in_base64(raw[::-1]), *_in_base64(wide)}
    encoded |= {*_within(raw, b32encode, 5, 5)}
    encoded |= {twice for text in _in_base64(raw) for twice in _in_base64(text.encode())}
    told = {
        _LETTERS: {key, codecs.encode(key, "rot13")},
        _ENCODED: encoded,
        _HEX: {raw.hex(), raw[::-1].hex(), wide.hex(), " ".join(map(str, raw))},
        _NUMBERS: {"".join(f"{number:08b}" for number in raw)},
    }
    pieces: dict[int, set[str]] = {}
    for size, texts in told.items():
        for form in {one for text in texts for one in (_bare(text), _bare(text)[::-1])}:
            for piece in _pieces(form, size):
                pieces.setdefault(len(piece), set()).add(piece)
    return [_halved(size, found) for size, found in sorted(pieces.items())]


def _halved(size: int, pieces: set[str]) -> _Pieces:
    half = size // 2
    halves = {one[start : start + half] for one in pieces for start in range(size - half + 1)}
    return _Pieces(size, frozenset(pieces), frozenset(halves))


def _pieces(form: str, size: int) -> Iterator[str]:
    """Pieces by which a writing of a key is known; without a digit they may be words."""
    if len(form) <= size:
        yield from [form] if len(form) >= SHORTEST_SECRET_PART else []
        return
    found = [form[start : start + size] for start in range(len(form) - size + 1)]
    telling = [piece for piece in found if any(map(str.isdigit, piece))]
    yield from telling or [form]
