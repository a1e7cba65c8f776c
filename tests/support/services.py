"""Anthropic's and Google's services, as they document themselves, on this machine.

They answer 2 to everything, refuse what those refuse, and keep what they refused.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

KEY = "key-0123456789abcdef"


def anthropic(path, headers, body) -> tuple[int, Any]:
    if headers["x-api-key"] != KEY:
        return _anthropic_error(401, "authentication_error", "invalid x-api-key")
    if body is None:
        return 200, {"data": [{"type": "model", "id": "claude-known"}], "has_more": False}
    if body["model"] != "claude-known":
        return _anthropic_error(404, "not_found_error", f"model: {body['model']}")
    if body["temperature"] > 1:
        said = "temperature: Input should be less than or equal to 1"
        return _anthropic_error(400, "invalid_request_error", said)
    if "output_config" in body:
        said = "output_config: Extra inputs are not permitted"
        return _anthropic_error(400, "invalid_request_error", said)
    roles = [message["role"] for message in body["messages"]]
    marked = body["messages"][-1]["content"][0]
    assert path == "/v1/messages" and headers["anthropic-version"] == "2023-06-01"
    assert roles == (["user", "assistant"] * len(roles))[: len(roles)]
    assert isinstance(body["system"], str) and "seed" not in body
    assert marked["cache_control"] == {"type": "ephemeral"}
    usage = {"input_tokens": 1, "cache_creation_input_tokens": 9, "output_tokens": 1}
    usage["cache_read_input_tokens"] = 10 * (len(roles) // 2)
    content = [{"type": "text", "text": "2"}]
    return 200, {
        "type": "message",
        "model": "claude-known-1",
        "content": content,
        "stop_reason": "end_turn",
        "usage": usage,
    }


def google(path, headers, body) -> tuple[int, Any]:
    if headers["x-goog-api-key"] != KEY:
        details = [{"reason": "API_KEY_INVALID", "domain": "googleapis.com"}]
        return _google_error(400, "INVALID_ARGUMENT", "API key not valid.", details=details)
    if body is None:
        return 200, {"models": [{"name": "models/gemini-known"}]}
    if path != "/v1/models/gemini-known:generateContent":
        return _google_error(404, "NOT_FOUND", "the model is not found")
    if "responseJsonSchema" in body["generationConfig"]:
        said = 'Invalid JSON payload received. Unknown name "responseJsonSchema"'
        return _google_error(400, "INVALID_ARGUMENT", said)
    roles = [content["role"] for content in body["contents"]]
    assert roles == (["user", "model"] * len(roles))[: len(roles)]
    assert body["systemInstruction"]["parts"][0]["text"]
    assert 0 <= body["generationConfig"]["seed"] < 2**31
    candidate = {"content": {"role": "model", "parts": [{"text": "2"}]}, "finishReason": "STOP"}
    cached = 10 * (len(roles) // 2)
    usage = {"promptTokenCount": 10 + cached, "candidatesTokenCount": 1}
    usage["cachedContentTokenCount"] = cached
    return 200, {
        "candidates": [candidate],
        "usageMetadata": usage,
        "modelVersion": "gemini-known-1",
    }


def telling(status: int):
    """A service that tells the key in every field of its answers, in either format."""

    def service(path, headers, body) -> tuple[int, Any]:
        key = headers["x-api-key"] or headers["x-goog-api-key"]
        part = {"type": "text", "text": f"2 {key}"}
        candidate = {"content": {"parts": [part]}, "finishReason": key}
        error = {"type": key, "status": key, "message": f"wrong: {key}"}
        listed = {"data": [{"id": key}], "models": [{"name": f"models/{key}"}]}
        replied = {"content": [part], "stop_reason": key, "candidates": [candidate]}
        named = {"model": key, "modelVersion": key}
        return status, listed | replied | named | {"error": error}

    return service


@contextmanager
def serving(service, *faults: tuple[int, bytes, dict[str, str]]) -> Iterator[tuple[str, list[Any]]]:
    """A service that first answers with faults: its base URL, and what it found wrong."""
    waiting, wrong = list(faults), []

    class Handler(BaseHTTPRequestHandler):
        def log_message(self, *_) -> None:
            return None

        def do_GET(self) -> None:
            self.answer(None)

        def do_POST(self) -> None:
            self.answer(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))

        def answer(self, body) -> None:
            if KEY in self.path:
                wrong.append(self.path)
            if body is not None and waiting:
                self.send(*waiting.pop(0))
                return
            try:
                status, payload = service(self.path, self.headers, body)
            except (AssertionError, KeyError, TypeError) as error:
                wrong.append(repr(error))
                status, payload = 418, {}
            self.send(status, json.dumps(payload).encode(), {})

        def send(self, status, content, headers) -> None:
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(content))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/v1", wrong
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _anthropic_error(status, kind, message):
    return status, {"type": "error", "error": {"type": kind, "message": message}}


def _google_error(code, status, message, **more):
    return code, {"error": {"code": code, "message": message, "status": status, **more}}
