"""The dialect of one family of servers: how it is asked, and what its answers mean."""

from __future__ import annotations

from typing import Protocol

from vaar.respondents.base import Reply, Request
from vaar.respondents.http.endpoint import Endpoint


class UnusableReplyError(ValueError):
    """The JSON holds no reply. The message says what is missing, in words that are safe to show."""


class Dialect(Protocol):
    """How one family of servers is asked, and what its answers mean.

    A dialect opens no connection and holds no state. Whatever a server sends is hostile: no method
    but :meth:`reply` raises on it, and that raises nothing but :class:`UnusableReplyError`.

    Attributes
    ----------
    key_env : str
        Environment variable that holds the key, where the endpoint names none.
    base_url : str
        Address, where the endpoint names none.
    models_path : str
        Where the server lists its models, below the base URL.
    """

    key_env: str
    base_url: str
    models_path: str

    def path(self, endpoint: Endpoint) -> str:
        """Where a turn is asked, below the base URL: ``'chat/completions'``."""
        ...

    def headers(self, key: str | None) -> dict[str, str]:
        """Headers of every call: those that carry the key, versions."""
        ...

    def body(self, request: Request, endpoint: Endpoint, with_schema: bool) -> bytes:
        """The JSON that asks for one turn.

        Parameters
        ----------
        with_schema : bool
            Whether to send the request's schema, which is then not None.

        Notes
        -----
        Where the request has choices and ``endpoint.top_logprobs`` is above 0, the server is asked
        for so many of the most probable tokens, if it can tell them.
        """
        ...

    def reply(self, payload: object, request: Request, latency: float) -> Reply:
        """The reply in the server's JSON to a call that succeeded.

        Raises
        ------
        UnusableReplyError
            It holds none.
        """
        ...

    def error_text(self, payload: object) -> str:
        """What the server says went wrong; empty where it says nothing. Hostile text."""
        ...

    def error_code(self, payload: object) -> str:
        """The server's code of what went wrong, empty where it has none.

        What the following codes mean is known to the respondent; a dialect says them where its
        server says so in other words: ``'insufficient_quota'`` (the account is spent),
        ``'model_not_found'``, ``'invalid_api_key'``, ``'content_filter'`` (the reply is withheld).
        """
        ...

    def wait(self, payload: object) -> float | None:
        """Seconds that the server asks to wait in the JSON of its error; None where in none."""
        ...

    def model_ids(self, payload: object) -> list[str]:
        """The ids in the server's list of models."""
        ...
