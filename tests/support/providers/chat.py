"""A provider that speaks chat completions, in terms of what sets it apart."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from math import log
from typing import Any

from support.providers import KEY, THOUGHT, tokens_of

Body = dict[str, Any]
Answer = tuple[int, Any]

CORE = frozenset({"model", "messages", "stream", "temperature", "top_p", "max_tokens", "seed"})


def openai_error(name: str) -> Answer:
    """OpenAI's refusal of a field."""
    said = f"Unsupported parameter: '{name}' is not supported with this model."
    return 400, {"error": {"message": said, "type": "invalid_request_error", "param": name}}


def pydantic_error(name: str) -> Answer:
    """The refusal of a field by a server written with pydantic."""
    loc = {
        "type": "extra_forbidden",
        "loc": ["body", name],
        "msg": "Extra inputs are not permitted",
    }
    return 422, {"detail": [loc]}


FIRST_TOKENS = {"4": 0.5, " 4": 0.1, "2": 0.2, "I": 0.1, "5": 0.05, "44": 0.03}
"""Probabilities of what a reply may begin with: .6 for 4, .2 for 2, .05 for 5."""


def told(body: Body, first: str) -> Body:
    """Log-probabilities of the first token, in OpenAI's form or in Together's."""
    likely = {first: 0.9} if first not in FIRST_TOKENS else FIRST_TOKENS
    logs = {token: log(share) for token, share in likely.items()}
    if body["logprobs"] is True:
        rivals = [{"token": token, "logprob": one} for token, one in logs.items()]
        listed = rivals[: body["top_logprobs"]]
        return {"content": [{"token": first, "logprob": logs[first], "top_logprobs": listed}]}
    return {"tokens": [first], "token_logprobs": [logs[first]], "top_logprobs": [logs]}


def enum_of(response_format: Any) -> list[str]:
    """The answers in a JSON schema of chat completions."""
    if response_format is None:
        return []
    assert response_format["type"] == "json_schema", response_format
    return enum_in(response_format["json_schema"]["schema"])


def enum_in(schema: Body) -> list[str]:
    """The answers in a schema, which must be an object that has them as text."""
    assert schema["required"] == ["answer"] and schema["additionalProperties"] is False
    listed = schema["properties"]["answer"]["enum"]
    assert all(isinstance(answer, str) for answer in listed)
    return listed


def in_object(answer: str) -> str:
    """What is written under such a schema."""
    return json.dumps({"answer": answer})


@dataclass(frozen=True)
class Chat:
    """One provider.

    Attributes
    ----------
    takes : frozenset of str
        Its documented fields.
    refuses : callable or None
        Its answer to another field; None: it passes over it.
    header, bearer : str
        Where the key stands; empty: none is wanted.
    path : str
    ceilings : tuple of str
        Its names for the ceiling.
    thinks : callable
        Whether the thinking model thinks under this body.
    thoughts : callable
        The message's fields for thoughts.
    check : callable
        A further answer of its own, before all else; None where there is none.
    more : callable
        Further members of its response, from the body.
    usage : callable
        The count of tokens: sent, received, thoughts among them.
    allowed : callable
        The answers that its schema, pattern or grammar allows; empty where there is none.
    bare : bool
        Whether such an answer comes by itself; else in a JSON object.
    """

    takes: frozenset[str] = CORE
    refuses: Callable[[str], Answer] | None = openai_error
    header: str = "Authorization"
    bearer: str = "Bearer "
    path: str = "/v1/chat/completions"
    ceilings: tuple[str, ...] = ("max_tokens",)
    thinks: Callable[[Body], bool] = lambda body: body.get("reasoning_effort") != "none"
    thoughts: Callable[[str], Body] = lambda said: {"reasoning_content": said}
    check: Callable[[Body], Answer | None] = lambda body: None
    more: Callable[[Body], Body] = lambda body: {}
    usage: Callable[[int, int, int], Body] = lambda sent, received, thought: {
        "prompt_tokens": sent,
        "completion_tokens": received,
        "total_tokens": sent + received,
        "completion_tokens_details": {"reasoning_tokens": thought},
    }
    text: Callable[[str], object] = lambda said: said
    allowed: Callable[[Body], list[str]] = lambda body: enum_of(body.get("response_format"))
    bare: bool = False
    seen: list[Body] = field(default_factory=list)

    def __call__(self, path: str, headers: Any, body: Any) -> Answer:
        if self.header and headers[self.header] != f"{self.bearer}{KEY}":
            return 401, {
                "error": {"message": "Incorrect API key provided", "code": "invalid_api_key"}
            }
        if body is None:
            return 200, {"data": [{"id": "plain"}, {"id": "thinker"}]}
        assert path == self.path, path
        self.seen.append(body)
        unknown = sorted(body.keys() - self.takes)
        if unknown and self.refuses is not None:
            return self.refuses(unknown[0])
        if (own := self.check(body)) is not None:
            return own
        return self._answer(body)

    def _said(self, body: Body) -> str:
        """What is replied: under a schema the last but one of what it allows."""
        if not (listed := self.allowed(body)):
            return "4"
        return listed[-2] if self.bare else in_object(listed[-2])

    def _answer(self, body: Body) -> Answer:
        ceiling = next(body[name] for name in self.ceilings if name in body)
        sent = tokens_of(body["messages"])
        thinking = body["model"] == "thinker" and self.thinks(body)
        cut = thinking and ceiling <= THOUGHT
        said = self._said(body)
        message: Body = {"role": "assistant", "content": self.text("" if cut else said)}
        if thinking:
            message |= self.thoughts("It could be 2, or 3.")
        if isinstance(message["content"], list) and not cut:
            message["content"].append({"type": "text", "text": said})
        received = ceiling if cut else 1 + THOUGHT * thinking
        choice = {"index": 0, "message": message, "finish_reason": "length" if cut else "stop"}
        if body.get("logprobs") and "logprobs" in self.takes:
            choice["logprobs"] = told(body, "It" if thinking else "4")
        return 200, {
            "id": "x",
            "object": "chat.completion",
            "model": f"{body['model']}-1",
            "choices": [choice],
            "usage": self.usage(sent, received, (received - (not cut)) * thinking),
            **self.more(body),
        }
