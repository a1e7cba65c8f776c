"""Servers of chat completions that behave as public reports say real ones do.

Each is a function from the number of the call and its body to what is answered: a payload, a pair
of status and payload, or raw bytes with their type. Whatever a server lets through is answered 4.
It is called for one call after another, also where several are made at once.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Lock, Thread
from typing import Any

Body = dict[str, Any]


@dataclass(frozen=True)
class Raw:
    """A response that is no plain JSON."""

    content: bytes
    content_type: str = "application/json"
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


Behaviour = Callable[[int, Body], Any]


def completion(content: Any = "4", reason: str | None = "stop", **others: Any) -> Body:
    """A chat completion."""
    message = {"role": "assistant", "content": content}
    message |= others.pop("message", {})
    choice = {"index": 0, "message": message, "finish_reason": reason} | others.pop("choice", {})
    usage = {"prompt_tokens": 50, "completion_tokens": 1, "total_tokens": 51}
    return {"model": "m-1", "choices": [choice], "usage": usage} | others


def fine(call: int, body: Body) -> Body:
    """The usual reply."""
    grown = 20 * len(body["messages"])
    return completion() | {"usage": {"prompt_tokens": grown, "completion_tokens": 1}}


def error(status: int, message: str = "", **others: Any) -> tuple[int, Any]:
    """An error in OpenAI's form."""
    return status, {"error": {"message": message, **others}}


def refusing(name: str, status: int, payload: Any) -> Behaviour:
    """Refuses every call whose body has a field."""
    return lambda call, body: (status, payload) if name in body else fine(call, body)


def once(answer: Any) -> Behaviour:
    """Answers the second call in an odd way, all others as usual."""
    return lambda call, body: answer if call == 2 else fine(call, body)


def always(answer: Any) -> Behaviour:
    """Answers every call in one way."""
    return lambda call, body: answer


@contextmanager
def behaving(behaviour: Behaviour) -> Iterator[tuple[str, list[Body]]]:
    """The server: its base URL, and the bodies that it was sent."""
    seen: list[Body] = []
    lock = Lock()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *_: Any) -> None:
            return None

        def do_GET(self) -> None:
            self.send(Raw(json.dumps({"data": [{"id": "m"}]}).encode()))

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            with lock:
                seen.append(body)
                answer = behaviour(len(seen), body)
            if not isinstance(answer, Raw):
                status, payload = answer if isinstance(answer, tuple) else (200, answer)
                answer = Raw(json.dumps(payload).encode(), status=status)
            self.send(answer)

        def send(self, answer: Raw) -> None:
            self.send_response(answer.status)
            headers = {"Content-Type": answer.content_type, **answer.headers}
            for name, value in {**headers, "Content-Length": str(len(answer.content))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.content)

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/v1", seen
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
