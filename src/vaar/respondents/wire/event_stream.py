"""The reply of a server that streams although it was asked not to."""

from __future__ import annotations

import json
from codecs import BOM_UTF8
from collections.abc import Iterator, Mapping
from typing import Any

MARKS = (b"data:", b"event:", b"id:", b"retry:", b":")
"""How a stream of server-sent events may begin."""


def is_event_stream(content_type: str, content: bytes) -> bool:
    """Whether a response is a stream of server-sent events."""
    begins = content.removeprefix(BOM_UTF8).lstrip()[:8]
    return content_type.startswith("text/event-stream") or begins.startswith(MARKS)


def read_event_stream(content: bytes) -> object:
    """The JSON that the server would have answered with, had it not streamed.

    Understood are the chunks of chat completions, whose pieces are put together, and streams one
    event of which holds the whole response, as that of OpenAI's Responses.

    Returns
    -------
    object
        None where no event holds JSON.
    """
    payloads = list(_payloads(content.removeprefix(BOM_UTF8)))
    for payload in payloads:
        whole = payload.get("response")
        if payload.get("type") in ("response.completed", "response.incomplete") and whole:
            return whole
        if payload.get("error"):
            return payload
    chunks = [payload for payload in payloads if isinstance(payload.get("choices"), list)]
    return _joined(chunks) if chunks else (payloads[-1] if payloads else None)


def _payloads(content: bytes) -> Iterator[Mapping[str, Any]]:
    for line in content.decode(errors="replace").splitlines():
        if not line.startswith("data:"):
            continue
        try:
            payload = json.loads(line.removeprefix("data:"))
        except (ValueError, RecursionError):
            continue
        if isinstance(payload, Mapping):
            yield payload


def _joined(chunks: list[Mapping[str, Any]]) -> dict[str, Any]:
    """One chat completion from its chunks."""
    whole: dict[str, Any] = {}
    message: dict[str, Any] = {"role": "assistant"}
    choice: dict[str, Any] = {"message": message}
    for chunk in chunks:
        whole |= {key: value for key, value in chunk.items() if value not in (None, [], {})}
        for part in chunk["choices"][:1]:
            if not isinstance(part, Mapping):
                continue
            choice |= {k: part[k] for k in ("finish_reason", "error") if part.get(k)}
            _add_logprobs(choice, part.get("logprobs"))
            delta = part.get("delta") or part.get("message")
            _add_text(message, delta if isinstance(delta, Mapping) else {})
    return whole | {"choices": [choice]}


def _add_text(message: dict[str, Any], delta: Mapping[str, Any]) -> None:
    for key, value in delta.items():
        earlier = message.get(key)
        goes_on = type(earlier) is type(value) and isinstance(value, str | list) and key != "role"
        if value is not None:
            message[key] = earlier + value if goes_on else value


def _add_logprobs(choice: dict[str, Any], told: object) -> None:
    content = told.get("content") if isinstance(told, Mapping) else None
    if isinstance(content, list):
        choice.setdefault("logprobs", {"content": []})["content"] += content
