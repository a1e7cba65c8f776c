"""Which failed calls are worth another, and how long to wait before it."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Literal

Fault = Literal[
    "rate_limited", "server_error", "time_out", "connection", "unusable_reply", "rejected"
]
"""How a call can end without a reply, as :class:`vaar.respondents.base.Respondent` counts it."""

FIRST_WAIT = 0.5
"""Seconds before the second attempt, before jitter; doubled at every further one."""

LONGEST_WAIT = 60.0
"""Seconds: longest wait that is nobody's wish."""

LONGEST_PAUSE = 600.0
"""Seconds: longest wait that a server is granted; who asks for more is asked another day."""

LONGEST_BELIEVED = 31 * 86_400.0
"""Seconds: a server that asks to wait longer says nothing that can be meant."""

_SECONDS = re.compile(r"[0-9]{1,15}(\.[0-9]{1,9})?")  # fractions are not in the norm, but are sent
_STATUSES = frozenset({408, 409, 425, 429})
_FULL = frozenset({408, 429, 503, 529})


class TransientError(Exception):
    """One call failed in a way that another may not.

    Parameters
    ----------
    message : str
        What happened, safe to show.
    kind : Fault
    retry_after : float or None
        Seconds that the server asks to wait.
    full : bool
        Whether it is a sign that more calls are under way than can be served.
    lasting : bool
        Whether no other call can succeed while it lasts: the server is gone.
    """

    def __init__(
        self,
        message: str,
        kind: Fault,
        retry_after: float | None = None,
        full: bool = False,
        lasting: bool = False,
    ) -> None:
        super().__init__(message)
        self.kind = kind
        self.retry_after = retry_after
        self.full = full
        self.lasting = lasting


def is_transient(status: int) -> bool:
    """Whether a call with this HTTP status may succeed if it is repeated."""
    return status in _STATUSES or status >= 500


def fault_of(status: int) -> Fault:
    """What a call with this HTTP status, which holds no reply, is counted as."""
    if status == 429:
        return "rate_limited"
    if status == 408:
        return "time_out"
    return "server_error" if is_transient(status) else "rejected"


def says_full(status: int) -> bool:
    """Whether a server says with this HTTP status that it cannot serve so many calls."""
    return status in _FULL


def wait_before(attempt: int, retry_after: float | None) -> float:
    """Seconds to wait before an attempt: exponential with jitter, or as the server asks.

    Parameters
    ----------
    attempt : int
        The attempt about to be made, 1 for the first repetition.
    """
    backoff = min(LONGEST_WAIT, FIRST_WAIT * 2.0 ** (attempt - 1)) * random.uniform(0.5, 1.0)
    return max(backoff, min(retry_after or 0.0, LONGEST_PAUSE))


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds that a server asks to wait in its headers; None where it does not, or means none.

    ``Retry-After`` is a number of seconds or a date; ``retry-after-ms``, which some send beside it
    or alone, is a number of milliseconds.
    """
    for name, unit in (("retry-after-ms", 1e-3), ("Retry-After", 1.0)):
        value = headers.get(name, "").strip()
        if _SECONDS.fullmatch(value):
            return _believed(float(value) * unit)
    return _believed(_until(headers.get("Retry-After", "")))


def _until(date: str) -> float | None:
    try:
        moment = parsedate_to_datetime(date.strip()).astimezone(UTC)
    except (ValueError, OverflowError, TypeError, IndexError):
        return None
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())


def _believed(seconds: float | None) -> float | None:
    return None if seconds is None or seconds > LONGEST_BELIEVED else seconds
