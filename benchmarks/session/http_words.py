"""The bytes that the server of these benchmarks sends."""

from __future__ import annotations

import json
from http import HTTPStatus

MARK = b"marked-error-text"
"""Stands in every error that the server tells, so that it is seen where it must never be."""


def response(status: int, body: bytes, headers: str = "") -> bytes:
    """One whole response."""
    head = (
        f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\nContent-Type: application/json\r\n"
        f"{headers}Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def error(status: int, headers: str = "") -> bytes:
    """An error in the form of the chat-completions format."""
    said = {"message": MARK.decode(), "type": "server_error", "code": None}
    return response(status, json.dumps({"error": said}).encode(), headers)


def completion_body(text: str, model: str = "mock-1", finish_reason: str = "stop") -> bytes:
    """The JSON of one reply."""
    message = {"role": "assistant", "content": text}
    body = {
        "id": "chatcmpl-mock",
        "object": "chat.completion",
        "created": 1_700_000_000,
        "model": model,
        "choices": [{"index": 0, "message": message, "finish_reason": finish_reason}],
        "usage": {"prompt_tokens": 100, "completion_tokens": 1, "total_tokens": 101},
    }
    return json.dumps(body).encode()


TOO_MANY = error(429, "Retry-After: 1\r\n")
_REPLIES = {
    model: tuple(response(200, completion_body(str(digit), model)) for digit in range(1, 6))
    for model in ("mock-1", "mock-2")
}


def completion(call: int, model: str = "mock-1") -> bytes:
    """A proper reply: a digit from 1 to 5, by turns."""
    return _REPLIES[model][call * 7 % 11 % 5]
