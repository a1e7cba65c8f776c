"""The chat-completions format: a request to its JSON, a server's JSON to a reply."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from vaar.respondents.base import Reply, Request
from vaar.respondents.http.dialect import UnusableReplyError
from vaar.respondents.http.endpoint import OPENAI_BASE_URL, OPENAI_KEY, Endpoint
from vaar.respondents.wire.answer_probabilities import Told, first_tokens, tellable, weigh
from vaar.respondents.wire.payloads import count, encodable, line, mapping, message_json

FINGERPRINT = "vaar-simulated"
"""``system_fingerprint`` of the server behind which simulated respondents stand."""


class ChatCompletions:
    """The chat-completions format of OpenAI, which most servers speak."""

    key_env = OPENAI_KEY
    base_url = OPENAI_BASE_URL
    models_path = "models"

    def path(self, endpoint: Endpoint) -> str:
        """Where a turn is asked."""
        return "chat/completions"

    def headers(self, key: str | None) -> dict[str, str]:
        """The key as a bearer token."""
        return {"Authorization": f"Bearer {key}"} if key else {}

    def body(self, request: Request, endpoint: Endpoint, with_schema: bool) -> bytes:
        """The JSON that asks for one turn."""
        payload: dict[str, Any] = {
            "model": endpoint.model,
            "temperature": endpoint.temperature_for(request.temperature),
            "seed": request.seed,
            endpoint.max_tokens_field: request.max_tokens,
        }
        if with_schema:
            schema = {"name": "answers", "strict": True, "schema": request.schema}
            payload["response_format"] = {"type": "json_schema", "json_schema": schema}
        if endpoint.top_logprobs and tellable(request.choices):
            payload |= {"logprobs": True, "top_logprobs": endpoint.top_logprobs}
        messages = ",".join(
            [message_json(message["role"], message["content"]) for message in request.messages]
        )
        return f'{{"messages":[{messages}],{json.dumps(payload)[1:]}'.encode()

    def reply(self, payload: object, request: Request, latency: float) -> Reply:
        """The reply in a server's JSON.

        A refusal in its own field counts as the text; a text that a filter withheld is empty.

        Raises
        ------
        UnusableReplyError
            It has no choice with a message.
        """
        if not isinstance(payload, dict):
            raise UnusableReplyError("something that is no JSON object")
        choices = payload.get("choices")
        if not isinstance(choices, list) or not choices or not isinstance(choices[0], dict):
            raise UnusableReplyError("JSON without choices")
        message = choices[0].get("message")
        if not isinstance(message, dict):
            raise UnusableReplyError("a choice without a message")
        usage = mapping(payload, "usage")
        told = _told(choices[0], request.choices) if request.choices else None
        return Reply(
            text=_text(message),
            finish_reason=line(choices[0].get("finish_reason")) or "stop",
            input_tokens=count(usage, "prompt_tokens"),
            output_tokens=count(usage, "completion_tokens"),
            cached_tokens=count(mapping(usage, "prompt_tokens_details"), "cached_tokens"),
            latency=latency,
            model=line(payload.get("model")),
            simulated=payload.get("system_fingerprint") == FINGERPRINT,
            distribution=told and told.distribution,
            mass=told and told.mass,
        )

    def error_text(self, payload: object) -> str:
        """What a server says went wrong, as it says it: type, code and message."""
        error = payload.get("error", payload) if isinstance(payload, dict) else payload
        if not isinstance(error, dict):
            return error if isinstance(error, str) else ""
        parts = (error.get(key) for key in ("code", "type", "message", "detail"))
        return " ".join(str(part) for part in parts if isinstance(part, str | int))

    def error_code(self, payload: object) -> str:
        """The code of a server's error, empty where it has none."""
        code = mapping(payload, "error").get("code")
        return code if isinstance(code, str) else ""

    def wait(self, payload: object) -> float | None:
        """Servers of this format ask to wait in a header only."""
        return None

    def model_ids(self, payload: object) -> list[str]:
        """The ids in a server's list of models."""
        entries = payload.get("data") if isinstance(payload, dict) else None
        if not isinstance(entries, list):
            return []
        ids = (entry.get("id") for entry in entries if isinstance(entry, dict))
        return [name for name in ids if isinstance(name, str)]


CHAT_COMPLETIONS = ChatCompletions()


def _told(choice: Mapping[str, Any], choices: tuple[str, ...]) -> Told | None:
    return weigh(first_tokens(mapping(choice, "logprobs").get("content")), choices)


def _text(message: Mapping[str, Any]) -> str:
    content = message.get("content")
    if isinstance(content, list):
        parts = (part.get("text") for part in content if isinstance(part, dict))
        content = "".join(part for part in parts if isinstance(part, str))
    if not isinstance(content, str) or not content:
        content = message.get("refusal")
    return encodable(content) if isinstance(content, str) else ""
