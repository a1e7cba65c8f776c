"""A loaded model: one request in, one reply out, from as many threads as it has slots."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field, replace
from threading import Lock
from typing import Any, Protocol

from vaar.errors import ProviderError
from vaar.respondents.base import Message, Reply, Request
from vaar.respondents.http.dialect import UnusableReplyError
from vaar.respondents.http.dialects.chat_reply import read_reply
from vaar.respondents.http.dialects.own_servers import LLAMA_CPP
from vaar.respondents.llama_cpp.answer_listing import Ahead, Listing, listing, spellings
from vaar.respondents.llama_cpp.model_config import LlamaModel
from vaar.respondents.local.answer_tokens import shares
from vaar.respondents.wire.answer_probabilities import Told
from vaar.respondents.wire.drawing import choose, place_of
from vaar.respondents.wire.messages import SystemRole, folded
from vaar.respondents.wire.payloads import mapping
from vaar.respondents.wire.redaction import quote

LISTED = 500
"""Tokens whose probabilities are asked for; all, where one that is needed is not among them."""

EVERY = 1 << 24
"""More tokens than any vocabulary has."""

PLAIN: Mapping[str, float] = LLAMA_CPP.plain
"""Switches off all that stands between the model's own probabilities and its reply."""

_PRINTABLE = r"root ::= [\x21-\x7E]+"
"""Grammar of the token that is drawn where only its alternatives are wanted.

The probabilities that are told are those without it. Unless a token is a character, llama.cpp tells
none: not for the end of a reply, nor for a part of a letter.
"""

_TOO_LONG = "exceed_context_size_error"


class Server(Protocol):
    """What is asked of xllamacpp's server, in process."""

    def handle_chat_completions(self, body: dict[str, Any]) -> Any:
        """Answer as chat completions do; an error is an object with ``error``."""
        ...


@dataclass
class LoadedModel:
    """A model in memory.

    Attributes
    ----------
    model_id, engine : str
        Reported with every reply: the file with the hash of its content, and the library.
    system : {'system', 'user'}
        ``'user'`` where the chat template refuses or drops a system message.
    """

    wanted: LlamaModel
    server: Server
    model_id: str
    engine: str
    system: SystemRole = "system"
    _texts: frozenset[str] | None = None
    _lock: Lock = field(default_factory=Lock)

    def answer(self, request: Request) -> Reply:
        """Answer one request.

        Raises
        ------
        ProviderError
            It cannot be answered: the conversation is too long, or the template refuses it.
        """
        forced = request.response != "text" and bool(request.choices)
        messages = folded(request.messages, self.system)
        payload = self._ask(self._body(messages, request, forced))
        told = self._told(payload, messages, request.choices, forced) if request.choices else None
        reply = self._read(payload, request)
        if not forced:
            return replace(reply, distribution=told and told.distribution, mass=told and told.mass)
        return self._choice(reply, request, told)

    def _read(self, payload: object, request: Request) -> Reply:
        try:
            reply = read_reply(payload, replace(request, choices=()), 0.0)
        except UnusableReplyError as error:
            raise ProviderError(f"{self.wanted.name}: llama.cpp gave {error}") from None
        return replace(reply, model=self.model_id, system_fingerprint=self.engine)

    def _choice(self, reply: Reply, request: Request, told: Told | None) -> Reply:
        if told is None:
            raise ProviderError(
                f"{self.wanted.name}: the model gives none of the answers "
                f"{', '.join(request.choices)} any probability, or its tokenizer cannot spell one; "
                "ask it in text (response: text in the study's condition)"
            )
        at = choose(told.distribution, self._temperature(request), place_of(request.seed))
        return replace(
            reply,
            text=request.choices[at],
            finish_reason="stop",
            output_tokens=1,
            thoughts="",
            distribution=told.distribution,
            mass=told.mass,
        )

    def _temperature(self, request: Request) -> float:
        own = self.wanted.temperature
        return request.temperature if own is None else own

    def _body(self, messages: Sequence[Message], request: Request, forced: bool) -> dict[str, Any]:
        body = {
            **_conversation(messages),
            "max_tokens": request.max_tokens,
            "temperature": self._temperature(request),
            "seed": request.seed % (1 << 32),
        }
        if forced:
            return body | _listed(LISTED)
        if request.choices:
            return body | _probabilities(LISTED)
        if request.schema is not None:
            schema = {"name": "answers", "strict": True, "schema": request.schema}
            body["response_format"] = {"type": "json_schema", "json_schema": schema}
        return body

    def _told(
        self,
        payload: object,
        messages: Sequence[Message],
        choices: tuple[str, ...],
        forced: bool,
    ) -> Told | None:
        spelled = [spellings(choice, self._vocabulary(messages)) for choice in choices]
        every = frozenset().union(*spelled)

        def after(begun: str, needed: Set[str]) -> Listing:
            said: list[Message] = [*messages, {"role": "assistant", "content": begun}]
            found = self._listing(said, LISTED, at_start=False)
            return found if found.keys() >= needed else self._listing(said, EVERY, at_start=False)

        first: Listing = listing(payload, at_start=True)
        if not first:  # a reply in words began with what is no character
            first = self._listing(messages, LISTED, at_start=True)
        if not first.keys() >= {signs[0] for signs in every}:
            first = self._listing(messages, EVERY, at_start=True)
        return shares(spelled, Ahead(first, after, every).probability, 0.0 if forced else None)

    def _vocabulary(self, messages: Sequence[Message]) -> frozenset[str]:
        """The texts of all tokens, from one listing of them all."""
        with self._lock:
            if self._texts is None:
                self._texts = frozenset(self._listing(messages, EVERY, at_start=True))
            return self._texts

    def _listing(self, messages: Sequence[Message], most: int, at_start: bool) -> dict[str, float]:
        return listing(self._ask({**_conversation(messages), **_listed(most)}), at_start)

    def _ask(self, body: dict[str, Any]) -> object:
        payload: object = self.server.handle_chat_completions(body)
        error = mapping(payload, "error")
        if not error:
            return payload
        name, said = self.wanted.name, quote(str(error.get("message")), None)
        if error.get("type") == _TOO_LONG:
            raise ProviderError(
                f"{name}: the conversation has {error.get('n_prompt_tokens'):,} tokens, and the "
                f"model takes {error.get('n_ctx'):,}. Shorten the study, let its conditions have "
                "history: isolated, or write a larger context in a models file if the model was "
                "trained on more"
            )
        raise ProviderError(f"{name}: llama.cpp refuses the conversation: {said}")


def _conversation(messages: Sequence[Message]) -> dict[str, Any]:
    said = [{"role": m["role"], "content": m["content"]} for m in messages]
    # A ceiling made for one number leaves no room to think aloud.
    return {"messages": said, "chat_template_kwargs": {"enable_thinking": False}, **PLAIN}


def _probabilities(most: int) -> dict[str, Any]:
    return {"logprobs": True, "top_logprobs": most}


def _listed(most: int) -> dict[str, Any]:
    """What a request for probabilities alone has."""
    return {**_probabilities(most), "max_tokens": 1, "grammar": _PRINTABLE}
