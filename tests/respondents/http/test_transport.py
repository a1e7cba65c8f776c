import asyncio
import errno
import gzip
import socket
import ssl
import time

import aiohttp
import pytest

from support.raw_server import PATIENCE, answering
from vaar.errors import RespondentHaltedError
from vaar.respondents.http.endpoint import Endpoint
from vaar.respondents.http.transport import Transport
from vaar.respondents.simulated.server import start
from vaar.respondents.wire.retries import TransientError


def exchange(base_url, key=None, **limits):
    async def go():
        transport = Transport(Endpoint("openai/m", "m", base_url, **limits), {}, key)
        try:
            return await transport.exchange("GET", "models")
        finally:
            await transport.close()

    return asyncio.run(go())


def halted(base_url, key=None):
    with pytest.raises(RespondentHaltedError) as raised:
        exchange(base_url, key)
    assert raised.value.__suppress_context__
    return str(raised.value)


def test_refused_connection():
    with socket.socket() as deaf:  # it has a port, and does not listen
        deaf.bind(("127.0.0.1", 0))
        message = halted(f"http://127.0.0.1:{deaf.getsockname()[1]}/v1")
    assert "nothing listens at http://127.0.0.1:" in message
    assert "`vaar simulate serve`" in message


def test_unknown_host(monkeypatch):
    async def fail(*args, **kwargs):
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(asyncio.BaseEventLoop, "getaddrinfo", fail)
    assert "the host of http://nowhere.invalid/v1 has no address" in halted(
        "http://nowhere.invalid/v1"
    )


def test_https_spoken_to_a_plain_server(small):
    async def go():
        runner, base_url = await start(small)
        transport = Transport(
            Endpoint("openai/m", "m", base_url.replace("http:", "https:")), {}, None
        )
        try:
            await transport.exchange("GET", "models")
        finally:
            await transport.close()
            await runner.cleanup()

    with pytest.raises(RespondentHaltedError, match="does it speak http, not https"):
        asyncio.run(go())


def failing(monkeypatch, error):
    def request(*args, **kwargs):
        raise error

    monkeypatch.setattr(aiohttp.ClientSession, "request", request)


def test_untrusted_certificate(monkeypatch):
    key = aiohttp.client_reqrep.ConnectionKey("h", 443, True, True, None, None, None)
    cause = ssl.SSLCertVerificationError("self-signed certificate sk-0123456789")
    failing(monkeypatch, aiohttp.ClientConnectorCertificateError(key, cause))
    message = halted("https://127.0.0.1:1/v1", key="sk-0123456789")
    assert "certificate of https://127.0.0.1:1/v1 is not trusted" in message
    assert "self-signed certificate [key]" in message


def test_connection_that_takes_too_long(monkeypatch):
    failing(monkeypatch, aiohttp.ConnectionTimeoutError())
    assert "within 15 s" in halted("http://127.0.0.1:1/v1")


def test_unreachable_network(monkeypatch):
    key = aiohttp.client_reqrep.ConnectionKey("h", 80, False, True, None, None, None)
    failing(monkeypatch, aiohttp.ClientConnectorError(key, OSError(101, "Network is unreachable")))
    assert "cannot be reached ([Errno 101] Network is unreachable)" in halted(
        "http://127.0.0.1:1/v1"
    )


@pytest.mark.parametrize("number", [errno.EMFILE, errno.ENFILE])
def test_too_many_open_files_are_a_reason_to_call_less(monkeypatch, number):
    key = aiohttp.client_reqrep.ConnectionKey("h", 80, False, True, None, None, None)
    failing(monkeypatch, aiohttp.ClientConnectorError(key, OSError(number, "Too many open files")))
    with pytest.raises(TransientError, match="ulimit -n") as raised:
        exchange("http://127.0.0.1:1/v1")
    assert (raised.value.kind, raised.value.full, raised.value.lasting) == (
        "connection",
        True,
        False,
    )


def test_a_server_that_goes_away_may_come_back(script, respond):
    async def go():
        async with script(respond.http(200, {}, length=2)) as (_, base_url):
            transport = Transport(Endpoint("openai/m", "m", base_url), {}, None)
            assert (await transport.exchange("GET", "models")).content == b"{}"
        try:
            await transport.exchange("GET", "models")
        finally:
            await transport.close()

    with pytest.raises(TransientError, match="connection refused") as raised:
        asyncio.run(go())
    assert raised.value.lasting


def packed(mebibytes):
    """Zeros in gzip, a thousandth of what they unpack to."""
    return gzip.compress(bytes(mebibytes * 2**20))


OK, CHUNKED = b"HTTP/1.1 200 OK\r\n", b"Transfer-Encoding: chunked\r\n"
HOSTILE = {  # what comes first, and what comes again and again
    "a body without an end": (OK + CHUNKED + b"\r\n", b"10000\r\n" + b"a" * 65_536 + b"\r\n"),
    "a body that unpacks without an end": (
        OK + b"Content-Encoding: gzip\r\nContent-Length: 999999999\r\n\r\n" + packed(64),
        b"",
    ),
    "headers without an end": (OK, b"X-A: " + b"a" * 1_000 + b"\r\n"),
    "a header without an end": (OK + b"X-A: ", b"a" * 65_536),
    "a status line without an end": (b"HTTP/1.1 200 ", b"a" * 65_536),
    "answers for the time being": (b"", b"HTTP/1.1 102 Processing\r\n\r\n"),
    "blank lines": (b"", b"\r\n" * 1_000),
    "nothing at all": (b"", b""),
    "no HTTP": (b"\x00\x01\xff" * 1_000, b""),
    "a length below nothing": (OK + b"Content-Length: -5\r\n\r\n12345", b""),
    "a length beyond measure": (OK + b"Content-Length: 99999999999999999999\r\n\r\n1", b""),
    "two lengths": (OK + b"Content-Length: 5\r\nContent-Length: 9\r\n\r\n12345", b""),
    "a chunk that is none": (OK + CHUNKED + b"\r\nzzzz\r\n", b""),
    "gzip that is none": (
        OK + b"Content-Encoding: gzip\r\nContent-Length: 4\r\n\r\nnone",
        b"",
    ),
}


@pytest.mark.parametrize(
    "again",
    [
        *(b"HTTP/1.1 102 Processing\r\n\r\n", b"HTTP/1.1 100 Continue\r\n\r\n", b"\r\n" * 1_000),
        b"HTTP/1.1 103 Early Hints\r\nLink: " + b"a" * 4_000 + b"\r\n\r\n",
    ],
    ids=["processing", "continue", "blank lines", "hints"],
)
def test_what_comes_before_a_response_is_bounded(again):
    began = time.process_time()
    with (
        answering(b"", again) as base_url,
        pytest.raises(
            TransientError, match="sent more than 1,000,000 bytes, and no response began"
        ),
    ):
        exchange(base_url, timeout=60)
    assert time.process_time() - began < 10


@pytest.mark.parametrize("interim", [b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 20])
@pytest.mark.parametrize("size", [2, 3_000_000])
def test_a_response_may_come_late_and_be_long(interim, size):
    body = b"a" * size

    length = f"Content-Length: {size}\r\n\r\n".encode()
    with answering(interim + OK + length + body) as base_url:
        assert exchange(base_url, timeout=60).content == body


@pytest.mark.parametrize(("first", "again"), HOSTILE.values(), ids=HOSTILE)
def test_what_no_server_should_answer_is_one_failed_call(first, again):
    began = time.monotonic()
    with answering(first, again) as base_url, pytest.raises(TransientError):
        exchange(base_url, timeout=0.5)
    assert time.monotonic() - began < PATIENCE / 2
