"""The open sessions of one respondent: as many as it takes side by side now."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Iterable

from vaar.respondents.base import Respondent
from vaar.sessions.records import Session


class PoolClosedError(Exception):
    """Nothing further is to be asked of this respondent now."""


class Pool:
    """Lets sessions of one respondent take turns.

    A session that has begun goes before one that has not. When the respondent comes to take fewer
    conversations, sessions pause between two turns, and go on in the order in which they paused.

    Parameters
    ----------
    sessions : iterable of Session
        In the order in which they are to begin.
    concurrency : int or None
        Sessions side by side; None follows the respondent's own capacity.
    begin : callable
        Starts a session, which calls :meth:`turn` before each call and :meth:`leave` at its end.
    """

    def __init__(
        self,
        respondent: Respondent,
        sessions: Iterable[Session],
        concurrency: int | None,
        begin: Callable[[Session, Pool], None],
    ) -> None:
        self._respondent = respondent
        self._waiting = iter(sessions)
        self._concurrency = concurrency
        self._begin = begin
        self._active = 0
        self._paused: deque[asyncio.Future[None]] = deque()
        self._closed = False
        self._exhausted = False

    @property
    def closed(self) -> bool:
        """Whether no session begins and no turn is asked any more."""
        return self._closed

    @property
    def done(self) -> bool:
        """Whether no session is left that may ask."""
        return not self._active and not self._paused and (self._closed or self._exhausted)

    @property
    def limit(self) -> int:
        """How many sessions may be active now."""
        return self._concurrency or max(1, self._respondent.capacity)

    def fill(self) -> None:
        """Let sessions go on, or begin, while there is room."""
        limit = self.limit
        while self._active < limit and not self._closed:
            if self._paused:
                self._wake()
            elif (session := next(self._waiting, None)) is not None:
                self._active += 1
                self._begin(session, self)
            else:
                self._exhausted = True
                return

    async def turn(self) -> None:
        """Wait until one more turn may be asked.

        Raises
        ------
        PoolClosedError
            None may.
        """
        if self._active > self.limit and not self._closed:
            paused = asyncio.get_running_loop().create_future()
            self._paused.append(paused)
            self._active -= 1
            await paused
        if self._closed:
            raise PoolClosedError

    def leave(self) -> None:
        """End one active session."""
        self._active -= 1
        self.fill()

    def close(self) -> None:
        """Begin no session and ask no turn any more."""
        self._closed = True
        while self._paused:
            self._wake()

    def _wake(self) -> None:
        self._active += 1
        paused = self._paused.popleft()
        if not paused.done():
            paused.set_result(None)
