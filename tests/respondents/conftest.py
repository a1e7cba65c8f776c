import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from time import monotonic

import pytest

from vaar.respondents.base import Message, Request
from vaar.respondents.wire import retries
from vaar.sessions.protocol import code_turn, conduct
from vaar.sessions.questions import questions
from vaar.sessions.records import Session
from vaar.study.load import load_study
from vaar.study.model import (
    Condition,
    Hypothesis,
    Instrument,
    Item,
    Limits,
    ResponseScale,
    Study,
    Subscale,
)


@pytest.fixture(scope="session")
def bundled():
    return load_study("privacy_prosocial_published")


def _instrument(code, labels, keyings, first=1):
    items = tuple(
        Item(f"{code}_{n}", f"Statement {n} about {code}.", keying)
        for n, keying in enumerate(keyings, start=1)
    )
    return Instrument(
        code=code,
        title=code,
        construct=code,
        instructions=f"Here is {code}.",
        wording="parallel",
        source="none",
        scale=ResponseScale(labels, first),
        items=items,
        subscales=(Subscale(f"{code}_all", code, tuple(item.code for item in items)),),
    )


@pytest.fixture
def small():
    """Five points with reversed items; two points from 0; an instrument outside the model."""
    return Study(
        name="small",
        title="",
        description="",
        instruments=(
            _instrument(
                "calm", ("never", "rarely", "sometimes", "often", "always"), (1, -1, 1, -1)
            ),
            _instrument("brave", ("no", "yes"), (1, 1, 1), first=0),
            _instrument("spare", ("low", "middle", "high"), (1, 1)),
        ),
        conditions=(
            Condition("item", "carried", "item", ("calm", "brave", "spare"), "Be honest."),
            Condition("block", "carried", "block", ("calm", "brave", "spare"), "Be honest."),
            Condition("isolated", "isolated", "item", ("calm", "brave", "spare"), "Be honest."),
        ),
        structural_model=(
            "calm_f =~ calm_all\nbrave_f =~ brave_1 + brave_2 + brave_3\nbrave_f ~ calm_f"
        ),
        hypotheses=(Hypothesis("brave_f", "calm_f", 1),),
        limits=Limits(),
    )


@pytest.fixture
def ask():
    """A request whose last user message is given."""

    def make(*contents, seed=1, max_tokens=64, schema=None, choices=()):
        roles = ("user", "assistant")
        messages: list[Message] = [
            {"role": roles[n % 2], "content": content} for n, content in enumerate(contents)
        ]
        return Request(
            [{"role": "system", "content": "Hello."}, *messages],
            seed,
            1.0,
            max_tokens,
            schema,
            choices,
        )

    return make


@pytest.fixture
def no_waits(monkeypatch):
    monkeypatch.setattr(retries, "FIRST_WAIT", 0.0)


@dataclass
class Script:
    """A server that plays raw responses in turn, the last one for ever, and keeps what it got."""

    responses: list[bytes]
    requests: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    times: list[float] = field(default_factory=list)

    async def converse(self, reader, writer):
        try:
            while (received := await self._read(reader)) is not None:
                self.requests.append(received)
                self.times.append(monotonic())
                response = self.responses[min(len(self.requests), len(self.responses)) - 1]
                if response == b"hang":
                    await asyncio.sleep(3600)
                if not response:
                    writer.transport.abort()
                    return
                writer.write(response)
                await writer.drain()
                if b"Connection: close" in response:
                    return
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    @staticmethod
    async def _read(reader):
        head = await reader.readuntil(b"\r\n\r\n")
        line, *lines = head.decode().strip().split("\r\n")
        headers = {name.lower(): value for name, value in (text.split(": ", 1) for text in lines)}
        return line, headers, await reader.readexactly(int(headers.get("content-length", 0)))

    def body(self, number=-1):
        return json.loads(self.requests[number][2])


def http(status, body, *headers, length=None):
    """One raw HTTP response; ``length`` lies about the body's length."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    declared = len(content) if length is None else length
    close = ("Connection: close",) if length is not None else ()
    lines = (f"HTTP/1.1 {status} X", f"Content-Length: {declared}", *close, *headers)
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + content


def completion(text="4", finish_reason="stop", **others):
    """A chat-completions response."""
    choice = {"message": {"role": "assistant", "content": text}, "finish_reason": finish_reason}
    return http(200, {"model": "served-1", "choices": [choice], **others})


@pytest.fixture
def respond():
    """The two makers of raw responses."""
    return type("Respond", (), {"http": staticmethod(http), "completion": staticmethod(completion)})


@pytest.fixture
def script():
    """An asynchronous context: a scripted server and its base URL."""

    @asynccontextmanager
    async def serve(*responses) -> AsyncIterator[tuple[Script, str]]:
        played = Script(list(responses))
        server = await asyncio.start_server(played.converse, "127.0.0.1", 0)
        host, port = server.sockets[0].getsockname()
        try:
            yield played, f"http://{host}:{port}/v1"
        finally:
            server.close()

    return serve


@pytest.fixture
def run_sessions():
    """Conduct sessions with a respondent: {(seed, condition): {code: value}} and the replies."""

    async def run(respondent, study, condition, seeds):
        values, replies = {}, []

        def planned(seed):
            return Session(1, "r", "r", condition.name, 1, seed, instrument_order=condition.order)

        by_turn = {question.turn: question for question in questions(study, planned(1))}
        for seed in seeds:
            coded = values.setdefault(seed, {})
            session = conduct(study, planned(seed))
            reply = None
            while True:
                try:
                    asked = session.send(reply) if reply else next(session)
                except StopIteration:
                    break
                request = Request(asked.messages, seed, 1.0, asked.max_tokens, asked.schema)
                reply = await respondent.reply(request)
                replies.append(reply.text)
                question = by_turn[asked.turn]
                for code, answer in code_turn(question, question.codes, reply).items():
                    if answer.value is not None:
                        coded[code] = answer.value
        return values, replies

    return run
