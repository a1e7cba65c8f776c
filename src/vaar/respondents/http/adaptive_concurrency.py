"""How many calls one server takes side by side: found from its replies, without knowing it.

The limit doubles with every round of calls until something speaks against it. After that it grows
by its square root a round. Two things speak against it:

- The server refuses a call, or does not answer it in time. The limit falls by a fifth, and for a
  while stays just below the most calls that were in flight when one was taken.
- Calls take more than twice as long as they did with fewer in flight: they wait in line. The limit
  falls to where they would take twice as long, which keeps the line short and the server busy.

How long a call takes with few in flight is measured anew where it has not been seen for a while:
servers and conversations change.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import inf, sqrt
from statistics import median

from vaar.respondents.wire.retries import LONGEST_PAUSE

FIRST = 4
"""Calls in flight to begin with."""

MOST = 1_000
"""Calls in flight beyond which the limit does not grow by itself: each takes an open file."""

FALL = 0.8
"""What is left of the limit where a call was refused."""

BELOW = 0.95
"""Share of the most calls known to be taken up to which the limit grows after a refusal."""

HELD = 30.0
"""Seconds for which a refusal is remembered."""

STRETCH = 2.0
"""A call may take so many times as long as in the quickest round."""

SHORTEST = 8
"""No limit falls below this because calls take long; a line so short does no harm."""

FAMILIAR = 1.25
"""A round within so many times the quickest shows that the quickest still holds."""

STALE = 60.0
"""Seconds after which the quickest round, if none came near it, is measured anew."""

_LEAST_ROUND = 10
_TELLING = 0.9  # share of a round's calls after which its median is taken


@dataclass(frozen=True, slots=True)
class Call:
    """One call under way.

    Attributes
    ----------
    at : float
        When it was sent, in seconds of any steady clock.
    beside : int
        Calls in flight then, itself included.
    round : int
        Number of the round that it belongs to; 0: none.
    """

    at: float
    beside: int
    round: int


class AdaptiveConcurrency:
    """How many calls to have in flight, and from when on.

    It has no clock and opens no connection: whoever sends the calls says what becomes of them.

    Parameters
    ----------
    fixed : int, optional
        The number, where it is not to be found.

    Attributes
    ----------
    in_flight : int
        Calls under way.
    resumes : float
        When the server, which asked for a pause, may be called again.
    """

    def __init__(self, fixed: int | None = None) -> None:
        self.in_flight = 0
        self.resumes = -inf
        self._fixed = fixed
        self._limit = float(FIRST)
        self._doubling = True
        self._ceiling = inf
        self._ceiling_at = -inf
        self._refused_at = -inf
        self._quickest = inf
        self._familiar_at = -inf
        self._restored: float | None = None
        self._round = self._beside = 0
        self._begin_round()

    @property
    def limit(self) -> int:
        """Calls that may be in flight now; at least 1."""
        return self._fixed or int(self._limit)

    def sent(self, now: float) -> Call:
        """A call was sent."""
        self.in_flight += 1
        if self._left == 0:
            return Call(now, self.in_flight, 0)
        self._left -= 1
        self._beside = max(self._beside, self.in_flight)
        return Call(now, self.in_flight, self._round)

    def lost(self, call: Call) -> None:
        """A call ended in a way that says nothing of how much the server takes."""
        self.in_flight -= 1
        if call.round == self._round:
            self._left += 1

    def came(self, call: Call, now: float) -> None:
        """A reply came."""
        self.in_flight -= 1
        if self._fixed:
            return
        took = now - call.at
        if self._doubling and 2 * call.beside >= self._limit and took <= STRETCH * self._quickest:
            self._grow(1.0, now)
        if call.round == self._round:
            self._latencies.append(took)
            if len(self._latencies) >= _TELLING * self._size:
                self._end_round(now)

    def refused(self, call: Call, now: float, retry_after: float | None = None) -> None:
        """The server takes no more, or did not answer in time.

        Parameters
        ----------
        retry_after : float, optional
            Seconds for which it asks to be left alone.
        """
        self.lost(call)
        if retry_after:
            self.resumes = max(self.resumes, now + min(retry_after, LONGEST_PAUSE))
        if self._fixed or call.at < self._refused_at:
            return  # it was sent before the limit fell
        if now - self._ceiling_at > HELD:
            self._ceiling, self._ceiling_at = call.beside - 1, now
        self._refused_at = now
        self._doubling = False
        self._restored = None
        self._limit = max(1.0, FALL * min(self._limit, call.beside))
        self._begin_round()

    def _end_round(self, now: float) -> None:
        took = median(self._latencies)
        full = 2 * self._beside >= self._limit
        if self._restored is not None:
            self._limit, self._restored, self._quickest = self._restored, None, took
        self._quickest = min(self._quickest, took)
        if took <= FAMILIAR * self._quickest:
            self._familiar_at = now
        if took > STRETCH * self._quickest:
            self._doubling = False
            self._shorten(max(0.5, STRETCH * self._quickest / took))
        elif full and not self._doubling:
            self._grow(sqrt(self._limit), now)
        if now - self._familiar_at > STALE:
            self._restored, self._familiar_at = self._limit, now
            self._shorten(0.5)
        self._begin_round()

    def _grow(self, by: float, now: float) -> None:
        held = now - self._ceiling_at <= HELD
        most = min(MOST, self._soonest, max(1, round(BELOW * self._ceiling)) if held else MOST)
        self._limit = max(self._limit, min(self._limit + by, most))

    def _shorten(self, share: float) -> None:
        self._limit = max(min(self._limit, SHORTEST), self._limit * share)

    def _begin_round(self) -> None:
        """Count the next calls as a round, as many as may be in flight."""
        self._round += 1
        self._left = self._size = max(_LEAST_ROUND, int(self._limit))
        self._latencies: list[float] = []
        self._beside = 0
        self._soonest = 4 * self._limit
