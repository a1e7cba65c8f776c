"""Where the runner keeps what was said."""

from __future__ import annotations

from typing import Protocol

from vaar.sessions.records import Status, Turn


class Ledger(Protocol):
    """Where replies are kept: a journal, or on a worker of a cluster what stands for one."""

    def begun(self) -> set[int]: ...

    def turns_of(self, session: int) -> list[Turn]: ...

    async def record(self, turn: Turn) -> None: ...

    async def end(self, session: int, status: Status, reason: str | None = None) -> None: ...
