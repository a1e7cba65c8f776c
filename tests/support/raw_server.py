"""A server that answers bytes, and goes on answering, whatever HTTP says.

It waits for its caller, who ends every connection.
"""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from threading import Event, Thread

PATIENCE = 600.0
"""Seconds for which it waits, so that nothing hangs for ever."""


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
                    connection.settimeout(PATIENCE)
                    talk(connection)

    def talk(connection: socket.socket) -> None:
        connection.recv(65_536)
        connection.sendall(first)
        while again:
            connection.sendall(again)
        while connection.recv(65_536):
            pass

    thread = Thread(target=serve)
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/v1"
    finally:
        over.set()
        thread.join()
        listener.close()
