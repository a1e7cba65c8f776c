"""Which failed calls are worth another, and how long to wait before it."""

from __future__ import annotations

import random
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

FIRST_WAIT = 0.5
"""Seconds before the second attempt, before jitter; doubled at every further one."""

LONGEST_WAIT = 60.0
"""Seconds: cap of every wait, whatever a server's Retry-After asks for."""

_STATUSES = frozenset({408, 409, 425, 429})


class TransientError(Exception):
    """One call failed in a way that another may not.

    Parameters
    ----------
    message : str
        What happened, safe to show.
    retry_after : float or None
        Seconds that the server asks to wait.
    lasting : bool
        Whether no other call can succeed while it lasts: the server is gone.
    """

    def __init__(
        self, message: str, retry_after: float | None = None, lasting: bool = False
    ) -> None:
        super().__init__(message)
        self.retry_after = retry_after
        self.lasting = lasting


def is_transient(status: int) -> bool:
    """Whether a call with this HTTP status may succeed if it is repeated."""
    return status in _STATUSES or status >= 500


def wait_before(attempt: int, retry_after: float | None) -> float:
    """Seconds to wait before an attempt: exponential with jitter, or as the server asks.

    Parameters
    ----------
    attempt : int
        The attempt about to be made, 1 for the first repetition.
    """
    backoff = min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** (attempt - 1)) * random.uniform(0.5, 1.0)
    return max(backoff, min(retry_after or 0.0, LONGEST_WAIT))


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds that a Retry-After header asks for, given in seconds or as a date."""
    value = headers.get("Retry-After", "").strip()
    if value.isdecimal() and value.isascii():
        return float(value)
    try:
        date = parsedate_to_datetime(value)
    except ValueError:
        return None
    return max(0.0, (date.astimezone(UTC) - datetime.now(UTC)).total_seconds())
