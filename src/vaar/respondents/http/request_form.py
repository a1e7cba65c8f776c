"""From a request to the body of a call: what options ask for, less what the server refused."""

from __future__ import annotations

import json
from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field, replace
from typing import Any

from vaar.respondents.base import Request
from vaar.respondents.http.choosing.ways import Way, way_of
from vaar.respondents.http.dialect import Form, LogprobsForm
from vaar.respondents.http.endpoint import Endpoint
from vaar.respondents.wire.answer_probabilities import tellable
from vaar.respondents.wire.messages import SystemRole

EVERY_TURN = "drawn for every turn"
"""What stands for the seed where a body is shown."""

LEAST_ROOM = 16
"""Tokens that an answer in a JSON object is given at least."""

_SEED = "\u0000seed\u0000"
_MOST_REMEMBERED = 256


@dataclass(frozen=True)
class Taken:
    """What one server takes, as far as it has been found out.

    Attributes
    ----------
    ceiling_field, seed_field : str
        Empty: not sent.
    top_logprobs : int
        Tokens whose probabilities are asked for; 0: none.
    schema : bool
        Whether a JSON schema is sent where a request has one.
    system : {'system', 'developer', 'user'}
    left_out : frozenset of str
        Further fields that are not sent, with dots where they lie deeper.
    first_tokens : int
        Of a reply whose first token is looked at for the probabilities of answers.
    """

    ceiling_field: str
    seed_field: str
    top_logprobs: int
    schema: bool
    system: SystemRole
    left_out: frozenset[str] = field(default_factory=frozenset)
    first_tokens: int = 1

    @classmethod
    def at_first(cls, endpoint: Endpoint) -> Taken:
        """All that the options ask for."""
        options, provider = endpoint.options, endpoint.provider
        return cls(
            ceiling_field=options.max_tokens_field or provider.ceiling_field,
            seed_field=(options.seed_field or provider.seed_field) if options.sends_seed else "",
            top_logprobs=most_logprobs(endpoint),
            schema=options.structured != "never",
            system=options.system,
        )


class RequestWriter:
    """Writes the bodies of the calls to one endpoint.

    What does not change from turn to turn is written once.
    """

    def __init__(self, endpoint: Endpoint) -> None:
        self.endpoint = endpoint
        self._taken = Taken.at_first(endpoint)
        self._written: dict[tuple[object, ...], tuple[Form, str]] = {}

    @property
    def taken(self) -> Taken:
        """What the server takes; set it when that is found to be less."""
        return self._taken

    @taken.setter
    def taken(self, less: Taken) -> None:
        self._taken = less
        self._written.clear()

    def body(self, request: Request) -> bytes:
        """The JSON that asks for one turn."""
        form, settings = self._settings(request)
        said = self.endpoint.provider.dialect.conversation(request.messages, form)
        if form.seed_field:
            seed = request.seed % self.endpoint.provider.seeds
            settings = settings.replace(_QUOTED_SEED, str(seed), 1)
        return f"{{{said},{settings[1:]}".encode()

    def way(self, request: Request) -> Way | None:
        """In which way the answer is got; None where there is none."""
        return way_of(self.endpoint, request, self.taken.top_logprobs)

    def ceiling(self, request: Request) -> int:
        """The ceiling that is sent, on the reply and its thoughts."""
        return self._form(request).ceiling

    def resolved(self, request: Request) -> dict[str, Any]:
        """The body without the conversation; what stands for the seed says that it varies."""
        return _with_seed(self._fields(self._form(request)), EVERY_TURN)

    def _settings(self, request: Request) -> tuple[Form, str]:
        schema = request.schema and json.dumps(request.schema)
        asked = (request.choices, request.response, schema)
        key = (request.temperature, request.max_tokens, *asked)
        known = self._written.get(key)
        if known is None:
            form = self._form(request)
            known = form, json.dumps(self._fields(form))
            if len(self._written) >= _MOST_REMEMBERED:
                self._written.clear()
            self._written[key] = known
        return known

    def _form(self, request: Request) -> Form:
        form = self._in_words(request)
        way = self.way(request)
        if way is Way.DRAWN:  # at temperature 1 it does not matter what the server applies first
            room = self.endpoint.options.max_tokens or self.taken.first_tokens
            warmth = None if form.temperature is None else 1.0
            return replace(form, temperature=warmth, ceiling=room, drawn=True)
        if way is Way.SCHEMA:
            room = max(request.max_tokens, LEAST_ROOM)
            ceiling = self.endpoint.options.ceiling_for(room)
            return replace(form, ceiling=ceiling, top_logprobs=0, choices=request.choices)
        return form

    def _in_words(self, request: Request) -> Form:
        options, taken = self.endpoint.options, self.taken
        return Form(
            model=self.endpoint.model,
            options=options,
            temperature=options.temperature_for(request.temperature),
            ceiling=options.ceiling_for(request.max_tokens),
            ceiling_field=taken.ceiling_field,
            seed_field=taken.seed_field,
            seed=_SEED,
            schema=request.schema if taken.schema else None,
            logprobs=logprobs_form(self.endpoint),
            top_logprobs=taken.top_logprobs if tellable(request.choices) else 0,
            system=taken.system,
            thoughts_field=self._thoughts_field(),
        )

    def _thoughts_field(self) -> str:
        keeps = self.endpoint.options.reasoning_history == "keep"
        return self.endpoint.provider.thoughts_field if keeps else ""

    def _fields(self, form: Form) -> dict[str, Any]:
        options, provider = self.endpoint.options, self.endpoint.provider
        body: dict[str, Any] = deepcopy(dict(provider.plain))
        if options.top_p is not None and not form.drawn:
            merge(body, _own_top_p(provider.plain, options.top_p))
        merge(body, provider.dialect.fields(form))
        if form.choices and provider.enum_form is not None:
            merge(body, provider.enum_form.fields(form.choices))
        merge(body, provider.reasoning(self.endpoint.model, options))
        merge(body, provider.routing(options))
        if options.service_tier is not None:
            body["service_tier"] = options.service_tier
        merge(body, options.extra_body)
        for name in (*options.omit, *self.taken.left_out):
            leave_out(body, name)
        return body


def logprobs_form(endpoint: Endpoint) -> LogprobsForm:
    """The form in which probabilities of tokens are asked for."""
    wanted = endpoint.options.logprobs
    return endpoint.provider.logprobs if wanted == "auto" else wanted


def most_logprobs(endpoint: Endpoint) -> int:
    """Of how many tokens the probabilities are asked for at first; 0 where of none."""
    if logprobs_form(endpoint) == "none":
        return 0
    return min(endpoint.options.top_logprobs, endpoint.provider.most_logprobs)


def merge(body: dict[str, Any], further: Mapping[str, Any]) -> None:
    """Put further fields into a body, objects into objects."""
    for name, value in further.items():
        if isinstance(value, Mapping) and isinstance(body.get(name), dict):
            merge(body[name], value)
        else:
            body[name] = deepcopy(value)


def leave_out(body: dict[str, Any], name: str) -> None:
    """Take a field out of a body, named with dots where it lies deeper."""
    first, _, rest = name.partition(".")
    inner = body.get(first)
    if rest and isinstance(inner, dict):
        leave_out(inner, rest)
        if not inner:
            del body[first]
    elif not rest:
        body.pop(first, None)


def names_in(body: Mapping[str, Any], within: str = "") -> dict[str, Any]:
    """The fields of a body by name, with dots where they lie deeper; objects too."""
    found: dict[str, Any] = {}
    for name, value in body.items():
        found[within + name] = value
        if isinstance(value, Mapping) and name != "schema":
            found |= names_in(value, f"{within}{name}.")
    return found


def _own_top_p(plain: Mapping[str, Any], share: float) -> dict[str, Any]:
    """``top_p`` where the provider has it: in Gemini's configuration, else at the top."""
    return (
        {"generationConfig": {"topP": share}} if "generationConfig" in plain else {"top_p": share}
    )


def _with_seed(body: Mapping[str, Any], stands: str) -> dict[str, Any]:
    return {
        name: _with_seed(value, stands)
        if isinstance(value, Mapping)
        else (stands if value == _SEED else value)
        for name, value in body.items()
    }


_QUOTED_SEED = json.dumps(_SEED)
