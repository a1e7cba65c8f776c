"""A provider that speaks chat completions, in terms of what sets it apart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
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

    def _answer(self, body: Body) -> Answer:
        ceiling = next(body[name] for name in self.ceilings if name in body)
        sent = tokens_of(body["messages"])
        thinking = body["model"] == "thinker" and self.thinks(body)
        cut = thinking and ceiling <= THOUGHT
        message: Body = {"role": "assistant", "content": self.text("" if cut else "4")}
        if thinking:
            message |= self.thoughts("It could be 2, or 3.")
        if isinstance(message["content"], list) and not cut:
            message["content"].append({"type": "text", "text": "4"})
        received = ceiling if cut else 1 + THOUGHT * thinking
        choice = {"index": 0, "message": message, "finish_reason": "length" if cut else "stop"}
        return 200, {
            "id": "x",
            "object": "chat.completion",
            "model": f"{body['model']}-1",
            "choices": [choice],
            "usage": self.usage(sent, received, (received - (not cut)) * thinking),
            **self.more(body),
        }
