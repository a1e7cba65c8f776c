"""A chat-completions server that costs next to nothing, for measuring those who ask it.

It runs in a process of its own and answers every call with one digit, after an optional latency.
`python benchmarks/session/server.py --latency 0.5 --most 200` prints its base URL and serves until
it is stopped; `GET /stats` tells what it has counted. `serving()` does the same from a script.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any
from urllib.request import urlopen

sys.path.insert(0, str(Path(__file__).parent))
import faulty
from http_words import MARK, TOO_MANY, completion, response

FAULT_SEED = 20_261_124
BACKLOG = 4096
COUNTED = (
    "calls",
    "replies",
    "refused",
    "tainted",
    "connections",
    "in_flight",
    "peak",
    "body_bytes",
    "wrong",
)


@dataclass
class Server:
    """What the server does to its callers, and what it has counted.

    Attributes
    ----------
    latency : float
        Seconds before a reply.
    drift : float
        Seconds by which the latency grows with every 1,000 calls.
    most : int
        Calls in flight beyond which it answers 429; 0: never.
    faults : float
        Share of the calls that go wrong, in all ways of `faulty.WAYS` by turns.
    rename : int
        Calls after which it answers under the name of another model; 0: never.
    tainted : int
        Calls whose conversation holds the text of an error of this server. Must stay 0.
    """

    latency: float = 0.0
    drift: float = 0.0
    most: int = 0
    faults: float = 0.0
    rename: int = 0
    calls: int = 0
    replies: int = 0
    refused: int = 0
    tainted: int = 0
    connections: int = 0
    in_flight: int = 0
    peak: int = 0
    body_bytes: int = 0
    wrong: Counter[str] = field(default_factory=Counter)
    started: float = field(default_factory=time.process_time)
    random: Random = field(default_factory=lambda: Random(FAULT_SEED))

    def stats(self) -> dict[str, Any]:
        """Everything that was counted, and the CPU seconds it took."""
        counts = {name: getattr(self, name) for name in COUNTED}
        return counts | {"cpu": time.process_time() - self.started}

    def current_latency(self) -> float:
        """Seconds before the next reply."""
        return self.latency + self.drift * self.calls / 1000

    def model(self) -> str:
        """The model that answers now."""
        return "mock-2" if 0 < self.rename < self.calls else "mock-1"

    def way_to_fail(self) -> str | None:
        """How the next call goes wrong; None if it does not."""
        if not self.faults or self.random.random() >= self.faults:
            return None
        return faulty.WAYS[self.wrong.total() % len(faulty.WAYS)]


class Connection(asyncio.Protocol):
    """One connection: one call after the other."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.received = bytearray()
        self.busy = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.server.connections += 1

    def connection_lost(self, error: Exception | None) -> None:
        if self.busy:
            self._leave()

    def data_received(self, data: bytes) -> None:
        self.received += data
        if not self.busy:
            self._next_call()

    def _next_call(self) -> None:
        end = self.received.find(b"\r\n\r\n")
        if end < 0:
            return
        head = bytes(self.received[:end])
        length = content_length(head)
        if length is None:
            self.transport.write(response(411, b"{}"))
            self.transport.close()
        elif len(self.received) >= end + 4 + length:
            body = self.received[end + 4 : end + 4 + length]
            del self.received[: end + 4 + length]
            self._answer(head, body)

    def _answer(self, head: bytes, body: bytearray) -> None:
        if head.startswith(b"GET"):
            self.transport.write(response(200, json.dumps(self.server.stats()).encode()))
            self._next_call()
            return
        server = self.server
        server.calls += 1
        server.body_bytes += len(body)
        server.tainted += MARK in body
        if server.most and server.in_flight >= server.most:
            server.refused += 1
            self.transport.write(TOO_MANY)
            self._next_call()
            return
        self._enter()
        way = server.way_to_fail()
        if way is None:
            answer = completion(server.calls, server.model())
            self.after(server.current_latency(), self.reply, answer)
        else:
            server.wrong[way] += 1
            faulty.go_wrong(self, way)

    def _enter(self) -> None:
        self.busy = True
        self.server.in_flight += 1
        self.server.peak = max(self.server.peak, self.server.in_flight)

    def _leave(self) -> None:
        self.busy = False
        self.server.in_flight -= 1

    def after(self, seconds: float, act: Callable[[bytes], None], answer: bytes) -> None:
        """Do something later, or now."""
        if seconds:
            asyncio.get_running_loop().call_later(seconds, act, answer)
        else:
            act(answer)

    def reply(self, answer: bytes) -> None:
        """Answer the call as it should be."""
        if self.busy:
            self.server.replies += 1
            self.write(answer)

    def write(self, answer: bytes) -> None:
        """Answer the call, unless who asked has gone."""
        if self.busy:
            self._leave()
            self.transport.write(answer)
            self._next_call()


def content_length(head: bytes) -> int | None:
    """Bytes of the body that follows; None where the head does not say so, as with chunks."""
    lowered = head.lower()
    start = lowered.find(b"\r\ncontent-length:")
    if start < 0:
        return None if b"\r\ntransfer-encoding:" in lowered else 0
    return int(lowered[start + 17 :].split(b"\r\n", 1)[0])


async def serve(server: Server) -> None:
    """Serve on a free port, told on standard output, until the process ends."""
    loop = asyncio.get_running_loop()
    listening = await loop.create_server(
        lambda: Connection(server), "127.0.0.1", 0, backlog=BACKLOG
    )
    print(f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}/v1", flush=True)
    await listening.serve_forever()


@contextmanager
def serving(**options: float) -> Iterator[str]:
    """Have a server in a process of its own; gives its base URL."""
    words = [word for name, value in options.items() for word in (f"--{name}", str(value))]
    process = subprocess.Popen(
        [sys.executable, __file__, *words], stdout=subprocess.PIPE, text=True
    )
    try:
        yield process.stdout.readline().strip()
    finally:
        process.terminate()
        process.wait()


def stats(base_url: str) -> dict[str, Any]:
    """What a server has counted so far."""
    with urlopen(base_url.removesuffix("/v1") + "/stats") as answer:
        return json.load(answer)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--latency", type=float, default=0.0, help="seconds before a reply")
    parser.add_argument("--drift", type=float, default=0.0, help="seconds more per 1,000 calls")
    parser.add_argument("--most", type=int, default=0, help="429 beyond so many in flight")
    parser.add_argument("--faults", type=float, default=0.0, help="share of calls that go wrong")
    parser.add_argument("--rename", type=int, default=0, help="another model after so many calls")
    asyncio.run(serve(Server(**vars(parser.parse_args()))))
