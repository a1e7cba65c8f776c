"""Where a chat model answers, and the key it wants: everything about an endpoint but the calls."""

from __future__ import annotations

import os
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Literal
from urllib.parse import urlsplit

from vaar.errors import MissingKeyError, RespondentError
from vaar.respondents.price import Price

OPENAI_BASE_URL = "https://api.openai.com/v1"
OPENAI_KEY = "OPENAI_API_KEY"

TIMEOUT = 120.0
ATTEMPTS = 6

MaxTokensField = Literal["max_tokens", "max_completion_tokens"]
Structured = Literal["auto", "always", "never"]


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
        Address below which the server's services lie, such as ``/chat/completions``.
    api_key_env : str
        Environment variable that holds the key.
    temperature : float or None
        Sent instead of the study's temperature.
    max_tokens_field : {'max_tokens', 'max_completion_tokens'}
        What the server calls the ceiling on a reply's tokens.
    structured : {'auto', 'always', 'never'}
        Whether a JSON schema is sent where the protocol has one. ``'auto'``: until the server
        refuses it.
    concurrency : int or None
        Most calls in flight; None: as many as the server is found to take.
    timeout : float
        Seconds that one call may take.
    attempts : int
        Most calls for one reply.
    top_logprobs : int
        Most tokens whose probabilities are asked for where a request has choices; 0: none.
    price : Price or None
        What its tokens cost; None where that is not known.
    """

    name: str
    model: str
    base_url: str = OPENAI_BASE_URL
    api_key_env: str = OPENAI_KEY
    temperature: float | None = None
    max_tokens_field: MaxTokensField = "max_tokens"
    structured: Structured = "auto"
    concurrency: int | None = None
    timeout: float = TIMEOUT
    attempts: int = ATTEMPTS
    top_logprobs: int = 20
    price: Price | None = None

    def __post_init__(self) -> None:
        check_base_url(self.base_url)

    def url(self, path: str) -> str:
        """The address of one of the endpoint's services."""
        return f"{self.base_url.rstrip('/')}/{path}"

    def temperature_for(self, asked: float) -> float:
        """What is sent where a study asks for a temperature."""
        return asked if self.temperature is None else self.temperature

    def key(self) -> str | None:
        """The key from the environment; None where none is set and none is needed.

        Raises
        ------
        MissingKeyError
            The variable is not set, or holds what cannot be a key.
        """
        key = os.environ.get(self.api_key_env, "").strip()
        if not key and not is_loopback(self.base_url):
            raise MissingKeyError(
                f"{self.name}: the environment variable {self.api_key_env} is not set, and "
                f"{self.base_url} wants a key. Set it (export {self.api_key_env}=…), name another "
                "variable with api_key_env in a models file, or rehearse without a key with "
                "--model simulated"
            )
        if not (key.isascii() and key.isprintable()) or " " in key:
            raise MissingKeyError(
                f"{self.name}: the environment variable {self.api_key_env} holds blanks or "
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
