"""A worker's outbox: replies leave in batches, and their sessions wait until they are durable."""

from __future__ import annotations

import asyncio

from vaar.sessions.records import Session, Status, Turn

End = tuple[int, Status, str | None]


class Outbox:
    """Collects what the sessions of one worker have to hand over."""

    def __init__(self) -> None:
        self._turns: list[Turn] = []
        self._ends: list[End] = []
        self._waiting: list[asyncio.Future[None]] = []
        self._sent: list[asyncio.Future[None]] = []
        self._news = asyncio.Event()

    async def put(self, item: Turn | End) -> None:
        """Hand over a reply, or how a session ended; returns when it is durable."""
        if isinstance(item, Turn):
            self._turns.append(item)
        else:
            self._ends.append(item)
        durable = asyncio.get_running_loop().create_future()
        self._waiting.append(durable)
        self.notify()
        await durable

    def notify(self) -> None:
        """Say that there is something to report."""
        self._news.set()

    async def news(self, seconds: float) -> None:
        """Wait until there is something to report, or for so many seconds."""
        try:
            async with asyncio.timeout(seconds):
                await self._news.wait()
        except TimeoutError:
            pass

    def take(self) -> tuple[tuple[Turn, ...], tuple[End, ...]]:
        """What has been handed over since the last time."""
        self._news.clear()
        turns, ends = tuple(self._turns), tuple(self._ends)
        self._turns, self._ends = [], []
        self._sent, self._waiting = self._waiting, []
        return turns, ends

    def confirm(self) -> None:
        """What was taken last is durable: its sessions go on."""
        for durable in self._sent:
            if not durable.done():
                durable.set_result(None)
        self._sent = []


class Desk:
    """One session's side of an outbox; it stands where the journal stands in a single process."""

    def __init__(self, outbox: Outbox, session: Session, earlier: tuple[Turn, ...]) -> None:
        self._outbox = outbox
        self._number = session.number
        self._earlier = earlier

    def begun(self) -> set[int]:
        """The session, if it has replies already."""
        return {self._number} if self._earlier else set()

    def turns_of(self, session: int) -> list[Turn]:
        """The replies that the session came with."""
        return list(self._earlier)

    async def record(self, turn: Turn) -> None:
        """Hand one reply over; returns when it is durable."""
        await self._outbox.put(turn)

    async def end(self, session: int, status: Status, reason: str | None = None) -> None:
        """Hand over how the session ended; returns when it is durable."""
        await self._outbox.put((session, status, reason))
