"""The ways in which the server of these benchmarks fails a call."""

from __future__ import annotations

from typing import TYPE_CHECKING

from http_words import completion_body, error, response

if TYPE_CHECKING:
    from server import Connection

STATUSES = {
    "429": error(429),
    "429 with Retry-After": error(429, "Retry-After: 1\r\n"),
    "500": error(500),
    "502": error(502),
    "503": error(503),
}
_PROPER = completion_body("4")
BODIES = {
    "malformed JSON": _PROPER[: len(_PROPER) // 2],
    "empty choices": b'{"model": "mock-1", "choices": []}',
}
PROPER = {
    "content filter": completion_body("", finish_reason="content_filter"),
    "slow": completion_body("4"),
}
"""No failures of the call: these are replies, of a sort."""

WAYS = (*STATUSES, *BODIES, *PROPER, "reset", "truncated", "hang", "stall")
SLOW = 1.0  # seconds


def go_wrong(connection: Connection, way: str) -> None:
    """Fail one call in one way."""
    if way in STATUSES:
        connection.write(STATUSES[way])
    elif way in BODIES or way in PROPER:
        answer = response(200, (BODIES | PROPER)[way])
        connection.after(SLOW if way == "slow" else 0.0, connection.write, answer)
    elif way == "reset":
        connection.transport.abort()
    elif way in ("truncated", "stall"):
        connection.transport.write(response(200, _PROPER)[:-40])
        if way == "truncated":
            connection.transport.close()
