"""Adapting to a server once: what it refused and can be done without is left out from then on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from vaar.respondents.base import Request
from vaar.respondents.http.call_options import FEW_LOGPROBS, CallOptions
from vaar.respondents.http.request_form import Taken, names_in
from vaar.respondents.wire.error_reading import ErrorSaid, plain_name

_STATUSES = frozenset({400, 403, 404, 422, 500, 501})
_ALWAYS_REFUSED = frozenset({400, 422})

_CEILINGS = {"max_tokens": "max_completion_tokens", "max_completion_tokens": "max_tokens"}
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
LEFT_OUT = "left out"

FEW_FIRST_TOKENS = 4
"""Tokens of a reply that are looked at where the first is only white space."""

_FURTHER = f"looked for in the first {FEW_FIRST_TOKENS} tokens"

_CHOSEN = ("top_p", "reasoning_effort", "reasoning", "thinking", "service_tier")


@dataclass(frozen=True)
class Adaptation:
    """One thing that is done otherwise because the server refused it.

    Attributes
    ----------
    field : str
        What was refused.
    change : str
        What is done instead, in words.
    because : str
        What the server said; safe to show.
    """

    field: str
    change: str
    because: str

    def __str__(self) -> str:
        return f"{self.field}: {self.change} ({self.because})"


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


class Adaptations:
    """What was adapted to, and what the server has accepted; the latter is adapted no more.

    Attributes
    ----------
    made : list of Adaptation
    """

    def __init__(self, options: CallOptions) -> None:
        self.made: list[Adaptation] = []
        self._options = options
        self._accepted: set[tuple[Taken, bool, bool, bool]] = set()
        self._tried: set[Taken] = set()
        self._latest: tuple[int, bool, bool] | None = None

    @property
    def any_accepted(self) -> bool:
        """Whether any call was accepted."""
        return bool(self._accepted)

    def accepted(self, taken: Taken, request: Request, forced: bool = False) -> None:
        """A reply came to a call in this form.

        Parameters
        ----------
        forced : bool
            Whether a schema allowed nothing but the answers.
        """
        has_schema = request.schema is not None
        has_choices = bool(request.choices) and not forced
        if self._latest == (id(taken), has_schema, has_choices):
            return
        self._latest = (id(taken), has_schema, has_choices)
        system = bool(request.messages) and request.messages[0]["role"] == "system"
        self._accepted.add((taken, has_schema, has_choices, system))

    def find(self, status: int, said: ErrorSaid, call: Call, told: str) -> Taken | Refused | None:
        """What to do about an error that names what was sent.

        Returns
        -------
        Taken, Refused or None
            What is sent from now on; the field that is never left out unasked; or None where the
            error names nothing that was sent, or what the server took before.
        """
        found = adapt(status, said, call, self._options)
        if found is None or isinstance(found, Refused):
            return found
        if found.taken in self._tried or self._was_accepted(call.taken, found.taken):
            return None
        self._tried |= {call.taken, found.taken}
        self.made.append(Adaptation(found.field, found.change, told))
        return found.taken

    def adopt(self, records: Iterable[Mapping[str, str]], taken: Taken) -> Taken:
        """Adapt at once as was recorded earlier; what is sent from now on."""
        for record in records:
            field, change = record.get("field", ""), record.get("change", "")
            again = _again(taken, field, change)
            if again is not None:
                self.made.append(Adaptation(field, change, record.get("because", "")))
                taken = again
        return taken

    def without_schema(self, taken: Taken, told: str) -> Taken:
        """Leave the schema out: the model does not manage to keep to it."""
        self.made.append(Adaptation("response_format", LEFT_OUT, told))
        return replace(taken, schema=False)

    def without_probabilities(self, taken: Taken) -> Taken:
        """Look further for the probabilities of answers; at last do without them."""
        if taken.first_tokens == 1:
            said = "nothing was told of the first"
            self.made.append(Adaptation("logprobs", _FURTHER, said))
            return replace(taken, first_tokens=FEW_FIRST_TOKENS)
        self.made.append(Adaptation("logprobs", LEFT_OUT, "the server told none"))
        return replace(taken, top_logprobs=0)

    def _was_accepted(self, taken: Taken, narrower: Taken) -> bool:
        """Whether what is to change was taken in the form that it has now."""
        for earlier, schema, choices, system in self._accepted:
            sent = {
                "ceiling_field": True,
                "seed_field": True,
                "top_logprobs": choices,
                "schema": schema,
                "system": system,
                "left_out": True,
            }
            for name, was_sent in sent.items():
                now = getattr(taken, name)
                if was_sent and now != getattr(narrower, name) and now == getattr(earlier, name):
                    return True
        return False


def _again(taken: Taken, field: str, change: str) -> Taken | None:
    """What is sent after a recorded change; None where no such change is made."""
    if field == "logprobs" and change == _FURTHER:
        return replace(taken, first_tokens=FEW_FIRST_TOKENS)
    if field == "logprobs":
        return replace(taken, top_logprobs=FEW_LOGPROBS if change != LEFT_OUT else 0)
    if field == "system":
        return replace(taken, system="user")
    if field == "response_format":
        return replace(taken, schema=False)
    if field == taken.ceiling_field and field in _CEILINGS:
        return replace(taken, ceiling_field=_CEILINGS[field])
    if field == taken.seed_field:
        return replace(taken, seed_field="")
    return replace(taken, left_out=taken.left_out | {field}) if change == LEFT_OUT else None


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
    other = _CEILINGS.get(own)
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
