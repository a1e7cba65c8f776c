"""What a server says went wrong, wherever in the JSON of its error it says so."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

_DEEPEST = 8
_MOST_PLACES = 500
_LONGEST_TEXT = 10_000

_CODES = frozenset({"code", "type", "status", "reason", "errorcode", "errortype", "quotaid"})
_FIELDS = frozenset({"param", "params", "parameter", "loc", "field", "fields", "property"})
_DELAYS = frozenset({"retrydelay", "retryafterseconds"})
_REPEATED = frozenset({"input", "ctx", "url", "messages", "prompt", "failedgeneration", "request"})
_PASSED_OVER = _REPEATED | {"flaggedinput", "body", "traceback", "userid", "requestid", "help"}
"""Keys under which a server repeats what it was sent, or says nothing of the error."""

_DELAY = re.compile(r"([0-9]{1,6}(?:\.[0-9]{1,9})?)s?")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


@dataclass(frozen=True)
class ErrorSaid:
    """What a server says went wrong. Hostile text.

    Attributes
    ----------
    text : str
        All that it says in words, codes included, in its order.
    codes : frozenset of str
        Its codes, types, reasons and statuses, in lower case.
    fields : frozenset of str
        The parameters that it names as such, as :func:`plain_name` writes them.
    wait : float or None
        Seconds that it asks to wait.
    status : int or None
        An HTTP status in the JSON, as gateways tell the one that they were given.
    """

    text: str = ""
    codes: frozenset[str] = frozenset()
    fields: frozenset[str] = frozenset()
    wait: float | None = None
    status: int | None = None

    @cached_property
    def lower(self) -> str:
        """The text in lower case."""
        return self.text.lower()

    @cached_property
    def names(self) -> frozenset[str]:
        """All words of the text that may be names of parameters, as :func:`plain_name` writes."""
        return frozenset(map(plain_name, _NAME.findall(self.text)))


def plain_name(name: str) -> str:
    """A parameter's name without what servers write in two ways: ``maxTokens``, ``max_tokens``."""
    return name.replace("_", "").lower()


def read_error(payload: object, otherwise: str = "") -> ErrorSaid:
    """Read the JSON of an error, whatever its form.

    Parameters
    ----------
    payload : object
        The JSON; None where there is none.
    otherwise : str
        What stands for the text where the JSON holds none: the response as it came.
    """
    words: list[str] = []
    codes: set[str] = set()
    fields: set[str] = set()
    wait: float | None = None
    status: int | None = None
    for key, value in _places(payload):
        if key in _DELAYS and (found := _DELAY.fullmatch(str(value))):
            wait = float(found[1])
        elif type(value) is int:
            status = value if key in _CODES and 400 <= value < 600 and status is None else status
        elif isinstance(value, str):
            if key in _FIELDS:
                fields.update(map(plain_name, _NAME.findall(value)))
            if key in _CODES:
                codes.add(value.lower())
            words.append(value)
    text = " ".join(words)[:_LONGEST_TEXT] or otherwise[:_LONGEST_TEXT]
    return ErrorSaid(text, frozenset(codes), frozenset(fields), wait, status)


def _places(payload: object) -> Iterator[tuple[str, object]]:
    """Every text and number of the JSON with the key that it stands under, in its order."""
    waiting: list[tuple[str, object, int]] = [("", payload, 0)]
    for _ in range(_MOST_PLACES):
        if not waiting:
            return
        key, value, depth = waiting.pop()
        inner: list[tuple[str, object]] = []
        if isinstance(value, str) and (parsed := _parsed(value)) is not None:
            value = parsed
        if isinstance(value, Mapping):
            inner = [(plain_name(str(k)), v) for k, v in list(value.items())[:_MOST_PLACES]]
        elif isinstance(value, list):
            inner = [(key, v) for v in value[:_MOST_PLACES]]
        else:
            yield key, value
        if depth < _DEEPEST:
            waiting += [(k, v, depth + 1) for k, v in inner[::-1] if k not in _PASSED_OVER]


def _parsed(text: str) -> object:
    """The JSON in a text, as gateways pass on an error of their own; None if it is none."""
    if not text.startswith(("{", "[")) or len(text) > _LONGEST_TEXT:
        return None
    try:
        found: object = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return found
