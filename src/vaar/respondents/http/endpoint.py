"""Where a chat model answers, and the key it wants: everything about an endpoint but the calls."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import urlencode, urlsplit

from vaar.errors import MissingKeyError, RespondentError
from vaar.respondents.http.call_options import CallOptions
from vaar.respondents.http.dialect import Provider
from vaar.respondents.http.dialects.hosted_chat import OPENAI, OPENAI_BASE_URL
from vaar.respondents.price import Price

TIMEOUT = 120.0
ATTEMPTS = 6

BEARER = "Authorization"
"""Header in which a key travels as a bearer token."""


@dataclass(frozen=True)
class Endpoint:
    """Where a server answers, and the model to ask there.

    Attributes
    ----------
    name : str
        The respondent's name, and its group's.
    model : str
        The model id that the server knows.
    base_url : str
        Address below which the server's services lie, such as ``/chat/completions``; empty: the
        provider's.
    provider : Provider
        What its server speaks.
    options : CallOptions
        What is sent with every call.
    api_key_env : str
        Environment variable that holds the key; empty: the provider's.
    key_header : str
        Header that the key travels in; empty: the provider's.
    headers : mapping of str to str
        Further headers.
    query : mapping of str to str
        Put behind every address, as ``?api-version=…``.
    concurrency : int or None
        Most calls in flight; None: as many as the server is found to take.
    timeout : float
        Seconds that one call may take.
    attempts : int
        Most calls for one reply.
    price : Price or None
        What its tokens cost; None where that is not known.
    from_file : bool
        Whether a models file says where it is, or which key it gets.
    """

    name: str
    model: str
    base_url: str = ""
    provider: Provider = OPENAI
    options: CallOptions = field(default_factory=CallOptions)
    api_key_env: str = ""
    key_header: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    concurrency: int | None = None
    timeout: float = TIMEOUT
    attempts: int = ATTEMPTS
    price: Price | None = None
    from_file: bool = False

    def __post_init__(self) -> None:
        if not self.address:
            raise RespondentError(
                f"{self.name}: {self.provider.name} has no address that is the same for all; write "
                f"base_url in a models file ({self.provider.note})"
            )
        check_base_url(self.address)

    @property
    def address(self) -> str:
        """Address below which the server's services lie."""
        return self.base_url or self.provider.base_url

    @property
    def key_variable(self) -> str:
        """Environment variable that holds the key."""
        return self.api_key_env or self.provider.key_env

    def url(self, path: str) -> str:
        """The address of one of the endpoint's services."""
        url = f"{self.address.rstrip('/')}/{path}"
        if not self.query:
            return url
        return f"{url}{'&' if '?' in path else '?'}{urlencode(self.query)}"

    def all_headers(self, key: str | None) -> dict[str, str]:
        """Headers of every call, the key's among them."""
        headers = {**self.provider.headers, **self.headers}
        if key:
            header = self.key_header or self.provider.key_header
            headers[header] = f"Bearer {key}" if header == BEARER else key
        return headers

    def key(self) -> str | None:
        """The key from the environment; None where none is set and none is needed.

        Raises
        ------
        MissingKeyError
            The variable is not set, or holds what cannot be a key.
        """
        variable = self.key_variable
        key = os.environ.get(variable, "").strip()
        if not key and self.provider.needs_key and not is_loopback(self.address):
            raise MissingKeyError(
                f"{self.name}: the environment variable {variable} is not set, and "
                f"{self.address} wants a key. Set it (export {variable}=…), name another "
                "variable with api_key_env in a models file, or rehearse without a key with "
                "--model simulated"
            )
        if not (key.isascii() and key.isprintable()) or " " in key:
            raise MissingKeyError(
                f"{self.name}: the environment variable {variable} holds blanks or "
                "characters that no key has; set it to the key alone"
            )
        return key or None


def is_loopback(base_url: str) -> bool:
    """Whether an address is on this machine, where no key is needed."""
    host = urlsplit(base_url).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def check_base_url(base_url: str) -> None:
    """Refuse what is not a plain HTTP address.

    Raises
    ------
    RespondentError
        No http or https, no host, a wrong port, or a user, password, query or fragment, which
        would be shown wherever the address is.
    """
    if problem := url_problem(base_url):
        raise RespondentError(
            f"the base URL {problem}; write an address such as http://127.0.0.1:8000/v1 or "
            f"{OPENAI_BASE_URL}, and put a key in the environment only"
        )


def url_problem(base_url: str) -> str | None:
    """What keeps a text from being a base URL, as the end of a sentence; None if nothing does."""
    try:
        parts = urlsplit(base_url)
        port = parts.port
    except ValueError:
        return "cannot be read"
    if parts.username is not None or parts.password is not None:
        return "holds a user name or a password"
    if parts.query or parts.fragment:
        return "holds a query or a fragment"
    if parts.scheme not in ("http", "https"):
        return f"{base_url!r} begins with neither http:// nor https://"
    if not parts.hostname or port == 0 or any(mark.isspace() for mark in base_url):
        return f"{base_url!r} names no host, or a wrong port"
    return None
