"""Which field of a call an error names, and what can be sent instead."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from vaar.respondents.http.call_options import FEW_LOGPROBS, CallOptions
from vaar.respondents.http.request_form import Taken, names_in
from vaar.respondents.wire.error_reading import ErrorSaid, plain_name

LEFT_OUT = "left out"

_STATUSES = frozenset({400, 403, 404, 422, 500, 501})
_ALWAYS_REFUSED = frozenset({400, 422})

CEILINGS = {"max_tokens": "max_completion_tokens", "max_completion_tokens": "max_tokens"}
"""The two names of the ceiling, each with the other."""

_SCHEMA_WORDS = (
    *("response_format", "response format", "responseformat", "json_schema", "jsonschema"),
    *("schema", "output_config", "output_format", "json mode", "structured output"),
)
_SYSTEM = re.compile(
    r"\bsystem\b[^.]{0,80}\b(?:role|messages?|prompts?|instructions?)\b"
    r"|\b(?:role|roles|messages?|prompts?|instructions?)\b[^.]{0,80}\bsystem\b"
    r"|developer instruction|system_?instruction|\bdeveloper\b[^.]{0,40}\brole\b"
    r"|only user and assistant roles|roles must alternate"
)
_FORCING = ("enum", "regex", "grammar", "guided", "structured", "responseschema", "mime")

_CHOSEN = ("top_p", "reasoning_effort", "reasoning", "thinking", "service_tier")


@dataclass(frozen=True)
class Refused:
    """A field that the server refused, and that is never left out unasked."""

    field: str


FORCED = "response"
"""Stands for the schema that forces an answer, whatever its field is called."""


@dataclass(frozen=True)
class Change:
    """What is sent from now on, the field that was refused, and the change in words."""

    taken: Taken
    field: str
    change: str


@dataclass(frozen=True)
class Call:
    """What one refused call had sent.

    Attributes
    ----------
    body : mapping
        Without the conversation.
    taken : Taken
        What it went by.
    has_system : bool
        Whether the conversation has a system message.
    forced : bool
        Whether a schema allows nothing but the answers; it is never left out.
    """

    body: Mapping[str, Any]
    taken: Taken
    has_system: bool
    forced: bool = False


def adapt(
    status: int, said: ErrorSaid, call: Call, options: CallOptions
) -> Change | Refused | None:
    """What can be done about an error that names what was sent.

    Returns
    -------
    Change, Refused or None
        What is sent from now on; the field that is never left out unasked; or None where the error
        names nothing that was sent.
    """
    if status not in _STATUSES:
        return None
    named = _Named(said, call.body)
    if status in _ALWAYS_REFUSED and named.has("temperature"):
        return Refused("temperature")
    if call.forced and named.says(*_SCHEMA_WORDS, *_FORCING):
        return Refused(FORCED)
    for change in (_ceiling, _seed, _logprobs, _schema, _system, _plain):
        if (found := change(status, named, call, options)) is not None:
            return found
    for name in (call.taken.ceiling_field, *_CHOSEN, *options.extra_body):
        if status in _ALWAYS_REFUSED and named.has(name):
            return Refused(name)
    return None


class _Named:
    """The fields of a body that an error names: those that it names as such, else in its words."""

    def __init__(self, said: ErrorSaid, body: Mapping[str, Any]) -> None:
        self.said = said
        self.sent = {plain_name(name.rpartition(".")[2]): name for name in names_in(body)}
        explicit = said.fields & self.sent.keys()
        self._names = explicit or (said.names & self.sent.keys())

    def has(self, name: str) -> bool:
        return plain_name(name) in self._names

    def says(self, *words: str) -> bool:
        lower = self.said.lower
        return any(word in lower for word in words) or any(
            plain_name(word) in field for word in words for field in self.said.fields
        )


def _ceiling(status: int, named: _Named, call: Call, options: CallOptions) -> Change | None:
    own = call.taken.ceiling_field
    other = CEILINGS.get(own)
    if other is None or options.max_tokens_field or status not in _ALWAYS_REFUSED:
        return None
    other_named = plain_name(other) in named.said.names
    unknown = named.has(own) and named.says("unsupported", "not supported", "extra", "unknown")
    if not (other_named or unknown) or (other_named and named.says("too large", "at most")):
        return None
    return Change(replace(call.taken, ceiling_field=other), own, f"{other} in its place")


def _seed(status: int, named: _Named, call: Call, options: CallOptions) -> Change | None:
    own = call.taken.seed_field
    if not own or status not in _ALWAYS_REFUSED or not named.has(own):
        return None
    return Change(replace(call.taken, seed_field=""), own, LEFT_OUT)


def _logprobs(status: int, named: _Named, call: Call, options: CallOptions) -> Change | None:
    wanted = call.taken.top_logprobs
    if not wanted or not named.says("logprob"):
        return None
    if not {"logprobs", "toplogprobs", "responselogprobs"} & named.sent.keys():
        return None
    fewer = FEW_LOGPROBS if wanted > FEW_LOGPROBS else 0
    change = f"{fewer} tokens instead of {wanted}" if fewer else LEFT_OUT
    return Change(replace(call.taken, top_logprobs=fewer), "logprobs", change)


def _schema(status: int, named: _Named, call: Call, options: CallOptions) -> Change | None:
    sent = {"schema", "responsejsonschema"} & named.sent.keys()
    if not sent or options.structured != "auto" or not named.says(*_SCHEMA_WORDS, "enum"):
        return None
    return Change(replace(call.taken, schema=False), "response_format", LEFT_OUT)


def _system(status: int, named: _Named, call: Call, options: CallOptions) -> Change | None:
    if not call.has_system or call.taken.system == "user" or not _SYSTEM.search(named.said.lower):
        return None
    change = "put in front of the first question"
    return Change(replace(call.taken, system="user"), "system", change)


def _plain(status: int, named: _Named, call: Call, options: CallOptions) -> Change | None:
    chosen = {"top_p", "topP"} if options.top_p is not None else set()
    for short in (
        "topk",
        "topp",
        "minp",
        "typicalp",
        "repeatpenalty",
        "repetitionpenalty",
        "stream",
        "store",
        "truncation",
        "usage",
    ):
        name = named.sent.get(short)
        if name is None or name.rpartition(".")[2] in chosen or not named.has(short):
            continue
        if status in _ALWAYS_REFUSED and not name.startswith(tuple(options.extra_body) or ("\0",)):
            left_out = call.taken.left_out | {name}
            return Change(replace(call.taken, left_out=left_out), name, LEFT_OUT)
    return None
