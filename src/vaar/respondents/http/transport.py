"""HTTP exchanges with one endpoint: the only place where a respondent opens a connection."""

from __future__ import annotations

import errno
import socket
import ssl
from collections.abc import Mapping
from typing import Any, NamedTuple, NoReturn

import aiohttp

from vaar.errors import RespondentHaltedError
from vaar.respondents.http.endpoint import Endpoint
from vaar.respondents.wire.redaction import quote
from vaar.respondents.wire.retries import TransientError

MOST_BYTES = 4_000_000
"""Longest response that is read."""

MOST_BEFORE = 1_000_000
"""Bytes that a server may send before its response: interim answers, blank lines."""

CONNECT_TIMEOUT = 15.0
"""Seconds that a connection may take."""


class Response(NamedTuple):
    """One response, its body read to the end."""

    status: int
    headers: Mapping[str, str]
    content: bytes

    @property
    def content_type(self) -> str:
        """What the server says that the content is, in lower case."""
        return self.headers.get("Content-Type", "").lower()

    @property
    def is_page(self) -> bool:
        """Whether it is a web page."""
        return self.content_type.startswith("text/html") or self.content.lstrip()[:1] == b"<"


class Transport:
    """Connections to one endpoint, shared by all sessions; opened at the first exchange.

    Redirects are not followed, cookies are not kept, proxies are not asked.

    Parameters
    ----------
    endpoint : Endpoint
    headers : mapping of str to str
        Sent with every request; the key is among them.
    key : str or None
        What must be in no message.
    """

    def __init__(self, endpoint: Endpoint, headers: Mapping[str, str], key: str | None) -> None:
        self._endpoint = endpoint
        self._headers = headers
        self._key = key
        self._reached = False
        self._connections: aiohttp.ClientSession | None = None

    async def exchange(
        self,
        method: str,
        path: str,
        body: bytes | None = None,
        most: int = MOST_BYTES,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """Send one request and read its response, whatever its status.

        Parameters
        ----------
        most : int
            Bytes that are read; a longer response is none.
        headers : mapping of str to str, optional
            Sent with this request only.

        Raises
        ------
        TransientError
            A time-out, a broken connection, a response that is too long; or no connection to a
            server that has answered before.
        RespondentHaltedError
            No connection, and the server has never answered.
        """
        url = self._endpoint.url(path)
        try:
            async with self._session().request(
                method, url, data=body, headers=headers, allow_redirects=False
            ) as response:
                content = await _read_bounded(response, most)
        except aiohttp.ConnectionTimeoutError:
            self._unreachable(f"no connection to {url} within {CONNECT_TIMEOUT:g} s")
        except TimeoutError:
            said = f"no answer within {self._endpoint.timeout:g} s"
            raise TransientError(said, "time_out", full=True) from None
        except aiohttp.ClientConnectorError as error:
            self._cannot_connect(error)
        except _EndlessPreambleError:
            said = f"it sent more than {MOST_BEFORE:,} bytes, and no response began"
            raise TransientError(said, "unusable_reply") from None
        except aiohttp.ClientError as error:
            said = f"the connection broke ({type(error).__name__})"
            raise TransientError(said, "connection") from None
        self._reached = True
        return Response(response.status, response.headers, content)

    async def close(self) -> None:
        """Close the connections."""
        if self._connections is not None:
            await self._connections.close()

    def _session(self) -> aiohttp.ClientSession:
        if self._connections is None:
            plain = {"Content-Type": "application/json", "Accept-Encoding": "identity"}
            self._connections = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=0),
                cookie_jar=aiohttp.DummyCookieJar(),
                response_class=_PromptResponse,
                headers=plain | dict(self._headers),
                timeout=aiohttp.ClientTimeout(
                    total=self._endpoint.timeout, sock_connect=CONNECT_TIMEOUT
                ),
            )
        return self._connections

    def _cannot_connect(self, error: aiohttp.ClientConnectorError) -> NoReturn:
        base_url = self._endpoint.address
        if isinstance(error, aiohttp.ClientConnectorCertificateError):
            reason = quote(str(error.certificate_error), self._key)
            raise RespondentHaltedError(
                f"{self._endpoint.name}: the certificate of {base_url} is not trusted ({reason}); "
                "check the address, or have the server's owner mend its certificate"
            ) from None
        cause = error.os_error
        if cause.errno in (errno.EMFILE, errno.ENFILE):
            said = "this machine allows no more open connections (see `ulimit -n`)"
            raise TransientError(said, "connection", full=True) from None
        if isinstance(cause, socket.gaierror):
            self._unreachable(f"the host of {base_url} has no address; check its spelling")
        if isinstance(cause, ssl.SSLError):
            self._unreachable(f"{base_url} gives no TLS answer; does it speak http, not https?")
        if isinstance(cause, ConnectionRefusedError):
            self._unreachable(
                f"nothing listens at {base_url} (connection refused); start the server, or run "
                "`vaar simulate serve` to rehearse without one"
            )
        self._unreachable(f"{base_url} cannot be reached ({quote(str(cause), self._key)})")

    def _unreachable(self, message: str) -> NoReturn:
        if self._reached:
            raise TransientError(message, "connection", lasting=True) from None
        raise RespondentHaltedError(f"{self._endpoint.name}: {message}") from None


async def _read_bounded(response: aiohttp.ClientResponse, most: int) -> bytes:
    body = bytearray()
    async for chunk in response.content.iter_any():
        body += chunk
        if len(body) > most:
            response.close()
            said = f"it answered with more than {most:,} bytes"
            raise TransientError(said, "unusable_reply")
    return bytes(body)


class _EndlessPreambleError(aiohttp.ClientError):
    """A server went on sending, and no response began."""


class _PromptResponse(aiohttp.ClientResponse):
    """A response that begins before its server has sent too much else."""

    async def start(self, connection: Any) -> aiohttp.ClientResponse:
        """Wait for the response to begin, and count what comes until then."""
        protocol = connection.protocol
        take, came = protocol.data_received, 0

        def counted(data: bytes) -> None:
            nonlocal came
            if came <= MOST_BEFORE:
                came += len(data)
                take(data)
            elif protocol.exception() is None:
                protocol.set_exception(_EndlessPreambleError())
                protocol.close()

        protocol.data_received = counted
        try:
            return await super().start(connection)
        finally:
            del protocol.data_received
