"""An event loop in simulated time: waiting takes none, and computing costs none.

What depends on who waits longer is so the same on every machine. Nothing in it may come from
outside: no socket, no thread.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

Result = TypeVar("Result")


class SimulatedTime(asyncio.SelectorEventLoop):
    """Whenever everybody waits, it is at once as late as the first of them waits for."""

    def __init__(self) -> None:
        super().__init__()
        self._now = 0.0
        selector: Any = vars(self)["_selector"]
        look = selector.select

        def select(timeout: float | None) -> Any:
            if timeout is None:
                raise RuntimeError("everybody waits, and nobody for a time")
            self._now += timeout
            return look(0)

        selector.select = select

    def time(self) -> float:
        """Seconds since it began."""
        return self._now


def run(work: Coroutine[Any, Any, Result]) -> Result:
    """Run to the end, as :func:`asyncio.run` does."""
    with asyncio.Runner(loop_factory=SimulatedTime) as runner:
        return runner.run(work)
