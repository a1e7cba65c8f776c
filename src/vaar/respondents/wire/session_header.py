"""Which session a call belongs to, told in a header.

Routers before several servers keep a conversation on one of them by such a header; a server of
simulated respondents draws a session's traits from it. Nothing else is told of the session.
"""

from __future__ import annotations

from collections.abc import Mapping

from vaar.respondents.base import Request

SESSION_HEADER = "X-Session-ID"

_MOST_DIGITS = 19


def session_header(request: Request) -> dict[str, str]:
    """The header of a call; empty where its turn stands alone."""
    seed = request.session_seed
    return {} if seed is None else {SESSION_HEADER: str(seed)}


def session_in(headers: Mapping[str, str]) -> int | None:
    """The session that a call's headers tell; None where they tell none."""
    told = headers.get(SESSION_HEADER, "")
    return int(told) if told.isascii() and told.isdigit() and len(told) <= _MOST_DIGITS else None
