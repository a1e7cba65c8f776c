"""A server that answers bytes, and goes on answering, whatever HTTP says."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread


@contextmanager
def answering(first: bytes, again: bytes = b"") -> Iterator[str]:
    """Serve; each connection is given the first bytes, then the others again and again."""
    over = Event()
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(0.05)

    def serve() -> None:
        while not over.is_set():
            with suppress(OSError):
                connection, _ = listener.accept()
                with connection:
                    connection.settimeout(0.05)
                    talk(connection)

    def talk(connection: socket.socket) -> None:
        connection.recv(65_536)
        connection.sendall(first)
        while not over.is_set():
            if again:
                connection.sendall(again)
            elif over.wait(0.02) or not _is_open(connection):
                return

    thread = Thread(target=serve)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/v1"
    finally:
        over.set()
        thread.join()
        listener.close()


def _is_open(connection: socket.socket) -> bool:
    with suppress(TimeoutError):
        return bool(connection.recv(1))
    return True
