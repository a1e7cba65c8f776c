"""Anthropic's Messages API: a request to its JSON, its JSON to a reply."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from vaar.respondents.base import Message, Reply, Request
from vaar.respondents.http.dialect import UnusableReplyError
from vaar.respondents.http.dialects.openai_chat import CHAT_COMPLETIONS
from vaar.respondents.http.endpoint import Endpoint
from vaar.respondents.wire.messages import spoken, system_text
from vaar.respondents.wire.payloads import count, encodable, line, mapping

VERSION = "2023-06-01"
"""Version of the format, sent with every call."""

HOTTEST = 1.0
"""Highest temperature that the service takes."""

_REASONS = {
    "end_turn": "stop",
    "stop_sequence": "stop",
    "max_tokens": "length",
    "model_context_window_exceeded": "length",
    "refusal": "content_filter",
}
_CODES = {"not_found_error": "model_not_found", "billing_error": "insufficient_quota"}
_SPENT = ("credit balance is too low", "reached your specified api usage limits")


class AnthropicMessages:
    """The Messages API of Anthropic. It takes no seed and tells no probabilities."""

    key_env = "ANTHROPIC_API_KEY"
    base_url = "https://api.anthropic.com/v1"
    models_path = "models?limit=1000"

    def path(self, endpoint: Endpoint) -> str:
        """Where a turn is asked."""
        return "messages"

    def headers(self, key: str | None) -> dict[str, str]:
        """The version, and the key in a header of its own."""
        version = {"anthropic-version": VERSION}
        return version | {"x-api-key": key} if key else version

    def body(self, request: Request, endpoint: Endpoint, with_schema: bool) -> bytes:
        """The JSON that asks for one turn; the conversation so far is marked for the cache."""
        payload: dict[str, Any] = {
            "model": endpoint.model,
            "max_tokens": request.max_tokens,
            "temperature": endpoint.temperature_for(request.temperature),
            "messages": _marked(spoken(request.messages)),
        }
        if system := system_text(request.messages):
            payload["system"] = system
        if with_schema:
            schema = {"type": "json_schema", "schema": request.schema}
            payload["output_config"] = {"format": schema}
        return json.dumps(payload).encode()

    def reply(self, payload: object, request: Request, latency: float) -> Reply:
        """The reply in the service's JSON: its text, without what the model thought.

        Raises
        ------
        UnusableReplyError
            It has no list of content.
        """
        if not isinstance(payload, dict):
            raise UnusableReplyError("something that is no JSON object")
        content = payload.get("content")
        if not isinstance(content, list):
            raise UnusableReplyError("JSON without content")
        usage = mapping(payload, "usage")
        reason = line(payload.get("stop_reason")) or "stop"
        cached = count(usage, "cache_read_input_tokens")
        fresh = count(usage, "input_tokens") + count(usage, "cache_creation_input_tokens")
        return Reply(
            text=_text(content),
            finish_reason=_REASONS.get(reason, reason),
            input_tokens=fresh + cached,
            output_tokens=count(usage, "output_tokens"),
            cached_tokens=cached,
            latency=latency,
            model=line(payload.get("model")),
        )

    def error_text(self, payload: object) -> str:
        """What the service says went wrong: type and message."""
        error = mapping(payload, "error")
        parts = (error.get(key) for key in ("type", "message"))
        return " ".join(part for part in parts if isinstance(part, str))

    def error_code(self, payload: object) -> str:
        """The type of the service's error, in the respondent's words where it has some."""
        if any(words in self.error_text(payload).lower() for words in _SPENT):
            return "insufficient_quota"
        kind = mapping(payload, "error").get("type")
        return _CODES.get(kind, kind) if isinstance(kind, str) else ""

    def wait(self, payload: object) -> float | None:
        """The service asks to wait in a header only."""
        return None

    def model_ids(self, payload: object) -> list[str]:
        """The ids in the service's list of models, which has the form of OpenAI's."""
        return CHAT_COMPLETIONS.model_ids(payload)


ANTHROPIC_MESSAGES = AnthropicMessages()


def _marked(messages: Sequence[Message]) -> list[dict[str, Any]]:
    """The messages, the last one of them marked as the end of what the cache should hold."""
    *earlier, last = messages
    block = {"type": "text", "text": last["content"], "cache_control": {"type": "ephemeral"}}
    return [*({**message} for message in earlier), {"role": last["role"], "content": [block]}]


def _text(content: Sequence[object]) -> str:
    blocks = (block for block in content if isinstance(block, dict) and block.get("type") == "text")
    texts = (block.get("text") for block in blocks)
    return encodable("".join(text for text in texts if isinstance(text, str)))
