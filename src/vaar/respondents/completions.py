"""The chat-completions format: a request to its payload, a server's JSON to a reply."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vaar.respondents.base import Reply, Request
from vaar.respondents.endpoint import Endpoint

FINGERPRINT = "vaar-simulated"
"""``system_fingerprint`` of the server behind which simulated respondents stand."""

_LONGEST_MODEL_ID = 200


class UnusableReplyError(ValueError):
    """The JSON holds no reply. The message says what is missing, in words that are safe to show."""


def to_payload(request: Request, endpoint: Endpoint, with_schema: bool) -> dict[str, Any]:
    """The JSON body that asks for one turn."""
    payload: dict[str, Any] = {
        "model": endpoint.model,
        "messages": request.messages,
        "temperature": (
            request.temperature if endpoint.temperature is None else endpoint.temperature
        ),
        "seed": request.seed,
        endpoint.max_tokens_field: request.max_tokens,
    }
    if with_schema:
        schema = {"name": "answers", "strict": True, "schema": request.schema}
        payload["response_format"] = {"type": "json_schema", "json_schema": schema}
    return payload


def from_payload(payload: object, latency: float) -> Reply:
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
    usage = _mapping(payload, "usage")
    return Reply(
        text=_text(message),
        finish_reason=_line(choices[0].get("finish_reason")) or "stop",
        input_tokens=_count(usage, "prompt_tokens"),
        output_tokens=_count(usage, "completion_tokens"),
        cached_tokens=_count(_mapping(usage, "prompt_tokens_details"), "cached_tokens"),
        latency=latency,
        model=_line(payload.get("model")),
        simulated=payload.get("system_fingerprint") == FINGERPRINT,
    )


def error_text(payload: object) -> str:
    """What a server says went wrong, as it says it: type, code and message. Hostile text."""
    error = payload.get("error", payload) if isinstance(payload, dict) else payload
    if not isinstance(error, dict):
        return error if isinstance(error, str) else ""
    parts = (error.get(key) for key in ("code", "type", "message", "detail"))
    return " ".join(str(part) for part in parts if isinstance(part, str | int))


def error_code(payload: object) -> str:
    """The code of a server's error, empty where it has none."""
    code = _mapping(payload, "error").get("code")
    return code if isinstance(code, str) else ""


def model_ids(payload: object) -> list[str]:
    """The ids in a server's list of models."""
    entries = payload.get("data") if isinstance(payload, dict) else None
    if not isinstance(entries, list):
        return []
    ids = (entry.get("id") for entry in entries if isinstance(entry, dict))
    return [name for name in ids if isinstance(name, str)]


def _text(message: Mapping[str, Any]) -> str:
    content = message.get("content")
    if isinstance(content, list):
        parts = (part.get("text") for part in content if isinstance(part, dict))
        content = "".join(part for part in parts if isinstance(part, str))
    if not isinstance(content, str) or not content:
        content = message.get("refusal")
    return _encodable(content) if isinstance(content, str) else ""


def _encodable(text: str) -> str:
    """The text with lone surrogates, which no file can hold, replaced by question marks."""
    return text if text.isascii() else text.encode(errors="replace").decode()


def _line(value: object) -> str:
    if not isinstance(value, str):
        return ""
    line = _encodable(value[:_LONGEST_MODEL_ID])
    return line if line.isprintable() else "".join(filter(str.isprintable, line))


def _mapping(value: object, key: str) -> Mapping[str, Any]:
    inner = value.get(key) if isinstance(value, Mapping) else None
    return inner if isinstance(inner, Mapping) else {}


def _count(usage: Mapping[str, Any], key: str) -> int:
    value = usage.get(key)
    return value if type(value) is int and 0 <= value < 2**63 else 0
