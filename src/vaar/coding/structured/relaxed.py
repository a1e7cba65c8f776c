"""Find JSON in a reply, also as models write it: quotes of any kind, bare keys, comments."""

from __future__ import annotations

import json
import re
from typing import Any

MOST_OPENERS = 50
"""Brackets in a reply at which an object is looked for."""
DEEPEST = 8
"""Levels of nesting of an object that is no strict JSON."""

_OPENER = re.compile(r"(?<!\w)\{|\[(?=\s*[\[{])")
_TOKEN = re.compile(
    r"""
    (?P<skip>\s+|//[^\n]*|/\*.*?\*/|\#[^\n]*)
    | (?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|“[^”]*”|‘[^’]*’)
    | (?P<sign>[{}\[\],;:：，]|=>?)
    | (?P<bare>[^\s{}\[\],;:：，="'“”‘’]+)
    """,
    re.VERBOSE | re.DOTALL,
)
_SIGNS = {"：": ":", "=": ":", "=>": ":", "，": ",", ";": ","}
_NAMES = {"true": True, "false": False}
_NO_VALUE = frozenset({"null", "none", "nan", "undefined", "infinity", "-infinity"})
_NUMBER = re.compile(r"[-+]?\d{1,15}(?:\.\d{1,15})?")


class Pairs(list[tuple[str, Any]]):
    """An object as its keys and values, so that a key given twice is seen twice."""


class _Broken(ValueError):
    """What follows is no object."""


def _no_constant(name: str) -> None:
    """``NaN`` and ``Infinity`` are no values."""


_DECODER = json.JSONDecoder(object_pairs_hook=Pairs, parse_constant=_no_constant)


def objects(text: str) -> tuple[list[Any], str]:
    """The objects, and arrays of objects or arrays, of a text, and the text around them.

    Returns
    -------
    list
        Objects as :class:`Pairs`, arrays as lists; numbers, strings, booleans and ``None`` within.
    str
        The rest of the text, a line break in place of each object.
    """
    found, around = _objects(text)
    if not found and '\\"' in text:
        found, around = _objects(text.replace('\\"', '"'))
    return found, around


def _objects(text: str) -> tuple[list[Any], str]:
    found: list[Any] = []
    around: list[str] = []
    start = end = 0
    for _ in range(MOST_OPENERS):
        opener = _OPENER.search(text, start)
        if opener is None:
            break
        try:
            value, start = _decoded(text, opener.start())
        except (ValueError, RecursionError):
            start = opener.end()
            continue
        found.append(value)
        around.append(text[end : opener.start()])
        end = start
    return found, "\n".join([*around, text[end:]])


def _decoded(text: str, start: int) -> tuple[Any, int]:
    try:
        return _DECODER.raw_decode(text, start)
    except ValueError:
        reader = _Reader(text, start)
        return reader.value(DEEPEST), reader.position


class _Reader:
    """Reads one value of relaxed JSON from a position on."""

    def __init__(self, text: str, position: int) -> None:
        self._text = text
        self.position = position

    def value(self, depth: int) -> Any:
        """The value that begins here."""
        kind, token = self._next()
        if kind == "text":
            return self._unquoted(token)
        if kind == "bare":
            return _scalar(self._bare(token))
        if depth and token == "{":
            return self._object(depth - 1)
        if depth and token == "[":
            return self._array(depth - 1)
        raise _Broken

    def _object(self, depth: int) -> Pairs:
        pairs = Pairs()
        while True:
            kind, token = self._next()
            if token == "}" and kind == "sign":
                return pairs
            if token == "," and kind == "sign":
                continue
            if kind == "sign":
                raise _Broken
            key = self._unquoted(token) if kind == "text" else self._bare(token)
            if self._next() != ("sign", ":"):
                raise _Broken
            pairs.append((key, self.value(depth)))

    def _array(self, depth: int) -> list[Any]:
        values: list[Any] = []
        while True:
            before = self.position
            kind, token = self._next()
            if kind == "sign" and token in ",]":
                if token == "]":
                    return values
                continue
            self.position = before
            values.append(self.value(depth))

    def _next(self) -> tuple[str, str]:
        while match := _TOKEN.match(self._text, self.position):
            self.position = match.end()
            if match.lastgroup != "skip":
                token = match.group()
                return str(match.lastgroup), _SIGNS.get(token, token)
        raise _Broken

    def _bare(self, first: str) -> str:
        """Words up to the next sign."""
        words = [first]
        while True:
            before = self.position
            kind, token = self._next()
            if kind != "bare":
                self.position = before
                return " ".join(words)
            words.append(token)

    def _unquoted(self, token: str) -> str:
        return re.sub(r"\\(.)", r"\1", token[1:-1], flags=re.DOTALL)


def _scalar(text: str) -> Any:
    name = text.lower()
    if name in _NO_VALUE:
        return None
    if _NUMBER.fullmatch(text):
        return float(text) if "." in text else int(text)
    return _NAMES.get(name, text)
